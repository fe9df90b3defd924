"""What became of each file that was taken in, and the log in which it is entered."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from rongchang_desk.app.desk import Desk
from rongchang_desk.store import returns


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a file was refused or is held; `code` is stable, `message` Chinese."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file: `accepted`, `duplicate`, `held` or `refused`."""

    file: str
    outcome: str
    unit: str = ""
    month: str = ""
    revision: int = 0
    digest: str = ""
    reasons: tuple[Reason, ...] = ()
    notes: tuple[str, ...] = ()
    """Oddities that do not stop a return, for example an implausible signing time."""


@dataclass
class TakenIn:
    """The outcomes of a batch, in order of the files."""

    outcomes: list[Outcome] = field(default_factory=list)
    cancelled: bool = False

    def of(self, outcome: str) -> list[Outcome]:
        return [o for o in self.outcomes if o.outcome == outcome]

    def so_far(self) -> str:
        """The counts in words."""
        count = Counter(o.outcome for o in self.outcomes)
        return (
            f"已收 {count['accepted']} · 重复 {count['duplicate']} · "
            f"待处理 {count['held']} · 退回 {count['refused']}"
        )


def log_outcome(desk: Desk, outcome: Outcome, sha256: str) -> None:
    """Enter what became of a file (known by the SHA-256 of its bytes) in the intake log."""
    returns.log_intake(
        desk.store,
        returns.IntakeRow(
            desk.now().isoformat(timespec="seconds"),
            outcome.file,
            sha256,
            outcome.outcome,
            outcome.digest or None,
            outcome.unit or None,
            outcome.month or None,
            tuple((reason.code, reason.message) for reason in outcome.reasons),
        ),
    )
