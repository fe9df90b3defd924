"""Take-in at a real office: real keys, real signed PDFs; each bad file has its reason."""

from __future__ import annotations

import shutil
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from rongchang_desk.app import backup, enrol, record, report, standing
from rongchang_desk.app import district as picture
from rongchang_desk.app import take_in as taking
from rongchang_desk.app.district import Reported
from rongchang_desk.app.outcome import TakenIn
from rongchang_desk.app.running import Running
from rongchang_desk.domain.monthly_return import MonthlyReturn
from rongchang_desk.domain.period import Period
from rongchang_desk.errors import UsageError
from rongchang_desk.formats import return_json
from rongchang_desk.store import returns
from tests.district import MONTH, PASSPHRASE, District, at


def reasons(taken: TakenIn) -> list[list[str]]:
    return [[reason.code for reason in outcome.reasons] for outcome in taken.outcomes]


def kinds(taken: TakenIn) -> list[str]:
    return [outcome.outcome for outcome in taken.outcomes]


def reseal(district: District, code: str, change: object, *, signer: str = "") -> Path:
    """A return of a unit with a changed payload, properly signed: what a bad program might send."""
    from rongchang_desk.app.export import prepare
    from rongchang_desk.signing.envelope import seal

    desk = district.desk(code)
    prepared = prepare(desk, MONTH)
    value = change(prepared.monthly_return)  # type: ignore[operator]
    assert isinstance(value, MonthlyReturn)
    identity = district.desk(signer or code).identity(PASSPHRASE)
    out = district.folder / "odd.pdf"
    out.write_bytes(seal(prepared.pages, return_json.dumps(value), identity, signed_at=desk.now()))
    return out


def test_returns_are_accepted_kept_byte_for_byte_and_put_on_the_ledger(district: District) -> None:
    files = [district.report(code) for code in ("A1", "B1")]
    taken = district.take(*files)
    assert kinds(taken) == ["accepted", "accepted"]
    for outcome, file in zip(taken.outcomes, files, strict=True):
        assert returns.original(district.office.store, outcome.digest) == file.read_bytes()
    assert backup.diagnose(district.office).sound


def test_the_same_file_again_is_a_duplicate_and_so_is_its_copy(district: District) -> None:
    file = district.report("A1")
    copy = district.folder / "copy.pdf"
    shutil.copy(file, copy)
    assert kinds(district.take(file, copy)) == ["accepted", "duplicate"]
    assert kinds(district.take(file)) == ["duplicate"]


def test_folders_and_zips_are_searched(district: District, tmp_path: Path) -> None:
    one, two, three = (district.report(code) for code in ("A1", "A2", "B1"))
    inner = tmp_path / "inbox" / "deep"
    inner.mkdir(parents=True)
    shutil.move(one, inner / one.name)
    with zipfile.ZipFile(tmp_path / "inbox" / "mail.zip", "w") as archive:
        archive.write(two, f"邮件/{two.name}")
        archive.writestr("说明.txt", "无")
    taken = district.take(tmp_path / "inbox", three)
    assert sorted(kinds(taken)) == ["accepted"] * 3
    assert any("mail.zip › " in outcome.file for outcome in taken.outcomes)


def test_one_bad_file_never_stops_the_batch(district: District, tmp_path: Path) -> None:
    good = district.report("A1")
    damaged = tmp_path / "damaged.pdf"
    data = bytearray(good.read_bytes())
    data[len(data) // 2] ^= 0xFF
    damaged.write_bytes(bytes(data))
    foreign = tmp_path / "foreign.pdf"
    foreign.write_bytes(b"%PDF-1.7\n%%EOF\n")
    word = tmp_path / "report.docx"
    word.write_bytes(b"PK\x03\x04")
    broken_zip = tmp_path / "broken.zip"
    broken_zip.write_bytes(b"PK\x03\x04nothing")
    gone = tmp_path / "gone.pdf"
    taken = district.take(damaged, foreign, word, broken_zip, gone, good)
    assert len(taken.of("refused")) == 5
    assert [o.file for o in taken.of("accepted")] == [good.name]
    assert all(o.reasons and o.reasons[0].message for o in taken.of("refused"))
    assert len(returns.intake_log(district.office.store)) == 6


def test_a_return_signed_by_another_office_is_refused(district: District, tmp_path: Path) -> None:
    other = District.found(tmp_path / "elsewhere")
    file = other.report("A1")
    other.close()
    taken = district.take(file)
    assert kinds(taken) == ["refused"]
    assert reasons(taken) == [["signer-unknown"]]


def test_a_return_signed_by_the_wrong_unit_is_refused(district: District) -> None:
    district.record("A1", district.progress("A1"))
    file = reseal(district, "A1", lambda value: value, signer="A2")
    assert reasons(district.take(file)) == [["wrong-unit"]]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda v: replace(v, plan="another-2024"), "wrong-plan"),
        (lambda v: replace(v, plan_digest="0" * 64), "wrong-plan"),
        (lambda v: replace(v, revision=2), "stale-revision"),
        (lambda v: replace(v, zero=True), "totals-differ"),
        (lambda v: replace(v, totals=replace(v.totals, problems=3)), "totals-differ"),
        (lambda v: replace(v, month=v.month.plus(1)), "records-wrong"),
        (
            lambda v: replace(v, progress=(replace(v.progress[0], task=99),)),
            "records-wrong",
        ),
        (
            lambda v: replace(v, progress=(*v.progress, v.progress[0])),
            "payload-malformed",
        ),
    ],
)  # fmt: skip
def test_a_well_signed_return_that_breaks_the_rules_is_refused(
    district: District, change: object, code: str
) -> None:
    district.record("A1", district.progress("A1"))
    district.clock.now = at(2, month=12)
    taken = district.take(reseal(district, "A1", change))
    assert kinds(taken) == ["refused"]
    assert code in reasons(taken)[0]
    assert returns.received_months(district.office.store) == ()


def test_an_amendment_that_comes_first_is_held_and_pairs_by_itself(district: District) -> None:
    first = district.report("A1", district.training("A1", 30))
    told = record.of_month(district.desk("A1"), MONTH).trainings[0]
    district.record("A1", replace(told, topic="专利培训（更正）"))
    second = district.export("A1", amend="主题有误")
    early = district.take(second)
    assert kinds(early) == ["held"]
    assert reasons(early) == [["predecessor-missing"]]
    assert picture.status(district.office, MONTH).reported == ()
    assert kinds(district.take(first)) == ["accepted"]
    (cell,) = picture.status(district.office, MONTH).reported
    assert (cell.unit, cell.revision) == ("A1", 2)


def test_competing_first_returns_are_held_for_a_person(district: District, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    shutil.copytree(district.folder / "A1", clone)
    one = district.report("A1", district.training("A1", 30))
    district.close()
    shutil.rmtree(district.folder / "A1")
    shutil.copytree(clone, district.folder / "A1")
    kept = shutil.copy(one, tmp_path / "one.pdf")
    two = district.report("A1", district.training("A1", 44))
    assert kinds(district.take(Path(kept))) == ["accepted"]
    taken = district.take(two)
    assert kinds(taken) == ["held"]
    assert reasons(taken) == [["revision-conflict"]]
    (cell,) = [c for c in picture.status(district.office, MONTH).cells if c.unit == "A1"]
    assert cell.reported is Reported.DISPUTED


def test_on_time_late_and_missing_are_told_by_receipt_and_due_day(district: District) -> None:
    on_time, late = district.report("A1"), district.report("A2")
    district.clock.now = at(10)
    district.take(on_time)
    district.clock.now = at(11)
    district.take(late)
    cells = {c.unit: c.reported for c in picture.status(district.office, MONTH).cells}
    assert cells["A1"] is Reported.ON_TIME
    assert cells["A2"] is Reported.LATE
    assert cells["B1"] is Reported.MISSING


def test_a_clock_that_runs_ahead_is_noted_and_not_trusted(district: District) -> None:
    district.clock.now = at(9)
    file = district.report("A1")
    district.clock.now = at(4)
    taken = district.take(file)
    assert kinds(taken) == ["accepted"]
    assert "时钟可能不准" in taken.outcomes[0].notes[0]


def test_cancel_keeps_what_was_taken_and_takes_no_halves(district: District) -> None:
    files = [district.report(code) for code in ("A1", "A2", "B1", "C1")]

    class Impatient(Running):
        def show(self, done: int, total: int, what: str) -> None:
            if done == 2:
                self.cancel()

    taken = taking.take_in(district.office, files, Impatient(), workers=0)
    assert taken.cancelled
    assert len(taken.of("accepted")) == len(list(returns.received(district.office.store)))
    assert 1 <= len(taken.outcomes) < 4
    assert backup.diagnose(district.office).sound
    again = district.take(*files)
    assert len(again.of("accepted")) + len(taken.of("accepted")) == 4


def test_worker_processes_give_the_same_outcomes(district: District, tmp_path: Path) -> None:
    good = district.report("A1")
    bad = tmp_path / "bad.pdf"
    bad.write_bytes(good.read_bytes() + b"\n")
    taken = district.take(good, bad, workers=2)
    assert kinds(taken) == ["accepted", "refused"]
    assert reasons(taken)[1] == ["not-one-revision"]


def test_a_unit_cannot_take_in(district: District) -> None:
    with pytest.raises(UsageError, match="单位的工作台"):
        taking.take_in(district.desk("A1"), [], workers=0)


def test_a_merged_report_brings_its_originals_and_overlap_counts_once(
    district: District, tmp_path: Path
) -> None:
    one, two = district.report("A1"), district.report("A2")
    district.take(one, two)
    office = district.office
    issued = report.issue(
        office, report.Wish(Period.of(MONTH)), office.identity(PASSPHRASE), out=tmp_path / "m.pdf"
    )
    assert issued.returns == 2
    twin = tmp_path / "twin"
    district.close()
    shutil.copytree(district.folder / "office", twin / "office")
    for name in ("desk.sqlite", "desk.sqlite-wal", "desk.sqlite-shm"):
        (twin / "office" / name).unlink(missing_ok=True)
    _found_beside(district, twin)
    other = District(twin, district.clock)
    other.take(two)
    taken = other.take(issued.file)
    assert sorted(kinds(taken)) == ["accepted", "duplicate"]
    assert picture.status(other.office, MONTH).fingerprint == issued.fingerprint
    other.close()


def _found_beside(district: District, twin: Path) -> None:
    """A second office desk with the same keys and plan but nothing received."""
    from rongchang_desk.app.desk import Desk, Role
    from rongchang_desk.store import keys

    first = district.office
    kept = {p.name: p.read_bytes() for p in (district.folder / "office" / "keys").iterdir()}
    with Desk.found(
        twin / "office", clock=district.clock, new_id=None, role=Role.OFFICE, unit=""
    ) as desk:
        desk.adopt_plan(enrol._plan_file(first))
        number, crl = keys.newest_crl(first.store)
        keys.keep_crl(desk.store, number, crl, desk.now())
    for name, data in kept.items():
        (twin / "office" / "keys" / name).write_bytes(data)
    desk.close()


def test_only_what_lies_in_the_future_is_refused_as_not_begun(district: District) -> None:
    district.record("A1", district.progress("A1"))
    district.clock.now = at(2)
    taken = district.take(reseal(district, "A1", lambda v: replace(v, month=v.month.plus(2))))
    assert "month-not-begun" in reasons(taken)[0]
    assert date(2026, 12, 1) > district.office.today()


def test_a_closed_month_takes_returns_only_with_a_slip(district: District) -> None:
    from rongchang_desk.app import parcels

    office = district.office
    first, second = district.report("A1"), district.report("A2")
    district.take(first)
    assert standing.lock_month(office, MONTH)
    closed = district.take(second)
    assert reasons(closed) == [["month-locked"]]
    assert kinds(district.take(first)) == ["duplicate"]
    parcels.write_reopening(office, "A2", MONTH, "系统故障补报", office.identity(PASSPHRASE))
    assert kinds(district.take(second)) == ["accepted"]


def test_a_return_under_an_older_plan_of_ours_is_judged_by_that_plan(district: District) -> None:
    """The new plan counts villagers too: the old return's totals hold only by the old plan."""
    from rongchang_desk.app import parcels
    from tests.district import PLAN_FILE

    office = district.office
    old = district.report("A1", district.training("A1", 30))
    text = PLAN_FILE.read_text(encoding="utf-8").replace("version = 2", "version = 3")
    changed = text.replace("counted = false", "counted = true")
    parcels.write_plan(office, changed.encode(), office.identity(PASSPHRASE))
    assert office.plan.version == 3
    assert kinds(district.take(old)) == ["accepted"]
