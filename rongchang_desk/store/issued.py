"""Issued reports and bulletins in the store, with the returns whose figures they used."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from rongchang_desk.domain.month import Month
from rongchang_desk.domain.period import Period
from rongchang_desk.store.database import Store


@dataclass(frozen=True, slots=True)
class IssuedRow:
    """An issued paper: `kind` is report or bulletin, `through` the last month of its figures."""

    digest: str
    kind: str
    period: Period
    through: Month
    issued_at: datetime
    fingerprint: str
    file_name: str


def keep(store: Store, row: IssuedRow, *, payload: bytes, pdf: bytes, used: Iterable[str]) -> None:
    """Keep an issued paper, its figures (in the payload) and the digests of the returns used."""
    with store.transaction():
        store.db.table("issued_report").upsert(
            {
                "digest": row.digest,
                "kind": row.kind,
                "period": row.period.code,
                "month": str(row.through),
                "issued_at": row.issued_at.isoformat(timespec="seconds"),
                "fingerprint": row.fingerprint,
                "file_name": row.file_name,
                "payload": payload,
                "pdf": pdf,
            },
            pk="digest",
        )
        store.connection.executemany(
            "INSERT OR IGNORE INTO issued_use (report, digest) VALUES (?, ?)",
            ((row.digest, digest) for digest in used),
        )


def rows(store: Store) -> tuple[IssuedRow, ...]:
    """Every issued paper, newest first."""
    return tuple(
        IssuedRow(
            row[0], row[1], Period.parse(row[2]), Month.parse(row[3]),
            datetime.fromisoformat(row[4]), row[5], row[6],
        )
        for row in store.rows(
            "SELECT digest, kind, period, month, issued_at, fingerprint, file_name"
            " FROM issued_report ORDER BY issued_at DESC, rowid DESC"
        )
    )  # fmt: skip


def used_by(store: Store, report: str) -> frozenset[str]:
    """The digests of the returns whose figures a paper used."""
    found = store.rows("SELECT digest FROM issued_use WHERE report = ?", report)
    return frozenset(row[0] for row in found)


def amended_by(store: Store, digest: str) -> frozenset[str]:
    """The digests of the papers that used the return which this one replaces."""
    found = store.rows(
        "SELECT report FROM issued_use WHERE digest ="
        " (SELECT predecessor FROM received_return WHERE digest = ?)",
        digest,
    )
    return frozenset(row[0] for row in found)


def pdf(store: Store, digest: str) -> bytes:
    """An issued paper as it was signed; raises KeyError."""
    return _bytes(store, digest, "SELECT pdf FROM issued_report WHERE digest = ?")


def payload(store: Store, digest: str) -> bytes:
    """An issued paper's `report.json`; raises KeyError."""
    return _bytes(store, digest, "SELECT payload FROM issued_report WHERE digest = ?")


def _bytes(store: Store, digest: str, sql: str) -> bytes:
    found = store.row(sql, digest)
    if found is None:
        raise KeyError(digest)
    return bytes(found[0])
