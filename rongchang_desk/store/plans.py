"""The plan files a desk has adopted; returns made under an older one stay understood."""

from __future__ import annotations

from datetime import datetime

from rongchang_desk.store.database import Store


def adopt(store: Store, digest: str, version: int, body: bytes, now: datetime) -> None:
    """Keep a plan file and make it the current one."""
    with store.transaction():
        store.connection.execute(
            "INSERT INTO plan (digest, version, body, adopted_at) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (digest) DO NOTHING",
            (digest, version, body, now.isoformat(timespec="seconds")),
        )
        store.set_setting("plan", digest)


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
