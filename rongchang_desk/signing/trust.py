"""Whom to trust: the office's root and its revocation list, and nothing else on the machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from asn1crypto import crl as asn1_crl
from asn1crypto import pem
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature

from rongchang_desk.errors import FoundWrong


@dataclass(frozen=True, slots=True)
class Trust:
    """The office's root certificate (DER) and its current revocation list (DER), if at hand."""

    root: bytes
    crl: bytes | None = None

    @classmethod
    def from_pem(cls, data: bytes) -> Trust:
        """The trust in an exported file: one root certificate and, when there, one list.

        Raises FoundWrong when the file holds no usable root, or more than one of either.
        """
        roots: list[bytes] = []
        lists: list[bytes] = []
        try:
            for label, _, der in pem.unarmor(data, multiple=True):
                {"CERTIFICATE": roots, "X509 CRL": lists}[label].append(der)
            if len(roots) != 1 or len(lists) > 1:
                raise ValueError("exactly one root, at most one list")
            trust = cls(roots[0], lists[0] if lists else None)
            known_root(trust.root)
        except (ValueError, KeyError, TypeError) as error:
            raise FoundWrong(
                "根证书文件无法使用。", "请重新选择办公室导出的根证书文件（扩展名 .pem）。"
            ) from error
        return trust

    def to_pem(self) -> bytes:
        """Root and list as PEM text; with the list, a reader can reach a full verdict."""
        parts = [pem.armor("CERTIFICATE", self.root)]
        if self.crl is not None:
            parts.append(pem.armor("X509 CRL", self.crl))
        return b"".join(parts)


@dataclass(frozen=True, slots=True)
class KnownRoot:
    """A root parsed once: for our own checks, and for pyHanko (read only)."""

    certificate: x509.Certificate
    for_pyhanko: asn1_x509.Certificate


@dataclass(frozen=True, slots=True)
class KnownList:
    """A revocation list parsed and verified once. Times are aware."""

    revoked: Mapping[int, datetime]
    this_update: datetime
    next_update: datetime
    for_pyhanko: asn1_crl.CertificateList


@lru_cache(maxsize=16)
def known_root(der: bytes) -> KnownRoot:
    """The parsed root. Raises ValueError when it is no self-signed root of ours."""
    certificate = x509.load_der_x509_certificate(der)
    try:
        certificate.verify_directly_issued_by(certificate)
        constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except (InvalidSignature, TypeError, x509.ExtensionNotFound) as error:
        raise ValueError("not a root certificate") from error
    if not constraints.ca or not usage.key_cert_sign or not usage.crl_sign:
        raise ValueError("not a root certificate")
    parsed = asn1_x509.Certificate.load(der)
    parsed.native  # noqa: B018  parses everything now, so that later readers change nothing
    return KnownRoot(certificate, parsed)


@lru_cache(maxsize=16)
def known_list(root_der: bytes, der: bytes) -> KnownList:
    """The parsed list. Raises ValueError when the root did not sign it or it has no end."""
    root = known_root(root_der).certificate
    parsed = x509.load_der_x509_crl(der)
    key = root.public_key()
    if parsed.issuer != root.subject or not parsed.is_signature_valid(key):  # type: ignore[arg-type]  # a root of ours has a signing key
        raise ValueError("not this root's revocation list")
    if any(extension.critical for extension in parsed.extensions):
        raise ValueError("a list with limits we do not know")
    if parsed.next_update_utc is None:
        raise ValueError("a list without an end")
    asn1 = asn1_crl.CertificateList.load(der)
    asn1.native  # noqa: B018  as above
    return KnownList(
        revoked={line.serial_number: line.revocation_date_utc for line in parsed},
        this_update=parsed.last_update_utc,
        next_update=parsed.next_update_utc,
        for_pyhanko=asn1,
    )
