"""The intake log as people read it: every file ever offered, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rongchang_desk.app.desk import Desk, Role
from rongchang_desk.app.take_in import TakenIn
from rongchang_desk.domain.month import Month
from rongchang_desk.store import returns

OUTCOME_LABELS = {
    "accepted": "已收", "duplicate": "重复（已收）", "held": "待处理", "refused": "退回",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One file offered to take-in; `unit` is a name, `revision` 0 when it is not known."""

    at: datetime
    file: str
    outcome: str
    digest: str = ""
    unit: str = ""
    month: Month | None = None
    revision: int = 0
    reasons: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The outcome in words."""
        return OUTCOME_LABELS[self.outcome]


def batch(desk: Desk, taken: TakenIn) -> tuple[Entry, ...]:
    """The outcomes of one take-in, in the order of its files; oddities follow the reasons."""
    return tuple(
        Entry(
            desk.now(),
            outcome.file,
            outcome.outcome,
            outcome.digest,
            desk.plan.name_of(outcome.unit) if outcome.unit else "",
            Month.parse(outcome.month) if outcome.month else None,
            outcome.revision,
            (*(reason.message for reason in outcome.reasons), *outcome.notes),
        )
        for outcome in taken.outcomes
    )


def log(desk: Desk, limit: int = 2000) -> tuple[Entry, ...]:
    """The newest entries of the intake log, newest first."""
    desk.require(Role.OFFICE)
    revisions = returns.received_revisions(desk.store)
    return tuple(
        Entry(
            datetime.fromisoformat(row.taken_at),
            row.file_name,
            row.outcome,
            row.digest or "",
            desk.plan.name_of(row.unit) if row.unit else "",
            Month.parse(row.month) if row.month else None,
            revisions.get(row.digest or "", 0),
            tuple(message for _, message in row.reasons),
        )
        for row in returns.intake_log(desk.store, limit)
    )
