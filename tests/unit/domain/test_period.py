"""Spans that are assessed."""

from __future__ import annotations

import pytest

from rongchang_desk.domain.month import Month
from rongchang_desk.domain.period import Period, around


@pytest.mark.parametrize(
    ("code", "first", "last", "label"),
    [
        ("2026", "2026-01", "2026-12", "2026年"),
        ("2026H1", "2026-01", "2026-06", "2026年上半年"),
        ("2026H2", "2026-07", "2026-12", "2026年下半年"),
        ("2026Q1", "2026-01", "2026-03", "2026年第一季度"),
        ("2026Q4", "2026-10", "2026-12", "2026年第四季度"),
        ("2026-10", "2026-10", "2026-10", "2026年10月"),
    ],
)
def test_a_period_is_written_one_way(code: str, first: str, last: str, label: str) -> None:
    period = Period.parse(code)
    assert (str(period.first), str(period.last), period.label) == (first, last, label)
    assert (period.months[0], period.months[-1]) == (period.first, period.last)


@pytest.mark.parametrize("code", ["", "26", "2026H3", "2026Q5", "2026Q", "2026-13", "2026h1"])
def test_anything_else_is_no_period(code: str) -> None:
    with pytest.raises(ValueError, match="month"):
        Period.parse(code)


def test_a_month_lies_in_four_periods() -> None:
    assert [p.code for p in around(Month(2026, 10))] == ["2026", "2026H2", "2026Q4", "2026-10"]
    assert [p.code for p in around(Month(2026, 6))] == ["2026", "2026H1", "2026Q2", "2026-06"]
