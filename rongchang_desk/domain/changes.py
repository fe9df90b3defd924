"""What a revision changes against the one before it, field by field."""

from __future__ import annotations

from dataclasses import dataclass

from rongchang_desk.domain.describe import fields_of, kind_label, name_of
from rongchang_desk.domain.monthly_return import MonthlyReturn
from rongchang_desk.domain.plan import Plan
from rongchang_desk.domain.records import Record

ADDED, REMOVED = "新增", "删除"


@dataclass(frozen=True, slots=True)
class Change:
    """One changed field, or a whole record added or removed (`field` 新增 or 删除)."""

    kind: str
    record: str
    field: str
    before: str
    after: str


def changes(plan: Plan, before: MonthlyReturn, after: MonthlyReturn) -> tuple[Change, ...]:
    """Everything that differs between two revisions, in the order of the later one's pages."""
    earlier: dict[str, Record] = {record.id: record for record in before.records.all()}
    later: dict[str, Record] = {record.id: record for record in after.records.all()}
    found: list[Change] = []
    for record in after.records.all():
        old = earlier.get(record.id)
        if old is None:
            found.append(_whole(plan, record, ADDED))
        elif old != record:
            found += _fields(plan, old, record)
    found += [_whole(plan, old, REMOVED) for key, old in earlier.items() if key not in later]
    for title, role in (("填报人", "preparer"), ("审核人", "checker"), ("负责人", "approver")):
        names = getattr(before.signatories, role), getattr(after.signatories, role)
        if names[0] != names[1]:
            found.append(Change("签署", "", title, *names))
    if before.explanations != after.explanations:
        texts = ["；".join(e.text for e in value.explanations) for value in (before, after)]
        found.append(Change("情况说明", "", "说明", *texts))
    return tuple(found)


def _whole(plan: Plan, record: Record, what: str) -> Change:
    told = "；".join(f"{title}：{text}" for title, text in fields_of(plan, record) if text)
    texts = ("", told) if what is ADDED else (told, "")
    return Change(kind_label(record), name_of(plan, record), what, *texts)


def _fields(plan: Plan, old: Record, new: Record) -> list[Change]:
    was, now = dict(fields_of(plan, old)), dict(fields_of(plan, new))
    return [
        Change(kind_label(new), name_of(plan, old), title, was.get(title, ""), now.get(title, ""))
        for title in {**was, **now}
        if was.get(title, "") != now.get(title, "")
    ]
