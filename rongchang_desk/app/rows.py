"""Records as rows of a long table, for the window: asked for in a person's words, read in pages.

Nothing is changed here but the words that records are searched by.
"""

from __future__ import annotations

import re
import time
from array import array
from collections.abc import Iterable

from rongchang_desk.app.desk import Desk
from rongchang_desk.app.fields import Entry, EntryField, fields_of
from rongchang_desk.app.initials import initials
from rongchang_desk.app.running import Running
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.plan import Plan
from rongchang_desk.domain.records import Record, RegisterEntry, kind_of
from rongchang_desk.formats import sheet_cells as cells
from rongchang_desk.formats.sheet_cells import Unreadable
from rongchang_desk.store import record_rows
from rongchang_desk.store.record_rows import Filter, Order, Query, Test, folded

__all__ = [
    "AT_ONCE", "Filter", "Order", "Query", "all_of", "counts", "filter_of", "first", "order_of",
    "places", "read", "search_words", "work_out_words",
]  # fmt: skip

AT_ONCE = 256
"""Rows read while the window waits; whether there are more is found out beside it."""

NUMBERS = (Entry.VALUE, Entry.NUMBER)
EMPTY_WORD, FILLED_WORD = "空", "非空"
_COMPARISON = re.compile(r"(<=|>=|<|>|=)\s*(.+)")
_LONGEST_FOR_INITIALS = 80  # characters: names and titles, not whole reports
_BATCH = 50
_PATIENCE = 1.0  # seconds of one turn at working out words


def first(desk: Desk, query: Query, most: int = AT_ONCE) -> array[int]:
    """The row ids of the first rows in the order of entry; for a plain query only."""
    return record_rows.first(desk.store, query, most)


def all_of(desk: Desk, query: Query) -> array[int]:
    """The row ids of all rows of a query, in its order; for a worker."""
    return record_rows.all_of(desk.store, query)


def read(desk: Desk, row_ids: Iterable[int]) -> dict[int, Record]:
    """The records at some row ids; one that is gone meanwhile is left out."""
    return record_rows.read(desk.store, row_ids)


def places(desk: Desk, record_ids: Iterable[str], query: Query) -> dict[int, bool]:
    """The row ids of records, and whether each belongs to the query's kind, key and month and
    is not in the recycle bin."""
    return record_rows.places(desk.store, record_ids, query)


def counts(desk: Desk, kind: str, month: Month | None) -> dict[str, int]:
    """How many records of a kind there are in a month, or in all, by register."""
    return record_rows.counts(desk.store, kind, month)


def order_of(field: EntryField, *, is_down: bool = False) -> Order:
    """Rows by a field: numbers by size, days by date, texts by pinyin."""
    return Order(field.code, is_down, field.entry in NUMBERS)


def filter_of(plan: Plan, field: EntryField, text: str) -> Filter | None:
    """The condition that a person typed for a field; None for an empty text.

    `空` and `非空`; `>100`, `<=2026-10-08`, `=3` for numbers and days; anything else must stand
    in the cell, for bodies also by the unit's name. Raises Unreadable with a Chinese reason.
    """
    typed = folded(text).strip()
    if not typed:
        return None
    if typed in (EMPTY_WORD, FILLED_WORD):
        return Filter(field.code, Test.EMPTY if typed == EMPTY_WORD else Test.FILLED)
    is_number = field.entry in NUMBERS
    compared = _COMPARISON.fullmatch(typed)
    if compared and (is_number or field.entry is Entry.DATE):
        limit = _number(compared[2]) if is_number else cells.day(compared[2]).isoformat()
        return Filter(field.code, Test(compared[1]), (limit,), is_number)
    texts: tuple[str, ...] = (typed,)
    if field.entry in (Entry.BODY, Entry.BODIES):
        texts += tuple(unit.code for unit in plan.units if typed in folded(unit.name))
    return Filter(field.code, Test.CONTAINS, texts)


def search_words(text: str) -> tuple[str, ...]:
    """What was typed into a search field, as a query takes it."""
    return tuple(folded(text).split())


def work_out_words(desk: Desk, running: Running) -> bool:
    """Work out the words of records that have none, for about a second; whether any are left.

    Not at the moment of saving: pypinyin takes 150 ms to import, and a pasted block some time.
    """
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        running.step(0, 0, "整理检索词")
        some = record_rows.without_words(desk.store, _BATCH)
        record_rows.set_words(
            desk.store,
            [(words_of(desk.plan, record), row_id, at) for row_id, at, record in some],
        )
        if len(some) < _BATCH:
            return False
    return True


def words_of(plan: Plan, record: Record) -> str:
    """All texts of a record as they are shown, and the pinyin initials of the shorter ones."""
    texts = [folded(field.read(record)) for field in _fields(plan, record)]
    texts = [text for text in texts if text]
    return "\n".join(
        [
            *texts,
            *(initials(t) for t in texts if not t.isascii() and len(t) <= _LONGEST_FOR_INITIALS),
        ]
    )


def _fields(plan: Plan, record: Record) -> tuple[EntryField, ...]:
    kind = kind_of(record)
    key = getattr(record, "register", "") or getattr(record, "target", "")
    known = (
        plan.has_register(key) if isinstance(record, RegisterEntry) else not key or
        plan.has_target(key)
    )  # fmt: skip
    return fields_of(plan, kind, key) if known else ()


def _number(text: str) -> str:
    try:
        return str(float(text.replace(",", "")))
    except ValueError:
        raise Unreadable(f"“{text}”不是数字。") from None
