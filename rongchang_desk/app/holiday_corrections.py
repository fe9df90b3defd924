"""The desk's own corrections to the holiday calendar: what is published late, or differs here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from rongchang_desk.app import holidays
from rongchang_desk.app.desk import Desk
from rongchang_desk.errors import UsageError


@dataclass(frozen=True, slots=True)
class Correction:
    """A day, whether people work on it here, and whether the published calendar says so."""

    day: date
    works: bool
    published: bool


def corrections(desk: Desk) -> tuple[Correction, ...]:
    """The corrections in force, by day."""
    published = holidays.working_days({})
    return tuple(
        Correction(day, works, published(day))
        for day, works in sorted(desk.holiday_overrides().items())
    )


def corrected(desk: Desk, day: date, works: bool | None) -> dict[date, bool]:
    """The corrections with a day set to work or rest, or without it (None).

    Raises UsageError for a day on which no return of the plan can be due.
    """
    wanted = desk.holiday_overrides()
    wanted.pop(day, None)
    if works is not None:
        first = desk.plan.first_month.first_day
        last = desk.plan.last_month.last_day + timedelta(days=92)
        if not first <= day <= last:
            raise UsageError(
                f"{day} 不在方案实施期内，没有添加。", f"请填 {first} 至 {last} 之间的日期。"
            )
        wanted[day] = works
    return wanted


def set_corrections(desk: Desk, wanted: Mapping[date, bool]) -> None:
    """Put these corrections in force instead of the ones there are."""
    desk.set_holiday_overrides(wanted)
