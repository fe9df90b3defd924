"""Texts typed, pasted or filled into the cells of records: good ones change the record, the rest
are kept as drafts with the reason. Pure: nothing is stored here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from rongchang_desk.app.fields import EntryField, Unreadable
from rongchang_desk.domain.records import Record


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed into cells of one record; a new one is not stored yet."""

    record: Record
    is_new: bool
    texts: tuple[tuple[EntryField, str], ...]


class Wrong(NamedTuple):
    """A text that could not be taken into a field (its code) of a record, and why."""

    record: Record
    field: str
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Entered:
    """What typing comes to. `before` and `after` are the records to change, as they were and as
    they should be stored; new ones stand in `after` only. `right` are the cells that were taken
    or hold what is stored anyway, as record id and field code: drafts there are over."""

    before: tuple[Record, ...]
    after: tuple[Record, ...]
    wrong: tuple[Wrong, ...]
    right: frozenset[tuple[str, str]]

    @property
    def is_nothing(self) -> bool:
        return not (self.after or self.wrong)


def enter(rows: Iterable[Typed], obstacle: Callable[[Record], str]) -> Entered:
    """Take texts into records, cell by cell.

    A text that cannot be read, or that would leave its record with an `obstacle`, is wrong; the
    record keeps the value it had there. A new record in which nothing was typed is none.
    """
    before: list[Record] = []
    after: list[Record] = []
    wrong: list[Wrong] = []
    right: set[tuple[str, str]] = set()
    for row in rows:
        record = row.record
        found: list[Wrong] = []
        for field, text in row.texts:
            made, reason = _written(record, field, text, obstacle)
            if reason:
                found.append(Wrong(record, field.code, text, reason))
            else:
                record = made
                right.add((record.id, field.code))
        wrong += [one._replace(record=record) for one in found]
        if row.is_new:
            after += [record] if record != row.record or found else []
        elif record != row.record:
            before.append(row.record)
            after.append(record)
    return Entered(tuple(before), tuple(after), tuple(wrong), frozenset(right))


def _written(
    record: Record, field: EntryField, text: str, obstacle: Callable[[Record], str]
) -> tuple[Record, str]:
    """The record with a text in it, or why not."""
    if text == field.read(record) or not (text.strip() or field.read(record)):
        return record, ""
    try:
        made: Record = field.write(record, text)
    except Unreadable as problem:
        return record, str(problem)
    return made, obstacle(made)
