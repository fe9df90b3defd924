"""Names entered before, offered while the same field is typed into: people, places, firms."""

from __future__ import annotations

from dataclasses import replace

from rongchang_desk.app.desk import Desk
from rongchang_desk.app.fields import Entry, EntryField, fields_of
from rongchang_desk.store import records

LONGEST = 40  # characters: a name, not a report
LOOKED_AT = 500  # newest records: a few ms, whatever the desk holds


def fields_with_names(desk: Desk, kind: str, code: str = "") -> tuple[EntryField, ...]:
    """`fields_of` a kind of record whose one-line texts know what was entered in them before.

    What the plan names comes first, then the newest texts; quick enough for the window.
    """
    there = records.newest_of(desk.store, kind, code, LOOKED_AT)

    def with_names(field: EntryField) -> EntryField:
        if field.entry is not Entry.TEXT:
            return field
        entered = (text for text in map(field.read, there) if 0 < len(text) <= LONGEST)
        return replace(field, known=tuple(dict.fromkeys((*field.known, *entered))))

    return tuple(map(with_names, fields_of(desk.plan, kind, code)))
