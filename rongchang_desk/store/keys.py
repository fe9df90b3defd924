"""The office's register of keys: certificates and what became of them, the CRLs, the contacts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from rongchang_desk.store.database import Store


@dataclass(frozen=True, slots=True)
class CertificateRow:
    """One issued certificate; `serial` in hex, `route` as in `domain.key_state`."""

    serial: str
    unit: str
    name: str
    der: bytes
    issued_at: str
    not_after: str
    revoked_at: str | None = None
    revoked_because: str | None = None
    route: str = "kit"
    handed_over_at: str | None = None
    handed_over_to: str | None = None
    lost_since: str | None = None
    replaced_by: str | None = None


def register(store: Store, row: CertificateRow) -> None:
    with store.transaction():
        store.db.table("certificate").insert(
            {
                "serial": row.serial,
                "unit": row.unit,
                "name": row.name,
                "der": row.der,
                "issued_at": row.issued_at,
                "not_after": row.not_after,
                "route": row.route,
            }
        )


def certificates(store: Store) -> tuple[CertificateRow, ...]:
    rows = store.rows(
        "SELECT serial, unit, name, der, issued_at, not_after, revoked_at, revoked_because,"
        " route, handed_over_at, handed_over_to, lost_since, replaced_by"
        " FROM certificate ORDER BY unit, issued_at, rowid"
    )
    return tuple(CertificateRow(*row) for row in rows)


def revoke(
    store: Store,
    serial: str,
    when: datetime,
    because: str,
    *,
    lost_since: datetime | None = None,
) -> bool:
    """Mark a certificate revoked from a moment on; False when it is unknown or was already.

    One that is to end later may be revoked earlier, and a revoked one be reported lost.
    """
    moment = when.isoformat(timespec="seconds")
    with store.transaction():
        cursor = store.connection.execute(
            "UPDATE certificate SET revoked_at = ?, revoked_because = ?, lost_since = ?"
            " WHERE serial = ? AND (revoked_at IS NULL OR revoked_at > ?)",
            (
                moment, because, lost_since.isoformat(timespec="seconds") if lost_since else None,
                serial, moment,
            ),
        )  # fmt: skip
    return cursor.rowcount == 1


def note_handed_over(store: Store, serial: str, when: datetime, to: str) -> bool:
    """Note that a unit has its key; False when that was noted before."""
    with store.transaction():
        cursor = store.connection.execute(
            "UPDATE certificate SET handed_over_at = ?, handed_over_to = ?"
            " WHERE serial = ? AND handed_over_at IS NULL",
            (when.isoformat(timespec="seconds"), to, serial),
        )
    return cursor.rowcount == 1


def replace(store: Store, serial: str, by: str) -> None:
    """Note that a certificate was followed by another one of the same unit."""
    with store.transaction():
        store.connection.execute(
            "UPDATE certificate SET replaced_by = ? WHERE serial = ?", (by, serial)
        )


def first_uses(store: Store) -> dict[str, str]:
    """The receipt of the first return signed with each certificate, by its SHA-256 in hex."""
    rows = store.rows(
        "SELECT signer_sha256, min(received_at) FROM received_return GROUP BY signer_sha256"
    )
    return {row[0]: row[1] for row in rows}


def keep_crl(store: Store, number: int, der: bytes, now: datetime) -> None:
    with store.transaction():
        store.db.table("crl").insert(
            {"number": number, "issued_at": now.isoformat(timespec="seconds"), "der": der}
        )


def newest_crl(store: Store) -> tuple[int, bytes]:
    """(number, DER) of the newest CRL; (0, b"") before the first."""
    found = store.row("SELECT number, der FROM crl ORDER BY number DESC LIMIT 1")
    return (int(found[0]), bytes(found[1])) if found else (0, b"")


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to call at a unit: name, telephone, room, and a remark."""

    unit: str
    person: str = ""
    phone: str = ""
    room: str = ""
    note: str = ""


def contacts(store: Store) -> dict[str, Contact]:
    """The contacts by unit code."""
    rows = store.rows("SELECT unit, person, phone, room, note FROM unit_contact")
    return {row[0]: Contact(*row) for row in rows}


def keep_contacts(store: Store, kept: Iterable[Contact]) -> None:
    """Keep these contacts in the place of those of the same units."""
    with store.transaction():
        store.connection.executemany(
            "INSERT INTO unit_contact (unit, person, phone, room, note) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (unit) DO UPDATE SET person = excluded.person, phone = excluded.phone,"
            " room = excluded.room, note = excluded.note",
            [(c.unit, c.person, c.phone, c.room, c.note) for c in kept],
        )
