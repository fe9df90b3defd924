"""What a person has to judge about receipts 待核实: signed with a key after it was lost, or after
it had expired. And all originals verified again, each at the moment of its receipt.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rongchang_desk.app import key_register
from rongchang_desk.app.desk import Desk, Role
from rongchang_desk.app.opening import Job, Openers
from rongchang_desk.app.running import Running
from rongchang_desk.domain.month import Month
from rongchang_desk.errors import UsageError
from rongchang_desk.store import audit, checks, returns
from rongchang_desk.store.checks import ExpiredReturn


@dataclass(frozen=True, slots=True)
class Doubt:
    """A return received since the key that signed it was lost; `checked` says who cleared it."""

    digest: str
    unit: str
    month: Month
    revision: int
    received_at: datetime
    lost_since: datetime
    checked: str = ""


def doubts(desk: Desk) -> tuple[Doubt, ...]:
    """The returns signed with lost keys since their day, unchecked ones first."""
    desk.require(Role.OFFICE)
    found = []
    for key in key_register.keys_of(desk):
        if key.lost_since is None:
            continue
        for row in checks.receipts(desk.store, key.sha256, key.lost_since.isoformat()):
            by = f"{row.checked_by} {row.checked_at[:10]}：{row.note}" if row.checked_at else ""
            found.append(
                Doubt(
                    row.digest, row.unit, Month.parse(row.month), row.revision,
                    datetime.fromisoformat(row.received_at), key.lost_since, by,
                )
            )  # fmt: skip
    return tuple(sorted(found, key=lambda d: (bool(d.checked), d.month, d.unit, d.revision)))


def doubtful(desk: Desk) -> frozenset[str]:
    """The digests of the returns that still wait for a person's check."""
    return frozenset(doubt.digest for doubt in doubts(desk) if not doubt.checked)


def check(desk: Desk, digest: str, by: str, note: str) -> None:
    """Note that a doubtful return was checked with the unit and is its own.

    Raises UsageError without a name and a note, or for a return that is not in doubt.
    """
    if not by.strip() or not note.strip():
        raise UsageError("请写明核实人和核实情况。", "例如：已与该单位王同志电话核对数据摘要。")
    if digest not in doubtful(desk):
        raise UsageError("这份月报不在待核实之列。", "请刷新（F5）后再试。")
    with desk.store.transaction():
        checks.note_checked(desk.store, digest, desk.now(), by.strip(), note.strip())
        audit.note(desk.store, desk.now(), "receipt-checked", digest)


def expired(desk: Desk) -> tuple[ExpiredReturn, ...]:
    """The returns that came after their certificate had expired, undecided ones first."""
    desk.require(Role.OFFICE)
    return checks.expired(desk.store)


def waiting(desk: Desk) -> int:
    """How many receipts and files wait for a person."""
    undecided = [row for row in expired(desk) if row.accepted is None]
    return len(doubtful(desk)) + len(undecided)


@dataclass(frozen=True, slots=True)
class Verified:
    """How an original verifies at its receipt time; `reasons` are empty when it is valid."""

    digest: str
    unit: str
    month: Month
    revision: int
    reasons: tuple[str, ...]


def verify_again(
    desk: Desk, running: Running | None = None, *, workers: int = 1
) -> tuple[Verified, ...]:
    """All received originals, each judged at its receipt time with today's list.

    An expired or renewed certificate does no harm to what came before; what was signed with a lost
    key since its day, and what was taken in after its certificate had expired, says so. Raises
    Cancelled.
    """
    desk.require(Role.OFFICE)
    running = running or Running()
    every = tuple(returns.received(desk.store))
    found = []
    with Openers(workers) as openers:
        for index, filed in enumerate(every):
            running.step(index, len(every), desk.plan.name_of(filed.unit))
            job = Job(filed.digest, returns.original(desk.store, filed.digest))
            (((_, unsealed),),) = openers.open_all((job,), desk.trust(), filed.received_at)
            reasons = (
                (unsealed,)
                if isinstance(unsealed, str)
                else tuple(reason.code for reason in unsealed.opened.reasons)
            )
            value = filed.monthly_return
            found.append(Verified(filed.digest, filed.unit, filed.month, value.revision, reasons))
    running.show(len(every), len(every), "")
    return tuple(found)
