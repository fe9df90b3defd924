"""Blocks of cells on the clipboard, both ways with Excel and WPS; rows under titles as records:
good rows become records, the rest reasons. Pure: nothing is stored here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from rongchang_desk.app.fields import EntryField, Unreadable
from rongchang_desk.domain.records import Record
from rongchang_desk.formats.sheet_cells import folded

MOST_ROWS = 5000
_CELL = re.compile(r'"((?:[^"]|"")*)"(?=[\t\n]|\Z)|([^\t\n]*)')
"""A cell in quotes up to the next tab, line or end; or whatever stands there, quotes included."""
_NO_NUMBER = re.compile(r"0\d|\d{16}|[=+@-]")


@dataclass(frozen=True, slots=True)
class Trouble:
    """A pasted row that was not taken: its number in the block (from 1), the field, the reason."""

    row: int
    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class Block:
    """What a block says. `changed` are records that were there, as they were; `records` is what
    to keep: the changed and the new ones."""

    records: tuple[Record, ...]
    changed: tuple[Record, ...]
    troubles: tuple[Trouble, ...]

    @property
    def added(self) -> int:
        """How many records are new."""
        return len(self.records) - len(self.changed)


def read_block(
    text: str,
    fields: Sequence[EntryField],
    there: Sequence[Record],
    new: Callable[[], Record],
    obstacle: Callable[[Record], str],
) -> Block:
    """Understand tab-separated rows.

    A first row of titles says which column is which; without one the columns are the first
    ones of `fields`, in order. A row that repeats day and title (the first required fields) of
    a record in `there` changes that record; any other is a new one. A row with an unreadable
    cell, or with an `obstacle`, is not taken.
    """
    rows = [line for line in cells_of(text) if any(cell.strip() for cell in line)]
    if not rows:
        return Block((), (), ())
    columns = titles_of(rows[0], fields)
    first = 1
    if columns:
        rows, first = rows[1:], 2
    else:
        columns = list(fields)
    if len(rows) > MOST_ROWS:
        return Block((), (), (Trouble(0, "", f"一次最多粘贴 {MOST_ROWS} 行，请分几次粘贴。"),))
    key = tuple(field for field in fields if field.required)[:2]
    waiting: dict[tuple[str, ...], list[Record]] = {}
    for record in there:
        waiting.setdefault(tuple(field.read(record) for field in key), []).append(record)
    records: list[Record] = []
    changed: list[Record] = []
    troubles: list[Trouble] = []
    for number, row in enumerate(rows, first):
        found: list[Trouble] = []
        stray = next((cell for cell in row[len(columns) :] if cell.strip()), "")
        if stray:
            found.append(Trouble(number, "", f"多出一列“{stray[:20]}”，请按列的顺序粘贴。"))
        made = _written(new(), columns, row, number, found)
        same = waiting.get(tuple(field.read(made) for field in key), [])
        before = same.pop(0) if same and not found else None
        if before is not None:
            made = _written(before, columns, row, number, [])
        elif not found:
            problem = obstacle(made)
            if problem:
                found.append(Trouble(number, fields[0].title, problem))
        if found:
            troubles += found
            continue
        if before is not None:
            if made == before:
                continue
            changed.append(before)
        records.append(made)
    return Block(tuple(records), tuple(changed), tuple(troubles))


def block_of(records: Sequence[Record], fields: Sequence[EntryField]) -> str:
    """Records as tab-separated rows under a row of titles, as spreadsheets paste them."""
    titles = [field.heading for field in fields]
    return tsv_of([titles, *([field.read(record) for field in fields] for record in records)])


def cells_of(text: str) -> list[list[str]]:
    """Tab-separated rows as Excel and WPS copy them: cells with line breaks, tabs or quotes may
    stand in quotes, and a stray quote is only a character. No row for the end of the text."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    rows: list[list[str]] = []
    row: list[str] = []
    at = 0
    while at < len(text):
        match = _CELL.match(text, at)
        assert match is not None  # the second way takes anything, even nothing
        quoted = match[1]
        row.append(match[2] if quoted is None else quoted.replace('""', '"'))
        at = match.end()
        if at >= len(text) or text[at] == "\n":
            rows.append(row)
            row = []
        elif at == len(text) - 1:  # a tab at the very end: one more cell, empty
            row.append("")
            rows.append(row)
        at += 1
    return rows


def tsv_of(rows: Sequence[Sequence[str]]) -> str:
    """Rows of cells as tab-separated text; what needs quotes gets them."""
    return "".join("\t".join(map(_quoted, row)) + "\n" for row in rows)


def html_of(rows: Sequence[Sequence[str]]) -> str:
    """The same rows as an HTML table, which spreadsheets prefer: line breaks stay within their
    cell, and long numbers (统一社会信用代码), leading zeros and what looks like a formula stay
    the text they are."""
    lines = "".join(
        "".join(["<tr>", *(f"<td{_kept_as_text(cell)}>{_escaped(cell)}</td>" for cell in row)])
        for row in rows
    )
    return f'<html><head><meta charset="utf-8"></head><body><table>{lines}</table></body></html>'


def titles_of(row: Sequence[str], fields: Sequence[EntryField]) -> list[EntryField]:
    """The fields that a row of titles names, or none when it is no row of titles."""
    known = {folded(name): field for field in fields for name in (field.title, field.heading)}
    cells = list(row)
    while cells and not cells[-1].strip():
        cells.pop()
    found = [known[folded(cell)] for cell in cells if folded(cell) in known]
    return found if found and len(found) == len(cells) else []


def _kept_as_text(cell: str) -> str:
    is_text = _NO_NUMBER.match(cell) is not None
    return " style=\"mso-number-format:'\\@'\"" if is_text else ""


def _escaped(cell: str) -> str:
    return escape(cell).replace("\n", '<br style="mso-data-placement:same-cell;">')


def _quoted(cell: str) -> str:
    if any(mark in cell for mark in '\t\n\r"'):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def _written(
    record: Record,
    columns: Sequence[EntryField],
    row: Sequence[str],
    number: int,
    troubles: list[Trouble],
) -> Record:
    for field, cell in zip(columns, row, strict=False):
        if not cell.strip() and not field.read(record):
            continue
        try:
            record = field.write(record, cell)
        except Unreadable as wrong:
            troubles.append(Trouble(number, field.title, str(wrong)))
    return record
