"""The audit log: who did what to the desk as a whole; never record contents or secrets."""

from __future__ import annotations

from datetime import datetime

from rongchang_desk.store.database import Store


def note(store: Store, now: datetime, action: str, detail: str = "") -> None:
    with store.transaction():
        store.connection.execute(
            "INSERT INTO audit (at, action, detail) VALUES (?, ?, ?)",
            (now.isoformat(timespec="seconds"), action, detail),
        )


def began(store: Store) -> datetime | None:
    """When the desk was set up; None when nothing was noted yet."""
    found = store.row("SELECT min(at) FROM audit")
    return datetime.fromisoformat(found[0]) if found and found[0] else None


def log(store: Store, limit: int = 200) -> tuple[tuple[str, str, str], ...]:
    """(time, action, detail), newest first."""
    rows = store.rows("SELECT at, action, detail FROM audit ORDER BY id DESC LIMIT ?", limit)
    return tuple((row[0], row[1], row[2]) for row in rows)
