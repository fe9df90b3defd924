"""The life of keys: handed over, own key, replaced, lost, revoked; old returns stay verifiable."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from rongchang_desk.app import enrol, key_register, own_key, parcel_opening, parcels
from rongchang_desk.app.clock import CHINA
from rongchang_desk.app.desk import Desk
from rongchang_desk.domain.key_state import Key, KeyState, Route, standing_for
from rongchang_desk.errors import FoundWrong, UsageError, WrongPassphrase
from rongchang_desk.signing.envelope import open_sealed
from rongchang_desk.signing.renewal import list_number
from rongchang_desk.store import keys
from rongchang_desk.store.keys import Contact
from tests.district import PASSPHRASE, District, at

NOW = datetime(2026, 11, 2, 9, tzinfo=CHINA)


def one(**more: object) -> Key:
    usual: dict[str, object] = {
        "serial": "a1", "unit": "B1", "name": "东门街道", "sha256": "00", "route": Route.KIT,
        "issued_at": NOW - timedelta(days=9), "not_after": NOW + timedelta(days=900),
    }  # fmt: skip
    return Key(**(usual | more))  # type: ignore[arg-type]


def member(desk: Desk, code: str) -> key_register.Member:
    return next(m for m in key_register.members(desk) if m.unit.code == code)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({}, "已签发"),
        ({"handed_over_at": NOW}, "已交付（2026年11月2日）"),
        ({"handed_over_at": NOW, "first_used": NOW}, "使用中（2026年11月2日首次报送）"),
        ({"first_used": NOW, "not_after": NOW + timedelta(days=12, hours=3)},
         "即将到期（还有 12 天）"),
        ({"not_after": NOW - timedelta(days=1)}, "已过期（2026年11月1日）"),
        ({"replaced_by": "b2"}, "已换证"),
        ({"replaced_by": "b2", "revoked_at": NOW + timedelta(days=3)},
         "已换证（2026年11月5日停用）"),
        ({"replaced_by": "b2", "revoked_at": NOW}, "已更换（2026年11月2日）"),
        ({"revoked_at": NOW}, "已吊销（2026年11月2日）"),
        ({"revoked_at": NOW, "lost_since": NOW - timedelta(days=2)}, "已挂失（自2026年10月31日）"),
    ],
)  # fmt: skip
def test_a_keys_state_says_the_gravest_with_its_date(more: dict[str, object], words: str) -> None:
    assert one(**more).in_words(NOW) == words


def test_the_newest_key_that_may_sign_speaks_for_its_unit() -> None:
    old = one(serial="a", replaced_by="b")
    new = one(serial="b")
    gone = one(serial="c", revoked_at=NOW)
    assert standing_for((old, new, gone), NOW) == new
    assert standing_for((gone,), NOW) == gone
    assert standing_for((), NOW) is None


def test_a_key_is_handed_over_and_in_use_from_the_first_return(district: District) -> None:
    office = district.office
    assert member(office, "B1").state is KeyState.ISSUED
    serials = [key.serial for key in member(office, "B1").keys]
    assert key_register.note_handed_over(office, serials, "王同志") == 1
    assert key_register.note_handed_over(office, serials, "别人") == 0
    told = member(office, "B1").key
    assert told is not None
    assert (told.state(office.now()), told.handed_over_to) == (KeyState.HANDED_OVER, "王同志")
    district.take(district.report("B1"))
    assert member(office, "B1").state is KeyState.IN_USE
    assert member(office, "C1").state is KeyState.ISSUED


def test_contacts_are_kept_and_replaced(district: District) -> None:
    office = district.office
    key_register.keep_contacts(office, [Contact("B1", "李娟", "023-4670", "301"), Contact("C1")])
    key_register.keep_contacts(office, [Contact("B1", "李娟", "023-4671", "301", "周五不在")])
    assert member(office, "B1").contact == Contact("B1", "李娟", "023-4671", "301", "周五不在")
    assert member(office, "C2").contact == Contact("C2")


def test_a_lost_key_is_revoked_since_its_day_and_older_returns_stay_valid(
    district: District,
) -> None:
    office = district.office
    file = district.report("B1")
    district.take(file)  # received on 2 November
    district.clock.now = at(10)
    done = key_register.revoke(office, "B1", PASSPHRASE, "U盘遗失", lost_since=date(2026, 11, 5))
    assert done.list_number == list_number(office.trust()) == 2
    assert member(office, "B1").state is KeyState.LOST
    pdf = file.read_bytes()
    assert open_sealed(pdf, office.trust(), at=at(2, 12)).verdict == "valid"
    assert open_sealed(pdf, office.trust(), at=at(6)).verdict == "invalid"
    district.record("B1", district.training("B1"))
    (outcome,) = district.take(district.export("B1", amend="漏报一场")).outcomes
    assert [r.code for r in outcome.reasons] == ["certificate-revoked"]
    with pytest.raises(FoundWrong):
        key_register.revoke(office, "B1", PASSPHRASE, "再来一次")


def test_revoking_needs_a_reason_a_day_not_ahead_and_the_passphrase(district: District) -> None:
    office = district.office
    with pytest.raises(UsageError, match="原因"):
        key_register.revoke(office, "B1", PASSPHRASE, " ")
    with pytest.raises(UsageError, match="今天以后"):
        key_register.revoke(office, "B1", PASSPHRASE, "遗失", lost_since=date(2026, 11, 3))
    with pytest.raises(WrongPassphrase):
        key_register.revoke(office, "B1", "不对的口令", "遗失")
    with pytest.raises(FoundWrong):
        key_register.revoke(office, "OFFICE", PASSPHRASE, "遗失")
    assert keys.newest_crl(office.store)[0] == 1
    assert member(office, "B1").count == 1


def test_the_list_is_issued_anew_under_the_next_number(district: District) -> None:
    office = district.office
    key_register.revoke(office, "C2", PASSPHRASE, "停用")
    assert key_register.renew_list(office, PASSPHRASE) == 3
    assert list_number(office.trust()) == 3
    assert member(office, "C2").state is KeyState.REVOKED


def test_a_new_clerk_gets_a_new_key_and_the_old_one_ends_with_the_day(
    district: District, tmp_path: Path
) -> None:
    office = district.office
    start = date(2026, 11, 9)
    old_file = district.report("B1")
    kit, number = key_register.hand_over(office, "B1", PASSPHRASE, tmp_path, start)
    assert number == 2
    assert [k.in_words(office.now()) for k in member(office, "B1").keys] == [
        "已换证（2026年11月9日停用）", "已签发",
    ]  # fmt: skip
    assert [o.outcome for o in district.take(old_file).outcomes] == ["accepted"]

    desk = district.desk("B1")
    enrol.take_over(desk, kit.path, kit.password, "新经办人的口令2026")
    with pytest.raises(WrongPassphrase):
        desk.identity(PASSPHRASE)
    assert desk.identity("新经办人的口令2026").unit_code == "B1"
    district.clock.now = at(9)
    assert member(office, "B1").keys[0].state(office.now()) is KeyState.REPLACED
    assert open_sealed(old_file.read_bytes(), office.trust(), at=at(9)).verdict == "invalid"
    assert open_sealed(old_file.read_bytes(), office.trust(), at=at(2)).verdict == "valid"


def test_another_units_kit_changes_nothing(district: District, tmp_path: Path) -> None:
    (kit,) = enrol.enrol(district.office, ["C1"], PASSPHRASE, tmp_path)
    desk = district.desk("B1")
    before = desk.certificate()
    with pytest.raises(FoundWrong, match="不是本单位的入网包"):
        enrol.take_over(desk, kit.path, kit.password, "新经办人的口令2026")
    with pytest.raises(UsageError):
        enrol.take_over(desk, kit.path, kit.password, "短")
    assert desk.certificate() == before


def test_a_unit_signs_with_its_own_key_after_the_office_certified_it(
    district: District, tmp_path: Path
) -> None:
    office, desk = district.office, district.desk("B1")
    asked = own_key.make_request(desk, PASSPHRASE, tmp_path / "申请.csr")
    again = own_key.make_request(desk, PASSPHRASE, tmp_path / "申请2.csr")
    assert (again.again, again.fingerprint) == (True, asked.fingerprint)
    seen = key_register.read_request(asked.file)
    assert (seen.unit_code, seen.unit_name, seen.fingerprint) == (
        "B1", "东门街道", asked.fingerprint,
    )  # fmt: skip
    made = key_register.issue(
        office, asked.file, asked.fingerprint[:20].upper(), PASSPHRASE, date(2026, 11, 12),
        out=tmp_path / "证书.pdf",
    )  # fmt: skip
    assert desk.identity(PASSPHRASE).certificate == desk.certificate()
    told = parcel_opening.open_parcel(desk, made.file, PASSPHRASE)
    assert "自有密钥" in told.what
    assert not own_key.own_key(desk).waiting
    assert list_number(desk.trust()) == list_number(office.trust()) == 2
    told_key = member(office, "B1").key
    assert told_key is not None
    assert (told_key.route, told_key.sha256) == (Route.REQUEST, own_key.own_key(desk).sha256)
    district.take(district.report("B1"))
    assert member(office, "B1").state is KeyState.IN_USE


def test_a_certificate_for_a_request_that_no_longer_waits_is_refused(
    district: District, tmp_path: Path
) -> None:
    desk = district.desk("B1")
    asked = own_key.make_request(desk, PASSPHRASE, tmp_path / "申请.csr")
    made = key_register.issue(
        district.office, asked.file, asked.fingerprint, PASSPHRASE, date(2026, 11, 12)
    )
    desk.drop_request()
    before = desk.certificate()
    with pytest.raises(FoundWrong, match="密钥不配"):
        parcel_opening.open_parcel(desk, made.file, PASSPHRASE)
    assert desk.certificate() == before


@pytest.mark.parametrize("fingerprint", ["", "00" * 32, "SHORT"])
def test_a_request_whose_fingerprint_was_not_compared_is_not_certified(
    fingerprint: str, district: District, tmp_path: Path
) -> None:
    asked = own_key.make_request(district.desk("B1"), PASSPHRASE, tmp_path / "申请.csr")
    given = asked.fingerprint[:12] if fingerprint == "SHORT" else fingerprint
    with pytest.raises(UsageError, match="指纹"):
        key_register.issue(district.office, asked.file, given, PASSPHRASE, date(2026, 11, 12))
    assert member(district.office, "B1").count == 1
    assert keys.newest_crl(district.office.store)[0] == 1


def test_a_file_that_is_no_request_is_told(district: District, tmp_path: Path) -> None:
    file = tmp_path / "申请.csr"
    for body in (b"", b"-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n", b"\x30\x03\x02\x01\x00"):
        file.write_bytes(body)
        with pytest.raises(FoundWrong, match="不是可用的证书申请文件"):
            key_register.read_request(file)


def test_a_wrong_passphrase_makes_no_request(district: District, tmp_path: Path) -> None:
    desk = district.desk("B1")
    with pytest.raises(WrongPassphrase):
        own_key.make_request(desk, "不对的口令", tmp_path / "申请.csr")
    assert not desk.request.exists()
    assert not (tmp_path / "申请.csr").exists()


def test_a_renewed_certificate_is_marked_and_the_earlier_stays_good(
    district: District, tmp_path: Path
) -> None:
    office, desk = district.office, district.desk("B1")
    district.take(district.report("B1"))
    made = parcels.write_renewal(office, "B1", PASSPHRASE, out=tmp_path / "更新.pdf")
    first, second = member(office, "B1").keys
    assert (first.state(office.now()), second.route) == (KeyState.RENEWED, Route.RENEWAL)
    parcel_opening.open_parcel(desk, made.file, PASSPHRASE)
    assert own_key.own_key(desk).sha256 == second.sha256
    assert office.trust() == desk.trust()


def test_kits_come_with_a_sheet_of_passwords_kept_apart(district: District, tmp_path: Path) -> None:
    kits = enrol.enrol(district.office, ["B1", "C1"], PASSPHRASE, tmp_path)
    (sheet,) = {kit.sheet for kit in kits}
    assert sheet.parent == tmp_path / "口令条"
    text = _text(sheet)
    for kit in kits:
        assert kit.password in text
        assert kit.name in text
    assert not any(tmp_path.glob("*.pdf"))


def test_a_kit_made_after_a_revocation_brings_its_list(district: District, tmp_path: Path) -> None:
    office = district.office
    key_register.revoke(office, "C2", PASSPHRASE, "停用")
    (kit,) = enrol.enrol(office, ["B1"], PASSPHRASE, tmp_path)
    with enrol.join(
        tmp_path / "desk", kit.path, kit.password, PASSPHRASE, clock=district.clock
    ) as desk:
        assert list_number(desk.trust()) == keys.newest_crl(desk.store)[0] == 2


def _text(file: Path) -> str:
    import pypdfium2

    document = pypdfium2.PdfDocument(file)
    try:
        return "".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()
