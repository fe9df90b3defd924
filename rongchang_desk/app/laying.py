"""Blocks of many rows laid over a grid: understood row by row beside the window, then stored as
one step of a person. A cancel before that step leaves everything as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from rongchang_desk.app import drafts
from rongchang_desk.app import record as app_record
from rongchang_desk.app.desk import Desk
from rongchang_desk.app.entering import Entered, Typed, enter
from rongchang_desk.app.fields import EntryField
from rongchang_desk.app.paste import Block, read_block
from rongchang_desk.app.rows import read
from rongchang_desk.app.running import Running
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.records import Record

_PAGE = 128  # rows read at a time


@dataclass(frozen=True, slots=True)
class Line:
    """Texts for the cells of one row: that of a stored record (`row_id`), or of a new `record`;
    with neither, of one that is made for them."""

    texts: tuple[tuple[EntryField, str], ...]
    row_id: int = 0
    record: Record | None = None


def lay(
    desk: Desk,
    lines: Sequence[Line],
    new: Callable[[], Record],
    drafted: Collection[tuple[str, str]],
    running: Running,
) -> Entered:
    """Store what can be taken of the texts, and the rest as drafts, in one transaction.

    `drafted` are the cells (record id, field) that have drafts now; those of cells that were
    taken are over. Raises Cancelled with nothing stored.
    """
    typed: list[Typed] = []

    def obstacle(record: Record) -> str:
        running.step(len(typed), len(lines), "读取粘贴的内容")
        return app_record.obstacle(desk, record)

    found: list[Entered] = []
    for start in range(0, len(lines), _PAGE):
        some = lines[start : start + _PAGE]
        there = read(desk, [line.row_id for line in some if line.row_id])
        for line in some:
            record = there.get(line.row_id) if line.row_id else line.record or new()
            if record is not None:  # else it is gone meanwhile
                typed.append(Typed(record, not line.row_id, line.texts))
                found.append(enter(typed[-1:], obstacle))
    entered = _together(found)
    running.step(len(lines), len(lines), "保存")
    if not entered.is_nothing:
        with desk.store.transaction():
            app_record.change(desk, entered.after)
            drafts.exchange(desk, entered.right.intersection(drafted), entered.wrong)
    return entered


def lay_under_titles(
    desk: Desk,
    text: str,
    fields: Sequence[EntryField],
    month: Month,
    new: Callable[[], Record],
    running: Running,
) -> Block:
    """Store what the rows under a row of titles say; see `paste.read_block`.

    They may change records of the month that are of the same kind (and register) as a new one.
    Raises Cancelled with nothing stored.
    """

    def obstacle(record: Record) -> str:
        running.step(0, 0, "读取粘贴的内容")
        return app_record.obstacle(desk, record)

    example = new()
    mine = [
        record
        for record in app_record.of_month(desk, month).all()
        if type(record) is type(example)
        and getattr(record, "register", "") == getattr(example, "register", "")
    ]
    block = read_block(text, fields, mine, new, obstacle)
    running.step(0, 0, "保存")
    if block.records:
        app_record.change(desk, block.records)
    return block


def _together(parts: Sequence[Entered]) -> Entered:
    return Entered(
        tuple(record for part in parts for record in part.before),
        tuple(record for part in parts for record in part.after),
        tuple(wrong for part in parts for wrong in part.wrong),
        frozenset(cell for part in parts for cell in part.right),
    )
