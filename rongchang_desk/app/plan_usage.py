"""What the returns already received use of a plan: that much of it may not be taken away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from rongchang_desk.app.desk import Desk, Role
from rongchang_desk.app.plan_fields import title_at
from rongchang_desk.domain.finding import Finding, Where, error
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.plan import Plan
from rongchang_desk.domain.records import Publicity, Training
from rongchang_desk.errors import UsageError
from rongchang_desk.store import returns


@dataclass(frozen=True, slots=True)
class Usage:
    """How many returns use what, by path: `units.A1`, `targets.patents`, `registers.produce`,
    `registers.produce.fields.area`, `tasks.3`, `headcounts.worker`; and their months."""

    counts: Counter[str] = field(default_factory=Counter)
    months: tuple[Month, ...] = ()


def usage(desk: Desk) -> Usage:
    """What all received returns use."""
    desk.require(Role.OFFICE)
    counts: Counter[str] = Counter()
    months = set()
    for filed in returns.received(desk.store):
        value = filed.monthly_return
        months.add(value.month)
        used = {f"units.{value.unit}"}
        used |= {f"targets.{reading.target}" for reading in value.readings}
        used |= {f"tasks.{row.task}" for row in value.progress}
        activities: tuple[Training | Publicity, ...] = (*value.trainings, *value.publicity)
        for activity in activities:
            used |= {f"units.{body}" for body in (activity.host, *activity.partners) if body}
            used |= {f"tasks.{task}" for task in activity.tasks}
        for training in value.trainings:
            used |= {f"headcounts.{count.code}" for count in training.headcounts}
        for entry in value.entries:
            used.add(f"registers.{entry.register}")
            used |= {f"registers.{entry.register}.fields.{f.code}" for f in entry.fields if f.text}
        counts.update(used)
    return Usage(counts, tuple(sorted(months)))


def refuse_losses(before: Plan, after: Plan, used: Usage) -> None:
    """Raise UsageError when a plan lacks what received returns use of the one before it."""
    lost = removals_in_use(before, after, used)
    if lost:
        raise UsageError(
            "\n".join(finding.message.partition("：")[2] for finding in lost),
            "请保留这些内容；不再报送的单位、不再推进的任务请“停用”；不再使用的指标，可以改名注明“停用”。",
        )


_WHAT = {"units": "单位", "targets": "指标", "tasks": "任务", "registers": "台账",
         "headcounts": "人员类别"}  # fmt: skip


def removals_in_use(before: Plan, after: Plan, used: Usage) -> tuple[Finding, ...]:
    """Why a plan cannot take the place of another: it lacks what received returns use.

    Code: plan-in-use.
    """
    return tuple(_lost(before, after, used))


def why_kept(plan: Plan, path: str, used: Usage) -> str:
    """Why the record at a path may not be taken out of the plan; empty when it may."""
    count = used.counts[path]
    if not count:
        return ""
    section = path.partition(".")[0]
    name = title_at(plan, path)
    what = "字段" if ".fields." in path else _WHAT.get(section, "")
    return f"已收的月报中有 {count} 份用到{what}“{name}”，不能删除。"


def _lost(before: Plan, after: Plan, used: Usage) -> Iterator[Finding]:
    left = set(_paths(after))
    for path in _paths(before):
        if path not in left and (why := why_kept(before, path, used)):
            section, _, record = path.partition(".")
            yield error("plan-in-use", Where(section, record), f"{path}：{why}")
    for month in used.months:
        if not after.covers(month):
            text = f"plan.last_month：已收有{month.label}的月报，方案期不能不含这个月。"
            yield error("plan-in-use", Where("plan", "", "last_month"), text)
            return


def _paths(plan: Plan) -> Iterator[str]:
    for section in ("units", "targets", "registers", "headcounts"):
        yield from (f"{section}.{record.code}" for record in getattr(plan, section))
    yield from (f"tasks.{task.no}" for task in plan.tasks)
    for register in plan.registers:
        yield from (f"registers.{register.code}.fields.{f.code}" for f in register.fields)
