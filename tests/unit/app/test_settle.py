"""Decisions: named, explained, reversible; who is chased; lists for spreadsheets."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from rongchang_desk.app import chasing, intake, originals, settle
from rongchang_desk.app import district as picture
from rongchang_desk.app.district import Reported
from rongchang_desk.domain.month import Month
from rongchang_desk.errors import CannotRead, FoundWrong, UsageError
from tests.district import MONTH, District, at


def suspect(district: District) -> settle.Suspect:
    files = [
        district.report(code, district.training(code, workers))
        for code, workers in (("A1", 30), ("C1", 40))
    ]
    district.take(*files)
    (found,) = settle.unsettled(district.office, MONTH).suspects
    return found


def fingerprint(district: District) -> str:
    return picture.fingerprint(picture.merged(district.office, MONTH))


def test_a_decision_closes_the_suspect_and_its_withdrawal_opens_it_again(
    district: District,
) -> None:
    found = suspect(district)
    before = fingerprint(district)
    decision = settle.decide_joint(
        district.office, found, same=True, keep=found.second.key, reason="核实", by="赵一"
    )
    after = settle.unsettled(district.office, MONTH)
    assert after.suspects == ()
    assert fingerprint(district) != before
    settle.withdraw(district.office, decision)
    again = settle.unsettled(district.office, MONTH)
    assert again.suspects == (found,)
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
        settle.decide_joint(district.office, found, same=False, keep="", reason=reason, by=by)
    assert settle.decisions(district.office) == ()


def test_what_stands_must_be_one_of_the_two(district: District) -> None:
    found = suspect(district)
    with pytest.raises(UsageError):
        settle.decide_joint(
            district.office, found, same=True, keep="B1:other", reason="核实", by="赵一"
        )


def test_a_unit_desk_decides_nothing(district: District) -> None:
    found = suspect(district)
    with pytest.raises(UsageError):
        settle.decide_joint(
            district.desk("A1"), found, same=False, keep="", reason="核实", by="赵一"
        )


def test_differing_lines_are_told_apart_from_equal_ones(district: District) -> None:
    found = suspect(district)
    facets = {f.title: f for f in settle.compare(district.office.plan, found)}
    assert facets["职工（人次）"].differs
    assert not facets["培训主题"].differs
    assert settle.counted_visits(district.office.plan, found.second) == 40


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
