"""Where things stand after parcels went back and forth: a month's return, locks, supervision.

Everything here is derived from the parcels a desk has issued or opened; only the office's own
month locks are set here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from rongchang_desk.app.desk import Desk, Role
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.parcel import Parcel, ParcelKind, closing
from rongchang_desk.errors import UsageError
from rongchang_desk.store import audit, returns
from rongchang_desk.store import parcels as stored


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
        f"{_day(bulletin.issued_at)}印发），数据已锁定。"
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
    return f"{month.label}已于{_day(lock.locked_at)}锁定，“{name}”没有该月的补报许可。"


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


NEAR_DUE = 5
"""Days before its due day on which a matter still open begins to be near due."""


class Light(StrEnum):
    """How urgent an open supervision order is; the colours are those of the district board."""

    OPEN = "open"
    NEAR = "near"
    OVERDUE = "overdue"
    ANSWERED = "answered"

    @property
    def label(self) -> str:
        return {
            "open": "待反馈", "near": "临近到期", "overdue": "已逾期", "answered": "已反馈",
        }[self.value]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Matter:
    """A supervision order with the feedback on it, newest last."""

    order: Parcel
    feedback: tuple[Parcel, ...]

    @property
    def answered(self) -> bool:
        return bool(self.feedback)

    def overdue(self, today: date) -> bool:
        """Whether it is unanswered past its due day."""
        return not self.feedback and self.order.due is not None and today > self.order.due

    def light(self, today: date) -> Light:
        """How urgent it is on a day: 蓝 from `NEAR_DUE` days before the due day, 红 past it."""
        if self.feedback:
            return Light.ANSWERED
        if self.order.due is None or (self.order.due - today).days > NEAR_DUE:
            return Light.OPEN
        return Light.OVERDUE if self.overdue(today) else Light.NEAR


def matters(desk: Desk) -> tuple[Matter, ...]:
    """The supervision orders of this desk, the next due first.

    A unit's are those it opened, with the feedback it wrote; the office's those it issued, with
    the feedback it opened.
    """
    if desk.role is Role.OFFICE:
        orders = stored.issued(desk.store, ParcelKind.SUPERVISION)
        feedback = tuple(row.parcel for row in stored.opened(desk.store, ParcelKind.FEEDBACK))
    else:
        orders = tuple(row.parcel for row in stored.opened(desk.store, ParcelKind.SUPERVISION))
        feedback = stored.issued(desk.store, ParcelKind.FEEDBACK)
    found = [Matter(o, tuple(f for f in feedback if f.answers == o.id)) for o in orders]
    return tuple(sorted(found, key=lambda m: (m.order.due or date.max, m.order.sequence)))


def open_matters(desk: Desk) -> tuple[Matter, ...]:
    """The supervision orders nobody has answered yet, the next due first."""
    return tuple(matter for matter in matters(desk) if not matter.answered)


def _day(at: datetime) -> str:
    return f"{at.year}年{at.month}月{at.day}日"
