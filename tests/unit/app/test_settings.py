"""What the settings page changes: names, corrections of the calendar; and what it tells."""

from __future__ import annotations

from datetime import date

import pytest

from rongchang_desk import __version__
from rongchang_desk.app import holiday_corrections, record
from rongchang_desk.app.about import about
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.monthly_return import Signatories
from rongchang_desk.errors import UsageError
from tests.district import MONTH, NAMES, District


def test_a_correction_moves_the_due_day_and_taking_it_away_moves_it_back(
    district: District,
) -> None:
    desk = district.desk("C1")
    due = desk.due(MONTH)
    holiday_corrections.set_corrections(desk, holiday_corrections.corrected(desk, due, False))
    assert desk.due(MONTH) != due
    (told,) = holiday_corrections.corrections(desk)
    assert (told.day, told.works, told.published) == (due, False, True)
    holiday_corrections.set_corrections(desk, holiday_corrections.corrected(desk, due, None))
    assert desk.due(MONTH) == due
    assert holiday_corrections.corrections(desk) == ()


def test_a_day_outside_the_plan_is_refused(district: District) -> None:
    desk = district.office
    for day in (date(1999, 1, 1), date(2999, 1, 1)):
        with pytest.raises(UsageError, match="不在方案实施期内"):
            holiday_corrections.corrected(desk, day, True)
    assert desk.holiday_overrides() == {}


def test_new_months_begin_with_the_names_and_named_months_keep_theirs(
    district: District,
) -> None:
    desk = district.desk("C1")
    district.record("C1")
    record.remember(desk, Signatories(" 甲 ", "乙", ""))
    assert record.remembered(desk) == Signatories("甲", "乙", "")
    assert record.month_sheet(desk, Month(2026, 11)).signatories == Signatories("甲", "乙", "")
    assert record.month_sheet(desk, MONTH).signatories == NAMES
    with pytest.raises(UsageError):
        record.remember(district.office, NAMES)


def test_the_facts_tell_version_plan_and_root(district: District) -> None:
    unit, office = about(district.desk("C1")), about(district.office)
    assert unit.version == __version__
    assert district.office.plan.title in unit.plan
    assert unit.root == office.root
    assert [len(group) for group in unit.root.split(" ")] == [4] * 16


def test_a_desk_without_a_root_is_told_without_one(district: District) -> None:
    desk = district.desk("C1")
    (desk.keys / "root.der").unlink()
    assert about(desk).root == ""
