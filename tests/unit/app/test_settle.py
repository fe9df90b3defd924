"""Decisions: named, explained, reversible; who is chased; lists for spreadsheets."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from rongchang_desk.app import chasing, intake, originals, settle
from rongchang_desk.app import district as picture
from rongchang_desk.app.district import Reported
from rongchang_desk.domain.joint import Suspect
from rongchang_desk.domain.measures import figures
from rongchang_desk.domain.merge import DecisionKind
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.records import NamedValue, Reading, Value
from rongchang_desk.errors import CannotRead, FoundWrong, UsageError
from tests.district import MONTH, District, at


def suspect(district: District) -> settle.Case:
    files = [
        district.report(code, district.training(code, workers, venue="文化馆"))
        for code, workers in (("A1", 30), ("C1", 40))
    ]
    district.take(*files)
    (found,) = settle.unsettled(district.office, MONTH).cases
    return found


def fingerprint(district: District) -> str:
    return picture.fingerprint(picture.merged(district.office, MONTH))


def visits(district: District) -> int:
    """The district's person-visits of the year."""
    found = figures(district.office.plan, picture.merged(district.office, MONTH))
    return int(next(f.value for f in found if f.target == "visits") or 0)


def test_a_decision_closes_the_suspect_and_its_withdrawal_opens_it_again(
    district: District,
) -> None:
    found = suspect(district)
    before = fingerprint(district)
    decision = settle.decide(
        district.office, found, same=True, keep=found.keys[1], reason="核实", by="赵一"
    )
    after = settle.unsettled(district.office, MONTH)
    assert after.cases == ()
    assert fingerprint(district) != before
    settle.withdraw(district.office, decision)
    again = settle.unsettled(district.office, MONTH)
    assert again.cases == (found,)
    assert fingerprint(district) == before
    assert again.decided[0].withdrawn_at
    with pytest.raises(FoundWrong):
        settle.withdraw(district.office, decision)


@pytest.mark.parametrize(("reason", "by"), [("", "赵一"), ("核实", "  ")])
def test_a_decision_without_a_reason_or_a_name_is_refused(
    district: District, reason: str, by: str
) -> None:
    found = suspect(district)
    with pytest.raises(UsageError):
        settle.decide(district.office, found, same=False, keep="", reason=reason, by=by)
    assert settle.decisions(district.office) == ()


def test_what_stands_must_be_one_of_the_two(district: District) -> None:
    found = suspect(district)
    with pytest.raises(UsageError):
        settle.decide(district.office, found, same=True, keep="B1:other", reason="核实", by="赵一")


def test_a_unit_desk_decides_nothing(district: District) -> None:
    found = suspect(district)
    with pytest.raises(UsageError):
        settle.decide(district.desk("A1"), found, same=False, keep="", reason="核实", by="赵一")


def test_differing_lines_are_told_apart_from_equal_ones(district: District) -> None:
    found = suspect(district)
    facets = {f.title: f for f in settle.facets(district.office.plan, found)}
    assert facets["职工"].differs
    assert not facets["主题"].differs
    assert settle.counted_visits(district.office.plan, found.subject.second) == 40


def test_the_year_tells_standing_receipt_and_due_day(district: District) -> None:
    taken = district.take(district.report("A1"))
    district.clock.now = at(20)
    year = chasing.year(district.office, 2026)
    assert year.months == (MONTH, Month(2026, 11))
    row = next(r for r in year.rows if r.unit.code == "A1")
    assert row.cells[MONTH].reported is Reported.ON_TIME
    assert (row.counted(), row.expected()) == (1, 1)
    assert year.received[taken.outcomes[0].digest] == at(2)
    missing = next(r for r in year.rows if r.unit.code == "C2")
    assert missing.wants(MONTH)
    assert not row.wants()


def test_a_desk_without_returns_begins_with_the_month_people_work_on(district: District) -> None:
    assert chasing.year(district.office, 2026).months[0] == MONTH
    assert chasing.year(district.office, 2025).months == ()


def test_the_reminder_names_nobody_when_all_have_reported(district: District) -> None:
    year = chasing.year(district.office, 2026)
    plan = district.office.plan
    assert len(chasing.reminder(plan, year, MONTH).splitlines()) == 6
    district.take(*(district.report(unit.code) for unit in plan.units))
    assert chasing.reminder(plan, chasing.year(district.office, 2026), MONTH) == ""


def test_the_intake_log_has_every_file_newest_first(district: District) -> None:
    file = district.report("A1")
    bad = district.folder / "坏.pdf"
    bad.write_bytes(b"nothing")
    taken = district.take(file, bad)
    district.clock.now += timedelta(hours=1)
    district.take(file)
    rows = intake.log(district.office)
    assert [row.outcome for row in rows] == ["duplicate", "refused", "accepted"]
    assert (rows[2].unit, rows[2].month, rows[2].revision) == ("市知识产权局", MONTH, 1)
    assert rows[1].reasons
    assert [e.outcome for e in intake.batch(district.office, taken)] == ["accepted", "refused"]


def test_an_original_comes_back_byte_for_byte_and_an_unknown_one_is_refused(
    district: District,
) -> None:
    file = district.report("A1")
    digest = district.take(file).outcomes[0].digest
    copy = originals.return_copy(district.office, digest)
    assert copy.read_bytes() == file.read_bytes()
    assert isinstance(copy, Path)
    for read in (originals.return_bytes, originals.return_copy, originals.report_bytes):
        with pytest.raises(CannotRead):
            read(district.office, "0" * 64)


def amended(district: District, code: str, found: settle.Case, **said: object) -> None:
    """A unit corrects its record of a case and sends a second revision."""
    assert isinstance(found.subject, Suspect)
    held = next(h for h in (found.subject.first, found.subject.second) if h.unit == code)
    district.record(code, replace(held.activity, **said))  # type: ignore[arg-type]
    district.take(district.export(code, amend="更正"))


def test_a_decision_holds_when_a_revision_corrects_only_the_headcount(district: District) -> None:
    found = suspect(district)
    settle.decide(district.office, found, same=True, keep=found.keys[1], reason="核实", by="赵一")
    amended(district, "C1", found, headcounts=(NamedValue("worker", Value.of(45)),))
    now = settle.unsettled(district.office, MONTH)
    assert now.cases == ()
    assert not now.decided[0].lapsed
    assert visits(district) == 45


def test_a_decision_comes_back_when_a_revision_changes_what_it_rests_on(
    district: District,
) -> None:
    found = suspect(district)
    settle.decide(district.office, found, same=True, keep=found.keys[1], reason="核实", by="赵一")
    assert visits(district) == 40
    amended(district, "C1", found, topic="专利培训班", venue="文化馆")
    now = settle.unsettled(district.office, MONTH)
    (case,) = now.cases
    assert case.lapsed.startswith("赵一于 2026-11-02 认定为“同一活动")
    assert now.decided[0].lapsed
    assert visits(district) == 70, "until somebody decides again, both count"
    district.clock.now += timedelta(hours=1)
    settle.decide(district.office, case, same=False, reason="两场", by="钱二")
    after = settle.unsettled(district.office, MONTH)
    assert after.cases == ()
    assert [bool(d.withdrawn_at) for d in after.decided] == [False, True]


def test_a_difference_and_a_headcount_are_settled_and_come_back_when_the_figures_change(
    district: District,
) -> None:
    office = district.office

    def patents(code: str, number: int) -> Reading:
        one = NamedValue("value", Value.of(number))
        return Reading(district.desk(code).new_id(), "patents", date(2026, 10, 30), (one,))

    training = district.training("C1", 400, venue="三楼会议室")
    mine = patents("C1", 960)
    district.take(district.report("A1", patents("A1", 96)), district.report("C1", mine, training))
    before = fingerprint(district)
    open_now = settle.unsettled(office, MONTH)
    (difference,) = open_now.of(DecisionKind.DIFFERENCE)
    (headcount,) = open_now.of(DecisionKind.HEADCOUNT)
    facets = {f.title: (f.first, f.second) for f in settle.facets(office.plan, difference)}
    assert facets["单位"] == ("市知识产权局", "河西镇")
    settle.decide(office, difference, same=True, reason="电话核对", by="赵一")
    settle.decide(office, headcount, same=True, reason="确有其事", by="赵一")
    assert settle.unsettled(office, MONTH).cases == ()
    assert fingerprint(district) == before, "neither bears on the district's figures"
    district.record("C1", replace(mine, values=(NamedValue("value", Value.of(690)),)))
    district.record("C1", replace(training, headcounts=(NamedValue("worker", Value.of(399)),)))
    district.take(district.export("C1", amend="更正"))
    again = settle.unsettled(office, MONTH)
    assert [case.kind for case in again.cases] == [DecisionKind.DIFFERENCE, DecisionKind.HEADCOUNT]
    assert all(case.lapsed for case in again.cases)
    assert len([d for d in again.decided if d.lapsed]) == 2


def test_a_co_hosts_record_never_stands_for_the_hosts(district: District) -> None:
    host = district.training("A1", 30, topic="高价值专利培育培训", venue="文化馆")
    two = district.training("A1", 20, topic="商标宣讲", venue="文化馆")
    guest = district.training("C1", 0, topic="专利培育培训班", host="A1", venue="文化馆")
    district.take(district.report("A1", host, two), district.report("C1", guest))
    (found,) = settle.unsettled(district.office, MONTH).cases
    lost = next(key for key in found.keys if key.startswith("C1"))
    with pytest.raises(UsageError, match="协办单位不报人次"):
        settle.decide(district.office, found, same=True, keep=lost, reason="核实", by="赵一")
    (stands,) = found.keep
    settle.decide(district.office, found, same=True, keep=stands, reason="核实", by="赵一")
    merged = picture.merged(district.office, MONTH)
    assert merged.unmatched == ()
    assert visits(district) == 50
