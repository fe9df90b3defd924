"""A month at a glance: what is missing, how long it has time, and the states of the year."""

from __future__ import annotations

from dataclasses import replace

from rongchang_desk.app import record
from rongchang_desk.app.overview import MonthState, overview
from rongchang_desk.domain.month import Month
from tests.district import MONTH, District, at


def states(district: District, code: str) -> dict[str, MonthState]:
    return {str(m): s for m, s in overview(district.desk(code), MONTH).year}


def test_an_empty_month_waits_until_it_is_overdue(district: District) -> None:
    seen = overview(district.desk("A1"), MONTH)
    assert (seen.state, seen.overdue, seen.revision) == (MonthState.OPEN, False, 0)
    assert seen.working_days == 7  # the plan's due day is the 10th
    assert "empty-month" in {f.code for f in seen.findings}
    district.clock.now = at(11)
    seen = overview(district.desk("A1"), MONTH)
    assert (seen.state, seen.overdue, seen.working_days) == (MonthState.EMPTY, True, 0)


def test_a_month_goes_from_started_to_signed_to_changed(district: District) -> None:
    district.record("A1", district.training("A1"))
    assert states(district, "A1")["2026-10"] is MonthState.STARTED
    district.export("A1")
    assert states(district, "A1")["2026-10"] is MonthState.SIGNED
    told = record.of_month(district.desk("A1"), MONTH).trainings[0]
    district.record("A1", replace(told, note="补充"))
    assert states(district, "A1")["2026-10"] is MonthState.CHANGED


def test_months_before_the_desk_and_months_to_come_are_quiet(district: District) -> None:
    seen = states(district, "A1")
    assert seen["2026-03"] is MonthState.BEFORE
    assert seen["2026-12"] is MonthState.AHEAD
    assert list(seen) == [str(Month(2026, n)) for n in range(1, 13)]
