"""What the office's certificates look like: names, extensions, the place of the unit code.

A certificate names its holder by two attributes of the subject, and nothing else counts:
`serialNumber` (2.5.4.5) holds the unit code, `commonName` (2.5.4.3) the unit name.
This module builds and reads those names; it never signs and never decides whom to trust.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

OFFICE_CODE = "OFFICE"
"""The reserved unit code in the office's own signing certificate."""

DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")
"""id-kp-documentSigning, RFC 9336."""

EMAIL_PROTECTION = ExtendedKeyUsageOID.EMAIL_PROTECTION
"""Asked for by NSS (pdfsig) before it calls a document signer trusted."""

SMALLEST_RSA = 3072
"""Bits; the smallest RSA key accepted, for tokens that cannot do P-256."""

# PrintableString without the blank: what X.520 allows in a serialNumber.
_CODE = re.compile(r"[A-Za-z0-9'()+,\-./:=?]{1,64}")


def is_unit_code(code: str) -> bool:
    """Whether `code` can stand in a certificate: 1 to 64 characters of X.520 PrintableString."""
    return _CODE.fullmatch(code) is not None


def subject_name(unit_code: str, unit_name: str) -> x509.Name:
    """The subject of a unit's certificate: unit name as commonName, code as serialNumber.

    Raises ValueError for a code that `is_unit_code` refuses, or a name of 0 or more than 64
    bytes (see `fitting_name`).
    """
    if not is_unit_code(unit_code):
        raise ValueError(f"unit code cannot stand in a certificate: {unit_code!r}")
    if not 1 <= len(unit_name.encode()) <= 64:
        raise ValueError(f"unit name must have 1 to 64 bytes: {unit_name!r}")
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.COMMON_NAME, unit_name),
            x509.NameAttribute(NameOID.SERIAL_NUMBER, unit_code),
        ]
    )


def fitting_name(name: str) -> str:
    """The longest head of a name that a commonName holds: 64 bytes of UTF-8 (X.520 bound)."""
    return name.encode()[:64].decode(errors="ignore")


def holder(name: x509.Name) -> tuple[str, str] | None:
    """Unit code and unit name of a subject; None unless each stands there exactly once."""
    codes = name.get_attributes_for_oid(NameOID.SERIAL_NUMBER)
    names = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    if len(codes) != 1 or len(names) != 1:
        return None
    code, unit_name = codes[0].value, names[0].value
    if not isinstance(code, str) or not isinstance(unit_name, str) or not is_unit_code(code):
        return None
    return code, unit_name


def key_is_accepted(key: PublicKeyTypes) -> bool:
    """Whether a signer may use this kind of key: ECDSA P-256, or RSA of 3072 bits or more."""
    if isinstance(key, ec.EllipticCurvePublicKey):
        return isinstance(key.curve, ec.SECP256R1)
    return isinstance(key, rsa.RSAPublicKey) and key.key_size >= SMALLEST_RSA


def fingerprint(der: bytes) -> str:
    """SHA-256 of a certificate, 64 lower-case hex digits."""
    return hashlib.sha256(der).hexdigest()


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signed, as the certificate issued by the office says."""

    unit_code: str
    unit_name: str
    certificate_sha256: str
    """64 hex digits over the DER certificate."""
    serial: int
    not_after: datetime
    """End of validity, aware, UTC."""


def signer_of(certificate_der: bytes) -> Signer | None:
    """The holder of a certificate; None when it names no unit. Does not judge the certificate."""
    certificate = x509.load_der_x509_certificate(certificate_der)
    named = holder(certificate.subject)
    if named is None:
        return None
    return Signer(
        unit_code=named[0],
        unit_name=named[1],
        certificate_sha256=fingerprint(certificate_der),
        serial=certificate.serial_number,
        not_after=certificate.not_valid_after_utc,
    )
