"""Tables of docx papers: columns as wide as they need, headers repeated on every page."""

from __future__ import annotations

from typing import Any

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

from rongchang_desk.documents.docx_footnotes import Footnotes
from rongchang_desk.documents.docx_page import ALIGN, HEI_FACE, measure, set_face
from rongchang_desk.documents.paper import Grid, text_of

_TWIPS = 20  # in a point


def add_table(document: Any, grid: Grid, width: float, footnotes: Footnotes) -> None:
    table = document.add_table(rows=1, cols=len(grid.columns))
    table.style = document.styles["Table Grid"]
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    tight = grid.dense or len(grid.columns) > 8
    size = 8.0 if any(column.whole for column in grid.columns) else 9.0 if tight else 10.5
    widths = [Pt(part) for part in _widths(grid, width, size)]
    _narrow_cells(table)
    rows = [[f"{c.title}\n（{c.unit}）" if c.unit else c.title for c in grid.columns]]
    rows += [[text_of(value) or "—" for value in row] for row in grid.rows]
    for place, column in enumerate(table._tbl.tblGrid.gridCol_lst):
        column.w = widths[place]
    for _ in rows[1:]:
        table.add_row()
    footnotes.begin()
    last = len(rows) - 1
    for index, (cells, texts) in enumerate(zip(table.rows, rows, strict=True)):
        properties = cells._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if index == 0:
            properties.append(OxmlElement("w:tblHeader"))
        strong = index == 0 or (grid.totals and index == last)
        for place, (cell, text) in enumerate(zip(cells._tr.tc_lst, texts, strict=True)):
            cell.width = widths[place]
            _fill(document, cell, text, "center" if index == 0 else grid.columns[place].align,
                  size, strong=strong)  # fmt: skip
            for note in grid.notes_at(index - 1, place):
                footnotes.mark(cell.p_lst[0], note, size)
    spare = document.add_paragraph(style="公文表格")
    spare.paragraph_format.line_spacing = Pt(8)


def _narrow_cells(table: Any) -> None:
    margins = OxmlElement("w:tblCellMar")
    for side, free in (("top", 20), ("left", _BETWEEN), ("bottom", 20), ("right", _BETWEEN)):
        edge = OxmlElement(f"w:{side}")
        edge.set(qn("w:w"), str(free))
        edge.set(qn("w:type"), "dxa")
        margins.append(edge)
    table._tbl.tblPr.insert_element_before(margins, "w:tblLook")


def _fill(document: Any, cell: Any, text: str, align: str, size: float, *, strong: bool) -> None:
    """Write a cell through its XML: python-docx's own cells are quadratic in a long table."""
    properties = cell.get_or_add_tcPr()
    if strong:
        shade = OxmlElement("w:shd")
        shade.set(qn("w:val"), "clear")
        shade.set(qn("w:fill"), "EDEDED")
        properties.append(shade)
    middle = OxmlElement("w:vAlign")
    middle.set(qn("w:val"), "center")
    properties.append(middle)
    paragraph = cell.p_lst[0]
    form = paragraph.get_or_add_pPr()
    form.style = document.styles["公文表格"].style_id
    form.jc_val = ALIGN[align]
    if size < 10:
        form.spacing_line = Pt(size * 1.3)
        form.spacing_lineRule = WD_LINE_SPACING.EXACTLY
    for number, line in enumerate(text.split("\n")):
        run = paragraph.add_r()
        run_properties = run.get_or_add_rPr()
        if strong:
            set_face(run_properties, HEI_FACE)
        run_properties.sz_val = Pt(size)
        if number:
            run.add_br()
        run.text = run.text + line if number else line


_MARK = 0.7  # characters that a footnote's mark takes
_BETWEEN = 57  # twips kept free at each side of a cell: 1 mm


def _widths(grid: Grid, width: float, size: float) -> list[float]:
    """Column widths in points, together `width`: short columns whole, long ones share the rest."""
    least, wanted = [], []
    for index, column in enumerate(grid.columns):
        lines = [
            measure(line) + _MARK * len(grid.notes_at(number, index))
            for number, row in enumerate(grid.rows)
            for line in text_of(row[index]).split("\n")
        ]
        longest = max(lines, default=2.0)
        head = max(
            min(measure(column.title), 3.0), measure(column.unit) + 2.6 if column.unit else 0
        )
        longest = max(longest, head)
        is_short = column.whole or longest <= 6.5
        least.append((longest if is_short else 5.0) * size + 2 * _BETWEEN / _TWIPS + 1)
        wanted.append(0.0 if is_short else longest)
    spare, share = width - sum(least), sum(wanted)
    if spare <= 0 or not share:
        return [part * width / sum(least) for part in least]
    return [part + spare * want / share for part, want in zip(least, wanted, strict=True)]
