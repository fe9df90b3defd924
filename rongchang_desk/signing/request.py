"""Enrolment by request: the unit makes its own key and asks the office for a certificate."""

from __future__ import annotations

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from rongchang_desk.errors import FoundWrong
from rongchang_desk.signing.certificates import holder, subject_name
from rongchang_desk.signing.identity import Identity
from rongchang_desk.signing.key_file import SignerKey


def make_request(unit_code: str, unit_name: str, key: SignerKey) -> bytes:
    """A certificate request (PKCS#10, PEM) over the unit's own key; it asks for no extensions."""
    builder = x509.CertificateSigningRequestBuilder(subject_name(unit_code, unit_name))
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)


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
