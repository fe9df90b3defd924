"""A unit's own key: made at its desk, which it never leaves, and certified by the office."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rongchang_desk.app.desk import Desk, Role
from rongchang_desk.app.files import read_bytes, write_secret, write_whole
from rongchang_desk.store import audit

if TYPE_CHECKING:
    from rongchang_desk.signing.key_file import SignerKey
    from rongchang_desk.signing.token import TokenKey


@dataclass(frozen=True, slots=True)
class Requested:
    """A request that was written, and the key's fingerprint to read out to the office (hex)."""

    file: Path
    fingerprint: str
    again: bool = False
    """An earlier request still waits: this one is about the same key."""


@dataclass(frozen=True, slots=True)
class OwnKey:
    """The key this desk signs with."""

    unit_code: str
    unit_name: str
    sha256: str
    not_after: datetime
    waiting: bool
    """A request waits for its certificate."""


def own_key(desk: Desk) -> OwnKey:
    """What is known about the desk's key without its passphrase."""
    from rongchang_desk.signing.certificates import signer_of

    signer = signer_of(desk.certificate())
    assert signer is not None  # a desk keeps only certificates that name their holder
    return OwnKey(
        signer.unit_code, signer.unit_name, signer.certificate_sha256, signer.not_after,
        desk.request.is_file() or desk.token_request.is_file(),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    """Where a key is to be made on a token: its maker's PKCS#11 library, its label, its PIN."""

    library: str
    label: str
    pin: str


def make_request(
    desk: Desk, passphrase: str, out: Path, *, token: Token | None = None
) -> Requested:
    """A request for a certificate over a key made here and kept under the desk's passphrase, or
    made on a token, where it stays.

    The desk goes on signing with its present key until the office's answer is opened. Raises
    WrongPassphrase, CannotRead without the token, FoundWrong for an unfit one, CannotWrite.
    """
    from rongchang_desk.signing import request
    from rongchang_desk.signing.certificates import fitting_name

    desk.require(Role.UNIT)
    identity = desk.identity(passphrase)
    name = fitting_name(desk.unit.name)
    key: SignerKey | TokenKey | None
    again = (desk.token_request if token else desk.request).is_file()
    if token is not None:
        key = _token_key(desk, token, name)
    elif again:
        key = waiting_key(desk, passphrase)
        assert key is not None  # the file is there
    else:
        p12, key = request.new_key_file(identity.unit_code, name, passphrase, desk.now())
        write_secret(desk.request, p12)
        audit.note(desk.store, desk.now(), "certificate-requested", identity.unit_code)
    write_whole(out, request.make_request(identity.unit_code, name, key))
    return Requested(out, request.key_fingerprint(key.public_key()), again)


def _token_key(desk: Desk, token: Token, name: str) -> TokenKey:
    """The key on a token that waits already, opened; else a new one, noted down."""
    from rongchang_desk.signing import token as tokens

    if desk.token_request.is_file():
        return tokens.loads(read_bytes(desk.token_request)).opened(token.pin)
    key = tokens.make_key(token.library, token.label, token.pin, name)
    write_secret(desk.token_request, key.dumps())
    desk.request.unlink(missing_ok=True)
    audit.note(desk.store, desk.now(), "certificate-requested", f"{desk.unit_code} token")
    return key


def waiting_key(desk: Desk, passphrase: str) -> SignerKey | TokenKey | None:
    """The key that waits for its certificate, or None; raises WrongPassphrase, CannotRead.

    One on a token is told by its public key alone: its PIN is asked for when it signs.
    """
    from rongchang_desk.signing import request
    from rongchang_desk.signing.token import loads

    if desk.token_request.is_file():
        return loads(read_bytes(desk.token_request))
    if not desk.request.is_file():
        return None
    return request.waiting_key(read_bytes(desk.request), passphrase)
