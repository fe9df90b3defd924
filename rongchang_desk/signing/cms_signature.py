"""Step 3: the CMS structure in the gap, and the certificate in it.

Judged with the pinned root alone. An outsider's file ends here, before any PDF parser.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

# Registers the CMS attribute types with asn1crypto; without it ESS attributes stay opaque.
import pyhanko.sign  # noqa: F401
from asn1crypto import cms
from asn1crypto import parser as asn1_parser
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.x509.oid import ExtensionOID

from rongchang_desk.signing.certificates import (
    DOCUMENT_SIGNING,
    EMAIL_PROTECTION,
    Signer,
    key_is_accepted,
    signer_of,
)
from rongchang_desk.signing.identity import verify_bytes
from rongchang_desk.signing.raw_file import SignedBytes
from rongchang_desk.signing.trust import KnownList, known_root

_ATTRIBUTES = {"content_type", "message_digest", "signing_certificate_v2"}
_ALGORITHMS = {"sha256_ecdsa", "sha256_rsa", "rsassa_pkcs1v15"}
_UNDERSTOOD = {
    ExtensionOID.BASIC_CONSTRAINTS,
    ExtensionOID.KEY_USAGE,
    ExtensionOID.EXTENDED_KEY_USAGE,
}


class MalformedSignature(Exception):
    """The gap does not hold exactly one PAdES B-B signature in our form."""


@dataclass(frozen=True, slots=True)
class Signature:
    """What the gap holds: the signer's certificate and the signed attributes, still unjudged."""

    certificate: bytes
    attributes: bytes
    """The signed attributes as the SET that was signed, DER."""
    digest: bytes
    """The message digest the signer states."""
    value: bytes


def read_signature(contents: bytes) -> Signature:
    """The one signature in a gap. Raises MalformedSignature for anything but our form."""
    try:
        return _read(contents)
    except MalformedSignature:
        raise
    except Exception as error:  # asn1crypto raises many kinds on hostile bytes
        raise MalformedSignature from error


def _read(contents: bytes) -> Signature:
    length = _der_length(contents)
    if any(contents[length:]):
        raise MalformedSignature("padding is not zero")
    outer = cms.ContentInfo.load(contents[:length], strict=True)
    if outer["content_type"].native != "signed_data":
        raise MalformedSignature("no signed data")
    signed = outer["content"]
    encapsulated = signed["encap_content_info"]
    if encapsulated["content_type"].native != "data" or encapsulated["content"].native is not None:
        raise MalformedSignature("not detached")
    if [item["algorithm"].native for item in signed["digest_algorithms"]] != ["sha256"]:
        raise MalformedSignature("digest algorithm")
    certificates = signed["certificates"]
    if len(certificates) != 1 or certificates[0].name != "certificate":
        raise MalformedSignature("exactly the signer's certificate belongs in the bag")
    if len(signed["crls"]) or len(signed["signer_infos"]) != 1:
        raise MalformedSignature("exactly one signer")
    # The dumps come before anything looks inside: a touched child may be encoded anew.
    certificate = certificates[0].chosen.dump()
    info = signed["signer_infos"][0]
    attributes = b"\x31" + info["signed_attrs"].dump()[1:]
    if len(info["unsigned_attrs"]):
        raise MalformedSignature("unsigned attributes")
    if info["digest_algorithm"]["algorithm"].native != "sha256":
        raise MalformedSignature("digest algorithm")
    if info["signature_algorithm"]["algorithm"].native not in _ALGORITHMS:
        raise MalformedSignature("signature algorithm")
    stated = _stated(info["signed_attrs"])
    essential = stated["signing_certificate_v2"]["certs"]
    if (
        stated["content_type"].native != "data"
        or len(essential) != 1
        or essential[0]["hash_algorithm"]["algorithm"].native != "sha256"
        or essential[0]["cert_hash"].native != hashlib.sha256(certificate).digest()
    ):
        raise MalformedSignature("signed attributes")
    return Signature(
        certificate=certificate,
        attributes=attributes,
        digest=stated["message_digest"].native,
        value=info["signature"].native,
    )


def _der_length(contents: bytes) -> int:
    _, _, _, header, value, trailer = asn1_parser.parse(contents)
    return len(header) + len(value) + len(trailer)


def _stated(attributes: cms.CMSAttributes) -> dict[str, Any]:
    stated: dict[str, Any] = {}
    for attribute in attributes:
        kind = attribute["type"].native
        if kind in stated or kind not in _ATTRIBUTES or len(attribute["values"]) != 1:
            raise MalformedSignature("signed attributes")
        stated[kind] = attribute["values"][0]
    if stated.keys() != _ATTRIBUTES:
        raise MalformedSignature("signed attributes")
    return stated


def is_intact(signature: Signature, signed: SignedBytes) -> bool:
    """Whether the bytes around the gap have the digest that the signer states."""
    digest = hashlib.sha256(signed.before)
    digest.update(signed.after)
    return digest.digest() == signature.digest


def is_genuine(signature: Signature) -> bool:
    """Whether the signature verifies under the certificate that came with it."""
    return verify_bytes(signature.certificate, signature.attributes, signature.value)


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """What the pinned root says about a certificate at a moment; `reasons` are codes, in order."""

    chains_to_root: bool
    in_validity: bool | None = None
    not_revoked: bool | None = None
    signer_allowed: bool | None = None
    signer: Signer | None = None
    reasons: tuple[str, ...] = ()


def judge_certificate(
    der: bytes, root_der: bytes, revocations: KnownList | None, at: datetime
) -> CertificateFacts:
    """The facts of a signer's certificate at the moment `at`.

    A list newer than `at` counts (a return is judged at its receipt time with today's list); a
    list that ended before `at` does not. Never raises on bad certificates; ValueError when the
    root itself is unusable.
    """
    issued = _issued(der, root_der)
    if issued is None:
        return CertificateFacts(chains_to_root=False, reasons=("signer-unknown",))
    reasons: list[str] = []
    if not issued.allowed:
        reasons.append("signer-not-allowed")
    if at < issued.begin:
        reasons.append("certificate-not-yet-valid")
    elif at > issued.end:
        reasons.append("certificate-expired")
    not_revoked: bool | None = None
    if revocations is not None:
        since = revocations.revoked.get(issued.serial)
        if since is not None and since <= at:
            not_revoked = False
            reasons.append("certificate-revoked")
        elif at <= revocations.next_update:
            not_revoked = True
        else:
            reasons.append("revocation-stale")
    return CertificateFacts(
        chains_to_root=True,
        in_validity=issued.begin <= at <= issued.end,
        not_revoked=not_revoked,
        signer_allowed=issued.allowed,
        signer=issued.signer,
        reasons=tuple(reasons),
    )


@dataclass(frozen=True, slots=True)
class _Issued:
    """What a certificate says that the root issued, whatever the moment."""

    serial: int
    begin: datetime
    end: datetime
    allowed: bool
    signer: Signer | None


@lru_cache(maxsize=256)
def _issued(der: bytes, root_der: bytes) -> _Issued | None:
    """None when the root did not issue the certificate directly. A pure function of its bytes."""
    root = known_root(root_der).certificate
    try:
        certificate = x509.load_der_x509_certificate(der)
        certificate.verify_directly_issued_by(root)
    except (InvalidSignature, ValueError, TypeError):
        return None
    try:
        signer = signer_of(der)
    except ValueError:
        signer = None
    return _Issued(
        serial=certificate.serial_number,
        begin=max(certificate.not_valid_before_utc, root.not_valid_before_utc),
        end=min(certificate.not_valid_after_utc, root.not_valid_after_utc),
        allowed=signer is not None and _may_sign(certificate),
        signer=signer,
    )


def _may_sign(certificate: x509.Certificate) -> bool:
    try:
        extensions = certificate.extensions
        constraints = extensions.get_extension_for_class(x509.BasicConstraints).value
        usage = extensions.get_extension_for_class(x509.KeyUsage).value
        purposes = set(extensions.get_extension_for_class(x509.ExtendedKeyUsage).value)
        key = certificate.public_key()
    except Exception:  # noqa: BLE001  duplicate or missing extensions, unknown curves: no signer of ours
        return False
    return (
        not constraints.ca
        and usage.digital_signature
        and usage.content_commitment
        and not usage.key_cert_sign
        and not usage.crl_sign
        and purposes == {DOCUMENT_SIGNING, EMAIL_PROTECTION}
        and key_is_accepted(key)
        and all(item.oid in _UNDERSTOOD for item in extensions if item.critical)
    )
