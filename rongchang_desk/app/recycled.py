"""The recycle bin 回收站 of a unit's desk: deleted records, kept for thirty days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from rongchang_desk.app.desk import Desk, Role
from rongchang_desk.domain.describe import kind_label, name_of
from rongchang_desk.domain.records import Record
from rongchang_desk.store import evidence, records

DAYS_KEPT = 30


@dataclass(frozen=True, slots=True)
class Recycled:
    """A deleted record, what it is called, and in how many days it goes for good."""

    record: Record
    kind: str
    name: str
    deleted_at: datetime
    days_left: int


def recycled(desk: Desk) -> tuple[Recycled, ...]:
    """The records deleted within the last thirty days, the newest first."""
    desk.require(Role.UNIT)
    found = []
    for record, deleted_at in records.deleted(desk.store, _oldest(desk)):
        gone = (desk.now().date() - deleted_at.date()).days
        left = max(DAYS_KEPT - gone, 0)
        found.append(
            Recycled(record, kind_label(record), name_of(desk.plan, record), deleted_at, left)
        )
    return tuple(found)


def restore(desk: Desk, record_ids: Iterable[str]) -> int:
    """Take records out of the recycle bin, all in one transaction; how many came back."""
    desk.require(Role.UNIT)
    with desk.store.transaction():
        return sum(records.restore(desk.store, record_id) for record_id in record_ids)


def put_back(desk: Desk, restored: Iterable[Record]) -> int:
    """Delete restored records again, in one transaction; how many went. One that was changed
    since stays."""
    desk.require(Role.UNIT)
    with desk.store.transaction():
        return sum(
            records.get(desk.store, one.id) == one
            and records.delete(desk.store, one.id, desk.now())
            for one in restored
        )


def purge(desk: Desk) -> int:
    """Remove for good what was deleted more than thirty days ago; how many records went.

    Evidence contents that nothing names any more go with them. Signed returns keep their own
    payloads, so nothing signed is lost.
    """
    if desk.role is not Role.UNIT:
        return 0
    before = _oldest(desk)
    with desk.store.transaction():
        gone = records.purge(desk.store, before)
        evidence.drop_unused(desk.store, before)
    return gone


def _oldest(desk: Desk) -> datetime:
    return desk.now() - timedelta(days=DAYS_KEPT)
