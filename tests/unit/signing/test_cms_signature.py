"""Signatures that a genuine key made, but not in our form, and signers that may not sign."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pyhanko.sign  # noqa: F401  registers the CMS attribute types
import pytest
from asn1crypto import algos, cms, core
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa, utils
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from rongchang_desk.signing.authority import Authority
from rongchang_desk.signing.certificates import DOCUMENT_SIGNING, EMAIL_PROTECTION, subject_name
from rongchang_desk.signing.envelope import seal
from rongchang_desk.signing.identity import Identity, sign_with
from rongchang_desk.signing.second_opinion import agrees
from rongchang_desk.signing.trust import known_list, known_root
from tests.unit.signing.samples import (
    BEGIN,
    END,
    NOW,
    PAYLOAD,
    SIGNED,
    UNIT,
    District,
    codes,
    gap,
)

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""The order n of P-256."""


def read_cms(sealed: bytes) -> cms.ContentInfo:
    start, end = gap(sealed)
    return cms.ContentInfo.load(bytes.fromhex(sealed[start + 1 : end - 1].decode()))


def with_cms(sealed: bytes, der: bytes) -> bytes:
    """The file with another CMS structure in its gap; nothing signed changes."""
    start, end = gap(sealed)
    digits = der.hex().upper().encode().ljust(end - start - 2, b"0")
    assert len(digits) == end - start - 2
    return sealed[: start + 1] + digits + sealed[end - 1 :]


def rebuilt(sealed: bytes, change: Callable[[Any], None]) -> bytes:
    """The file after `change` was made to its SignedData (the signature over it stays)."""
    outer = read_cms(sealed)
    fresh = cms.ContentInfo.load(outer.dump())
    change(fresh["content"])
    return with_cms(sealed, fresh.dump(force=True))


def resigned(sealed: bytes, identity: Identity, change: Callable[[list[Any]], list[Any]]) -> bytes:
    """The file with other signed attributes, signed anew with the genuine key."""
    outer = read_cms(sealed)
    info = outer["content"]["signer_infos"][0]
    attributes = cms.CMSAttributes(change([item.copy() for item in info["signed_attrs"]]))
    info["signed_attrs"] = attributes
    info["signature"] = sign_with(identity.key, attributes.untag().dump())
    return with_cms(sealed, outer.dump(force=True))


def attribute(kind: str, *values: Any) -> cms.CMSAttribute:
    return cms.CMSAttribute({"type": cms.CMSAttributeType(kind), "values": list(values)})


def test_a_structure_written_anew_and_unchanged_still_opens(
    district: District, sealed: bytes
) -> None:
    """The twin of all that follows: what refuses them is the change, not the rewriting."""
    assert district.open(rebuilt(sealed, lambda signed: None)).verdict == "valid"
    assert district.open(resigned(sealed, district.unit, list)).verdict == "valid"


def test_the_mirrored_ecdsa_signature_is_another_file_of_the_same_return(
    district: District, sealed: bytes
) -> None:
    def mirror(signed: Any) -> None:
        info = signed["signer_infos"][0]
        r, s = utils.decode_dss_signature(info["signature"].native)
        info["signature"] = utils.encode_dss_signature(r, ORDER - s)

    mirrored = rebuilt(sealed, mirror)
    assert mirrored != sealed
    assert district.open(mirrored).payload == PAYLOAD


def test_a_changed_signature_value_is_refused(district: District, sealed: bytes) -> None:
    def change(signed: Any) -> None:
        info = signed["signer_infos"][0]
        r, s = utils.decode_dss_signature(info["signature"].native)
        info["signature"] = utils.encode_dss_signature(r, s ^ 1)

    opened = district.open(rebuilt(sealed, change))
    assert codes(opened) == ["signature-invalid"]
    assert opened.facts.intact is True
    assert opened.facts.signature_valid is False


def two_signers(signed: Any) -> None:
    signed["signer_infos"].append(signed["signer_infos"][0].copy())


def no_signer(signed: Any) -> None:
    signed["signer_infos"] = cms.SignerInfos([])


def unsigned_attribute(signed: Any) -> None:
    extra = attribute("content_type", cms.ContentType("data"))
    signed["signer_infos"][0]["unsigned_attrs"] = cms.CMSAttributes([extra])


def content_inside(signed: Any) -> None:
    signed["encap_content_info"] = cms.ContentInfo(
        {"content_type": "data", "content": core.OctetString(b"inside")}
    )


def two_certificates(signed: Any) -> None:
    signed["certificates"].append(signed["certificates"][0].copy())


def no_certificate(signed: Any) -> None:
    signed["certificates"] = cms.CertificateSet([])


def sha1_announced(signed: Any) -> None:
    signed["digest_algorithms"] = cms.DigestAlgorithms(
        [algos.DigestAlgorithm({"algorithm": "sha1"})]
    )


def sha512_for_the_signer(signed: Any) -> None:
    signed["signer_infos"][0]["digest_algorithm"] = algos.DigestAlgorithm({"algorithm": "sha512"})


def another_mechanism(signed: Any) -> None:
    signed["signer_infos"][0]["signature_algorithm"] = algos.SignedDigestAlgorithm(
        {"algorithm": "sha512_ecdsa"}
    )


@pytest.mark.parametrize(
    "change",
    [
        two_signers, no_signer, unsigned_attribute, content_inside, two_certificates,
        no_certificate, sha1_announced, sha512_for_the_signer, another_mechanism,
    ],
)  # fmt: skip
def test_a_structure_not_in_our_form_is_refused(
    district: District, sealed: bytes, change: Callable[[Any], None]
) -> None:
    opened = district.open(rebuilt(sealed, change))
    assert codes(opened) == ["signature-malformed"]
    assert opened.payload is None


def without(kind: str) -> Callable[[list[Any]], list[Any]]:
    return lambda items: [item for item in items if item["type"].native != kind]


def doubled(kind: str) -> Callable[[list[Any]], list[Any]]:
    return lambda items: [*items, *(i.copy() for i in items if i["type"].native == kind)]


def with_signing_time(items: list[Any]) -> list[Any]:
    moment = cms.Time({"utc_time": core.UTCTime(SIGNED)})
    return [*items, attribute("signing_time", moment)]


def with_two_digests(items: list[Any]) -> list[Any]:
    digest = next(i["values"][0] for i in items if i["type"].native == "message_digest")
    return [
        *without("message_digest")(items),
        attribute("message_digest", core.OctetString(b"\0" * 32), core.OctetString(digest.native)),
    ]


@pytest.mark.parametrize(
    "change",
    [
        without("signing_certificate_v2"), without("message_digest"), without("content_type"),
        doubled("message_digest"), doubled("signing_certificate_v2"), with_signing_time,
        with_two_digests,
    ],
)  # fmt: skip
def test_signed_attributes_are_exactly_the_three_of_pades(
    district: District, sealed: bytes, change: Callable[[list[Any]], list[Any]]
) -> None:
    assert codes(district.open(resigned(sealed, district.unit, change))) == ["signature-malformed"]


def test_a_certificate_other_than_the_one_named_in_the_attributes_is_refused(
    district: District, sealed: bytes
) -> None:
    """A second certificate over the same key must not step in for the one that signed."""
    key = district.unit.key.public_key()
    again = district.authority.certify("RC-JW", "区教委", key, not_before=BEGIN, not_after=END)

    def swap(signed: Any) -> None:
        signed["certificates"] = cms.CertificateSet([cms.CertificateChoices.load(again)])

    assert codes(district.open(rebuilt(sealed, swap))) == ["signature-malformed"]


@pytest.mark.parametrize("noise", [b"", b"\x30\x80\x00\x00", b"\x04\x02ab", b"\xff" * 40])
def test_noise_in_the_gap_is_refused(district: District, sealed: bytes, noise: bytes) -> None:
    assert codes(district.open(with_cms(sealed, noise))) == ["signature-malformed"]


# --- signers that may not sign -------------------------------------------------------------


def usage(**set_to_true: bool) -> x509.KeyUsage:
    names = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment",
        "key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**{name: set_to_true.get(name, False) for name in names})


RIGHT_USAGE = usage(digital_signature=True, content_commitment=True)
RIGHT_PURPOSES = x509.ExtendedKeyUsage([DOCUMENT_SIGNING, EMAIL_PROTECTION])
NO_CA = x509.BasicConstraints(ca=False, path_length=None)


def odd_identity(
    authority: Authority,
    *,
    key: Any = None,
    name: x509.Name | None = None,
    constraints: x509.BasicConstraints | None = NO_CA,
    key_usage: x509.KeyUsage | None = RIGHT_USAGE,
    purposes: x509.ExtendedKeyUsage | None = RIGHT_PURPOSES,
    extra: tuple[x509.ExtensionType, bool] | None = None,
) -> Identity:
    """An identity with a certificate that the genuine root signed but would never issue."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    root = x509.load_der_x509_certificate(authority.root_der)
    point = x509.DistributionPoint(
        [x509.UniformResourceIdentifier("urn:test:crl")], None, None, None
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(name or subject_name(*UNIT))
        .issuer_name(root.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(BEGIN)
        .not_valid_after(END)
        .add_extension(x509.CRLDistributionPoints([point]), critical=False)
    )
    for value, critical in ((constraints, True), (key_usage, True), (purposes, False)):
        if value is not None:
            builder = builder.add_extension(value, critical=critical)
    if extra is not None:
        builder = builder.add_extension(extra[0], critical=extra[1])
    certificate = builder.sign(authority.key, hashes.SHA256()).public_bytes(Encoding.DER)
    return Identity(*UNIT, certificate, authority.root_der, key)


def test_a_certificate_made_by_hand_but_right_is_accepted(district: District, pages: bytes) -> None:
    """The twin of the refusals below."""
    right = odd_identity(district.authority)
    assert district.open(seal(pages, PAYLOAD, right, signed_at=SIGNED)).verdict == "valid"


UNKNOWN = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00")
ODD: dict[str, dict[str, Any]] = {
    "a CA": {"constraints": x509.BasicConstraints(ca=True, path_length=None)},
    "no basic constraints": {"constraints": None},
    "may sign certificates": {
        "key_usage": usage(digital_signature=True, content_commitment=True, key_cert_sign=True)
    },
    "may sign lists": {
        "key_usage": usage(digital_signature=True, content_commitment=True, crl_sign=True)
    },
    "no commitment": {"key_usage": usage(digital_signature=True)},
    "no digital signature": {"key_usage": usage(content_commitment=True)},
    "no key usage": {"key_usage": None},
    "server purpose": {"purposes": x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])},
    "mail only": {"purposes": x509.ExtendedKeyUsage([EMAIL_PROTECTION])},
    "any purpose": {
        "purposes": x509.ExtendedKeyUsage([ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE])
    },
    "no purpose": {"purposes": None},
    "an unknown critical extension": {"extra": (UNKNOWN, True)},
    "no unit code": {"name": x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, UNIT[1])])},
    "P-384": {"key": ec.generate_private_key(ec.SECP384R1())},
}


@pytest.mark.parametrize("case", ODD)
def test_a_signer_whose_certificate_is_not_a_unit_s_is_refused(
    district: District, pages: bytes, case: str
) -> None:
    odd = odd_identity(district.authority, **ODD[case])
    opened = district.open(seal(pages, PAYLOAD, odd, signed_at=SIGNED))
    assert codes(opened) == ["signer-not-allowed"]
    assert opened.facts.chains_to_root is True
    assert opened.facts.signer_allowed is False
    assert opened.payload is None


def test_an_unknown_extension_that_is_not_critical_does_no_harm(
    district: District, pages: bytes
) -> None:
    odd = odd_identity(district.authority, extra=(UNKNOWN, False))
    assert district.open(seal(pages, PAYLOAD, odd, signed_at=SIGNED)).verdict == "valid"


def test_an_rsa_key_of_2048_bits_is_refused(district: District, pages: bytes) -> None:
    short = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    odd = odd_identity(district.authority, key=short)
    opened = district.open(seal(pages, PAYLOAD, odd, signed_at=SIGNED))
    assert codes(opened) == ["signer-not-allowed"]


def test_the_root_itself_may_not_sign_a_return(district: District, pages: bytes) -> None:
    authority = district.authority
    root = Identity("OFFICE", "根", authority.root_der, authority.root_der, authority.key)
    opened = district.open(seal(pages, PAYLOAD, root, signed_at=SIGNED))
    assert "signer-not-allowed" in codes(opened)
    assert opened.verdict == "invalid"


def test_a_certificate_issued_by_a_unit_is_not_the_office_s(
    district: District, pages: bytes
) -> None:
    """Only the root issues: a unit's own key cannot make further signers."""
    middle = odd_identity(
        district.authority,
        constraints=x509.BasicConstraints(ca=True, path_length=None),
        key_usage=usage(digital_signature=True, content_commitment=True, key_cert_sign=True),
    )
    pretended = dataclasses.replace(district.authority, key=middle.key)
    child = pretended.issue(*UNIT, not_before=BEGIN, not_after=END)
    opened = district.open(seal(pages, PAYLOAD, child, signed_at=SIGNED))
    assert codes(opened) == ["signer-unknown"]


def test_pyhanko_s_opinion_is_its_own(
    district: District, other_authority: Authority, pages: bytes, sealed: bytes
) -> None:
    """Asked without our checks before it, it refuses what it is there to refuse."""
    ours = (
        known_root(district.trust.root),
        known_list(district.trust.root, district.trust.crl or b""),
    )
    assert agrees(sealed, *ours, NOW)
    assert not agrees(sealed.replace(b"RONGCHANG", b"rongchang", 1), *ours, NOW)
    assert not agrees(b"noise", *ours, NOW)
    assert not agrees(pages, *ours, NOW)
    assert not agrees(sealed, *ours, datetime.fromisoformat("2031-01-01T00:00:00+00:00"))
    stranger = other_authority.issue(*UNIT, not_before=BEGIN, not_after=END)
    assert not agrees(seal(pages, PAYLOAD, stranger, signed_at=SIGNED), *ours, NOW)
    for case in ("server purpose", "mail only", "no purpose", "no commitment"):
        odd = odd_identity(district.authority, **ODD[case])
        assert not agrees(seal(pages, PAYLOAD, odd, signed_at=SIGNED), *ours, NOW)


def test_the_digest_stated_is_the_digest_of_everything_but_the_gap(sealed: bytes) -> None:
    start, end = gap(sealed)
    attributes = read_cms(sealed)["content"]["signer_infos"][0]["signed_attrs"]
    stated = next(
        item["values"][0].native for item in attributes if item["type"].native == "message_digest"
    )
    assert stated == hashlib.sha256(sealed[:start] + sealed[end:]).digest()
