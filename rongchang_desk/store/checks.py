"""Receipts a person has to look at: those since a key was lost, and those after it expired."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from rongchang_desk.store.database import Store


@dataclass(frozen=True, slots=True)
class Receipt:
    """A received return with the certificate it was signed with, and who has checked it."""

    digest: str
    unit: str
    month: str
    revision: int
    received_at: str
    signer_sha256: str
    checked_at: str | None = None
    checked_by: str | None = None
    note: str | None = None


def receipts(store: Store, signer_sha256: str, since: str) -> tuple[Receipt, ...]:
    """The returns signed with a certificate and received since a moment, oldest first."""
    rows = store.rows(
        "SELECT r.digest, unit, month, revision, received_at, signer_sha256, checked_at,"
        " checked_by, note FROM received_return r LEFT JOIN receipt_check c ON c.digest = r.digest"
        " WHERE signer_sha256 = ? ORDER BY received_at, month",
        signer_sha256,
    )
    moment = datetime.fromisoformat(since)
    return tuple(
        Receipt(*row) for row in rows if datetime.fromisoformat(row[4]) >= moment
    )  # fmt: skip


def note_checked(store: Store, digest: str, now: datetime, by: str, note: str) -> None:
    """Note that a person has checked a receipt with the unit."""
    with store.transaction():
        store.connection.execute(
            "INSERT INTO receipt_check (digest, checked_at, checked_by, note) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (digest) DO UPDATE SET checked_at = excluded.checked_at,"
            " checked_by = excluded.checked_by, note = excluded.note",
            (digest, now.isoformat(timespec="seconds"), by, note),
        )


@dataclass(frozen=True, slots=True)
class ExpiredReturn:
    """A return that came after its certificate had expired; `accepted` None while undecided."""

    sha256: str
    file_name: str
    unit: str
    signer_sha256: str
    expired_at: str
    offered_at: str
    decided_at: str | None = None
    decided_by: str | None = None
    accepted: bool | None = None
    reason: str | None = None


def keep_expired(store: Store, row: ExpiredReturn, pdf: bytes) -> None:
    """Keep a file that waits for a decision; call inside a transaction."""
    store.connection.execute(
        "INSERT INTO expired_return (sha256, file_name, unit, signer_sha256, expired_at,"
        " offered_at, pdf) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (sha256) DO NOTHING",
        (
            row.sha256, row.file_name, row.unit, row.signer_sha256, row.expired_at,
            row.offered_at, pdf,
        ),
    )  # fmt: skip


def expired(store: Store) -> tuple[ExpiredReturn, ...]:
    """All of them, undecided ones first, then newest first."""
    rows = store.rows(
        "SELECT sha256, file_name, unit, signer_sha256, expired_at, offered_at, decided_at,"
        " decided_by, accepted, reason FROM expired_return"
        " ORDER BY decided_at IS NOT NULL, offered_at DESC"
    )
    found = (ExpiredReturn(*row) for row in rows)
    return tuple(
        replace(row, accepted=None if row.accepted is None else bool(row.accepted)) for row in found
    )


def expired_pdf(store: Store, sha256: str) -> bytes:
    """The waiting file, byte for byte; raises KeyError."""
    found = store.row("SELECT pdf FROM expired_return WHERE sha256 = ?", sha256)
    if found is None:
        raise KeyError(sha256)
    return bytes(found[0])


def decide(
    store: Store, sha256: str, now: datetime, by: str, accepted: bool, reason: str
) -> bool:  # fmt: skip
    """Note a decision; False when there is one already or no such file."""
    with store.transaction():
        cursor = store.connection.execute(
            "UPDATE expired_return SET decided_at = ?, decided_by = ?, accepted = ?, reason = ?"
            " WHERE sha256 = ? AND decided_at IS NULL",
            (now.isoformat(timespec="seconds"), by, int(accepted), reason, sha256),
        )
    return cursor.rowcount == 1
