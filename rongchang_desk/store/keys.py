"""The office's register of keys: certificates issued and revoked, and the CRLs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rongchang_desk.store.database import Store


@dataclass(frozen=True, slots=True)
class CertificateRow:
    """One issued certificate; `serial` in hex."""

    serial: str
    unit: str
    name: str
    der: bytes
    issued_at: str
    not_after: str
    revoked_at: str | None = None
    revoked_because: str | None = None


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
            }
        )


def certificates(store: Store) -> tuple[CertificateRow, ...]:
    rows = store.rows(
        "SELECT serial, unit, name, der, issued_at, not_after, revoked_at, revoked_because"
        " FROM certificate ORDER BY unit, issued_at"
    )
    return tuple(CertificateRow(*row) for row in rows)


def revoke(store: Store, serial: str, when: datetime, because: str) -> bool:
    """Mark a certificate revoked; False when it is unknown or revoked already."""
    with store.transaction():
        cursor = store.connection.execute(
            "UPDATE certificate SET revoked_at = ?, revoked_because = ?"
            " WHERE serial = ? AND revoked_at IS NULL",
            (when.isoformat(timespec="seconds"), because, serial),
        )
    return cursor.rowcount == 1


def keep_crl(store: Store, number: int, der: bytes, now: datetime) -> None:
    with store.transaction():
        store.db.table("crl").insert(
            {"number": number, "issued_at": now.isoformat(timespec="seconds"), "der": der}
        )


def newest_crl(store: Store) -> tuple[int, bytes]:
    """(number, DER) of the newest CRL; (0, b"") before the first."""
    found = store.row("SELECT number, der FROM crl ORDER BY number DESC LIMIT 1")
    return (int(found[0]), bytes(found[1])) if found else (0, b"")
