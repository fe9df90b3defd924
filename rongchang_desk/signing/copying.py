"""Finished pages in a pyHanko writer, every object as it is, under its own number.

pyHanko's own copying parses all objects in Python and writes them out longer than they were,
which a tagged file with its hundreds of small elements pays for in time and size. Only what
signing changes (the catalog and the way to the first page) is parsed here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.writer import PdfFileWriter

_UNWANTED = {"/AF", "/AcroForm", "/Perms", "/OpenAction", "/AA"}
_GAPS = re.compile(rb"(?<=<<) | (?=[/<\[>])|(?<=[\]>]) (?=/)")


def writer_of(pages: bytes) -> PdfFileWriter:
    """A writer that holds a finished PDF and will write a classic table of PDF 1.7.

    Raises ValueError when the PDF is encrypted, acts, or holds forms or files.
    """
    writer = PdfFileWriter(  # type: ignore[no-untyped-call]  # pyHanko's
        init_page_tree=False, stream_xrefs=False
    )
    writer.objects.clear()
    with _opened(pages) as pdf:
        unwanted = _UNWANTED & set(pdf.Root.keys())
        if pdf.is_encrypted or unwanted or "/EmbeddedFiles" in pdf.Root.get("/Names", {}):
            raise ValueError(f"pages must be plain; found {sorted(unwanted)}")
        changed = {item.objgen[0] for item in _changed(pdf)}
        for item in pdf.objects:
            number, generation = item.objgen
            if generation or not number:
                raise ValueError("pages must be one revision, written at once")
            raw = _written(item)
            reference = generic.Reference(number, 0, writer)
            writer.objects[0, number] = (
                generic.read_object(BytesIO(raw), reference)
                if number in changed
                else _Verbatim(raw)
            )
        writer._lastobj_id = max(number for _, number in writer.objects)
        writer._root = _reference(writer, pdf.Root)
        writer._info = _reference(writer, pdf.trailer.Info) if "/Info" in pdf.trailer else None
        if "/ID" in pdf.trailer:
            writer._document_id = generic.ArrayObject(
                generic.ByteStringObject(bytes(part)) for part in pdf.trailer.ID
            )
    writer.root.pop("/Version", None)
    return writer


def _opened(pages: bytes) -> pikepdf.Pdf:
    try:
        return pikepdf.open(BytesIO(pages))
    except pikepdf.PasswordError as error:
        raise ValueError("pages must be plain; found a password") from error


def _changed(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """What signing adds to: the catalog, and the page tree down to the first page."""
    yield pdf.Root
    node: Any = pdf.Root.Pages
    yield node
    while "/Kids" in node:
        node = node.Kids[0]
        yield node


def _reference(writer: PdfFileWriter, item: Any) -> generic.IndirectObject:
    return generic.IndirectObject(  # type: ignore[no-untyped-call]  # pyHanko's
        item.objgen[0], 0, writer
    )


class _Verbatim(generic.PdfObject):
    """An object as its own bytes."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw

    def write_to_stream(
        self,
        stream: Any,
        handler: Any = None,  # noqa: ARG002  pyHanko's signature
        container_ref: Any = None,  # noqa: ARG002  pyHanko's signature
    ) -> None:
        stream.write(self._raw)


def _written(item: Any) -> bytes:
    if isinstance(item, pikepdf.Stream):
        raw = item.read_raw_bytes()
        head = item.stream_dict
        head.Length = len(raw)
        return _plain(head) + b"\nstream\n" + raw + b"\nendstream"
    return _plain(item)


def _plain(item: Any) -> bytes:
    """An object in PDF syntax, without needless spaces where no text string could hold them."""
    raw: bytes = item.unparse(resolved=True)
    return raw if b"(" in raw else _GAPS.sub(b"", raw)
