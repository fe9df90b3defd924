"""Step 4: the PDF's structure, read with qpdf (pikepdf) without any repair.

A sealed file has exactly one shape: one signature field, one payload, the carried files when
they are asked for, and nothing that acts. Everything is copied out before the file is closed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from io import BytesIO
from typing import Any

import pikepdf

from rongchang_desk.signing.attachments import Malformed, TooLarge, inflate
from rongchang_desk.signing.raw_file import SignedBytes
from rongchang_desk.signing.verdict import Source

_CATALOG = {
    "/Type", "/Pages", "/Metadata", "/OutputIntents", "/AF", "/Names", "/AcroForm", "/Perms",
    "/Extensions", "/MarkInfo", "/StructTreeRoot", "/Lang", "/ViewerPreferences", "/Outlines",
    "/PageMode", "/PageLayout", "/PageLabels", "/Dests",
}  # fmt: skip
_SIGNATURE = {"/Type", "/Filter", "/SubFilter", "/Contents", "/ByteRange", "/M", "/Reference"}
_ACTIVE = {
    "/AA", "/OpenAction", "/JS", "/JavaScript", "/XFA", "/Launch", "/SubmitForm", "/ImportData",
    "/ResetForm", "/GoToR", "/GoToE", "/URI", "/Rendition", "/RichMedia", "/RichMediaExecute",
    "/Movie", "/Sound", "/Screen", "/3D", "/FileAttachment", "/Collection", "/Named",
}  # fmt: skip
_ACTIVE_WORDS = re.compile(
    b"(?:" + b"|".join(re.escape(name.encode()) for name in sorted(_ACTIVE)) + rb")[\s/\[\](<>]"
)
_SPOKEN = {"/ActualText", "/E"}
"""What gives readers other words than those on the page."""
_SPOKEN_IN_RETURNS = {*_SPOKEN, "/Alt"}
"""A return has no figures, which may be described."""
_SPOKEN_WORDS = re.compile(rb"/(?:ActualText|E|Alt)[\s(<]")
_FILES = re.compile(rb"/EF[\s<]")
_WIDGETS = re.compile(rb"/Subtype /Widget\b")
_DATE = re.compile(r"D:(\d{14})(Z|[+-]\d\d'\d\d)'?")
_LONGEST_NAME = 200


class Refused(Exception):
    """The structure is not that of a sealed file; `code` is the reason's code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class PayloadRefused(Refused):
    """The shape is right, but the payload or a carried file cannot be taken."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a sealed file holds."""

    payload: bytes
    sources: tuple[Source, ...]
    claimed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Bounds:
    """Bytes after inflating: of the payload, and of all carried files together."""

    payload: int
    sources: int


def read_structure(
    data: bytes, signed: SignedBytes, *, payload_name: str, allow_sources: bool, bounds: Bounds
) -> Contents:
    """The contents of a file whose raw bytes were cut into `signed`.

    Raises PayloadRefused for the payload, Refused for everything else that is not in order.
    """
    try:
        with pikepdf.open(BytesIO(data), attempt_recovery=False, suppress_warnings=True) as pdf:
            _refuse_unless_plain(pdf)
            signature = _signature(pdf, signed)
            streams = _embedded(pdf, payload_name, allow_sources)
            spoken = _SPOKEN if allow_sources else _SPOKEN_IN_RETURNS
            _refuse_activity(pdf, files=len(streams), spoken=spoken)
            claimed_at = _claimed_at(signature)
            contents = _unpacked(streams, payload_name, bounds, claimed_at)
            if pdf.get_warnings():
                raise Refused("shape-wrong")
            return contents
    except Refused:
        raise
    except pikepdf.PasswordError as error:
        raise Refused("encrypted") from error
    except Exception as error:  # qpdf's errors, and each KeyError or TypeError of a bad shape
        raise Refused("shape-wrong") from error


def _require(condition: bool, code: str = "shape-wrong") -> None:
    if not condition:
        raise Refused(code)


def _refuse_unless_plain(pdf: pikepdf.Pdf) -> None:
    trailer = set(pdf.trailer.keys())
    _require(not pdf.is_encrypted and "/Encrypt" not in trailer, "encrypted")
    _require(trailer <= {"/Size", "/Root", "/Info", "/ID"})
    root = set(pdf.Root.keys())
    _require(not root & _ACTIVE, "active-content")
    _require(root <= _CATALOG)
    _require({"/AF", "/Names", "/AcroForm", "/Perms"} <= root)
    _require(len(pdf.pages) >= 1)


def _signature(pdf: pikepdf.Pdf, signed: SignedBytes) -> Any:
    """The one signature dictionary, shown to be the one whose gap was checked in the raw bytes."""
    form: Any = pdf.Root.AcroForm
    _require(set(form.keys()) <= {"/Fields", "/SigFlags"}, "active-content")
    _require(len(form.Fields) == 1)
    field = form.Fields[0]
    _require(field.FT == "/Sig" and "/Kids" not in field)
    signature = field.V
    permissions: Any = pdf.Root.Perms
    _require(set(permissions.keys()) == {"/DocMDP"})
    _require(signature.is_indirect and permissions.DocMDP.objgen == signature.objgen)
    _require(set(signature.keys()) <= _SIGNATURE)
    _require(signature.Type == "/Sig" and signature.Filter == "/Adobe.PPKLite")
    _require(signature.SubFilter == "/ETSI.CAdES.detached")
    _require(tuple(int(number) for number in signature.ByteRange) == signed.byte_range)
    _require(bytes(signature.Contents) == signed.contents)
    _require(len(signature.Reference) == 1)
    reference = signature.Reference[0]
    _require(reference.TransformMethod == "/DocMDP" and reference.TransformParams.P == 1)
    return signature


def _embedded(
    pdf: pikepdf.Pdf, payload_name: str, allow_sources: bool
) -> dict[str, tuple[str, Any]]:
    """Relationship and stream of each carried file by name; the payload is among them."""
    names: Any = pdf.Root.Names
    _require(set(names.keys()) <= {"/EmbeddedFiles", "/Dests"})
    _require(set(names.EmbeddedFiles.keys()) == {"/Names"})
    tree = list(names.EmbeddedFiles.Names)
    associated: Any = pdf.Root.AF
    _require(len(tree) % 2 == 0)
    files = tree[1::2]
    _require(all(item.is_indirect for item in files))
    _require([item.objgen for item in files] == [item.objgen for item in associated])
    found: dict[str, tuple[str, Any]] = {}
    for key, item in zip(tree[::2], files, strict=True):
        name = str(item.UF)
        _require(str(key) == name == str(item.F) and name not in found)
        _require(item.Type == "/Filespec" and set(item.EF.keys()) == {"/F", "/UF"})
        stream = item.EF.F
        _require(stream.is_indirect and stream.objgen == item.EF.UF.objgen)
        _require(stream.get("/Filter") == "/FlateDecode" and "/DecodeParms" not in stream)
        _require("/F" not in stream)  # a stream that lies in another file
        found[name] = (str(item.AFRelationship), stream)
    streams = {stream.objgen for _, stream in found.values()}
    _require(len(streams) == len(found))
    if payload_name not in found:
        raise PayloadRefused("payload-missing")
    others = [name for name in found if name != payload_name]
    _require(found[payload_name][0] == "/Data")
    if others and not allow_sources:
        raise Refused("payload-unexpected-file")
    _require(all(found[name][0] == "/Source" and is_plain_name(name) for name in others))
    return found


def is_plain_name(name: str) -> bool:
    """Whether a carried file's name is a bare file name, safe to show and to write."""
    return (
        0 < len(name) <= _LONGEST_NAME
        and name.isprintable()
        and not set(name) & set('/\\:*?"<>|')
        and name.strip(" .") == name
    )


def _unpacked(
    streams: dict[str, tuple[str, Any]],
    payload_name: str,
    bounds: Bounds,
    claimed_at: datetime | None,
) -> Contents:
    left = bounds.sources
    payload = b""
    sources: list[Source] = []
    try:
        for name, (_, stream) in streams.items():
            raw = stream.read_raw_bytes()
            if name == payload_name:
                payload = inflate(raw, bounds.payload)
            else:
                sources.append(Source(name, inflate(raw, left)))
                left -= len(sources[-1].data)
    except TooLarge as error:
        raise PayloadRefused("payload-too-large") from error
    except Malformed as error:
        raise PayloadRefused("payload-malformed") from error
    return Contents(payload, tuple(sources), claimed_at)


def _refuse_activity(pdf: pikepdf.Pdf, *, files: int, spoken: set[str]) -> None:
    """No object acts, no further file is carried, the only widget is the signature's.

    The words are looked for in qpdf's normal form of every object (escapes in names undone);
    a hit may stand inside a text string, so it is looked at again, name by name.
    """
    carried = widgets = 0
    for item in pdf.objects:
        plain: Any = item.stream_dict if isinstance(item, pikepdf.Stream) else item
        text = plain.unparse(resolved=True)
        if _ACTIVE_WORDS.search(text) and not _ACTIVE.isdisjoint(_names(plain)):
            raise Refused("active-content")
        if _SPOKEN_WORDS.search(text) and not spoken.isdisjoint(_names(plain)):
            raise Refused("page-differs")
        carried += len(_FILES.findall(text))
        widgets += len(_WIDGETS.findall(text))
    if carried != files:
        raise Refused("payload-unexpected-file")
    _require(widgets == 1, "active-content")


def _names(item: Any, depth: int = 0) -> Iterator[str]:
    """All names in an object, keys and values, not following references."""
    if depth > 50:
        raise Refused("shape-wrong")
    if isinstance(item, pikepdf.Name):
        yield str(item)
    elif isinstance(item, pikepdf.Array):
        yield from _names_of(item, depth)
    elif isinstance(item, pikepdf.Dictionary):
        yield from item.keys()
        yield from _names_of((item[key] for key in item.keys()), depth)  # noqa: SIM118


def _names_of(items: Iterable[Any], depth: int) -> Iterator[str]:
    for item in items:
        if not getattr(item, "is_indirect", False):
            yield from _names(item, depth + 1)


def _claimed_at(signature: Any) -> datetime | None:
    found = _DATE.fullmatch(str(signature.get("/M", "")))
    if found is None:
        return None
    zone = found[2]
    offset = timedelta()
    if zone != "Z":
        offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[4:6]))
        offset = -offset if zone[0] == "-" else offset
    moment = datetime.strptime(f"{found[1]}+0000", "%Y%m%d%H%M%S%z")
    return moment.replace(tzinfo=timezone(offset))
