"""Receipts a person must judge: since a key was lost, and after a certificate had expired."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from rongchang_desk.app import (
    enrol,
    expired,
    intake,
    key_document,
    key_register,
    parcel_opening,
    parcels,
    receipt_checks,
)
from rongchang_desk.app.clock import CHINA
from rongchang_desk.app.district import Reported, status
from rongchang_desk.app.inspect import inspect_file
from rongchang_desk.domain.plan import Plan
from rongchang_desk.errors import UsageError
from rongchang_desk.signing.envelope import open_sealed
from rongchang_desk.store import ledger
from tests.district import MONTH, PASSPHRASE, District, at


@pytest.fixture
def aged(district: District, monkeypatch: pytest.MonkeyPatch) -> District:
    """B1 signs with a certificate that ends on 4 November."""
    end = datetime(2026, 11, 4, tzinfo=CHINA)

    def soon(plan: Plan, now: datetime) -> tuple[datetime, datetime]:
        del plan
        return now - timedelta(days=1), end

    with monkeypatch.context() as patch:
        patch.setattr(enrol, "validity", soon)
        made = parcels.write_renewal(district.office, "B1", PASSPHRASE)
    parcel_opening.open_parcel(district.desk("B1"), made.file, PASSPHRASE)
    return district


def test_receipts_since_the_loss_are_in_doubt_until_somebody_checked_them(
    district: District,
) -> None:
    office = district.office
    district.take(district.report("B1"), district.report("C1"))  # received on 2 November
    district.clock.now = at(6)
    district.record("B1", district.training("B1"))
    district.take(district.export("B1", amend="漏报一场"))
    district.clock.now = at(10)
    key_register.revoke(office, "B1", PASSPHRASE, "U盘遗失", lost_since=date(2026, 11, 5))
    (doubt,) = receipt_checks.doubts(office)
    assert (doubt.unit, doubt.revision, doubt.received_at) == ("B1", 2, at(6))
    assert receipt_checks.doubtful(office) == {doubt.digest}
    assert receipt_checks.waiting(office) == 1
    told = [entry for entry in intake.log(office) if entry.digest == doubt.digest]
    assert any("待核实" in reason for entry in told for reason in entry.reasons)
    cells = {cell.unit: cell for cell in status(office, MONTH).cells}
    assert cells["B1"].reported is Reported.ON_TIME  # it counts: flagged, not thrown out

    with pytest.raises(UsageError, match="核实人"):
        receipt_checks.check(office, doubt.digest, "张镕", "")
    receipt_checks.check(office, doubt.digest, "张镕", "与王同志电话核对一致")
    assert receipt_checks.doubtful(office) == frozenset()
    assert "张镕" in receipt_checks.doubts(office)[0].checked
    with pytest.raises(UsageError, match="不在待核实之列"):
        receipt_checks.check(office, doubt.digest, "张镕", "再来")


def test_originals_verify_at_their_receipt_time_whatever_became_of_the_key(
    aged: District,
) -> None:
    office = aged.office
    aged.take(aged.report("B1"), aged.report("C1"), aged.report("C2"))
    aged.clock.now = at(20)
    key_register.revoke(office, "C1", PASSPHRASE, "停用")
    key_register.revoke(office, "C2", PASSPHRASE, "遗失", lost_since=date(2026, 11, 1))
    found = {one.unit: one.reasons for one in receipt_checks.verify_again(office, workers=0)}
    assert found == {"B1": (), "C1": (), "C2": ("certificate-revoked",)}


def test_a_return_after_expiry_waits_and_is_taken_in_when_a_person_says_so(
    aged: District,
) -> None:
    office = aged.office
    file = aged.report("B1")
    aged.clock.now = at(6)
    (held,) = aged.take(file).outcomes
    assert (held.outcome, held.unit) == ("held", "B1")
    assert [reason.code for reason in held.reasons] == ["certificate-expired"]
    assert [o.outcome for o in aged.take(file).outcomes] == ["duplicate"]
    (row,) = receipt_checks.expired(office)
    assert receipt_checks.waiting(office) == 1
    assert not status(office, MONTH).reported
    with pytest.raises(UsageError, match="认定人"):
        expired.decide(office, row.sha256, accept=True, by="", reason="已核实")
    (outcome,) = expired.decide(
        office, row.sha256, accept=True, by="张镕", reason="证书正在更新", workers=0
    )
    assert outcome.outcome == "accepted"
    assert [cell.unit for cell in status(office, MONTH).reported] == ["B1"]
    assert ledger.broken_at(office.store) is None
    with pytest.raises(UsageError, match="已经处理过"):
        expired.decide(office, row.sha256, accept=False, by="张镕", reason="反悔")
    assert receipt_checks.waiting(office) == 0


def test_a_return_after_expiry_can_be_refused(aged: District) -> None:
    office = aged.office
    file = aged.report("B1")
    aged.clock.now = at(6)
    aged.take(file)
    (row,) = receipt_checks.expired(office)
    (outcome,) = expired.decide(office, row.sha256, accept=False, by="张镕", reason="非本单位")
    assert outcome.outcome == "refused"
    assert "张镕决定不收：非本单位" in outcome.reasons[0].message
    assert not status(office, MONTH).reported
    assert intake.log(office)[0].outcome == "refused"
    (again,) = aged.take(file).outcomes
    assert (again.outcome, "不收" in again.reasons[0].message) == ("refused", True)
    assert receipt_checks.waiting(office) == 0


def test_an_altered_return_is_refused_even_when_its_certificate_expired(aged: District) -> None:
    file = aged.report("B1")
    aged.clock.now = at(6)
    altered = file.with_name("altered.pdf")
    body = bytearray(file.read_bytes())
    body[1000] ^= 1
    altered.write_bytes(body)
    (outcome,) = aged.take(altered).outcomes
    assert outcome.outcome == "refused"
    assert receipt_checks.expired(aged.office) == ()


def test_the_register_is_a_signed_document_with_every_certificate_and_seals_the_ledger(
    district: District, tmp_path: Path
) -> None:
    office = district.office
    district.take(district.report("B1"))
    key_register.revoke(office, "C1", PASSPHRASE, "U盘遗失", lost_since=date(2026, 11, 1))
    out = key_document.export(office, office.identity(PASSPHRASE), tmp_path / "登记簿.pdf")
    opened = open_sealed(
        out.read_bytes(), office.trust(), at=office.now(), payload_name=key_document.PAYLOAD
    )
    assert opened.verdict == "valid"
    content = key_document.contents(office)
    assert opened.payload is not None
    assert content["ledger"]["hash"].encode() in opened.payload
    assert {key["unit"]: key["state"] for key in content["keys"]} == {
        "OFFICE": "issued", "A1": "issued", "A2": "issued", "B1": "in_use", "C1": "lost",
        "C2": "issued",
    }  # fmt: skip
    head = ledger.head(office.store)
    signed = ledger.newest_signature(office.store)
    assert head is not None
    assert signed is not None
    assert signed[0] == head.seq
    enrol.export_root(office, tmp_path / "root.pem")
    seen = inspect_file(out, tmp_path / "root.pem", clock=district.clock)
    assert seen.verdict == "valid"
    assert any("密钥登记簿" in line for line in seen.lines())


def test_only_the_office_signs_the_register(district: District, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="办公室的密钥"):
        key_document.export(
            district.office, district.desk("B1").identity(PASSPHRASE), tmp_path / "登记簿.pdf"
        )
    assert not (tmp_path / "登记簿.pdf").exists()
