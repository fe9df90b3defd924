"""What a clerk needs to know on opening the desk: what is missing and how much time is left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rongchang_desk.app import export, from_office, holidays, record
from rongchang_desk.app.desk import Desk
from rongchang_desk.app.standing import Standing, standing_of
from rongchang_desk.domain.finding import Finding
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.monthly_return import Totals, total
from rongchang_desk.domain.records import Records, gather
from rongchang_desk.store import audit, returns
from rongchang_desk.store import records as stored


class MonthState(StrEnum):
    """Where a unit's month stands on its own desk."""

    SIGNED = "signed"
    CHANGED = "changed"
    """Signed, but the records changed afterwards: an amendment is due."""
    STARTED = "started"
    OPEN = "open"
    """Nothing yet, and the due day is still to come."""
    EMPTY = "empty"
    AHEAD = "ahead"
    BEFORE = "before"
    """The desk was not in use yet."""
    NOT_ASKED = "not-asked"
    """The plan expects no return of the unit for this month."""

    @property
    def label(self) -> str:
        return {
            "signed": "已生成", "changed": "有改动待更正", "started": "填报中",
            "open": "待填报", "empty": "未填报", "ahead": "未到", "before": "启用前",
            "not-asked": "不需报送",
        }[self.value]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Overview:
    """One month at a glance. `working_days` counts today and the due day; 0 when past."""

    month: Month
    due: date
    working_days: int
    overdue: bool
    records: Records
    findings: tuple[Finding, ...]
    state: MonthState
    revision: int
    year: tuple[tuple[Month, MonthState], ...]
    standing: Standing
    """What the office has said about the month's newest return."""
    from_office: tuple[Finding, ...]


def overview(desk: Desk, month: Month) -> Overview:
    """The month at a glance, with the states of its whole year."""
    due = desk.due(month)
    today = desk.today()
    issued = returns.issued(desk.store, month)
    records = record.of_month(desk, month)
    last = issued[-1].monthly_return if issued else None
    signed = returns.issued_months(desk.store)
    with_records = set(stored.months_with_records(desk.store))
    year = tuple(
        (at, _state_of(desk, at, signed, with_records))
        for at in Month(month.year, 1).until(Month(month.year, 12))
        if desk.plan.covers(at)
    )
    now = standing_of(desk, month)
    state = _state_of(desk, month, signed, with_records)
    works = holidays.working_days(desk.calendar_changes())
    return Overview(
        month=month,
        due=due,
        working_days=holidays.working_days_left(today, due, works),
        overdue=today > due and last is None and desk.unit.reports_in(month),
        records=records,
        findings=() if state is MonthState.NOT_ASKED else export.check(desk, month),
        state=state,
        revision=last.revision if last else 0,
        year=year,
        standing=now,
        from_office=from_office.lines(desk, month, now),
    )


def year_to_date(desk: Desk, month: Month) -> Totals:
    """The unit's own sums from January to this month, as its returns would print them."""
    months = (at for at in Month(month.year, 1).until(month) if desk.plan.covers(at))
    records = [r for at in months for r in record.of_month(desk, at).all()]
    return total(desk.plan, gather(tuple(records)))


def _state_of(
    desk: Desk, month: Month, signed: dict[Month, int], with_records: set[Month]
) -> MonthState:
    if month in signed:
        last = returns.issued(desk.store, month)[-1].monthly_return
        return MonthState.SIGNED if export.is_unchanged(desk, last) else MonthState.CHANGED
    if month in with_records:
        return MonthState.STARTED
    if not desk.unit.reports_in(month):
        return MonthState.NOT_ASKED
    if month > Month.of(desk.today()):
        return MonthState.AHEAD
    # What was due before there was a desk is not owed on it.
    began = audit.began(desk.store)
    if began is not None and desk.due(month) < began.date():
        return MonthState.BEFORE
    return MonthState.OPEN if desk.today() <= desk.due(month) else MonthState.EMPTY
