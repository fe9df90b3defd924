"""An official paper (see `paper`) as docx, to be edited in WPS or Word.

The same page as on paper, GB/T 9704: A4, margins 37/35/28/26 mm, 22 lines of 28 characters, page
numbers between dashes, 版记 at the foot of the last page. The fonts are named as offices have
them; where one is not installed, the program takes the nearest it has.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from rongchang_desk.documents.docx_footnotes import Footnotes
from rongchang_desk.documents.docx_page import (
    ALIGN,
    CHARACTER,
    MARK_SIZE,
    RED,
    SIZE_2,
    add_styles,
    measure,
    number_pages,
    set_page,
)
from rongchang_desk.documents.docx_table import add_table
from rongchang_desk.documents.headline import title_lines
from rongchang_desk.documents.paper import (
    Annex,
    Drawing,
    Grid,
    Heading,
    Paper,
    RedHead,
    Text,
)

_WIDTH = Mm(156).pt


def render(paper: Paper) -> bytes:
    """The paper as a docx file; words and numbers are those of its pages."""
    document = Document()
    add_styles(document)
    set_page(document.sections[0])
    number_pages(document)
    footnotes = Footnotes(document)
    if paper.head is not None:
        _red_head(document, paper.head)
    for line in title_lines(paper.title, SIZE_2, _WIDTH):
        document.add_paragraph(line, style="公文标题")
    document.add_paragraph(style="公文正文")
    if paper.addressee:
        document.add_paragraph(f"{paper.addressee}：", style="公文主送")
    for block in paper.blocks:
        match block:
            case Heading():
                document.add_paragraph(block.text, style="公文一级标题")
            case Text():
                _words(document.add_paragraph(style="公文正文"), block, footnotes)
            case Grid():
                if block.rows:
                    document.add_paragraph(block.caption, style="公文表题")
                    add_table(document, block, _WIDTH, footnotes)
            case Drawing():
                _drawing(document, block)
    _closing(document, paper)
    for number, annex in enumerate(paper.annexes, 1):
        _annex(document, annex, number if len(paper.annexes) > 1 else 0, footnotes)
    _colophon(document, paper)
    footnotes.finish()
    properties = document.core_properties
    properties.title, properties.author = paper.plain_title, paper.issuer
    properties.comments = ""
    out = BytesIO()
    document.save(out)
    return out.getvalue()


# -- parts -----------------------------------------------------------------------


def _red_head(document: Any, head: RedHead) -> None:
    mark = document.add_paragraph(style="公文发文机关标志")
    mark.paragraph_format.space_before = Mm(35)
    lines = title_lines(head.mark, MARK_SIZE, _WIDTH)
    mark.add_run("\n".join(lines)).font.color.rgb = RED
    for _ in range(2):
        document.add_paragraph(style="公文文号")
    number = document.add_paragraph(head.number, style="公文文号")
    _rule(number, "bottom", 12, "E60012", space=11)
    for _ in range(2):
        document.add_paragraph(style="公文正文")


def _words(paragraph: Any, block: Text, footnotes: Footnotes) -> None:
    footnotes.begin()
    for text, notes in block.pieces():
        paragraph.add_run(text)
        for note in notes:
            footnotes.mark(paragraph._p, note)


def _drawing(document: Any, drawing: Drawing) -> None:
    paragraph = document.add_paragraph(style="公文表题")
    paragraph.paragraph_format.line_spacing = 1.0
    picture = paragraph.add_run().add_picture(BytesIO(drawing.png), width=Mm(156))
    picture._inline.docPr.set("descr", drawing.alt or drawing.caption)
    caption = document.add_paragraph(drawing.caption, style="公文表题")
    caption.paragraph_format.keep_with_next = False


def _closing(document: Any, paper: Paper) -> None:
    ends_in_words = bool(paper.blocks) and isinstance(paper.blocks[-1], Text)
    first = len(document.paragraphs) - ends_in_words
    document.add_paragraph(style="公文正文")
    titles = [annex.title for annex in paper.annexes]
    if len(titles) > 1:
        titles = [f"{number}. {title}" for number, title in enumerate(titles, 1)]
    for number, title in enumerate(titles):
        paragraph = document.add_paragraph(style="公文附件说明")
        paragraph.add_run(title if number else f"附件：{title}")
        if number:
            paragraph.paragraph_format.first_line_indent = CHARACTER * 5
    if titles:
        document.add_paragraph(style="公文正文")
    wide = measure(paper.issued_on)
    room = max(4.0 + (wide - measure(paper.issuer)) / 2, 2.0)
    date_room = max(room + (measure(paper.issuer) - wide) / 2, 4.0)
    for text, free in ((paper.issuer, room), (paper.issued_on, date_room)):
        paragraph = document.add_paragraph(text, style="公文落款")
        paragraph.paragraph_format.right_indent = int(CHARACTER * free)
    for paragraph in document.paragraphs[first:-1]:  # a signature never stands alone
        paragraph.paragraph_format.keep_with_next = True


def _annex(document: Any, annex: Annex, number: int, footnotes: Footnotes) -> None:
    section = document.sections[-1]
    turned = section.orientation == WD_ORIENT.LANDSCAPE
    if annex.wide or turned:
        set_page(document.add_section(WD_SECTION.NEW_PAGE), wide=annex.wide)
    else:
        document.paragraphs[-1].add_run().add_break(WD_BREAK.PAGE)
    document.add_paragraph(f"附件{number or ''}", style="公文附件")
    document.add_paragraph(annex.title, style="公文标题")
    if annex.grid.rows:
        add_table(document, annex.grid, Mm(225).pt if annex.wide else _WIDTH, footnotes)
    else:
        document.add_paragraph("无。", style="公文正文")


def _colophon(document: Any, paper: Paper) -> None:
    """版记 at the foot of the last page: a table without sides that hangs on the margin."""
    date = f"{paper.issued_on}印发"
    date_width = Pt(14 * (measure(date) + 3.5))
    beside = _WIDTH - date_width.pt - 40  # without indents and margins
    issuer = "\n".join(title_lines(paper.issuer, 14, beside))
    rows = ([f"抄送：{'，'.join(paper.copies_to)}。"] if paper.copies_to else []) + [issuer]
    table = document.add_table(rows=len(rows), cols=2)
    table.autofit = False
    _hang_at_foot(table)
    for column, width in zip(
        table._tbl.tblGrid.gridCol_lst, (Mm(156) - date_width, date_width), strict=True
    ):
        column.w = width
    for index, text in enumerate(rows):
        left, right = table.cell(index, 0), table.cell(index, 1)
        left.width, right.width = Mm(156) - date_width, date_width
        last = index == len(rows) - 1
        if not last:
            left = left.merge(right)
        _write(document, left, text, "left")
        if last:
            _write(document, right, date, "right")
        for cell in {left._tc, right._tc}:
            _cell_rules(cell, 8 if index == 0 else 6, 8 if last else 0)
    end = document.add_paragraph(style="公文表格")  # a document may not end with a table
    end.paragraph_format.line_spacing = Pt(1)


def _write(document: Any, cell: Any, text: str, align: str) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.style = document.styles["公文版记"]
    paragraph.alignment = ALIGN[align]
    paragraph.paragraph_format.left_indent = Pt(14) if align == "left" else None
    paragraph.paragraph_format.right_indent = Pt(14) if align == "right" else None
    paragraph.text = text


def _hang_at_foot(table: Any) -> None:
    place = OxmlElement("w:tblpPr")
    for name, value in (
        ("w:leftFromText", "0"), ("w:rightFromText", "0"), ("w:vertAnchor", "margin"),
        ("w:horzAnchor", "margin"), ("w:tblpXSpec", "center"), ("w:tblpYSpec", "bottom"),
    ):  # fmt: skip
        place.set(qn(name), value)
    properties = table._tbl.tblPr
    properties.insert(1 if properties.find(qn("w:tblStyle")) is not None else 0, place)


def _cell_rules(cell: Any, above: int, below: int) -> None:
    """Rules above and below a cell, in eighths of a point (0 for none)."""
    borders = OxmlElement("w:tcBorders")
    for side, weight in (("w:top", above), ("w:bottom", below)):
        if weight:
            rule = OxmlElement(side)
            rule.set(qn("w:val"), "single")
            rule.set(qn("w:sz"), str(weight))
            borders.append(rule)
    cell.get_or_add_tcPr().append(borders)


def _rule(paragraph: Any, side: str, weight: int, colour: str, *, space: int) -> None:
    borders = OxmlElement("w:pBdr")
    rule = OxmlElement(f"w:{side}")
    for name, value in (
        ("w:val", "single"), ("w:sz", str(weight)), ("w:space", str(space)), ("w:color", colour),
    ):  # fmt: skip
        rule.set(qn(name), value)
    borders.append(rule)
    paragraph._p.get_or_add_pPr().append(borders)
