"""Working days: the published calendar, its gaps, and the desk's own corrections."""

from __future__ import annotations

from datetime import date

from rongchang_desk.app.holidays import due, working_days, working_days_left
from rongchang_desk.domain.month import Month


def test_the_national_day_holiday_moves_the_due_day() -> None:
    assert due(Month(2026, 9), 5, {}) == date(2026, 10, 8)


def test_a_made_up_weekend_is_a_working_day() -> None:
    assert working_days({})(date(2026, 10, 10))  # 调休上班的星期六


def test_years_not_yet_published_fall_back_to_weekdays() -> None:
    works = working_days({})
    assert works(date(2031, 10, 1))
    assert not works(date(2031, 10, 4))


def test_the_desks_own_corrections_win() -> None:
    works = working_days({date(2031, 10, 1): False, date(2031, 10, 4): True})
    assert not works(date(2031, 10, 1))
    assert works(date(2031, 10, 4))


def test_days_left_count_today_and_the_last_day_and_never_fall_below_zero() -> None:
    works = working_days({})
    assert working_days_left(date(2026, 11, 2), date(2026, 11, 5), works) == 4
    assert working_days_left(date(2026, 11, 6), date(2026, 11, 5), works) == 0
