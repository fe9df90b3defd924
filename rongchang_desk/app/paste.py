"""A block of cells from the clipboard (Excel, WPS) as records: good rows become records, the
rest reasons. Pure: nothing is stored here.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rongchang_desk.app.fields import EntryField, Unreadable
from rongchang_desk.domain.records import Record
from rongchang_desk.formats.sheet_cells import folded

MOST_ROWS = 5000


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
    try:
        lines = list(csv.reader(io.StringIO(text), delimiter="\t"))
    except csv.Error:
        return Block((), (), (Trouble(0, "", "剪贴板中的内容不是表格，请重新复制。"),))
    rows = [line for line in lines if any(cell.strip() for cell in line)]
    if not rows:
        return Block((), (), ())
    columns = _titles(rows[0], fields)
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
    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    writer.writerow([field.heading for field in fields])
    for record in records:
        writer.writerow([field.read(record) for field in fields])
    return out.getvalue()


def _titles(row: Sequence[str], fields: Sequence[EntryField]) -> list[EntryField]:
    """The fields that a row of titles names, or none when it is no row of titles."""
    known = {folded(name): field for field in fields for name in (field.title, field.heading)}
    cells = list(row)
    while cells and not cells[-1].strip():
        cells.pop()
    found = [known[folded(cell)] for cell in cells if folded(cell) in known]
    return found if found and len(found) == len(cells) else []


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
