"""A renewed certificate and a newer list: taken over when they are the office's and fit."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from cryptography import x509

from rongchang_desk.errors import FoundWrong
from rongchang_desk.signing.authority import Revoked, create_root, read_authority
from rongchang_desk.signing.certificates import signer_of
from rongchang_desk.signing.key_file import LOWEST_ROUNDS
from rongchang_desk.signing.renewal import list_number, renew, renewed
from rongchang_desk.signing.trust import Trust
from tests.unit.signing.samples import BEGIN, END, NOW, PASSPHRASE, ROOT_NAME, UNIT, District

LATER = END + timedelta(days=365)


def fresh(district: District, *, end: datetime = LATER) -> bytes:
    return renew(
        district.authority, district.unit.certificate, *UNIT, not_before=BEGIN, not_after=end
    )


def test_a_renewed_certificate_is_about_the_same_key_and_lasts_longer(district: District) -> None:
    identity = renewed(district.unit, fresh(district), district.trust, NOW)
    assert identity.key is district.unit.key
    before, after = signer_of(district.unit.certificate), signer_of(identity.certificate)
    assert before is not None
    assert after is not None
    assert (after.unit_code, after.not_after) == (before.unit_code, LATER)
    assert after.serial != before.serial


def test_an_expired_certificate_can_still_be_renewed_over_its_key(district: District) -> None:
    old = fresh(district, end=BEGIN + timedelta(days=1))
    made = renew(district.authority, old, *UNIT, not_before=BEGIN, not_after=END)
    assert renewed(district.unit, made, district.trust, NOW).certificate == made


def test_another_units_certificate_is_not_renewed_under_this_name(district: District) -> None:
    with pytest.raises(FoundWrong, match="不是"):
        renew(
            district.authority, district.unit.certificate, "RC-OTHER", "区统计局",
            not_before=BEGIN, not_after=END,
        )  # fmt: skip


def test_a_certificate_that_is_not_this_roots_is_refused(district: District) -> None:
    root = create_root(
        ROOT_NAME, not_before=BEGIN, not_after=LATER, passphrase=PASSPHRASE, rounds=LOWEST_ROUNDS
    )
    foreign = read_authority(root, PASSPHRASE)
    made = renew(foreign, district.unit.certificate, *UNIT, not_before=BEGIN, not_after=END)
    with pytest.raises(FoundWrong, match="不是办公室签发"):
        renewed(district.unit, made, district.trust, NOW)


def test_a_certificate_revoked_already_is_refused(district: District) -> None:
    made = fresh(district)
    serial = x509.load_der_x509_certificate(made).serial_number
    trust = replace(district.trust, crl=district.crl(Revoked(serial, BEGIN)))
    assert renewed(district.unit, made, district.trust, NOW)
    with pytest.raises(FoundWrong, match="不是办公室签发的有效证书"):
        renewed(district.unit, made, trust, NOW)


def test_a_list_tells_its_number_only_under_its_root(district: District) -> None:
    root = district.authority.root_der
    assert list_number(district.trust) == 1
    assert list_number(Trust(root, district.crl())) == 7
    assert list_number(Trust(root)) == 0
    for wrong in (b"", b"x", district.unit.certificate):
        with pytest.raises(ValueError, match=r".*"):
            list_number(Trust(root, wrong))
