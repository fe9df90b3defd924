"""The register of keys 密钥登记簿: what became of every certificate, and what the office does.

Making kits is in `app.enrol`, the signed document in `app.key_document`; here keys are handed
over, issued for a unit's own request, replaced, reported lost and revoked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

from rongchang_desk.app import enrol, parcels
from rongchang_desk.app.clock import CHINA
from rongchang_desk.app.desk import Desk, Role
from rongchang_desk.app.enrol import Kit
from rongchang_desk.app.files import read_bytes
from rongchang_desk.app.parcels import Written
from rongchang_desk.app.running import Running
from rongchang_desk.domain.key_state import Key, KeyState, Route, standing_for
from rongchang_desk.domain.month import in_words
from rongchang_desk.domain.parcel import OFFICE
from rongchang_desk.domain.plan import Unit
from rongchang_desk.errors import FoundWrong, UsageError
from rongchang_desk.store import audit, keys
from rongchang_desk.store.keys import CertificateRow, Contact

if TYPE_CHECKING:
    from rongchang_desk.signing.authority import Authority
    from rongchang_desk.signing.request import Request

LEAST_COMPARED = 16
"""Hex digits of a request's fingerprint that must have been compared."""


# -- looking ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Member:
    """A unit of the plan: whom to call, its keys, and the one that speaks for it (or None)."""

    unit: Unit
    contact: Contact
    keys: tuple[Key, ...]
    key: Key | None
    now: datetime

    @property
    def count(self) -> int:
        """How many of its keys may sign."""
        return sum(key.state(self.now).is_good for key in self.keys)

    @property
    def state(self) -> KeyState | None:
        """How its key stands; None while it has none."""
        return self.key.state(self.now) if self.key else None


def members(desk: Desk) -> tuple[Member, ...]:
    """Every unit of the plan, in plan order, with its contact and its keys."""
    desk.require(Role.OFFICE)
    now = desk.now()
    known = keys.contacts(desk.store)
    issued: dict[str, list[Key]] = {}
    for key in keys_of(desk):
        issued.setdefault(key.unit, []).append(key)
    found = []
    for unit in desk.plan.units:
        own = tuple(issued.get(unit.code, ()))
        contact = known.get(unit.code, Contact(unit.code))
        found.append(Member(unit, contact, own, standing_for(own, now), now))
    return tuple(found)


def keys_of(desk: Desk) -> tuple[Key, ...]:
    """Every certificate ever issued, the office's own too, by unit and time of issue."""
    desk.require(Role.OFFICE)
    used = keys.first_uses(desk.store)
    return tuple(_key(row, used) for row in keys.certificates(desk.store))


def _key(row: CertificateRow, used: dict[str, str]) -> Key:
    sha256 = hashlib.sha256(row.der).hexdigest()
    return Key(
        row.serial, row.unit, row.name, sha256, Route(row.route),
        datetime.fromisoformat(row.issued_at), datetime.fromisoformat(row.not_after),
        _time(row.handed_over_at), row.handed_over_to or "", _time(used.get(sha256)),
        _time(row.lost_since), _time(row.revoked_at), row.revoked_because or "",
        row.replaced_by or "",
    )  # fmt: skip


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def keep_contacts(desk: Desk, contacts: Iterable[Contact]) -> None:
    """Keep contacts in the place of those of the same units."""
    desk.require(Role.OFFICE)
    keys.keep_contacts(desk.store, contacts)


def note_handed_over(desk: Desk, serials: Collection[str], to: str) -> int:
    """Note that units received their keys today, and who took them; how many were noted."""
    desk.require(Role.OFFICE)
    with desk.store.transaction():
        count = sum(keys.note_handed_over(desk.store, s, desk.now(), to.strip()) for s in serials)
        audit.note(desk.store, desk.now(), "keys-handed-over", f"{count}")
    return count


# -- revoking --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Revocation:
    """What was revoked, and the number of the list that says so."""

    keys: tuple[Key, ...]
    list_number: int


def revoke(
    desk: Desk, unit: str, passphrase: str, because: str, *, lost_since: date | None = None
) -> Revocation:
    """Revoke all keys of a unit, now, or from the day on which one was lost; a new list is issued.

    Returns received since that day are shown as 待核实. Raises UsageError without a reason or for
    a day ahead, FoundWrong when the unit has no key to revoke, WrongPassphrase.
    """
    authority = _authority(desk, passphrase)
    now = desk.now()
    if not because.strip():
        raise UsageError("请写明吊销的原因。", "原因会记入密钥登记簿。")
    if lost_since is not None and lost_since > desk.today():
        raise UsageError("遗失日期在今天以后。", "请填写发现遗失或泄露的那一天，或更早。")
    since = _midnight(lost_since) if lost_since else None
    moment = since or now
    affected = [
        key
        for key in keys_of(desk)
        if key.unit == unit != OFFICE and (key.revoked_at is None or key.revoked_at > moment)
    ]
    if not affected:
        raise FoundWrong("该单位没有可以吊销的证书。", "请核对单位代码，或先制作入网包。")
    number, der = _next_list(desk, authority, {key.serial: (moment, since) for key in affected})
    with desk.store.transaction():
        for key in affected:
            keys.revoke(desk.store, key.serial, moment, because.strip(), lost_since=since)
        keys.keep_crl(desk.store, number, der, now)
        detail = f"{unit} {because.strip()}{f'（自 {lost_since}）' if lost_since else ''}"
        audit.note(desk.store, now, "revoked", detail)
    ended = tuple(
        replace(k, revoked_at=moment, lost_since=since, revoked_because=because.strip())
        for k in affected
    )
    return Revocation(ended, number)


def renew_list(desk: Desk, passphrase: str) -> int:
    """Issue the revocation list anew under the next number, with what is revoked; its number."""
    authority = _authority(desk, passphrase)
    number, der = _next_list(desk, authority, {})
    with desk.store.transaction():
        keys.keep_crl(desk.store, number, der, desk.now())
        audit.note(desk.store, desk.now(), "list-issued", str(number))
    return number


def _next_list(
    desk: Desk, authority: Authority, more: dict[str, tuple[datetime, datetime | None]]
) -> tuple[int, bytes]:
    """(number, DER) of a list with all that is revoked, and `more`: serial -> (when, lost since).

    The end of a key may lie ahead: it counts from its day on.
    """
    from rongchang_desk.signing.authority import LOST, SUPERSEDED, Revoked

    lines = {
        key.serial: Revoked(int(key.serial, 16), key.revoked_at, LOST)
        if key.lost_since
        else Revoked(int(key.serial, 16), key.revoked_at, SUPERSEDED)
        for key in keys_of(desk)
        if key.revoked_at is not None
    }
    for serial, (when, lost) in more.items():
        lines[serial] = Revoked(int(serial, 16), when, LOST if lost else SUPERSEDED)
    number = keys.newest_crl(desk.store)[0] + 1
    _, end = enrol.validity(desk.plan, desk.now())
    der = authority.crl(
        number, tuple(lines.values()), this_update=desk.now(), next_update=end
    )  # fmt: skip
    return number, der


# -- replacing -------------------------------------------------------------------


def hand_over(
    desk: Desk, unit: str, passphrase: str, out: Path, start: date, running: Running | None = None
) -> tuple[Kit, int]:
    """A new kit for a unit whose clerk changes; its earlier keys end with the day `start` begins.

    (kit, number of the new list). Raises what `enrol.enrol` raises, and UsageError for a day past.
    """
    _not_past(desk, start)
    earlier, known = _ending(desk, unit, start), {key.serial for key in keys_of(desk)}
    authority = _authority(desk, passphrase)
    (kit,) = enrol.enrol(desk, [unit], passphrase, out, running)
    fresh = next(key for key in keys_of(desk) if key.serial not in known)
    when = _midnight(start)
    number, der = _next_list(desk, authority, {key.serial: (when, None) for key in earlier})
    with desk.store.transaction():
        _replace(desk, earlier, fresh.serial, when, "经办人交接，换用新密钥")
        keys.keep_crl(desk.store, number, der, desk.now())
        audit.note(desk.store, desk.now(), "handed-over", f"{unit} {start}")
    return kit, number


def read_request(file: Path) -> Request:
    """What a unit's request says; raises CannotRead, FoundWrong."""
    from rongchang_desk.signing import request

    return request.read_request(read_bytes(file, request.LARGEST))


def issue(
    desk: Desk,
    file: Path,
    fingerprint: str,
    passphrase: str,
    start: date,
    *,
    out: Path | None = None,
) -> Written:
    """A certificate over the key in a unit's request, as a parcel the unit opens; the unit's
    earlier keys end with the day `start` begins.

    `fingerprint` is what the unit read out, at least 16 hex digits: nobody else's key may be
    certified. Raises UsageError when it differs or for a day past, FoundWrong for a bad request or
    one that does not name a unit as the plan does, WrongPassphrase, CannotWrite.
    """
    from rongchang_desk.signing import request
    from rongchang_desk.signing.certificates import fitting_name, signer_of

    authority = _authority(desk, passphrase)
    _not_past(desk, start)
    data = read_bytes(file, request.LARGEST)
    seen = request.read_request(data)
    compared = "".join(fingerprint.split()).lower()
    if len(compared) < LEAST_COMPARED or not seen.fingerprint.startswith(compared):
        raise UsageError(
            "申请文件的公钥指纹与单位报来的不一致，没有签发证书。",
            f"请与单位电话核对，至少核对前 {LEAST_COMPARED} 位。",
        )
    if not desk.plan.has_unit(seen.unit_code):
        raise FoundWrong(
            f"方案中没有代码为“{seen.unit_code}”的单位，没有签发证书。", "请核对申请文件的来源。"
        )
    name = fitting_name(desk.plan.name_of(seen.unit_code))
    begin, end = enrol.validity(desk.plan, desk.now())
    certificate = authority.issue_from_request(
        data, seen.unit_code, name, not_before=begin, not_after=end
    )
    signer = signer_of(certificate)
    assert signer is not None  # we have just issued it
    earlier, when = _ending(desk, seen.unit_code, start), _midnight(start)
    number, der = _next_list(desk, authority, {key.serial: (when, None) for key in earlier})

    def enter() -> None:
        serial = enrol.register(desk, certificate, Route.REQUEST)
        _replace(desk, earlier, serial, when, "改用单位自有密钥")
        keys.keep_crl(desk.store, number, der, desk.now())

    return parcels.write_certificate(
        desk, seen.unit_code, certificate, desk.identity(passphrase), title="单位证书签发通知",
        text="根据你单位的证书申请，现为你单位自有密钥签发证书。请在提出申请的工作台中打开本文件"
        f"并输入本单位口令，即可启用。原证书自{in_words(start)}起停用。",
        also=enter, newest_list=der, out=out,
    )  # fmt: skip


def _ending(desk: Desk, unit: str, start: date) -> tuple[Key, ...]:
    """The keys of a unit that still may sign when the day `start` begins."""
    when = _midnight(start)
    return tuple(
        key
        for key in keys_of(desk)
        if key.unit == unit and (key.revoked_at is None or key.revoked_at > when)
    )


def _replace(desk: Desk, earlier: Iterable[Key], serial: str, when: datetime, because: str) -> None:
    for key in earlier:
        keys.revoke(desk.store, key.serial, when, because)
        keys.replace(desk.store, key.serial, serial)


def _not_past(desk: Desk, start: date) -> None:
    if start < desk.today():
        raise UsageError("旧密钥停用的日期已经过去。", "请填写今天或以后的日期。")


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), CHINA)


def _authority(desk: Desk, passphrase: str) -> Authority:
    from rongchang_desk.signing.authority import read_authority

    desk.require(Role.OFFICE)
    return read_authority(read_bytes(desk.keys / "root.p12"), passphrase)
