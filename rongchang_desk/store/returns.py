"""Returns in the store: those a unit issued and those the office received."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

import msgspec

from rongchang_desk.domain.merge import Filed
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.monthly_return import MonthlyReturn
from rongchang_desk.formats import return_json
from rongchang_desk.store.database import Store


@dataclass(frozen=True, slots=True)
class Issued:
    """A return a unit has signed."""

    digest: str
    issued_at: str
    monthly_return: MonthlyReturn


def issue(store: Store, payload: bytes, pdf: bytes, now: datetime) -> None:
    """Keep a signed return: its payload and the very bytes that leave the desk."""
    value = return_json.loads(payload)
    with store.transaction():
        store.db.table("issued_return").insert(
            {
                "digest": return_json.digest(payload),
                "month": str(value.month),
                "revision": value.revision,
                "issued_at": now.isoformat(timespec="seconds"),
                "payload": payload,
                "pdf": pdf,
            }
        )


def issue_again(store: Store, digest: str, pdf: bytes) -> None:
    """Keep the newest file of an issued return: the same data on pages of a newer program."""
    store.connection.execute("UPDATE issued_return SET pdf = ? WHERE digest = ?", (pdf, digest))


def issued(store: Store, month: Month) -> tuple[Issued, ...]:
    """A unit's signed returns of a month, first revision first."""
    rows = store.rows(
        "SELECT digest, issued_at, payload FROM issued_return WHERE month = ? ORDER BY revision",
        str(month),
    )
    return tuple(Issued(row[0], row[1], return_json.loads(row[2])) for row in rows)


def issued_months(store: Store) -> dict[Month, int]:
    """The months a unit has signed returns of, with the newest revision of each."""
    rows = store.rows("SELECT month, max(revision) FROM issued_return GROUP BY month")
    return {Month.parse(row[0]): row[1] for row in rows}


def issued_digests(store: Store) -> frozenset[str]:
    """The digests of all returns a unit has signed."""
    return frozenset(row[0] for row in store.rows("SELECT digest FROM issued_return"))


def issued_pdf(store: Store, digest: str) -> bytes:
    found = store.row("SELECT pdf FROM issued_return WHERE digest = ?", digest)
    if found is None:
        raise KeyError(digest)
    return bytes(found[0])


def has_received(store: Store, digest: str) -> bool:
    return store.row("SELECT 1 FROM received_return WHERE digest = ?", digest) is not None


def receive(
    store: Store,
    value: MonthlyReturn,
    *,
    digest: str,
    payload: bytes,
    pdf: bytes,
    file_name: str,
    signer_sha256: str,
    now: datetime,
) -> None:
    """Keep a verified return with its original bytes; call inside a transaction."""
    store.connection.execute(
        "INSERT INTO received_return (digest, unit, month, revision, predecessor, received_at,"
        " file_name, signer_sha256, payload) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            digest,
            value.unit,
            str(value.month),
            value.revision,
            value.amends.predecessor if value.amends else None,
            now.isoformat(timespec="seconds"),
            file_name,
            signer_sha256,
            payload,
        ),
    )
    store.connection.execute("INSERT INTO original (digest, pdf) VALUES (?, ?)", (digest, pdf))


def take_back(store: Store, digest: str) -> None:
    """Give up a return that was held until its predecessor came; call inside a transaction.

    Its receipt stays in the ledger, what became of it in the intake log.
    """
    store.connection.execute("DELETE FROM original WHERE digest = ?", (digest,))
    store.connection.execute("DELETE FROM received_return WHERE digest = ?", (digest,))


def received(store: Store, through: Month | None = None) -> Iterator[Filed]:
    """All received returns up to a month, one at a time."""
    last = str(through) if through else "9999-12"
    for digest, received_at, payload in store.connection.execute(
        "SELECT digest, received_at, payload FROM received_return WHERE month <= ?"
        " ORDER BY month, unit, revision",
        (last,),
    ):
        yield Filed(digest, datetime.fromisoformat(received_at), return_json.loads(payload))


def received_of(store: Store, unit: str, month: Month) -> tuple[Filed, ...]:
    """All received revisions of one unit's month."""
    rows = store.rows(
        "SELECT digest, received_at, payload FROM received_return"
        " WHERE month = ? AND unit = ? ORDER BY revision",
        str(month),
        unit,
    )
    return tuple(
        Filed(row[0], datetime.fromisoformat(row[1]), return_json.loads(row[2])) for row in rows
    )


def received_months(store: Store) -> tuple[Month, ...]:
    rows = store.rows("SELECT DISTINCT month FROM received_return ORDER BY month")
    return tuple(Month.parse(row[0]) for row in rows)


def refused_places(store: Store) -> frozenset[tuple[str, Month]]:
    """(unit, month) of every file that was refused though its certificate names its unit."""
    rows = store.rows(
        "SELECT DISTINCT unit, month FROM intake"
        " WHERE outcome = 'refused' AND unit IS NOT NULL AND month IS NOT NULL"
    )
    return frozenset((unit, Month.parse(month)) for unit, month in rows)


def received_revisions(store: Store) -> dict[str, int]:
    """The revision of every received return, by digest."""
    return dict(store.connection.execute("SELECT digest, revision FROM received_return"))


def received_name(store: Store, digest: str) -> tuple[str, str, int] | None:
    """(unit, month, revision) of a received return, or None."""
    found = store.row("SELECT unit, month, revision FROM received_return WHERE digest = ?", digest)
    return (found[0], found[1], found[2]) if found else None


def received_file(store: Store, digest: str) -> tuple[str, str]:
    """The name of a received return's file and its signer's certificate (SHA-256, hex).

    Raises KeyError.
    """
    found = store.row(
        "SELECT file_name, signer_sha256 FROM received_return WHERE digest = ?", digest
    )
    if found is None:
        raise KeyError(digest)
    return found[0], found[1]


def original(store: Store, digest: str) -> bytes:
    """The original file of a received return, byte for byte; raises KeyError."""
    found = store.row("SELECT pdf FROM original WHERE digest = ?", digest)
    if found is None:
        raise KeyError(digest)
    return bytes(found[0])


@dataclass(frozen=True, slots=True)
class IntakeRow:
    """What became of one file offered to take-in."""

    taken_at: str
    file_name: str
    sha256: str
    outcome: str
    digest: str | None = None
    unit: str | None = None
    month: str | None = None
    reasons: tuple[tuple[str, str], ...] = ()


def taken_before(store: Store, sha256: str) -> IntakeRow | None:
    """The intake row of a file with these very bytes that was accepted or held before."""
    found = store.row(
        "SELECT taken_at, file_name, sha256, outcome, digest, unit, month FROM intake"
        " WHERE sha256 = ? AND outcome IN ('accepted', 'held')"
        " AND digest IN (SELECT digest FROM received_return) LIMIT 1",
        sha256,
    )
    return IntakeRow(*found) if found else None


def log_intake(store: Store, row: IntakeRow) -> None:
    with store.transaction():
        store.connection.execute(
            "INSERT INTO intake (taken_at, file_name, sha256, outcome, digest, unit, month,"
            " reasons) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                row.taken_at,
                row.file_name,
                row.sha256,
                row.outcome,
                row.digest,
                row.unit,
                row.month,
                msgspec.json.encode(row.reasons).decode(),
            ),
        )


def intake_log(store: Store, limit: int = 500) -> tuple[IntakeRow, ...]:
    """The newest rows of the intake log, newest first."""
    rows = store.rows(
        "SELECT taken_at, file_name, sha256, outcome, digest, unit, month, reasons"
        " FROM intake ORDER BY id DESC LIMIT ?",
        limit,
    )
    kind = tuple[tuple[str, str], ...]
    return tuple(
        replace(IntakeRow(*row[:7]), reasons=msgspec.json.decode(row[7], type=kind)) for row in rows
    )
