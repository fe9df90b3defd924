"""A unit's identity: its code, its certificate, the office's root and its private key.

Lives in one PKCS#12 file under the clerk's passphrase. Bytes in, bytes out: where the file
lies is the caller's affair. The key never appears in a repr, a log line or an error.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from rongchang_desk.errors import CannotRead
from rongchang_desk.signing.certificates import holder
from rongchang_desk.signing.key_file import (
    KDF_ROUNDS,
    SignerKey,
    read_key_file,
    write_key_file,
)
from rongchang_desk.signing.token import TokenKey

__all__ = [
    "KDF_ROUNDS",
    "Identity",
    "is_from_root",
    "read_identity",
    "sign_bytes",
    "verify_bytes",
    "write_identity",
]


@dataclass(frozen=True, slots=True)
class Identity:
    """Who signs here: unit code and name, DER certificates, and the private key."""

    unit_code: str
    unit_name: str
    certificate: bytes
    """The unit's certificate, DER."""
    root: bytes
    """The office's root certificate, DER."""
    key: SignerKey | TokenKey = field(repr=False, compare=False)


def read_identity(p12: bytes, passphrase: str) -> Identity:
    """The identity in a PKCS#12 file.

    Raises WrongPassphrase when the passphrase does not open it, CannotRead when the file is
    damaged, names no unit, or its certificate was not issued by the root that lies beside it.
    """
    key, certificate, others = read_key_file(p12, passphrase)
    named = holder(certificate.subject)
    if named is None or len(others) != 1 or not _issued_by(certificate, others[0]):
        raise CannotRead(
            "密钥文件中的证书不完整，无法确认所属单位。",
            "请向领导小组办公室重新索取入网包。",
        )
    return Identity(
        unit_code=named[0],
        unit_name=named[1],
        certificate=certificate.public_bytes(Encoding.DER),
        root=others[0].public_bytes(Encoding.DER),
        key=key,
    )


def write_identity(identity: Identity, passphrase: str, *, rounds: int = KDF_ROUNDS) -> bytes:
    """The PKCS#12 file of an identity under a passphrase.

    Leave `rounds` alone for a passphrase that a person chose; a kit under a long random
    password may take fewer. Raises ValueError for an empty passphrase or far too few rounds,
    TypeError for a key on a token, which has no such file.
    """
    if isinstance(identity.key, TokenKey):
        raise TypeError("a token's key stays on the token")
    return write_key_file(
        identity.key,
        x509.load_der_x509_certificate(identity.certificate),
        [x509.load_der_x509_certificate(identity.root)],
        passphrase,
        rounds=rounds,
    )


def sign_bytes(identity: Identity, data: bytes) -> bytes:
    """A bare signature over `data` (ECDSA or RSA PKCS#1 v1.5, SHA-256), for the ledger's head."""
    return sign_with(identity.key, data)


def verify_bytes(certificate_der: bytes, data: bytes, signature: bytes) -> bool:
    """Whether `signature` is the certificate holder's over `data`. Never raises on bad input.

    Says nothing about the certificate itself; compare it with the one on record.
    """
    try:
        key = x509.load_der_x509_certificate(certificate_der).public_key()
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, data, ec.ECDSA(hashes.SHA256()))
        elif isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
        else:
            return False
    except (InvalidSignature, ValueError):
        return False
    return True


def token_identity(key: TokenKey, certificate: bytes, root: bytes) -> Identity:
    """The identity of a token's key and the certificate (DER) kept beside it.

    Raises CannotRead when the certificate is another key's or another root's.
    """
    parsed = x509.load_der_x509_certificate(certificate)
    named = holder(parsed.subject)
    fits = parsed.public_key() == key.public_key()
    if named is None or not fits or not is_from_root(certificate, root):
        raise CannotRead(
            "USB 密码介质中的密钥与本单位证书不匹配。", "请向领导小组办公室重新索取入网包。"
        )
    return Identity(named[0], named[1], certificate, root, key)


def is_from_root(certificate_der: bytes, root_der: bytes) -> bool:
    """Whether the root issued this certificate directly. Never raises on bad input."""
    try:
        return _issued_by(
            x509.load_der_x509_certificate(certificate_der),
            x509.load_der_x509_certificate(root_der),
        )
    except ValueError:
        return False


def sign_with(key: SignerKey | TokenKey, data: bytes) -> bytes:
    """A signature with SHA-256: ECDSA in DER form, or RSA PKCS#1 v1.5."""
    if isinstance(key, TokenKey):
        return key.sign(data)
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(data, ec.ECDSA(hashes.SHA256()))
    return key.sign(data, padding.PKCS1v15(), hashes.SHA256())


def _issued_by(certificate: x509.Certificate, root: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(root)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True
