"""Finishes pages for the archive: PDF/A-3 in intent, one revision, always the same bytes.

XMP and Info that agree, an sRGB output intent, the language, ToUnicode maps that hold for
characters beyond U+FFFF. The payload is attached and the file signed elsewhere, afterwards.
"""

from __future__ import annotations

import html  # not xml.sax.saxutils, which loads all of urllib: 25 ms of a first export
import re
from datetime import datetime
from functools import cache
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from rongchang_desk import assets

PRODUCER = "Rongchang Desk"
CREATOR = "知产强市工作台"
LANGUAGE = "zh-CN"
_PROFILE = "sRGB IEC61966-2.1"

_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" \
xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" \
xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<pdf:Producer>{producer}</pdf:Producer>
<xmp:CreateDate>{date}</xmp:CreateDate><xmp:ModifyDate>{date}</xmp:ModifyDate>
<xmp:CreatorTool>{creator}</xmp:CreatorTool>
<pdfaid:part>3</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>
</rdf:Description>
</rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


def finish(pages: bytes, *, title: str, author: str, created: datetime) -> bytes:
    """The pages as an archivable PDF 1.7 with a classic xref table and no object streams.

    `created` needs a time zone (ValueError without one). The same input gives the same bytes.
    """
    if created.tzinfo is None:
        raise ValueError("the creation time needs a time zone")
    created = created.replace(microsecond=0)
    out = BytesIO()
    with pikepdf.open(BytesIO(pages)) as pdf:
        _mend_to_unicode(pdf)
        root = pdf.Root
        profile = pdf.make_stream(_colour_profile(), N=3, Alternate=Name.DeviceRGB)
        root.OutputIntents = Array([
            pdf.make_indirect(Dictionary(
                Type=Name.OutputIntent, S=Name.GTS_PDFA1,
                OutputConditionIdentifier=String(_PROFILE), Info=String(_PROFILE),
                DestOutputProfile=profile,
            ))
        ])  # fmt: skip
        root.Lang = String(LANGUAGE)
        root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        root.Metadata = pdf.make_stream(
            _xmp(title, author, created), Type=Name.Metadata, Subtype=Name.XML
        )
        _write_info(pdf, title, author, created)
        for page in pdf.pages:
            if "/Trans" in page:
                del page["/Trans"]
        pdf.save(
            out,
            force_version="1.7",
            fix_metadata_version=False,  # our metadata names none
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            compress_streams=True,
            recompress_flate=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
            deterministic_id=True,
        )
    return out.getvalue()


def _write_info(pdf: pikepdf.Pdf, title: str, author: str, created: datetime) -> None:
    info = pdf.docinfo
    for key in list(info.keys()):
        del info[key]
    offset = created.strftime("%z")
    date = created.strftime("D:%Y%m%d%H%M%S") + f"{offset[:3]}'{offset[3:5]}'"
    info["/Title"] = String(title)
    info["/Author"] = String(author)
    info["/Creator"] = String(CREATOR)
    info["/Producer"] = String(PRODUCER)
    info["/CreationDate"] = String(date)
    info["/ModDate"] = String(date)


def _xmp(title: str, author: str, created: datetime) -> bytes:
    return _XMP.format(
        title=html.escape(title, quote=False),
        author=html.escape(author, quote=False),
        language=LANGUAGE,
        producer=PRODUCER,
        creator=CREATOR,
        date=created.isoformat(),
    ).encode()


def _mend_to_unicode(pdf: pikepdf.Pdf) -> None:
    """Characters beyond U+FFFF as UTF-16 pairs: reportlab writes five digits, read as garbage."""
    done: set[tuple[int, int]] = set()
    for page in pdf.pages:
        found: Any = page.obj.Resources.get("/Font", Dictionary())
        for font in found.as_dict().values():
            if font.objgen not in done and "/ToUnicode" in font:
                done.add(font.objgen)
                table = font.ToUnicode.read_bytes()
                mended = mended_to_unicode(table)
                if mended != table:
                    font.ToUnicode.write(mended)


def mended_to_unicode(table: bytes) -> bytes:
    """A font's ToUnicode map with characters beyond U+FFFF as UTF-16 pairs."""
    return re.sub(rb"(<[0-9A-F]{2}>) <([0-9A-F]{5,6})>", _pair, table)


def _pair(match: re.Match[bytes]) -> bytes:
    pair = chr(int(match[2], 16)).encode("utf-16-be").hex().upper().encode()
    return match[1] + b" <" + pair + b">"


@cache
def _colour_profile() -> bytes:
    return assets.resource("colour", "sRGB.icc").read_bytes()
