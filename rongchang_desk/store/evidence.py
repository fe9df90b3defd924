"""Evidence files in the desk's store: each content once, under its SHA-256."""

from __future__ import annotations

from datetime import datetime

from rongchang_desk.domain.records import Evidence
from rongchang_desk.store.database import Store


def put(store: Store, evidence: Evidence, body: bytes, now: datetime) -> None:
    """Keep a content; the same content again leaves the first name and is only dated anew.

    A content that was damaged in the store is replaced by the sound one.
    """
    with store.transaction():
        store.connection.execute(
            "INSERT INTO evidence (sha256, name, added_at, size, body) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (sha256) DO UPDATE SET added_at = excluded.added_at,"
            " size = excluded.size, body = excluded.body",
            (
                evidence.sha256,
                evidence.name,
                now.isoformat(timespec="seconds"),
                evidence.size,
                body,
            ),
        )


def body(store: Store, sha256: str) -> bytes | None:
    """The content with this SHA-256 as it is stored; None when there is none."""
    found = store.row("SELECT body FROM evidence WHERE sha256 = ?", sha256)
    return bytes(found[0]) if found else None


def kept(store: Store) -> tuple[Evidence, ...]:
    """All contents with their first names, in the order of their addition."""
    rows = store.rows("SELECT name, size, sha256 FROM evidence ORDER BY added_at, sha256")
    return tuple(Evidence(*row) for row in rows)


def drop_unused(store: Store, before: datetime) -> int:
    """Remove a unit's contents added before a time that no record, no record in the recycle bin
    and no return it signed names any more; how many there were."""
    with store.transaction():
        cursor = store.connection.execute(
            "DELETE FROM evidence WHERE added_at < ?"
            " AND NOT EXISTS (SELECT 1 FROM record WHERE instr(record.body, evidence.sha256))"
            " AND NOT EXISTS (SELECT 1 FROM issued_return"
            " WHERE instr(CAST(issued_return.payload AS TEXT), evidence.sha256))",
            (before.isoformat(timespec="seconds"),),
        )
    return cursor.rowcount
