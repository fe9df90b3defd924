"""The intake log as people read it: every file ever offered, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from rongchang_desk.app.desk import Desk, Role
from rongchang_desk.app.evidence_taking import PARCEL
from rongchang_desk.app.outcome import Outcome, TakenIn
from rongchang_desk.app.page_agreement import REPORT_DIFFERS
from rongchang_desk.domain.merge import resolve
from rongchang_desk.domain.month import Month
from rongchang_desk.store import decisions, returns

OUTCOME_LABELS = {
    "accepted": "已收", "duplicate": "重复（已收）", "held": "待处理", "refused": "退回",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One file offered to take-in; `unit` is a name and `code` its code, both empty when nobody
    knows whose the file is; `revision` is 0 when it is not known.
    An evidence parcel is no return.
    """

    at: datetime
    file: str
    outcome: str
    digest: str = ""
    unit: str = ""
    month: Month | None = None
    revision: int = 0
    reasons: tuple[str, ...] = ()
    code: str = ""
    is_return: bool = True

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
            _whose(desk, outcome.unit, (reason.code for reason in outcome.reasons)),
            Month.parse(outcome.month) if outcome.month else None,
            outcome.revision,
            (
                *(reason.message for reason in outcome.reasons),
                *outcome.notes,
                *_paired_by(desk, outcome),
            ),
            outcome.unit,
            is_return=_is_return(reason.code for reason in outcome.reasons),
        )
        for outcome in taken.outcomes
    )


def log(desk: Desk, limit: int = 2000) -> tuple[Entry, ...]:
    """The newest entries of the intake log, newest first.

    A revision that waited for its predecessor and has been paired since is told as received.
    """
    from rongchang_desk.app import receipt_checks

    desk.require(Role.OFFICE)
    revisions = returns.received_revisions(desk.store)
    doubtful = receipt_checks.doubtful(desk)
    found = []
    for row in returns.intake_log(desk.store, limit):
        entry = Entry(
            datetime.fromisoformat(row.taken_at),
            row.file_name,
            row.outcome,
            row.digest or "",
            _whose(desk, row.unit or "", (code for code, _ in row.reasons)),
            Month.parse(row.month) if row.month else None,
            revisions.get(row.digest or "", 0),
            tuple(message for _, message in row.reasons),
            row.unit or "",
            is_return=_is_return(code for code, _ in row.reasons),
        )
        if entry.outcome == "held" and entry.month and _counts(desk, entry):
            words = "收到时待处理，现已自动衔接，计入汇总。"
            entry = replace(entry, outcome="accepted", reasons=(words,))
        if entry.digest in doubtful:
            words = "待核实：该单位密钥挂失以后收到，请在“单位与密钥”里核实。"
            entry = replace(entry, reasons=(*entry.reasons, words))
        found.append(entry)
    return tuple(found)


def _is_return(codes: Iterable[str]) -> bool:
    return PARCEL not in codes


def _whose(desk: Desk, unit: str, codes: Iterable[str]) -> str:
    """The name of who signed a file; a merged report is the office's. Empty when unknown."""
    if unit:
        return desk.plan.name_of(unit)
    return desk.plan.office_name if REPORT_DIFFERS in codes else ""


def _counts(desk: Desk, entry: Entry) -> bool:
    """Whether a return that waited belongs to a chain that counts by now."""
    assert entry.month is not None
    known = returns.received_of(desk.store, entry.code, entry.month)
    resolved = resolve(known, decisions.decisions(desk.store))
    return any(one.digest == entry.digest for chain in resolved.chains.values() for one in chain)


def _paired_by(desk: Desk, outcome: Outcome) -> tuple[str, ...]:
    """What waited for this return and has been paired with it."""
    if outcome.outcome != "accepted" or not outcome.digest:
        return ()
    known = returns.received_of(desk.store, outcome.unit, Month.parse(outcome.month))
    later = [one for one in known if one.predecessor == outcome.digest]
    return tuple(
        f"先前待处理的第 {one.monthly_return.revision} 版已与它自动衔接。"
        for one in later
        if one.received_at < desk.now()
    )
