"""From a figure back to its paper: the original a record stands in, and words to find it by."""

from __future__ import annotations

from dataclasses import dataclass

from rongchang_desk.app import originals
from rongchang_desk.app.desk import Desk
from rongchang_desk.domain.joint import title_of
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.plan import Plan
from rongchang_desk.domain.records import (
    Evidence,
    Problem,
    Progress,
    Publicity,
    Reading,
    Record,
    RegisterEntry,
    Training,
)
from rongchang_desk.errors import CannotRead
from rongchang_desk.store import evidence, returns

LONGEST = 16
"""Signs of a free text that are looked for: enough to be sure, short enough for one cell."""


@dataclass(frozen=True, slots=True)
class Listed:
    """An evidence file that a return lists; `is_here` when its content was received."""

    evidence: Evidence
    is_here: bool


@dataclass(frozen=True, slots=True)
class Traced:
    """An original file with its usual name, the words that mark a record's page, and the evidence
    listed with the record (with any record of the return when none was asked about)."""

    data: bytes
    name: str
    title: str
    words: tuple[str, ...]
    evidence: tuple[Listed, ...] = ()


def trace(desk: Desk, digest: str, record: str = "") -> Traced:
    """The original of a received return, byte for byte, and where to look for a record in it.

    Raises CannotRead when the desk does not hold it.
    """
    row = returns.received_name(desk.store, digest)
    if row is None:
        raise CannotRead("工作台里没有这份文件。", "请刷新（F5）后再试。")
    unit, month, revision = row
    filed = next(
        one
        for one in returns.received_of(desk.store, unit, Month.parse(month))
        if one.digest == digest
    )
    found = next((r for r in filed.monthly_return.records.all() if r.id == record), None)
    asked = (found,) if found else () if record else filed.monthly_return.records.all()
    here = {one.sha256 for one in evidence.kept(desk.store)}
    listed = {one.sha256: Listed(one, one.sha256 in here) for r in asked for one in r.evidence}
    name = desk.plan.name_of(unit)
    return Traced(
        originals.return_bytes(desk, digest),
        f"{name}_{month}_月报_第{revision}版.pdf",
        f"{name} {Month.parse(month).label}月报 第 {revision} 版",
        words_of(desk.plan, found) if found else (),
        tuple(listed.values()),
    )


def words_of(plan: Plan, record: Record) -> tuple[str, ...]:
    """What to look for on the pages of a return, the surest first."""
    match record:
        case Progress():
            title = plan.task(record.task).title if plan.has_task(record.task) else ""
            return (record.done[:LONGEST], record.next[:LONGEST], title)
        case Reading():
            known = plan.has_target(record.target)
            return (plan.target(record.target).title if known else record.target,)
        case Training() | Publicity():
            return (title_of(record)[:LONGEST],)
        case RegisterEntry():
            known = plan.has_register(record.register)
            title = plan.register(record.register).title if known else record.register
            return (*(field.text[:LONGEST] for field in record.fields[:1]), title)
        case Problem():
            return (record.title[:LONGEST],)
