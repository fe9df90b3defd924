"""Real footnotes in docx papers: python-docx knows none, so their part is written here.

Marks ①②③ count through the paper, since a word processor cannot say one note for several marks of
a page; what a table says twice it notes once, and the later marks point back.
"""

from __future__ import annotations

from typing import Any

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt

from rongchang_desk.documents.structure import sign

_RULES = (
    '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r>'
    "</w:p></w:footnote>"
)
_AFTER = (
    "w:endnotePr", "w:compat", "w:docVars", "w:rsids", "m:mathPr", "w:attachedSchema",
    "w:themeFontLang", "w:clrSchemeMapping", "w:shapeDefaults", "w:decimalSymbol",
    "w:listSeparator",
)  # fmt: skip
_AFTER_IN_SECTION = (
    "w:endnotePr", "w:type", "w:pgSz", "w:pgMar", "w:paperSrc", "w:pgBorders", "w:lnNumType",
    "w:pgNumType", "w:cols", "w:titlePg", "w:docGrid",
)  # fmt: skip
"""What stands behind `footnotePr` in the settings, and in a section: the schema's order."""


class Footnotes:
    """The footnotes of one document, put into it by `finish`."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._root = parse_xml(f"<w:footnotes {nsdecls('w')}>{_RULES}</w:footnotes>")
        self._count = 0
        self._here: dict[str, int] = {}

    def begin(self) -> None:
        """Go on with another paragraph or table: what was noted before is noted there again."""
        self._here = {}

    def mark(self, paragraph: Any, note: str, size: float = 0.0) -> None:
        """Put a note's mark at the end of a paragraph's XML, in `size` points if that is given."""
        known = self._here.get(note)
        if known is not None:
            paragraph.append(_pointing_to(known, size))
            return
        self._count += 1
        self._here[note] = self._count
        self._root.append(_footnote(self._document, self._count, note))
        reference = OxmlElement("w:footnoteReference")
        reference.set(qn("w:id"), str(self._count))
        for element in (
            _bookmark("w:bookmarkStart", self._count, f"_note{self._count}"),
            _raised(reference, size),
            _bookmark("w:bookmarkEnd", self._count),
        ):
            paragraph.append(element)

    def finish(self) -> None:
        """Add the notes to the document; does nothing without any."""
        if not self._count:
            return
        from lxml import etree

        body = etree.tostring(self._root, xml_declaration=True, encoding="UTF-8", standalone=True)
        package = self._document.part.package
        part = Part(PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES, body, package)
        self._document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
        rules = '<w:footnote w:id="-1"/><w:footnote w:id="0"/>'
        self._document.settings.element.insert_element_before(_numbered(rules), *_AFTER)
        for section in self._document.sections:  # where LibreOffice looks for it
            section._sectPr.insert_element_before(_numbered(), *_AFTER_IN_SECTION)


def _numbered(more: str = "") -> Any:
    number = '<w:numFmt w:val="decimalEnclosedCircleChinese"/>'
    return parse_xml(f"<w:footnotePr {nsdecls('w')}>{number}{more}</w:footnotePr>")


def _footnote(document: Any, number: int, note: str) -> Any:
    made = OxmlElement("w:footnote")
    made.set(qn("w:id"), str(number))
    paragraph = OxmlElement("w:p")
    made.append(paragraph)
    paragraph.get_or_add_pPr().style = document.styles["公文脚注"].style_id
    paragraph.add_r().append(OxmlElement("w:footnoteRef"))
    paragraph.add_r().text = f" {note}"
    return made


def _raised(content: Any, size: float) -> Any:
    run = OxmlElement("w:r")
    properties = run.get_or_add_rPr()
    if size:
        properties.sz_val = Pt(size)
    properties.superscript = True
    run.append(content)
    return run


def _bookmark(kind: str, number: int, name: str = "") -> Any:
    made = OxmlElement(kind)
    made.set(qn("w:id"), str(number))
    if name:
        made.set(qn("w:name"), name)
    return made


def _pointing_to(number: int, size: float) -> Any:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), f" NOTEREF _note{number} \\h ")
    text = OxmlElement("w:t")
    text.text = sign(number)
    field.append(_raised(text, size))
    return field
