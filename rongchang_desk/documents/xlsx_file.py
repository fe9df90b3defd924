"""An official paper (see `paper`) as a workbook: an overview, then a sheet for each table.

Numbers are numbers: their unit stands in the header or in the number's format, so that they can
be added up and still look as printed.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from math import ceil
from typing import Any

import xlsxwriter

from rongchang_desk.documents.paper import Amount, Grid, Paper, Text, Value, text_of
from rongchang_desk.documents.structure import sign

_FACE, _HEAD_FACE, _TITLE_FACE = "宋体", "黑体", "方正小标宋简体"
_FIRST = 2  # the row of the headers: the title and a blank row stand above
_WIDEST = 46


def render(paper: Paper) -> bytes:
    """The paper's tables and stated numbers as an xlsx file."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"title": paper.plain_title, "author": paper.issuer})
        looks = _Looks(book)
        _overview(book, looks, paper)
        names: set[str] = set()
        for grid in paper.grids:
            name = grid.name if grid.name not in names else f"{grid.name}{len(names)}"
            names.add(name)
            _sheet(book.add_worksheet(name), looks, grid)
    return out.getvalue()


class _Looks:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, object], ...], Any] = {}

    def cell(self, **wanted: object) -> Any:
        """A bordered cell."""
        return self._format({"font_name": _FACE, "font_size": 11, "border": 1,
                             "valign": "vcenter", "text_wrap": True} | wanted)  # fmt: skip

    @property
    def header(self) -> Any:
        return self.cell(font_name=_HEAD_FACE, bg_color="#EDEDED", align="center")

    @property
    def note(self) -> Any:
        return self._format({"font_name": _FACE, "font_size": 10, "text_wrap": True,
                             "valign": "top"})  # fmt: skip

    @property
    def title(self) -> Any:
        return self._format({"font_name": _TITLE_FACE, "font_size": 16, "align": "center",
                             "valign": "vcenter"})  # fmt: skip

    def _format(self, wanted: dict[str, object]) -> Any:
        key = tuple(sorted(wanted.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(wanted)
        return self._made[key]


def number_format(amount: Amount) -> str:
    """A number's format: thousands, its own decimals, its words in quotes."""
    digits = "#,##0" + (f".{'0' * amount.places}" if amount.places else "")
    return f"{_quoted(amount.before)}{digits}{_quoted(amount.unit)}"


def _quoted(words: str) -> str:
    return '"' + words.replace('"', '""') + '"' if words else ""


def _overview(book: Any, looks: _Looks, paper: Paper) -> None:
    sheet = book.add_worksheet("概况")
    _title(sheet, looks, paper.plain_title, 1)
    rows: list[tuple[str, Value]] = [("印发机关", paper.issuer), ("成文日期", paper.issued_on)]
    if paper.head is not None and paper.head.number:
        rows.append(("文号", paper.head.number))
    if paper.fingerprint:
        rows.append(("汇总指纹", paper.fingerprint.upper()))
    for block in paper.blocks:
        if isinstance(block, Text):
            rows.extend(block.facts)
            rows += [("注", f"“{words}”：{note}") for words, note in block.notes]
    sheet.write_row(_FIRST, 0, ("项目", "内容"), looks.header)
    for number, (name, value) in enumerate(rows, _FIRST + 1):
        sheet.write_string(number, 0, name, looks.cell())
        _write(sheet, number, 1, value, looks, "left")
    widths = (36.0, 52.0)
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    for number, (name, value) in enumerate(rows, _FIRST + 1):
        sheet.set_row(number, _height(((name, widths[0]), (text_of(value), widths[1]))))
    _set_up(sheet, columns=2, rows=len(rows), key=0)


def _sheet(sheet: Any, looks: _Looks, grid: Grid) -> None:
    _title(sheet, looks, grid.caption, len(grid.columns) - 1)
    widths = []
    for place, column in enumerate(grid.columns):
        sheet.write_string(_FIRST, place, column.header, looks.header)
        texts = [line for row in grid.rows for line in text_of(row[place]).split("\n")]
        longest = max((_measure(text) for text in texts), default=0)
        widths.append(min(max(longest, _measure(column.header)) + 2.5, _WIDEST))
        sheet.set_column(place, place, widths[-1])
    last = len(grid.rows) - 1
    known = list(dict.fromkeys(note.text for note in grid.notes))
    for number, row in enumerate(grid.rows):
        strong = grid.totals and number == last
        for place, value in enumerate(row):
            align = grid.columns[place].align
            marks = "".join(sign(known.index(note) + 1) for note in grid.notes_at(number, place))
            _write(
                sheet, _FIRST + 1 + number, place, value, looks, align, strong=strong, marks=marks
            )
        texts = [text_of(value) for value in row]
        sheet.set_row(_FIRST + 1 + number, _height(tuple(zip(texts, widths, strict=True))))
    if grid.rows and not grid.totals:
        sheet.autofilter(_FIRST, 0, _FIRST + len(grid.rows), len(grid.columns) - 1)
    _notes(sheet, looks, _FIRST + 1 + len(grid.rows), known, widths)
    _set_up(sheet, columns=len(grid.columns), rows=len(grid.rows) + len(known), key=grid.key)


def _notes(
    sheet: Any, looks: _Looks, first: int, notes: Sequence[str], widths: list[float]
) -> None:
    """The footnotes of a table, each in a row of its own below it."""
    for number, note in enumerate(notes):
        text = f"{sign(number + 1)} {note}"
        if len(widths) > 1:
            sheet.merge_range(first + number, 0, first + number, len(widths) - 1, text, looks.note)
        else:
            sheet.write_string(first + number, 0, text, looks.note)
        sheet.set_row(first + number, _height(((text, sum(widths)),)))


def _height(cells: Sequence[tuple[str, float]]) -> float:
    """A row's height in points for texts in columns of these widths: not all programs fit it."""
    lines = (
        sum(max(1, ceil(_measure(line) / width)) for line in text.split("\n"))
        for text, width in cells
    )
    return max(lines) * 14.5 + 5


def _title(sheet: Any, looks: _Looks, text: str, last: int) -> None:
    sheet.set_row(0, 30)
    if last:
        sheet.merge_range(0, 0, 0, last, text, looks.title)
    else:
        sheet.write_string(0, 0, text, looks.title)


def _write(
    sheet: Any, row: int, column: int, value: Value, looks: _Looks, align: str, *,
    strong: bool = False, marks: str = "",
) -> None:  # fmt: skip
    """Write a value; `marks` of footnotes belong to the number's format, not to the value."""
    more: dict[str, object] = {"align": align}
    if strong or (isinstance(value, Amount) and value.strong):
        more["font_name"] = _HEAD_FACE
    if strong:
        more["bg_color"] = "#EDEDED"
    if isinstance(value, Amount):
        sheet.write_number(
            row,
            column,
            float(value.number),
            looks.cell(num_format=number_format(value) + _quoted(marks), **more),
        )
    elif value and marks:
        sheet.write_string(row, column, value, looks.cell(num_format=f"@{_quoted(marks)}", **more))
    elif value:
        sheet.write_string(row, column, value, looks.cell(**more))
    elif marks:
        sheet.write_string(row, column, f"—{marks}", looks.cell(**more))
    else:
        sheet.write_blank(row, column, None, looks.cell(**more))


def _set_up(sheet: Any, *, columns: int, rows: int, key: int) -> None:
    """Header and the row's name stay in view; printed on A4, one page wide, headers repeated."""
    sheet.freeze_panes(_FIRST + 1, key + 1)
    sheet.set_paper(9)
    if columns > 7:
        sheet.set_landscape()
    sheet.set_margins(left=20 / 25.4, right=15 / 25.4, top=20 / 25.4, bottom=20 / 25.4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_FIRST)
    sheet.print_area(0, 0, _FIRST + max(rows, 1), columns - 1)
    sheet.center_horizontally()
    sheet.set_footer(f'&C&"{_FACE}"&14— &P —', {"margin": 10 / 25.4})
    sheet.hide_gridlines(1)  # on paper: the cells have rules of their own


def _measure(text: str) -> float:
    """The width of a text in characters of a worksheet."""
    return sum(2.0 if ord(character) > 0x2E7F else 1.0 for character in text)
