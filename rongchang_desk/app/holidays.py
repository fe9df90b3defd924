"""Working days by the official holiday calendar, with 调休; editable beyond what is published."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from rongchang_desk.domain.month import Month, due_date


def working_days(overrides: Mapping[date, bool]) -> Callable[[date], bool]:
    """Tells whether a day is a working day.

    `overrides` (day -> is it a working day) win; then the published holiday notices as
    chinesecalendar ships them; for years not yet published, Monday to Friday.
    """

    def is_working_day(day: date) -> bool:
        if day in overrides:
            return overrides[day]
        import chinese_calendar

        try:
            return bool(chinese_calendar.is_workday(day))
        except NotImplementedError:
            return day.weekday() < 5

    return is_working_day


def due(month: Month, due_day: int, overrides: Mapping[date, bool]) -> date:
    """The due date of a month's return."""
    return due_date(month, due_day, working_days(overrides))


def working_days_left(today: date, last: date, is_working_day: Callable[[date], bool]) -> int:
    """Working days from today to the due date, both counted; 0 when it is past."""
    days = (last - today).days + 1
    return sum(is_working_day(date.fromordinal(today.toordinal() + n)) for n in range(max(0, days)))
