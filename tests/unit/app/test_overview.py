"""A month at a glance: what is missing, how long it has time, and the states of the year."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from rongchang_desk.app import parcel_opening, parcels, record
from rongchang_desk.app.overview import MonthState, overview
from rongchang_desk.domain.month import Month
from tests.district import MONTH, PASSPHRASE, District, at


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


def test_only_what_was_due_before_the_desk_existed_is_not_owed_on_it(district: District) -> None:
    """The desk was set up on the second of November; returns are due on the tenth."""
    district.clock.now = at(20)
    seen = states(district, "A1")
    assert seen["2026-09"] is MonthState.BEFORE
    assert seen["2026-10"] is MonthState.EMPTY


def test_the_office_s_answer_and_open_orders_are_told_the_pressing_ones_as_warnings(
    district: District,
) -> None:
    office = district.office
    key = office.identity(PASSPHRASE)
    desk = district.desk("C1")
    assert overview(desk, MONTH).from_office == ()
    district.take(district.report("C1"))
    made = parcels.write_receipt(office, MONTH, key, parcels.outbox(office))
    receipt = next(one for one in made if one.parcel.addressee == "C1")
    order = parcels.write_supervision(
        office, "C1", "培训场次", "请报送进度。", date(2026, 11, 20), key
    )
    for one in (receipt, order):
        parcel_opening.open_parcel(desk, one.file)
    told = overview(desk, MONTH).from_office
    assert [(f.code, f.severity.value) for f in told] == [
        ("return-received", "hint"), ("order-open", "hint"),
    ]  # fmt: skip
    assert "办公室已收到" in told[0].message
    district.clock.now = at(21)
    late = overview(desk, MONTH).from_office[-1]
    assert late.severity.value == "warning"
    assert "11月20日前反馈（已逾期）" in late.message
    assert late.where.record == order.parcel.id
