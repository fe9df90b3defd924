"""A unit's key file: opens with its passphrase, and with nothing else."""

from __future__ import annotations

import dataclasses

import pytest
from asn1crypto import pkcs12
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from rongchang_desk.errors import CannotRead, DeskError, FoundWrong, WrongPassphrase
from rongchang_desk.signing.authority import Authority
from rongchang_desk.signing.identity import (
    Identity,
    is_from_root,
    read_identity,
    sign_bytes,
    verify_bytes,
    write_identity,
)
from rongchang_desk.signing.key_file import KDF_ROUNDS, LOWEST_ROUNDS, write_key_file
from rongchang_desk.signing.request import join, make_request
from tests.unit.signing.samples import BEGIN, END, PASSPHRASE, UNIT, District


@pytest.fixture(scope="module")
def key_file(district: District) -> bytes:
    return write_identity(district.unit, PASSPHRASE, rounds=LOWEST_ROUNDS)


def test_a_key_file_gives_back_the_identity(district: District, key_file: bytes) -> None:
    read = read_identity(key_file, PASSPHRASE)
    assert read == district.unit
    assert (read.unit_code, read.unit_name) == UNIT
    assert verify_bytes(district.unit.certificate, b"x", sign_bytes(read, b"x"))


@pytest.mark.parametrize("passphrase", ["", "wrong", PASSPHRASE + " ", PASSPHRASE.upper() + "x"])
def test_a_wrong_passphrase_is_told_in_chinese_with_a_hint(
    key_file: bytes, passphrase: str
) -> None:
    with pytest.raises(WrongPassphrase) as told:
        read_identity(key_file, passphrase)
    assert "口令" in told.value.message
    assert "重新输入" in told.value.hint


@pytest.mark.parametrize("data", [b"", b"not a key file", b"0\x82", b"\x30\x03\x02\x01\x03"])
def test_what_is_no_key_file_is_told_apart_from_a_wrong_passphrase(data: bytes) -> None:
    with pytest.raises(CannotRead):
        read_identity(data, PASSPHRASE)


def test_a_truncated_or_oversized_key_file_cannot_be_read(key_file: bytes) -> None:
    for data in (key_file[:-1], key_file + b"\0", b"0" * 100_000):
        with pytest.raises(CannotRead):
            read_identity(data, PASSPHRASE)


def test_a_damaged_key_file_never_gives_an_identity(key_file: bytes) -> None:
    for place in range(0, len(key_file), 37):
        damaged = bytearray(key_file)
        damaged[place] ^= 1
        with pytest.raises(DeskError):
            read_identity(bytes(damaged), PASSPHRASE)


def test_every_derivation_of_a_key_file_takes_the_rounds_asked_for(key_file: bytes) -> None:
    outer = pkcs12.Pfx.load(key_file)
    assert outer["mac_data"]["iterations"].native == LOWEST_ROUNDS
    encrypted, shrouded = outer.authenticated_safe
    bag = pkcs12.SafeContents.load(shrouded["content"].native)[0]["bag_value"]
    for algorithm in (
        encrypted["content"]["encrypted_content_info"]["content_encryption_algorithm"],
        bag["encryption_algorithm"],
    ):
        assert algorithm.encryption_cipher == "aes"
        assert algorithm.key_length == 32
        assert algorithm.kdf_hmac == "sha256"
        assert algorithm.kdf_iterations == LOWEST_ROUNDS


def test_a_person_s_passphrase_gets_many_rounds_and_few_are_refused(district: District) -> None:
    assert KDF_ROUNDS >= 600_000
    with pytest.raises(ValueError, match="rounds"):
        write_identity(district.unit, PASSPHRASE, rounds=LOWEST_ROUNDS - 1)
    with pytest.raises(ValueError, match="passphrase"):
        write_identity(district.unit, "", rounds=LOWEST_ROUNDS)


def test_the_private_key_shows_in_no_repr(district: District) -> None:
    shown = repr(district.unit) + repr(district.authority)
    assert "key=" not in shown
    assert "PrivateKey" not in shown


def test_a_key_file_whose_root_is_another_s_is_refused(
    district: District, other_authority: Authority
) -> None:
    mixed = dataclasses.replace(district.unit, root=other_authority.root_der)
    with pytest.raises(CannotRead, match="证书不完整"):
        read_identity(write_identity(mixed, PASSPHRASE, rounds=LOWEST_ROUNDS), PASSPHRASE)


def test_a_key_file_with_another_unit_s_key_is_refused(district: District) -> None:
    stranger = ec.generate_private_key(ec.SECP256R1())
    mixed = dataclasses.replace(district.unit, key=stranger)
    with pytest.raises((DeskError, ValueError)):
        read_identity(write_identity(mixed, PASSPHRASE, rounds=LOWEST_ROUNDS), PASSPHRASE)


def test_a_root_s_key_file_is_no_unit_s(root_file: bytes) -> None:
    with pytest.raises(CannotRead):
        read_identity(root_file, PASSPHRASE)


def test_a_signature_over_bytes_fails_for_other_bytes_keys_and_noise(district: District) -> None:
    signature = sign_bytes(district.unit, b"head")
    other = district.authority.issue("RC-JW", "区教委", not_before=BEGIN, not_after=END)
    assert verify_bytes(district.unit.certificate, b"head", signature)
    assert not verify_bytes(district.unit.certificate, b"Head", signature)
    assert not verify_bytes(other.certificate, b"head", signature)
    assert not verify_bytes(district.unit.certificate, b"head", b"")
    assert not verify_bytes(b"noise", b"head", signature)


def test_an_rsa_key_signs_bytes_too(rsa_unit: Identity) -> None:
    signature = sign_bytes(rsa_unit, b"head")
    assert verify_bytes(rsa_unit.certificate, b"head", signature)
    assert not verify_bytes(rsa_unit.certificate, b"tail", signature)


def test_only_the_issuing_root_recognises_a_certificate(
    district: District, other_authority: Authority
) -> None:
    assert is_from_root(district.unit.certificate, district.authority.root_der)
    assert not is_from_root(district.unit.certificate, other_authority.root_der)
    assert not is_from_root(b"noise", district.authority.root_der)


def test_a_unit_that_made_its_own_key_joins_it_with_the_certificate(district: District) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    request = make_request(*UNIT, key)
    certificate = district.authority.issue_from_request(
        request, *UNIT, not_before=BEGIN, not_after=END
    )
    identity = join(key, certificate, district.authority.root_der)
    assert (identity.unit_code, identity.unit_name) == UNIT


def test_a_certificate_for_another_key_or_root_does_not_join(
    district: District, other_authority: Authority
) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    own = district.authority.certify(*UNIT, key.public_key(), not_before=BEGIN, not_after=END)
    with pytest.raises(FoundWrong):
        join(key, district.unit.certificate, district.authority.root_der)
    with pytest.raises(FoundWrong):
        join(key, own, other_authority.root_der)
    with pytest.raises(FoundWrong):
        join(key, b"noise", district.authority.root_der)


def test_a_key_file_of_an_unfit_kind_of_key_cannot_be_read(district: District) -> None:
    bare = write_key_file(
        district.unit.key,
        x509.load_der_x509_certificate(district.unit.certificate),
        [],
        PASSPHRASE,
        rounds=LOWEST_ROUNDS,
    )
    with pytest.raises(CannotRead):  # no root beside the certificate
        read_identity(bare, PASSPHRASE)
