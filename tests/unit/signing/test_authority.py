"""The office's authority: what it issues, and what it refuses to."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from rongchang_desk.errors import CannotRead, FoundWrong, WrongPassphrase
from rongchang_desk.signing.authority import Authority, Revoked, read_authority
from rongchang_desk.signing.certificates import OFFICE_CODE, fingerprint, holder, signer_of
from rongchang_desk.signing.identity import write_identity
from rongchang_desk.signing.key_file import LOWEST_ROUNDS
from rongchang_desk.signing.request import make_request
from tests.unit.signing.samples import BEGIN, END, LIST_END, NOW, PASSPHRASE, UNIT, District


def usages(usage: x509.KeyUsage) -> set[str]:
    names = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment",
        "key_agreement", "key_cert_sign", "crl_sign",
    )  # fmt: skip
    return {name for name in names if getattr(usage, name)}


def test_the_root_may_issue_and_revoke_and_nothing_else(district: District) -> None:
    root = x509.load_der_x509_certificate(district.authority.root_der)
    constraints = root.extensions.get_extension_for_class(x509.BasicConstraints)
    usage = root.extensions.get_extension_for_class(x509.KeyUsage)
    assert constraints.critical
    assert constraints.value == x509.BasicConstraints(ca=True, path_length=0)
    assert usage.critical
    assert usages(usage.value) == {"key_cert_sign", "crl_sign"}
    key = root.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    assert isinstance(key.curve, ec.SECP256R1)


def test_the_fingerprint_is_the_root_s_sha256(district: District) -> None:
    root = x509.load_pem_x509_certificate(district.authority.root_pem)
    assert district.authority.fingerprint == root.fingerprint(hashes.SHA256()).hex()


def test_a_wrong_passphrase_does_not_open_the_root(root_file: bytes) -> None:
    with pytest.raises(WrongPassphrase):
        read_authority(root_file, "wrong")


def test_a_unit_s_key_file_is_no_root(district: District) -> None:
    with pytest.raises(CannotRead, match="根密钥"):
        read_authority(write_identity(district.unit, PASSPHRASE, rounds=LOWEST_ROUNDS), PASSPHRASE)


def test_a_unit_s_certificate_says_exactly_what_the_design_asks(district: District) -> None:
    certificate = x509.load_der_x509_certificate(district.unit.certificate)
    extensions = certificate.extensions
    assert holder(certificate.subject) == UNIT
    assert certificate.subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)[0].value == UNIT[0]
    assert not extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    usage = extensions.get_extension_for_class(x509.KeyUsage)
    assert usage.critical
    assert usages(usage.value) == {"digital_signature", "content_commitment"}
    purposes = extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert {purpose.dotted_string for purpose in purposes} == {
        "1.3.6.1.5.5.7.3.36",
        ExtendedKeyUsageOID.EMAIL_PROTECTION.dotted_string,
    }
    points = extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    (name,) = points[0].full_name or ()
    assert name.value.startswith("urn:")
    assert name.value.endswith(":crl")
    assert not any(isinstance(item.value, x509.AuthorityInformationAccess) for item in extensions)


def test_no_certificate_outlives_the_root(district: District) -> None:
    late = datetime(2099, 1, 1, tzinfo=UTC)
    unit = district.authority.issue(*UNIT, not_before=BEGIN, not_after=late)
    root = x509.load_der_x509_certificate(district.authority.root_der)
    signer = signer_of(unit.certificate)
    assert signer is not None
    assert signer.not_after == root.not_valid_after_utc


def test_the_office_signs_under_its_reserved_code(district: District) -> None:
    office = district.authority.issue(
        OFFICE_CODE, "领导小组办公室", not_before=BEGIN, not_after=END
    )
    signer = signer_of(office.certificate)
    assert signer is not None
    assert signer.unit_code == "OFFICE"
    assert signer.certificate_sha256 == fingerprint(office.certificate)


@pytest.mark.parametrize("code", ["", "科技局", "a b", "a_b", "x" * 65, "a\x00b"])
def test_a_code_that_cannot_stand_in_a_certificate_is_refused(
    district: District, code: str
) -> None:
    with pytest.raises(ValueError, match="unit code"):
        district.authority.issue(code, "区科技局", not_before=BEGIN, not_after=END)


def test_a_subject_with_two_codes_names_nobody() -> None:
    twice = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, UNIT[1]),
            x509.NameAttribute(NameOID.SERIAL_NUMBER, UNIT[0]),
            x509.NameAttribute(NameOID.SERIAL_NUMBER, "RC-JW"),
        ]
    )
    assert holder(twice) is None


@pytest.mark.parametrize("bits", [3072, 2048])
def test_an_rsa_key_counts_from_3072_bits_on(district: District, bits: int) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=bits).public_key()
    if bits >= 3072:
        assert district.authority.certify(*UNIT, key, not_before=BEGIN, not_after=END)
    else:
        with pytest.raises(FoundWrong, match="密钥不符合要求"):
            district.authority.certify(*UNIT, key, not_before=BEGIN, not_after=END)


def request_for(authority: Authority, request: bytes) -> bytes:
    return authority.issue_from_request(request, *UNIT, not_before=BEGIN, not_after=END)


def test_a_request_gives_its_key_and_nothing_else(district: District) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    asked = (
        x509.CertificateSigningRequestBuilder(
            x509.load_pem_x509_csr(make_request(*UNIT, key)).subject
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
        .public_bytes(Encoding.DER)
    )
    certificate = x509.load_der_x509_certificate(request_for(district.authority, asked))
    assert certificate.public_key() == key.public_key()
    assert not certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca


def test_a_request_of_another_unit_is_refused(district: District) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    for other in (("RC-JW", UNIT[1]), (UNIT[0], "区教委")):
        with pytest.raises(FoundWrong, match="不一致"):
            request_for(district.authority, make_request(*other, key))


def test_a_request_that_does_not_prove_possession_is_refused(district: District) -> None:
    request = make_request(*UNIT, ec.generate_private_key(ec.SECP256R1()))
    der = x509.load_pem_x509_csr(request).public_bytes(Encoding.DER)
    forged = der[:-1] + bytes([der[-1] ^ 1])
    with pytest.raises(FoundWrong, match="持有"):
        request_for(district.authority, forged)


def test_requests_with_weak_or_strange_keys_or_noise_are_refused(district: District) -> None:
    subject = x509.load_der_x509_certificate(district.unit.certificate).subject
    strange = (
        x509.CertificateSigningRequestBuilder(subject)
        .sign(ed25519.Ed25519PrivateKey.generate(), None)
        .public_bytes(Encoding.PEM)
    )
    weak = make_request(*UNIT, ec.generate_private_key(ec.SECP192R1()))
    for request in (strange, weak, b"", b"-----BEGIN CERTIFICATE REQUEST-----", b"\x30\x00"):
        with pytest.raises(FoundWrong):
            request_for(district.authority, request)


def test_the_revocation_list_names_whom_when_and_why(district: District) -> None:
    der = district.crl(Revoked(11, NOW, x509.ReasonFlags.key_compromise), Revoked(12, BEGIN))
    crl = x509.load_der_x509_crl(der)
    root = x509.load_der_x509_certificate(district.authority.root_der)
    key = root.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    assert crl.is_signature_valid(key)
    assert crl.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number == 7
    assert crl.next_update_utc == LIST_END
    first = crl.get_revoked_certificate_by_serial_number(11)
    assert first is not None
    assert first.revocation_date_utc == NOW
    reason = first.extensions.get_extension_for_class(x509.CRLReason).value.reason
    assert reason is x509.ReasonFlags.key_compromise
    assert crl.get_revoked_certificate_by_serial_number(13) is None
