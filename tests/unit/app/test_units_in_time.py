"""A unit that joined later or has left: expected only in its own months, by every list alike."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rongchang_desk.app import (
    assessment,
    basis,
    board,
    chasing,
    overview,
    parcels,
    reminder,
    report,
    report_agreement,
    task_board,
)
from rongchang_desk.app import district as picture
from rongchang_desk.app.overview import MonthState
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.period import Period
from rongchang_desk.domain.task_light import TaskLight
from rongchang_desk.formats import canonical, plan_toml
from tests.district import MONTH, PASSPHRASE, PLAN_FILE, District, at

RULES = """
[assessment]
[[assessment.rules]]
code = "on_time"
title = "按时报送"
kind = "on_time"
weight = 100
part = 0.5
"""
STAYED = ("A1", "A2", "C1")


@pytest.fixture
def changed(district: District) -> District:
    """B1 left after September, C2 joins in November; A1 has reported October in time."""
    plan = plan_toml.loads(PLAN_FILE.read_bytes() + RULES.encode())
    months = {"B1": {"until": Month(2026, 9)}, "C2": {"since": Month(2026, 11)}}
    units = tuple(replace(u, **months.get(u.code, {})) for u in plan.units)
    body = plan_toml.dumps(replace(plan, units=units, version=3))
    for code in ("office", "B1", "C2"):
        district.desk(code).adopt_plan(body)
    district.take(district.report("A1"))
    district.clock.now = at(20)
    return district


def test_every_list_of_the_missing_agrees(changed: District) -> None:
    office = changed.office
    lacking = ("A2", "C1")
    assert picture.status(office, MONTH).missing == lacking
    assert board.board(office, MONTH).status.missing == lacking
    made = basis.gather(office, Period.of(MONTH))
    assert made.missing(MONTH) == lacking
    assert [name for name, _ in report.outlook(office, made.period).missing] == [
        office.plan.name_of(code) for code in lacking
    ]
    year = chasing.year(office, 2026)
    assert [row.unit.code for row in year.rows if row.wants(MONTH)] == list(lacking)
    assert [row.unit.code for row in year.expected(MONTH)] == list(STAYED)
    assert "以下 2 个单位" in chasing.reminder(office.plan, year, MONTH)
    assert "以下2个单位" in reminder.paper(office, MONTH).blocks[0].text  # type: ignore[union-attr]
    assert "应报单位3个，按时报送1个，逾期报送0个，未报送2个" in parcels.bulletin_draft(
        office, MONTH
    )


def test_nobody_is_scored_for_months_before_joining_or_after_leaving(changed: District) -> None:
    scored = assessment.assess(changed.office, Period.of(MONTH))
    assert [sheet.unit for sheet in scored.sheets] == list(STAYED)
    changed.clock.now = at(20, month=12)
    scored = assessment.assess(changed.office, Period.parse("2026Q4"))
    assert [sheet.unit for sheet in scored.sheets] == [*STAYED, "C2"]
    joined = scored.sheet("C2")
    assert joined is not None
    assert [item.key for score in joined.scores for item in score.items] == ["2026-11"]


def test_a_task_is_no_concern_of_who_is_not_there(changed: District) -> None:
    of = {
        (line.task.no, one.unit): one.light
        for line in task_board.tasks(changed.office, MONTH)
        for one in line.units
    }
    lights = {unit: light for (_, unit), light in of.items() if unit in ("B1", "C2")}
    assert set(lights.values()) == {TaskLight.NOT_APPLICABLE}
    assert TaskLight.SILENT in of.values()


def test_the_merged_report_counts_the_same_and_is_found_right(changed: District) -> None:
    office = changed.office
    out = changed.folder / "report.pdf"
    wish = report.Wish(Period.of(MONTH))
    report.issue(office, wish, office.identity(PASSPHRASE), out=out)
    made = basis.gather(office, Period.of(MONTH))
    stated = report.payload_of(office, wish, made, report.compose(office, wish, made))
    assert (stated["units_expected"], stated["units_reported"]) == (3, 1)
    assert stated["missing"] == ["A2", "C1"]
    read = report_agreement.read(canonical.dumps(stated))
    assert read is not None
    at_hand = {head.digest: head.monthly_return for head in made.heads}
    assert report_agreement.recount(office.plan, read, at_hand, office).differences == ()
    stated |= {"units_expected": 5, "missing": ["A2", "B1", "C1", "C2"]}
    read = report_agreement.read(canonical.dumps(stated))
    assert read is not None
    assert report_agreement.recount(office.plan, read, at_hand, office).differences


def test_who_reports_although_nobody_asked_is_counted(changed: District) -> None:
    changed.take(changed.report("B1"))
    now = picture.status(changed.office, MONTH)
    assert [cell.unit for cell in now.cells] == ["A1", "A2", "B1", "C1"]
    assert now.missing == ("A2", "C1")


def test_the_units_own_desk_does_not_press_for_such_a_month(changed: District) -> None:
    for code in ("B1", "C2"):
        seen = overview.overview(changed.desk(code), MONTH)
        assert (seen.state, seen.overdue, seen.findings) == (MonthState.NOT_ASKED, False, ())
    now = overview.overview(changed.desk("C2"), MONTH.next)
    assert now.state is MonthState.OPEN
    assert now.findings


def test_a_unit_of_a_past_year_has_no_row_in_the_matrix(changed: District) -> None:
    changed.clock.now = at(20, month=2).replace(year=2027)
    rows = chasing.year(changed.office, 2027).rows
    assert [row.unit.code for row in rows] == [*STAYED, "C2"]


def test_a_plan_that_names_no_months_asks_every_unit_always() -> None:
    plan = plan_toml.loads(PLAN_FILE.read_bytes())
    for month in (plan.first_month, plan.last_month):
        assert plan.units_in(month) == plan.units
