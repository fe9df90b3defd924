"""Where a month stands after parcels went back and forth: its return, and whether it is closed.

Everything here is derived from the parcels a desk has issued or opened; only the office's own
month locks are set here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rongchang_desk.app.desk import Desk, Role
from rongchang_desk.domain.matter import Light, Matter
from rongchang_desk.domain.matter import matters as of_parcels
from rongchang_desk.domain.month import Month, in_words
from rongchang_desk.domain.parcel import Parcel, ParcelKind, closing
from rongchang_desk.errors import UsageError
from rongchang_desk.store import audit, returns
from rongchang_desk.store import parcels as stored

__all__ = [
    "Light", "Lock", "Matter", "Standing", "State", "lock_month", "locked_for", "locks", "matters",
    "month_locked", "open_matters", "standing_of", "unlock_month",
]  # fmt: skip


class State(StrEnum):
    """How a unit's month stands with the office, as far as the unit's desk has been told."""

    NOT_ISSUED = "not_issued"
    ISSUED = "issued"
    RETURNED = "returned"
    RECEIVED = "received"
    ANNOUNCED = "announced"

    @property
    def label(self) -> str:
        return {
            "not_issued": "未生成", "issued": "待回执", "returned": "退回",
            "received": "已收", "announced": "已通报",
        }[self.value]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Standing:
    """A month's state, the revision it is about, and the parcel that brought it about."""

    state: State
    revision: int = 0
    parcel: Parcel | None = None
    locked: str = ""
    """Why the month is closed; empty while it is open."""


def standing_of(desk: Desk, month: Month) -> Standing:
    """How the newest return of a month stands at a unit's desk.

    A receipt or slip counts for the revision it answers only; a bulletin issued after the
    receipt makes it 已通报.
    """
    desk.require(Role.UNIT)
    issued = returns.issued(desk.store, month)
    locked = month_locked(desk, month)
    answers = stored.opened(desk.store, ParcelKind.RECEIPT, ParcelKind.RETURNED)
    if not issued:
        slips = [row.parcel for row in answers if not row.about and row.parcel.month == month]
        state = State.RETURNED if slips else State.NOT_ISSUED
        return Standing(state, 0, slips[-1] if slips else None, locked)
    newest = issued[-1]
    revision = newest.monthly_return.revision
    told = [row.parcel for row in answers if row.about == newest.digest]
    if not told:
        return Standing(State.ISSUED, revision, None, locked)
    last = told[-1]
    if last.kind is ParcelKind.RETURNED:
        return Standing(State.RETURNED, revision, last, locked)
    bulletins = [
        row.parcel
        for row in stored.opened(desk.store, ParcelKind.BULLETIN)
        if row.parcel.month == month and row.parcel.sequence > last.sequence
    ]
    if bulletins:
        return Standing(State.ANNOUNCED, revision, bulletins[-1], locked)
    return Standing(State.RECEIVED, revision, last, locked)


# -- closed months ---------------------------------------------------------------


def month_locked(desk: Desk, month: Month) -> str:
    """Why a month is closed at a unit's desk, in Chinese; empty while it is open."""
    desk.require(Role.UNIT)
    rows = stored.opened(desk.store, ParcelKind.BULLETIN, ParcelKind.REOPENING)
    bulletin = closing((row.parcel for row in rows), month)
    if bulletin is None:
        return ""
    return (
        f"{month.label}已由{bulletin.issuer_name}通报（编号{bulletin.sequence}，"
        f"{in_words(bulletin.issued_at)}印发），数据已锁定。"
    )


def locked_for(desk: Desk, unit: str, month: Month) -> str:
    """Why the office has closed a month for a unit, in Chinese; empty while it may report.

    A slip 补报许可 issued to the unit after the month was closed opens it for that unit.
    """
    desk.require(Role.OFFICE)
    lock = stored.month_locks(desk.store).get(month)
    if lock is None or unit in _reopened(desk, lock):
        return ""
    name = desk.plan.name_of(unit)
    return f"{month.label}已于{in_words(lock.locked_at)}锁定，“{name}”没有该月的补报许可。"


@dataclass(frozen=True, slots=True)
class Lock:
    """A month the office has closed, since when, and the units that hold a slip since."""

    month: Month
    since: datetime
    reopened: tuple[str, ...]


def locks(desk: Desk) -> tuple[Lock, ...]:
    """The months the office has closed, in order."""
    desk.require(Role.OFFICE)
    return tuple(
        Lock(lock.month, lock.locked_at, _reopened(desk, lock))
        for lock in stored.month_locks(desk.store).values()
    )


def lock_month(desk: Desk, month: Month) -> bool:
    """Close a month at the office; False when it is closed already.

    Raises UsageError for a month that the plan does not cover or that is not over.
    """
    desk.require(Role.OFFICE)
    if not desk.plan.covers(month):
        raise UsageError(f"{month.label}不在方案实施期内，不能锁定。", "请核对月份。")
    if desk.today() <= month.last_day:
        raise UsageError(f"{month.label}还没有结束，不能锁定。", "请核对月份和电脑时间。")
    with desk.store.transaction():
        fresh = stored.lock_month(desk.store, month, desk.now(), stored.last_sequence(desk.store))
        if fresh:
            audit.note(desk.store, desk.now(), "month-locked", str(month))
    return fresh


def unlock_month(desk: Desk, month: Month) -> bool:
    """Open a month again for everybody at the office; False when it was not closed.

    Units that opened the month's bulletin still need a slip: their desks cannot know.
    """
    desk.require(Role.OFFICE)
    with desk.store.transaction():
        was_closed = stored.unlock_month(desk.store, month)
        if was_closed:
            audit.note(desk.store, desk.now(), "month-unlocked", str(month))
    return was_closed


def _reopened(desk: Desk, lock: stored.MonthLock) -> tuple[str, ...]:
    slips = stored.issued(desk.store, ParcelKind.REOPENING)
    held = {
        slip.addressee
        for slip in slips
        if slip.month == lock.month and slip.sequence > lock.after_sequence
    }
    return tuple(unit.code for unit in desk.plan.units if unit.code in held)


# -- supervision -------------------------------------------------------------------


def matters(desk: Desk) -> tuple[Matter, ...]:
    """The supervision orders of this desk with all that was written about them, next due first.

    A unit's are those it opened; the office's those it issued.
    """
    issued = stored.issued(desk.store)
    opened = tuple(row.parcel for row in stored.opened(desk.store))
    orders = issued if desk.role is Role.OFFICE else opened
    return of_parcels((p for p in orders if p.kind is ParcelKind.SUPERVISION), (*issued, *opened))


def open_matters(desk: Desk) -> tuple[Matter, ...]:
    """The supervision orders that wait for the unit, the next due first."""
    return tuple(matter for matter in matters(desk) if not matter.answered)
