"""What belongs into the acceptance binder: by task, from the signed returns. Nothing is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rongchang_desk.domain.describe import kind_label, name_of
from rongchang_desk.domain.merge import Filed, Merged
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.plan import Plan
from rongchang_desk.domain.records import (
    Evidence,
    Problem,
    Progress,
    Publicity,
    Record,
    RegisterEntry,
    Training,
)


@dataclass(frozen=True, slots=True)
class Placed:
    """A record with the return it stands in."""

    filed: Filed
    record: Record


@dataclass(frozen=True, slots=True)
class TaskContent:
    """A task's records in order of month, unit and page; `progress` apart from the others."""

    no: int
    progress: tuple[Placed, ...]
    records: tuple[Placed, ...]

    @property
    def placed(self) -> tuple[Placed, ...]:
        return (*self.progress, *self.records)

    def evidence(self) -> Iterator[tuple[Evidence, Placed]]:
        """Every evidence file of the task's records."""
        for placed in self.placed:
            for one in placed.record.evidence:
                yield one, placed


def of_task(plan: Plan, heads: Iterable[Filed], no: int) -> TaskContent:
    """What the counting returns say about a task."""
    order = {unit.code: number for number, unit in enumerate(plan.units)}
    progress: list[Placed] = []
    records: list[Placed] = []
    for filed in sorted(heads, key=lambda f: (f.month, order.get(f.unit, len(order)))):
        for record in filed.monthly_return.records.all():
            if no in tasks_of(plan, record):
                found = progress if isinstance(record, Progress) else records
                found.append(Placed(filed, record))
    return TaskContent(no, tuple(progress), tuple(records))


def tasks_of(plan: Plan, record: Record) -> tuple[int, ...]:
    """The tasks a record evidences: its own, its tags', or its register's."""
    match record:
        case Progress():
            return (record.task,)
        case Training() | Publicity():
            return record.tasks
        case RegisterEntry():
            known = plan.has_register(record.register)
            return plan.register(record.register).tasks if known else ()
        case Problem():
            return (record.task,) if record.task else ()
        case _:
            return ()


def chains(picture: Merged, heads: Iterable[Filed]) -> Mapping[str, tuple[Filed, ...]]:
    """The revisions behind each head, by the head's digest, first revision first."""
    return {head.digest: picture.chains[head.digest] for head in heads}


def heads_between(picture: Merged, first: Month, last: Month) -> tuple[Filed, ...]:
    """The counting returns of the months, by month and unit."""
    found = (head for head in picture.heads if first <= head.month <= last)
    return tuple(sorted(found, key=lambda f: (f.month, f.unit)))


def day_of(record: Record) -> str:
    """The day of a record as text; the month for progress."""
    return str(record.month) if isinstance(record, Progress) else str(record.day)


def progress_texts(record: Record) -> tuple[str, str, str]:
    """(status, per cent, what was done and comes next) of a progress, as texts."""
    if not isinstance(record, Progress):
        raise TypeError(f"not a progress: {record!r}")
    percent = "" if record.percent.number is None else f"{record.percent.number:f}"
    then = f"下一步：{record.next}" if record.next else ""
    return record.status.label, percent, "\n".join(filter(None, (record.done, then)))


def label_of(plan: Plan, record: Record) -> tuple[str, str]:
    """(kind, name) of a record."""
    return kind_label(record), name_of(plan, record)
