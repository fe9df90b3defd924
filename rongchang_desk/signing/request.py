"""Enrolment by request: the unit makes its own key and asks the office for a certificate."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from asn1crypto import csr as asn1_csr
from asn1crypto import keys as asn1_keys
from asn1crypto import pem
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from rongchang_desk.errors import FoundWrong
from rongchang_desk.signing.certificates import holder, key_is_accepted, subject_name
from rongchang_desk.signing.identity import Identity
from rongchang_desk.signing.key_file import (
    KDF_ROUNDS,
    SignerKey,
    read_key_file,
    write_key_file,
)
from rongchang_desk.signing.token import TokenKey

LARGEST = 64 * 1024
"""Bytes a request may have."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a request says: whose it is, the key's kind, and its fingerprint (SHA-256 of the public
    key, hex), which both sides compare."""

    unit_code: str
    unit_name: str
    key: str
    fingerprint: str


def read_request(data: bytes) -> Request:
    """What a certificate request (PEM or DER) says; its signature proves who has the key.

    Raises FoundWrong when it is no request, proves nothing, or holds a key we do not accept.
    """
    try:
        parsed = (
            x509.load_pem_x509_csr(data)
            if data.lstrip().startswith(b"-----")
            else x509.load_der_x509_csr(data)
        )
        proven, named, key = parsed.is_signature_valid, holder(parsed.subject), parsed.public_key()
    except Exception as wrong:  # cryptography raises many kinds on hostile bytes
        raise FoundWrong(
            "这不是可用的证书申请文件。", "请让报送单位重新生成申请文件（扩展名 .csr）。"
        ) from wrong
    if not proven or named is None or not key_is_accepted(key):
        raise FoundWrong(
            "证书申请没有写明单位，签名无效，或密钥不符合要求。",
            "请让报送单位在工作台中重新生成申请文件。",
        )
    kind = "P-256" if isinstance(key, ec.EllipticCurvePublicKey) else "RSA"
    if isinstance(key, rsa.RSAPublicKey):
        kind = f"RSA {key.key_size}"
    return Request(named[0], named[1], kind, key_fingerprint(key))


def key_fingerprint(key: object) -> str:
    """SHA-256 (hex) of a public key's DER form."""
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)  # type: ignore[attr-defined]  # any public key has it
    return hashlib.sha256(der).hexdigest()


def new_key_file(
    unit_code: str, unit_name: str, passphrase: str, now: datetime, *, rounds: int = KDF_ROUNDS
) -> tuple[bytes, SignerKey]:
    """A new P-256 key of the unit's own, waiting for its certificate: (PKCS#12, key).

    A key file needs a certificate; until the office's comes it is one the key made for itself,
    which nobody trusts.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    subject = subject_name(unit_code, unit_name)
    own = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365))
        .sign(key, hashes.SHA256())
    )
    return write_key_file(key, own, [], passphrase, rounds=rounds), key


def waiting_key(p12: bytes, passphrase: str) -> SignerKey:
    """The key in a file of `new_key_file`; raises WrongPassphrase, CannotRead."""
    return read_key_file(p12, passphrase)[0]


def make_request(unit_code: str, unit_name: str, key: SignerKey | TokenKey) -> bytes:
    """A certificate request (PKCS#10, PEM) over the unit's own key; it asks for no extensions."""
    if isinstance(key, TokenKey):
        return _token_request(unit_code, unit_name, key)
    builder = x509.CertificateSigningRequestBuilder(subject_name(unit_code, unit_name))
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)


def _token_request(unit_code: str, unit_name: str, key: TokenKey) -> bytes:
    """The same, put together by hand: cryptography signs with keys of its own only."""
    info = asn1_csr.CertificationRequestInfo(
        {
            "version": "v1",
            "subject": asn1_x509.Name.load(subject_name(unit_code, unit_name).public_bytes()),
            "subject_pk_info": asn1_keys.PublicKeyInfo.load(key.spki),
            "attributes": [],
        }
    )
    is_ec = isinstance(key.public_key(), ec.EllipticCurvePublicKey)
    made = asn1_csr.CertificationRequest(
        {
            "certification_request_info": info,
            "signature_algorithm": {"algorithm": "sha256_ecdsa" if is_ec else "sha256_rsa"},
            "signature": key.sign(info.dump()),
        }
    )
    return bytes(pem.armor("CERTIFICATE REQUEST", made.dump()))


def join(key: SignerKey, certificate: bytes, root: bytes) -> Identity:
    """The identity of a key and the certificate (DER) that the office issued for it.

    Raises FoundWrong when the certificate is another key's, another root's, or names no unit.
    """
    try:
        parsed = x509.load_der_x509_certificate(certificate)
        parsed.verify_directly_issued_by(x509.load_der_x509_certificate(root))
        named = holder(parsed.subject)
        fits = parsed.public_key() == key.public_key()
    except (InvalidSignature, ValueError, TypeError):
        named, fits = None, False
    if named is None or not fits:
        raise FoundWrong(
            "收到的证书与本单位的密钥不匹配，没有启用。",
            "请确认打开的是办公室针对最近一次申请签发的证书；不一致时请重新申请。",
        )
    return Identity(named[0], named[1], certificate, root, key)
