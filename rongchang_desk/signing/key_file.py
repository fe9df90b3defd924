"""The PKCS#12 files that hold a private key: one way to write them, one way to read them.

cryptography writes the bags with PBES2 (AES-256, PBKDF2-HMAC-SHA-256) under the rounds asked
for, but seals the whole with a MAC of 2048 rounds: whoever guesses passphrases would guess
against the MAC and the high rounds would be worth nothing. The MAC is therefore made anew here
with as many rounds (RFC 7292, appendix B and section 4).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from asn1crypto import pkcs12 as asn1_pkcs12
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import PrivateFormat, pkcs12

from rongchang_desk.errors import CannotRead, WrongPassphrase

SignerKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

KDF_ROUNDS = 700_000
"""Rounds of every derivation in a key file: 85 to 95 ms each where this was measured.

Opening takes three of them. The MAC is the cheapest place to guess at: one SHA-256 a round
where PBKDF2 takes two, so a guess costs 700 000 of them.
"""

LOWEST_ROUNDS = 10_000
"""For files under a long random password only (enrolment kits) and for tests."""

_LARGEST_FILE = 64 * 1024


def write_key_file(
    key: SignerKey,
    certificate: x509.Certificate,
    others: list[x509.Certificate],
    passphrase: str,
    *,
    rounds: int = KDF_ROUNDS,
) -> bytes:
    """The PKCS#12 bytes for a key, its certificate and further certificates.

    Raises ValueError for an empty passphrase or fewer than `LOWEST_ROUNDS` rounds.
    """
    if not passphrase:
        raise ValueError("a key file needs a passphrase")
    if rounds < LOWEST_ROUNDS:
        raise ValueError(f"fewer than {LOWEST_ROUNDS} rounds protect nothing")
    encryption = (
        PrivateFormat.PKCS12.encryption_builder()
        .kdf_rounds(rounds)
        .key_cert_algorithm(pkcs12.PBES.PBESv2SHA256AndAES256CBC)
        .hmac_hash(hashes.SHA256())
        .build(passphrase.encode("utf-8"))
    )
    plain = pkcs12.serialize_key_and_certificates(None, key, certificate, others, encryption)
    return _with_slow_mac(plain, passphrase, rounds)


def read_key_file(
    data: bytes, passphrase: str
) -> tuple[SignerKey, x509.Certificate, list[x509.Certificate]]:
    """Key, certificate and further certificates of a PKCS#12 file.

    Raises WrongPassphrase when the passphrase does not open it, CannotRead when the file is no
    key file or holds no key with its certificate.
    """
    _refuse_unless_key_file(data)
    try:
        key, certificate, others = pkcs12.load_key_and_certificates(
            data, passphrase.encode("utf-8")
        )
    except ValueError as error:
        # OpenSSL does not tell a wrong passphrase from damaged bytes behind a sound outer shape.
        raise WrongPassphrase(
            "口令不正确，密钥文件没有打开。",
            "请检查大小写、中英文输入法和首尾空格后重新输入；忘记口令时，请联系领导小组办公室换发。",
        ) from error
    except Exception as error:
        raise _not_a_key_file() from error
    if not isinstance(key, SignerKey) or certificate is None:
        raise _not_a_key_file()
    if key.public_key() != certificate.public_key():
        raise CannotRead(
            "密钥文件中的密钥与证书不匹配。", "请向领导小组办公室重新索取入网包，勿使用拼接的文件。"
        )
    return key, certificate, others


def _refuse_unless_key_file(data: bytes) -> None:
    if not data or len(data) > _LARGEST_FILE:
        raise _not_a_key_file()
    try:
        outer = asn1_pkcs12.Pfx.load(data, strict=True)
        if outer["version"].native != "v3" or not len(outer.authenticated_safe):
            raise ValueError("not a PKCS#12 file")
    except Exception as error:  # asn1crypto raises many kinds on hostile bytes
        raise _not_a_key_file() from error


def _not_a_key_file() -> CannotRead:
    return CannotRead(
        "这不是可用的密钥文件，或文件已损坏。",
        "请重新选择领导小组办公室发放的密钥文件；若文件来自U盘，请重新拷贝一次。",
    )


def _with_slow_mac(data: bytes, passphrase: str, rounds: int) -> bytes:
    outer = asn1_pkcs12.Pfx.load(data)
    safe = outer["auth_safe"]["content"].native
    salt = secrets.token_bytes(16)
    digest = hmac.digest(_mac_key(passphrase, salt, rounds), safe, "sha256")
    return bytes(
        asn1_pkcs12.Pfx(
            {
                "version": "v3",
                "auth_safe": outer["auth_safe"],
                "mac_data": {
                    "mac": {"digest_algorithm": {"algorithm": "sha256"}, "digest": digest},
                    "mac_salt": salt,
                    "iterations": rounds,
                },
            }
        ).dump()
    )


def _mac_key(passphrase: str, salt: bytes, rounds: int) -> bytes:
    """The key derivation of PKCS#12 for SHA-256 and purpose 3, one block (RFC 7292, B.2)."""
    block = 64

    def filled(part: bytes) -> bytes:
        length = block * -(-len(part) // block)
        return (part * (length // len(part) + 1))[:length]

    secret = passphrase.encode("utf-16-be") + b"\x00\x00"
    digest = b"\x03" * block + filled(salt) + filled(secret)
    sha256 = hashlib.sha256
    for _ in range(rounds):
        digest = sha256(digest).digest()
    return digest
