"""A signing key on a PKCS#11 token (USB 密码介质): made there, used there, never copied out.

The file beside the desk's certificate says which token and which key; the PIN is the passphrase.
Tested with SoftHSM2; python-pkcs11 is imported only when a token is used.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, rsa, utils
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
)

from rongchang_desk.errors import CannotRead, FoundWrong, WrongPassphrase

_ONE_AT_A_TIME = threading.Lock()
"""A login counts for all sessions of a token, so sessions take turns."""


@dataclass(frozen=True, slots=True)
class TokenKey:
    """A P-256 or RSA key on a token. `key_id` in hex; `spki` is the public key, DER; `pin` is
    empty while nothing is to be signed."""

    library: str
    token: str
    key_id: str
    spki: bytes
    pin: str = field(default="", repr=False, compare=False)

    def public_key(self) -> ec.EllipticCurvePublicKey | rsa.RSAPublicKey:
        key = load_der_public_key(self.spki)
        assert isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey)
        return key

    def sign(self, data: bytes) -> bytes:
        """A signature with SHA-256: ECDSA in DER form, or RSA PKCS#1 v1.5.

        Raises WrongPassphrase for a wrong PIN, CannotRead when the token is not there.
        """
        from pkcs11 import KeyType, Mechanism, ObjectClass

        with _session(self.library, self.token, self.pin) as session:
            try:
                key = session.get_key(
                    object_class=ObjectClass.PRIVATE_KEY, id=bytes.fromhex(self.key_id)
                )
            except Exception as gone:  # the library raises a class of its own for each fault
                raise _not_there(self.token) from gone
            if key.key_type == KeyType.RSA:
                return bytes(key.sign(data, mechanism=Mechanism.SHA256_RSA_PKCS))
            raw = bytes(key.sign(hashlib.sha256(data).digest(), mechanism=Mechanism.ECDSA))
        half = len(raw) // 2
        return utils.encode_dss_signature(
            int.from_bytes(raw[:half], "big"), int.from_bytes(raw[half:], "big")
        )

    def opened(self, pin: str) -> TokenKey:
        """The key with its PIN, after the token accepted it; raises as `sign` does."""
        with _session(self.library, self.token, pin):
            return replace(self, pin=pin)

    def dumps(self) -> bytes:
        """What is kept on disk: where the key is, never the PIN."""
        return json.dumps(
            {
                "format": 1,
                "library": self.library,
                "token": self.token,
                "key": self.key_id,
                "spki": self.spki.hex(),
            },
            ensure_ascii=False,
        ).encode()


def loads(data: bytes) -> TokenKey:
    """The key a file of `dumps` speaks of; raises CannotRead for another file."""
    try:
        found = json.loads(data)
        if found["format"] != 1:
            raise ValueError("another format")
        key = TokenKey(
            str(found["library"]), str(found["token"]), str(found["key"]),
            bytes.fromhex(found["spki"]),
        )  # fmt: skip
        key.public_key()
    except (ValueError, KeyError, TypeError, AssertionError) as wrong:
        raise CannotRead(
            "USB 密码介质的登记文件已损坏。", "请向领导小组办公室重新索取入网包。"
        ) from wrong
    return key


def make_key(library: str, token: str, pin: str, label: str) -> TokenKey:
    """A new P-256 key on a token, which it cannot leave.

    Raises WrongPassphrase for a wrong PIN, CannotRead for a library or token that is not there,
    FoundWrong for a token that makes no such keys.
    """
    import secrets

    from pkcs11 import Attribute, KeyType, PKCS11Error
    from pkcs11.util.ec import encode_ec_public_key, encode_named_curve_parameters

    key_id = secrets.token_bytes(8)
    with _session(library, token, pin, write=True) as session:
        try:
            curve = session.create_domain_parameters(
                KeyType.EC,
                {Attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1")},
                local=True,
            )
            public, _ = curve.generate_keypair(id=key_id, label=label, store=True)
            spki = bytes(encode_ec_public_key(public))
        except PKCS11Error as unable:
            raise FoundWrong(
                f"介质“{token}”不能生成 P-256 密钥。", "请换一个支持 ECDSA P-256 的介质。"
            ) from unable
    key = TokenKey(library, token, key_id.hex(), spki, pin)
    # In the form every other part of the program compares.
    return replace(
        key,
        spki=key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
    )


@contextmanager
def _session(library: str, token: str, pin: str, *, write: bool = False) -> Iterator[Any]:
    """A session on a token after its PIN was accepted."""
    import pkcs11

    with _ONE_AT_A_TIME:
        try:
            found = pkcs11.lib(library).get_token(token_label=token)
            session = found.open(user_pin=pin, rw=write)
        except (pkcs11.PinIncorrect, pkcs11.PinLenRange, pkcs11.PinInvalid) as wrong:
            raise WrongPassphrase(
                "USB 密码介质的口令（PIN）不正确。", "多次输错介质会锁定，请核对后再输入。"
            ) from wrong
        except pkcs11.PinLocked as locked:
            raise WrongPassphrase(
                "USB 密码介质已锁定。", "请联系介质的发放单位解锁，或向办公室换发密钥。"
            ) from locked
        except (pkcs11.PKCS11Error, RuntimeError, OSError) as gone:
            raise _not_there(token) from gone
        try:
            yield session
        finally:
            session.close()


def _not_there(token: str) -> CannotRead:
    return CannotRead(
        f"没有找到 USB 密码介质“{token}”，或其中没有本单位的密钥。",
        "请插好介质，确认驱动已安装，再试一次。",
    )
