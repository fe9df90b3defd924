"""Decisions in the store: in force, or withdrawn and kept in the log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from rongchang_desk.domain.merge import Decision, DecisionKind
from rongchang_desk.store.database import Store

_COLUMNS = "id, kind, subjects, same, keep, reason, decided_by, decided_at, basis"


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A decision as logged; `withdrawn_at` is empty while it is in force."""

    decision: Decision
    withdrawn_at: str


def decisions(store: Store) -> tuple[Decision, ...]:
    """The decisions in force."""
    rows = store.rows(f"SELECT {_COLUMNS} FROM decision WHERE withdrawn_at IS NULL ORDER BY id")  # noqa: S608  constant
    return tuple(_read(row) for row in rows)


def decide(store: Store, decision: Decision) -> None:
    """Put a decision in force."""
    with store.transaction():
        store.connection.execute(
            f"INSERT INTO decision ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608  constant
            (
                decision.id,
                decision.kind.value,
                _texts(decision.subjects),
                int(decision.same),
                decision.keep,
                decision.reason,
                decision.decided_by,
                decision.decided_at,
                _texts(decision.basis),
            ),
        )


def withdraw(store: Store, decision_id: str, now: datetime) -> bool:
    """Take a decision back; it stays in the log. False when there is none in force."""
    with store.transaction():
        cursor = store.connection.execute(
            "UPDATE decision SET withdrawn_at = ? WHERE id = ? AND withdrawn_at IS NULL",
            (now.isoformat(timespec="seconds"), decision_id),
        )
    return cursor.rowcount == 1


def decision_log(store: Store) -> tuple[DecisionRow, ...]:
    """All decisions ever made, newest first."""
    rows = store.rows(
        f"SELECT {_COLUMNS}, withdrawn_at FROM decision ORDER BY decided_at DESC, id DESC"  # noqa: S608  constant
    )
    return tuple(DecisionRow(_read(row[:9]), row[9] or "") for row in rows)


def _read(row: tuple[Any, ...]) -> Decision:
    several = tuple[str, ...]
    return Decision(
        row[0],
        DecisionKind(row[1]),
        msgspec.json.decode(row[2], type=several),
        bool(row[3]),
        row[4],
        row[5],
        row[6],
        row[7],
        msgspec.json.decode(row[8], type=several),
    )


def _texts(texts: tuple[str, ...]) -> str:
    return msgspec.json.encode(texts).decode()
