"""Parcels in the store: those this desk issued, those it opened, and the office's month locks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rongchang_desk.domain.month import Month
from rongchang_desk.domain.parcel import Parcel, ParcelKind
from rongchang_desk.formats import parcel_json
from rongchang_desk.store.database import Store


@dataclass(frozen=True, slots=True)
class Opened:
    """A parcel this desk has opened.

    `about` is the digest of the return, or the id of the parcel, that it answers here.
    """

    parcel: Parcel
    digest: str
    about: str
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class MonthLock:
    """A month the office has closed; slips with a sequence above `after_sequence` reopen it."""

    month: Month
    locked_at: datetime
    after_sequence: int


def last_sequence(store: Store) -> int:
    """The highest sequence number this desk has issued; 0 before the first."""
    found = store.row("SELECT max(sequence) FROM issued_parcel")
    return int(found[0] or 0) if found else 0


def issue(store: Store, parcel: Parcel, payload: bytes, pdf: bytes) -> None:
    """Keep a signed parcel with the very bytes that leave the desk."""
    with store.transaction():
        store.connection.execute(
            "INSERT INTO issued_parcel (id, sequence, kind, addressee, month, answers, issued_at,"
            " payload, pdf) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                parcel.id,
                parcel.sequence,
                parcel.kind.value,
                parcel.addressee,
                _text(parcel.month),
                parcel.answers,
                parcel.issued_at.isoformat(timespec="seconds"),
                payload,
                pdf,
            ),
        )


def issued(store: Store, *kinds: ParcelKind) -> tuple[Parcel, ...]:
    """The parcels this desk issued, of these kinds or of all, oldest first."""
    rows = store.rows(
        f"SELECT payload FROM issued_parcel {_of(kinds)} ORDER BY sequence",  # noqa: S608  marks only
        *kinds,
    )
    return tuple(parcel_json.loads(row[0]) for row in rows)


def issued_pdf(store: Store, parcel_id: str) -> bytes:
    """An issued parcel's file as it was signed; raises KeyError."""
    found = store.row("SELECT pdf FROM issued_parcel WHERE id = ?", parcel_id)
    if found is None:
        raise KeyError(parcel_id)
    return bytes(found[0])


def issued_receipts(store: Store, month: Month) -> dict[str, Parcel]:
    """The receipts issued for a month, by the digest of the return they answer."""
    rows = store.rows(
        "SELECT answers, payload FROM issued_parcel WHERE kind = ? AND month = ? ORDER BY sequence",
        ParcelKind.RECEIPT.value,
        str(month),
    )
    return {row[0]: parcel_json.loads(row[1]) for row in rows}


def keep_opened(
    store: Store,
    parcel: Parcel,
    *,
    payload: bytes,
    pdf: bytes,
    about: str,
    signer_sha256: str,
    now: datetime,
) -> None:
    """Keep a parcel that was opened, with its original bytes; call inside a transaction."""
    store.connection.execute(
        "INSERT INTO opened_parcel (id, digest, kind, issuer, sequence, month, about, opened_at,"
        " signer_sha256, payload, pdf) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            parcel.id,
            parcel_json.digest(payload),
            parcel.kind.value,
            parcel.issuer,
            parcel.sequence,
            _text(parcel.month),
            about,
            now.isoformat(timespec="seconds"),
            signer_sha256,
            payload,
            pdf,
        ),
    )


def opened(store: Store, *kinds: ParcelKind) -> tuple[Opened, ...]:
    """The parcels this desk opened, of these kinds or of all, in the order of their issue."""
    rows = store.rows(
        "SELECT payload, digest, about, opened_at FROM opened_parcel"  # noqa: S608  marks only
        f" {_of(kinds)} ORDER BY sequence, id",
        *kinds,
    )
    return tuple(
        Opened(parcel_json.loads(row[0]), row[1], row[2], datetime.fromisoformat(row[3]))
        for row in rows
    )


def opened_pdf(store: Store, parcel_id: str) -> bytes:
    """An opened parcel's file, byte for byte; raises KeyError."""
    found = store.row("SELECT pdf FROM opened_parcel WHERE id = ?", parcel_id)
    if found is None:
        raise KeyError(parcel_id)
    return bytes(found[0])


def opened_signer(store: Store, parcel_id: str) -> str:
    """The certificate (SHA-256, hex) that signed an opened parcel; raises KeyError."""
    found = store.row("SELECT signer_sha256 FROM opened_parcel WHERE id = ?", parcel_id)
    if found is None:
        raise KeyError(parcel_id)
    return str(found[0])


def lock_month(store: Store, month: Month, now: datetime, after_sequence: int) -> bool:
    """Close a month at the office; False when it is closed already."""
    with store.transaction():
        cursor = store.connection.execute(
            "INSERT INTO month_lock (month, locked_at, after_sequence) VALUES (?, ?, ?)"
            " ON CONFLICT (month) DO NOTHING",
            (str(month), now.isoformat(timespec="seconds"), after_sequence),
        )
    return cursor.rowcount == 1


def unlock_month(store: Store, month: Month) -> bool:
    """Open a month again for everybody; False when it was not closed."""
    with store.transaction():
        cursor = store.connection.execute("DELETE FROM month_lock WHERE month = ?", (str(month),))
    return cursor.rowcount == 1


def month_locks(store: Store) -> dict[Month, MonthLock]:
    """The months the office has closed."""
    rows = store.rows("SELECT month, locked_at, after_sequence FROM month_lock ORDER BY month")
    locks = (MonthLock(Month.parse(r[0]), datetime.fromisoformat(r[1]), r[2]) for r in rows)
    return {lock.month: lock for lock in locks}


def _of(kinds: tuple[ParcelKind, ...]) -> str:
    return f"WHERE kind IN ({', '.join('?' * len(kinds))})" if kinds else ""


def _text(month: Month | None) -> str | None:
    return None if month is None else str(month)
