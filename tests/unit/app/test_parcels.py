"""Parcels from desk to desk: what is written, what opening does, what is refused unchanged."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest

from rongchang_desk.app import enrol, export, parcel_opening, parcels, record, standing
from rongchang_desk.app.clock import SetClock
from rongchang_desk.app.desk import Desk
from rongchang_desk.app.files import read_bytes
from rongchang_desk.app.parcel_opening import ParcelRefused, open_feedback, open_parcel
from rongchang_desk.app.standing import State, standing_of
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.parcel import LIST_FILE, OFFICE, Parcel, ParcelKind
from rongchang_desk.errors import (
    CannotWrite,
    DeskError,
    FoundWrong,
    PlanFileError,
    UsageError,
    WrongPassphrase,
)
from rongchang_desk.formats import parcel_json
from rongchang_desk.signing import authority, identity, key_file
from rongchang_desk.signing.authority import Revoked, read_authority
from rongchang_desk.signing.envelope import Source, seal
from rongchang_desk.signing.identity import Identity, read_identity
from rongchang_desk.store import keys, returns
from rongchang_desk.store import parcels as stored
from tests.district import MONTH, PASSPHRASE, PLAN_FILE, District, at
from tests.unit.signing import samples

NEW_PLAN = PLAN_FILE.read_bytes().replace(b"version = 2", b"version = 3")
NEW_PLAN = NEW_PLAN.replace(b"due_day = 10", b"due_day = 12")
DUE = date(2026, 11, 20)


_read_once = cache(key_file.read_key_file)


@pytest.fixture(autouse=True)
def _keys_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The slow derivation is the same for the same file and passphrase: half of all the time."""
    monkeypatch.setattr(identity, "read_key_file", _read_once)
    monkeypatch.setattr(authority, "read_key_file", _read_once)


@pytest.fixture(scope="session")
def office_key(founded: Path) -> Identity:
    """The office's signing key: the same in every copy of the district."""
    return read_identity((founded / "office" / "keys" / "identity.p12").read_bytes(), PASSPHRASE)


@pytest.fixture(scope="session")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes]:
    """A bulletin of another district's office, and that office's revocation list."""
    folder = tmp_path_factory.mktemp("foreign") / "office"
    with enrol.create_office(
        folder, PASSPHRASE, plan_file=PLAN_FILE.read_bytes(), clock=SetClock(at(2))
    ) as office:
        file = parcels.write_bulletin(office, MONTH, "通报", office.identity(PASSPHRASE)).file
        return file.read_bytes(), keys.newest_crl(office.store)[1]


def state(desk: Desk) -> dict[str, object]:
    """Everything a parcel could change at a desk."""
    tables = desk.store.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
    return {name: desk.store.rows(f"SELECT * FROM {name}") for (name,) in tables} | {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in desk.keys.iterdir()
    }


def refusal(desk: Desk, source: Path | bytes, passphrase: str = "") -> set[str]:
    """The codes of a parcel's refusal, which changes nothing."""
    before = state(desk)
    opening = open_feedback if desk.role == "office" else open_parcel
    words = () if desk.role == "office" else (passphrase,)
    with pytest.raises(ParcelRefused) as refused:
        opening(desk, source, *words)  # type: ignore[operator]
    assert state(desk) == before
    assert "没有任何改动" in refused.value.message
    return {finding.code for finding in refused.value.findings}


def sealed(parcel: Parcel, key: Identity, *files: Source) -> bytes:
    """A parcel as anybody with a key could sign it, past all our rules."""
    return seal(
        samples.draw_pages(), parcel_json.dumps(parcel), key, payload_name="parcel.json",
        signed_at=parcel.issued_at, sources=files,
    )  # fmt: skip


def received(district: District, code: str = "A1") -> Path:
    file = district.report(code)
    assert district.take(file).of("accepted")
    return file


def receipt(district: District, key: Identity, code: str = "A1") -> parcels.Written:
    """The receipt for a unit's return of the month."""
    made = parcels.write_receipt(district.office, MONTH, key, district.folder / "receipts")
    return next(one for one in made if one.parcel.addressee == code)


# -- receipts and slips ------------------------------------------------------------


def test_a_receipt_makes_the_month_received(district: District, office_key: Identity) -> None:
    received(district)
    unit = district.desk("A1")
    assert standing_of(unit, MONTH).state is State.ISSUED
    done = open_parcel(unit, receipt(district, office_key).file)
    assert "已收到2026年10月月报第1版" in done.what
    assert not done.again
    assert standing_of(unit, MONTH).state is State.RECEIVED
    assert done.parcel.answers == returns.issued(unit.store, MONTH)[0].digest
    assert standing_of(unit, MONTH.previous).state is State.NOT_ISSUED


def test_opening_a_parcel_twice_changes_nothing_and_says_so(
    district: District, office_key: Identity
) -> None:
    received(district)
    unit, file = district.desk("A1"), receipt(district, office_key).file
    open_parcel(unit, file)
    before = state(unit)
    again = open_parcel(unit, file.read_bytes())
    assert again.again
    assert "打开过" in again.what
    assert state(unit) == before


def test_each_unit_gets_one_receipt_and_the_same_file_again(
    district: District, office_key: Identity
) -> None:
    received(district, "A1")
    received(district, "B1")
    office, out = district.office, district.folder / "receipts"
    first = parcels.write_receipt(office, MONTH, office_key, out)
    assert [one.parcel.addressee for one in first] == ["A1", "B1"]
    kept = {one.file: one.file.read_bytes() for one in first}
    received(district, "C1")
    second = parcels.write_receipt(office, MONTH, office_key, out)
    assert [(one.parcel.addressee, one.again) for one in second] == [
        ("A1", True), ("B1", True), ("C1", False),
    ]  # fmt: skip
    assert {file: file.read_bytes() for file in kept} == kept
    batch = {second[2].parcel.answers}
    (only,) = parcels.write_receipt(office, MONTH, office_key, out, digests=batch)
    assert only.parcel.addressee == "C1"


def test_no_receipt_where_nothing_was_received(district: District, office_key: Identity) -> None:
    with pytest.raises(FoundWrong, match="还没有收到"):
        parcels.write_receipt(district.office, MONTH, office_key, district.folder)
    assert stored.issued(district.office.store) == ()


def test_a_receipt_of_another_unit_is_refused(district: District, office_key: Identity) -> None:
    received(district)
    file = receipt(district, office_key).file
    assert refusal(district.desk("B1"), file) == {"wrong-addressee"}
    assert not open_parcel(district.desk("A1"), file).again


def test_a_returned_month_waits_for_the_next_revision(
    district: District, office_key: Identity
) -> None:
    received(district)
    unit = district.desk("A1")
    digest = returns.issued(unit.store, MONTH)[0].digest
    slip = parcels.write_returned(
        district.office, "A1", ["人数与签到册不符"], office_key, digest=digest
    )
    done = open_parcel(unit, slip.file)
    assert "人数与签到册不符" in done.what
    now = standing_of(unit, MONTH)
    assert (now.state, now.revision) == (State.RETURNED, 1)
    district.record("A1", district.training("A1", 5))
    district.take(district.export("A1", amend="按退回单更正"))
    assert standing_of(unit, MONTH).state is State.ISSUED
    open_parcel(unit, receipt(district, office_key).file)
    now = standing_of(unit, MONTH)
    assert (now.state, now.revision) == (State.RECEIVED, 2)


def test_a_slip_for_an_unreadable_file_is_about_the_newest_return(
    district: District, office_key: Identity
) -> None:
    received(district)
    slip = parcels.write_returned(district.office, "A1", ["文件损坏"], office_key, month=MONTH)
    unit = district.desk("A1")
    open_parcel(unit, slip.file)
    assert standing_of(unit, MONTH).state is State.RETURNED


def test_a_slip_needs_a_reason_and_a_return_of_that_unit(
    district: District, office_key: Identity
) -> None:
    received(district)
    office = district.office
    digest = returns.issued(district.desk("A1").store, MONTH)[0].digest
    with pytest.raises(UsageError, match="理由"):
        parcels.write_returned(office, "A1", [" "], office_key, digest=digest)
    with pytest.raises(UsageError, match="不是该单位"):
        parcels.write_returned(office, "B1", ["x"], office_key, digest=digest)
    with pytest.raises(UsageError, match="哪个月"):
        parcels.write_returned(office, "A1", ["x"], office_key)
    with pytest.raises(UsageError, match="Z9"):
        parcels.write_returned(office, "Z9", ["x"], office_key, month=MONTH)
    assert stored.issued(office.store) == ()


def test_a_slip_overtaken_by_the_receipt_is_stale(district: District, office_key: Identity) -> None:
    received(district)
    unit = district.desk("A1")
    digest = returns.issued(unit.store, MONTH)[0].digest
    slip = parcels.write_returned(district.office, "A1", ["待核"], office_key, digest=digest)
    open_parcel(unit, receipt(district, office_key).file)
    assert refusal(unit, slip.file) == {"stale-parcel"}
    assert standing_of(unit, MONTH).state is State.RECEIVED


# -- what must be refused ------------------------------------------------------------


def test_an_altered_parcel_is_refused(district: District, office_key: Identity) -> None:
    received(district)
    data = bytearray(receipt(district, office_key).file.read_bytes())
    middle = len(data) // 3
    data[middle] ^= 1
    assert refusal(district.desk("A1"), bytes(data)) <= {"signature-invalid", "not-one-revision"}
    assert refusal(district.desk("A1"), b"hello") == {"not-a-pdf"}


def test_a_parcel_of_another_office_is_refused(
    district: District, foreign: tuple[bytes, bytes]
) -> None:
    unit = district.desk("A1")
    assert refusal(unit, foreign[0]) == {"signer-unknown"}
    assert standing.month_locked(unit, MONTH) == ""


def test_a_units_key_cannot_speak_for_the_office(district: District, office_key: Identity) -> None:
    own = district.desk("A2").identity(PASSPHRASE)
    genuine = parcels.write_bulletin(district.office, MONTH, "通报", office_key).parcel
    assert refusal(district.desk("A1"), sealed(genuine, own)) == {"wrong-issuer"}
    with pytest.raises(UsageError, match="不是本工作台的"):
        parcels.write_bulletin(district.office, MONTH, "通报", own)


def test_a_return_is_no_parcel(district: District) -> None:
    assert refusal(district.desk("A1"), district.report("A1")) == {"payload-missing"}


def test_one_id_with_two_contents_is_refused(district: District, office_key: Identity) -> None:
    made = parcels.write_bulletin(district.office, MONTH, "通报", office_key)
    unit = district.desk("A1")
    open_parcel(unit, made.file)
    other = sealed(replace(made.parcel, text="另一种说法"), office_key)
    assert refusal(unit, other) == {"parcel-conflict"}


def test_a_parcel_with_a_malformed_payload_is_refused(
    district: District, office_key: Identity
) -> None:
    odd = seal(
        samples.draw_pages(), b'{"format":1}', office_key, payload_name="parcel.json",
        signed_at=district.clock(),
    )  # fmt: skip
    assert refusal(district.desk("A1"), odd) == {"payload-malformed"}


def test_a_parcel_that_cannot_be_written_is_not_on_the_books(
    district: District, office_key: Identity
) -> None:
    (district.folder / "file").write_text("in the way")
    with pytest.raises(CannotWrite):
        parcels.write_bulletin(
            district.office, MONTH, "通报", office_key, out=district.folder / "file" / "x.pdf"
        )
    assert stored.issued(district.office.store) == ()
    assert standing.locks(district.office) == ()


def test_numbers_grow_and_start_from_the_day(district: District, office_key: Identity) -> None:
    def number() -> int:
        order = parcels.write_supervision(
            district.office, "A1", "事项", "要求", DUE, office_key, out=district.folder / "x.pdf"
        )
        return order.parcel.sequence

    assert [number(), number()] == [20261102001, 20261102002]
    district.clock.now = at(3)
    assert number() == 20261103001
    district.clock.now = at(2)  # a clock set back
    assert number() == 20261103002


# -- closed months -------------------------------------------------------------------


def test_a_bulletin_closes_the_month_until_a_slip_is_opened(
    district: District, office_key: Identity
) -> None:
    first = district.report("A1")
    unit, office = district.desk("A1"), district.office
    bulletin = parcels.write_bulletin(office, MONTH, "各单位报送情况良好。", office_key)
    assert "锁定" in open_parcel(unit, bulletin.file).what
    assert district.export("A1").read_bytes() == first.read_bytes()  # nothing changed: the same
    district.record("A1", district.training("A1", 5))
    with pytest.raises(UsageError, match="已锁定") as told:
        district.export("A1", amend="补一场")
    assert "补报许可" in told.value.hint
    assert "没有该月的补报许可" in standing.locked_for(office, "A1", MONTH)
    slip = parcels.write_reopening(office, "A1", MONTH, "确有漏报", office_key)
    assert standing.locked_for(office, "A1", MONTH) == ""
    assert "锁定" in standing.locked_for(office, "B1", MONTH)
    assert "重新开放" in open_parcel(unit, slip.file).what
    assert standing.month_locked(unit, MONTH) == ""
    assert district.take(first, district.export("A1", amend="补一场")).of("accepted")
    again = parcels.write_bulletin(office, MONTH, "再次通报。", office_key)
    open_parcel(unit, again.file)
    assert standing.month_locked(unit, MONTH)
    assert standing.locked_for(office, "A1", MONTH)


def test_a_closed_month_without_a_return_is_closed_too(
    district: District, office_key: Identity
) -> None:
    bulletin = parcels.write_bulletin(district.office, MONTH, "通报", office_key)
    open_parcel(district.desk("B1"), bulletin.file)
    with pytest.raises(UsageError, match="已锁定"):
        export.draft(district.desk("B1"), MONTH)
    district.record("A1", district.progress("A1"))
    assert export.draft(district.desk("A1"), MONTH).revision == 1  # has not opened it


def test_a_slip_that_came_before_its_bulletin_counts_by_its_date_of_issue(
    district: District, office_key: Identity
) -> None:
    office, unit = district.office, district.desk("A1")
    early = parcels.write_reopening(office, "A1", MONTH, "一", office_key)
    bulletin = parcels.write_bulletin(office, MONTH, "通报", office_key)
    late = parcels.write_reopening(office, "A1", MONTH, "二", office_key)
    open_parcel(unit, late.file)
    assert "仍可补报" in open_parcel(unit, bulletin.file).what
    assert standing.month_locked(unit, MONTH) == ""
    assert refusal(unit, early.file) == {"stale-parcel"}


def test_a_received_month_becomes_announced(district: District, office_key: Identity) -> None:
    received(district)
    unit = district.desk("A1")
    open_parcel(unit, receipt(district, office_key).file)
    open_parcel(unit, parcels.write_bulletin(district.office, MONTH, "通报", office_key).file)
    now = standing_of(unit, MONTH)
    assert now.state is State.ANNOUNCED
    assert now.locked


def test_the_office_locks_and_unlocks_a_month(district: District, office_key: Identity) -> None:
    office = district.office
    assert standing.lock_month(office, MONTH)
    assert not standing.lock_month(office, MONTH)
    parcels.write_reopening(office, "B1", MONTH, "迟报", office_key)
    (lock,) = standing.locks(office)
    assert (lock.month, lock.reopened) == (MONTH, ("B1",))
    assert standing.unlock_month(office, MONTH)
    assert not standing.unlock_month(office, MONTH)
    assert standing.locked_for(office, "A1", MONTH) == ""


def test_a_month_that_is_not_over_or_not_in_the_plan_is_not_locked(district: District) -> None:
    for month in (MONTH.next, Month(2019, 1)):
        with pytest.raises(UsageError, match="不能锁定"):
            standing.lock_month(district.office, month)
    with pytest.raises(UsageError, match="单位的工作台"):
        standing.lock_month(district.desk("A1"), MONTH)
    assert standing.locks(district.office) == ()


# -- supervision ----------------------------------------------------------------------


def test_a_supervision_order_is_open_until_it_is_answered(
    district: District, office_key: Identity
) -> None:
    office, unit = district.office, district.desk("A1")
    order = parcels.write_supervision(office, "A1", "培训进度", "请抓紧。", DUE, office_key)
    assert "2026年11月20日前反馈" in open_parcel(unit, order.file).what
    (matter,) = standing.open_matters(unit)
    assert matter.order == order.parcel
    assert not matter.overdue(DUE)
    assert matter.overdue(DUE + timedelta(days=1))
    own = unit.identity(PASSPHRASE)
    answer = parcels.write_feedback(unit, order.parcel.id, "已办结。", own)
    assert standing.open_matters(unit) == ()
    assert len(standing.open_matters(office)) == 1
    assert "市知识产权局" in open_feedback(office, answer.file).what
    assert open_feedback(office, answer.file).again
    (done,) = standing.matters(office)
    assert done.feedback == (answer.parcel,)


def test_feedback_to_what_was_never_ordered_is_refused(
    district: District, office_key: Identity
) -> None:
    office, unit = district.office, district.desk("A1")
    order = parcels.write_supervision(office, "A1", "事项", "要求", DUE, office_key)
    open_parcel(unit, order.file)
    own = unit.identity(PASSPHRASE)
    with pytest.raises(UsageError, match="没有打开过"):
        parcels.write_feedback(unit, "no such id", "x", own)
    answer = parcels.write_feedback(unit, order.parcel.id, "已办结。", own).parcel
    other = district.desk("A2").identity(PASSPHRASE)
    stolen = replace(answer, issuer="A2")
    assert refusal(office, sealed(stolen, other)) == {"unknown-supervision"}
    assert refusal(office, sealed(answer, other)) == {"wrong-issuer"}
    assert standing.open_matters(office)


def test_an_order_needs_a_matter_and_a_day_to_come(
    district: District, office_key: Identity
) -> None:
    with pytest.raises(UsageError, match="期限"):
        parcels.write_supervision(
            district.office, "A1", "事项", "要求", date(2026, 11, 1), office_key
        )
    with pytest.raises(UsageError, match="事项"):
        parcels.write_supervision(district.office, "A1", "", "要求", DUE, office_key)


# -- plan and keys ----------------------------------------------------------------------


def test_a_new_plan_is_put_in_force_and_old_returns_stand(
    district: District, office_key: Identity
) -> None:
    old = district.report("A1")
    district.record("C1", district.progress("C1"))
    late = district.export("C1")
    office, unit = district.office, district.desk("A1")
    before = unit.plan_digest
    made = parcels.write_plan(office, NEW_PLAN, office_key)
    assert office.plan.version == 3
    assert "第3版" in open_parcel(unit, made.file).what
    assert (unit.plan.version, unit.plan.due_day) == (3, 12)
    assert unit.plan_digest == office.plan_digest != before
    assert district.export("A1").read_bytes() == old.read_bytes()  # the old return stands
    assert {o.outcome for o in district.take(old, late).outcomes} == {"accepted"}
    district.record("A1", district.training("A1", 8))
    assert district.take(district.export("A1", amend="补一场")).of("accepted")
    newest = returns.issued(unit.store, MONTH)[-1].monthly_return
    assert newest.plan_digest == office.plan_digest


def test_a_plan_that_is_not_newer_or_another_is_not_written(
    district: District, office_key: Identity
) -> None:
    office = district.office
    with pytest.raises(UsageError, match="没有高于"):
        parcels.write_plan(office, PLAN_FILE.read_bytes(), office_key)
    with pytest.raises(UsageError, match="另一个方案"):
        parcels.write_plan(office, NEW_PLAN.replace(b"linhe-2025", b"other-2025"), office_key)
    with pytest.raises(PlanFileError):
        parcels.write_plan(office, b"format = 1", office_key)
    assert office.plan.version == 2
    assert stored.issued(office.store) == ()


def test_a_wrong_plan_file_in_a_parcel_is_refused(district: District, office_key: Identity) -> None:
    unit = district.desk("C1")
    genuine = parcels.write_plan(district.office, NEW_PLAN, office_key).parcel
    without = NEW_PLAN.replace(b'code = "C1"', b'code = "C9"').replace(b'"C1"', b'"C9"')
    for body, expected in (
        (PLAN_FILE.read_bytes(), {"stale-plan"}),
        (NEW_PLAN.replace(b"linhe-2025", b"other-2025"), {"wrong-plan"}),
        (without, {"unit-not-in-plan"}),
    ):
        file = sealed(replace(genuine, id="x"), office_key, Source("plan.toml", body))
        assert refusal(unit, file) == expected
    assert refusal(unit, sealed(genuine, office_key)) == {"missing-file"}
    before = state(unit)
    with pytest.raises(PlanFileError, match="仍用原方案"):
        open_parcel(unit, sealed(genuine, office_key, Source("plan.toml", b"format = 1")))
    assert state(unit) == before


def test_a_renewal_changes_the_certificate_and_keeps_the_key(district: District) -> None:
    office, unit = district.office, district.desk("A1")
    made = parcels.write_renewal(office, "A1", PASSPHRASE)
    before = unit.identity(PASSPHRASE)
    assert parcel_opening.look(unit, made.file).kind is ParcelKind.RENEWAL
    done = open_parcel(unit, made.file, PASSPHRASE)
    assert "证书已更新" in done.what
    after = unit.identity(PASSPHRASE)
    assert after.certificate == unit.certificate() != before.certificate
    assert after.key.public_key() == before.key.public_key()
    rows = [row for row in keys.certificates(office.store) if row.unit == "A1"]
    assert after.certificate in [row.der for row in rows]
    assert district.take(district.report("A1")).of("accepted")


def test_a_renewal_needs_the_units_own_passphrase(district: District) -> None:
    unit = district.desk("A1")
    file = parcels.write_renewal(district.office, "A1", PASSPHRASE).file
    before = state(unit)
    for passphrase in ("", "不对的口令 wrong"):
        with pytest.raises(WrongPassphrase):
            open_parcel(unit, file, passphrase)
    assert state(unit) == before
    assert not open_parcel(unit, file, PASSPHRASE).again


def test_a_certificate_for_another_key_or_unit_is_not_taken_over(
    district: District, office_key: Identity
) -> None:
    unit = district.desk("A1")
    genuine = parcels.write_renewal(district.office, "A1", PASSPHRASE).parcel
    issuer = read_authority(read_bytes(district.office.keys / "root.p12"), PASSPHRASE)
    span = {"not_before": at(1), "not_after": at(1) + timedelta(days=900)}
    mine = unit.identity(PASSPHRASE).key.public_key()
    foreign = issuer.issue("A1", "市知识产权局", **span).certificate  # type: ignore[arg-type]
    stranger = issuer.certify("A2", "市统计局", mine, **span)  # type: ignore[arg-type]
    past = issuer.certify(
        "A1", "市知识产权局", mine, not_before=at(1) - timedelta(days=9), not_after=at(1)
    )
    before = state(unit)
    for certificate, why in (
        (foreign, "密钥不配"), (stranger, "另一个单位"), (past, "有效证书"), (b"x", "无法读取"),
    ):  # fmt: skip
        file = sealed(genuine, office_key, Source("certificate.der", certificate))
        with pytest.raises(FoundWrong, match=why):
            open_parcel(unit, file, PASSPHRASE)
    assert state(unit) == before


def test_a_unit_without_a_valid_certificate_is_not_renewed(district: District) -> None:
    office = district.office
    (row,) = [r for r in keys.certificates(office.store) if r.unit == "A1"]
    keys.revoke(office.store, row.serial, at(1), "丢失")
    with pytest.raises(FoundWrong, match="没有有效的证书"):
        parcels.write_renewal(office, "A1", PASSPHRASE)
    assert stored.issued(office.store) == ()


def new_list(district: District, number: int, *revoked: str) -> bytes:
    """A further revocation list of the office, kept there."""
    office = district.office
    issuer = read_authority(read_bytes(office.keys / "root.p12"), PASSPHRASE)
    lines = [
        Revoked(int(row.serial, 16), at(1))
        for row in keys.certificates(office.store)
        if row.unit in revoked
    ]
    der = issuer.crl(number, lines, this_update=at(1), next_update=at(1) + timedelta(days=900))
    keys.keep_crl(office.store, number, der, district.clock())
    return der


def test_a_newer_revocation_list_rides_along_and_is_adopted(
    district: District, office_key: Identity
) -> None:
    unit = district.desk("A1")
    der = new_list(district, 2, "C2")
    made = parcels.write_bulletin(district.office, MONTH, "通报", office_key)
    assert "吊销列表" in open_parcel(unit, made.file).what
    assert unit.trust().crl == der
    order = parcels.write_supervision(district.office, "A1", "事项", "要求", DUE, office_key)
    assert "吊销列表" not in open_parcel(unit, order.file).what  # the same number once more


def test_an_older_or_foreign_list_is_not_adopted(
    district: District, office_key: Identity, foreign: tuple[bytes, bytes]
) -> None:
    unit = district.desk("A1")
    own = unit.trust().crl
    parcel = parcels.write_bulletin(district.office, MONTH, "通报", office_key).parcel
    older = new_list(district, 0)
    assert open_parcel(unit, sealed(parcel, office_key, Source(LIST_FILE, older)))
    assert unit.trust().crl == own
    other = replace(parcel, id="other", sequence=parcel.sequence + 1)
    file = sealed(other, office_key, Source(LIST_FILE, foreign[1]))
    assert refusal(unit, file) == {"list-unusable"}


def test_a_list_that_revokes_the_signer_is_believed_against_its_parcel(
    district: District, office_key: Identity
) -> None:
    new_list(district, 2, OFFICE)
    file = parcels.write_bulletin(district.office, MONTH, "通报", office_key).file
    assert refusal(district.desk("A1"), file) == {"certificate-revoked"}


def test_a_failure_while_applying_leaves_everything_as_it_was(
    district: District, office_key: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit = district.desk("A1")
    new_list(district, 2)
    file = parcels.write_plan(district.office, NEW_PLAN, office_key).file
    before = state(unit)

    def full(*_words: object) -> None:
        raise CannotWrite("磁盘已满。")

    monkeypatch.setattr(Desk, "adopt_plan", full)
    with pytest.raises(DeskError, match="磁盘已满"):
        open_parcel(unit, file)
    assert state(unit) == before
    monkeypatch.undo()
    assert not open_parcel(unit, file).again
    assert unit.plan.version == 3


def test_records_stay_when_the_plan_changes(district: District, office_key: Identity) -> None:
    district.record("A1", district.progress("A1"))
    unit = district.desk("A1")
    before = record.of_month(unit, MONTH)
    open_parcel(unit, parcels.write_plan(district.office, NEW_PLAN, office_key).file)
    assert record.of_month(unit, MONTH) == before
