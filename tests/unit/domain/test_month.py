from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rongchang_desk.domain.month import Month, due_date, in_words

months = st.builds(Month, st.integers(1990, 2100), st.integers(1, 12))


@given(months)
def test_a_month_reads_back_what_it_writes(month: Month) -> None:
    assert Month.parse(str(month)) == month
    assert Month.of(month.first_day) == Month.of(month.last_day) == month


@given(months, st.integers(-60, 60))
def test_going_forth_and_back_ends_where_it_began(month: Month, steps: int) -> None:
    assert month.plus(steps).plus(-steps) == month
    assert (month < month.plus(steps)) == (steps > 0)


@pytest.mark.parametrize(
    "text", ["2026-13", "2026-1", "26-01", "2026/01", "", "２０２６-01", "2026-00"]
)
def test_anything_but_year_and_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a month"):
        Month.parse(text)


def test_a_span_holds_both_ends_and_is_empty_backwards() -> None:
    assert [str(m) for m in Month(2025, 11).until(Month(2026, 1))] == [
        "2025-11", "2025-12", "2026-01",
    ]  # fmt: skip
    assert Month(2026, 2).until(Month(2026, 1)) == ()


def test_the_due_day_moves_past_days_off() -> None:
    off = {date(2026, 10, d) for d in range(1, 8)}
    assert due_date(Month(2026, 9), 5, lambda day: day not in off) == date(2026, 10, 8)


def test_the_due_day_is_capped_at_the_months_end() -> None:
    assert due_date(Month(2026, 1), 31, lambda _: True) == date(2026, 2, 28)


def test_a_holiday_table_without_working_days_is_an_error() -> None:
    with pytest.raises(ValueError, match="no working day"):
        due_date(Month(2026, 1), 5, lambda _: False)


def test_a_day_is_written_as_official_papers_do() -> None:
    assert in_words(date(2026, 8, 7)) == "2026年8月7日"
