"""The plan files a desk has adopted, and the office's draft of the next one.

Returns made under an older plan stay understood.
"""

from __future__ import annotations

from datetime import datetime

from rongchang_desk.store.database import Store


def adopt(store: Store, digest: str, version: int, body: bytes, now: datetime) -> None:
    """Keep a plan file and make it the current one; a draft of another is gone with that."""
    with store.transaction():
        store.connection.execute(
            "INSERT INTO plan (digest, version, body, adopted_at) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (digest) DO NOTHING",
            (digest, version, body, now.isoformat(timespec="seconds")),
        )
        store.set_setting("plan", digest)
        drop_draft(store)


def current(store: Store) -> tuple[str, bytes]:
    """(digest, plan file) of the plan in force; raises KeyError before one was adopted."""
    found = store.row("SELECT digest, body FROM plan WHERE digest = ?", store.setting("plan"))
    if found is None:
        raise KeyError("plan")
    return str(found[0]), bytes(found[1])


def body_of(store: Store, digest: str) -> bytes | None:
    """An adopted plan file by its digest, the one in force or an older one; None if unknown."""
    found = store.row("SELECT body FROM plan WHERE digest = ?", digest)
    return bytes(found[0]) if found else None


def digests(store: Store) -> tuple[tuple[str, int, str], ...]:
    """(digest, version, adopted at) of every plan ever in force here, oldest first."""
    rows = store.rows("SELECT digest, version, adopted_at FROM plan ORDER BY version, adopted_at")
    return tuple((row[0], row[1], row[2]) for row in rows)


def keep_draft(store: Store, base: str, body: bytes, now: datetime) -> None:
    """Keep the plan file being edited; `base` is the digest of the plan it began from."""
    with store.transaction():
        store.connection.execute(
            "INSERT INTO plan_draft (id, base, body, saved_at) VALUES (1, ?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET base = excluded.base, body = excluded.body,"
            " saved_at = excluded.saved_at",
            (base, body, now.isoformat(timespec="seconds")),
        )


def draft(store: Store) -> tuple[str, bytes] | None:
    """(base, plan file) being edited, or None."""
    found = store.row("SELECT base, body FROM plan_draft")
    return (str(found[0]), bytes(found[1])) if found else None


def drop_draft(store: Store) -> None:
    with store.transaction():
        store.connection.execute("DELETE FROM plan_draft")
