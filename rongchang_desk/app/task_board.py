"""The tasks on the district board: their lights, and each unit's latest report behind them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from rongchang_desk.app import district
from rongchang_desk.app.desk import Desk
from rongchang_desk.domain.merge import Merged
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.plan import Plan, Task
from rongchang_desk.domain.records import Progress
from rongchang_desk.domain.task_light import LightRule, TaskLight, consecutive, task_light


@dataclass(frozen=True, slots=True)
class UnitTask:
    """A task in one unit: its light, the latest report, and the digest of the return it is in."""

    unit: str
    name: str
    is_lead: bool
    light: TaskLight
    progress: Progress | None
    digest: str


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task: the light is the lead unit's; `counts` are those of all its units."""

    task: Task
    group: str
    lead: str
    light: TaskLight
    counts: Mapping[TaskLight, int]
    units: tuple[UnitTask, ...]


def tasks(desk: Desk, month: Month, picture: Merged | None = None) -> tuple[TaskLine, ...]:
    """Every task that the plan asks for in a month, as it stands through it, in plan order."""
    plan = desk.plan
    picture = picture or district.merged(desk, month)
    told: dict[tuple[int, str], list[Progress]] = defaultdict(list)
    for unit, progress in picture.progress:
        told[progress.task, unit].append(progress)
    digests = {(head.unit, head.month): head.digest for head in picture.heads}
    rule = plan.lights or LightRule()
    groups = {no: group.title for group in plan.groups for no in group.tasks}

    def in_unit(task: Task, unit: str) -> UnitTask:
        reports = consecutive(told.get((task.no, unit), []), month)
        newest = reports[-1] if reports else None
        light = task_light(reports, plan.first_month, plan.last_month, desk.today(), rule)
        if light is TaskLight.SILENT and not plan.unit(unit).reports_in(month):
            light = TaskLight.NOT_APPLICABLE
        return UnitTask(
            unit,
            plan.name_of(unit),
            unit == task.lead,
            light,
            newest,
            digests.get((unit, newest.month), "") if newest else "",
        )

    lines = []
    for task in plan.tasks:
        if not task.asked_in(month):
            continue
        units = tuple(in_unit(task, unit) for unit in (task.lead, *task.support))
        counts = Counter(one.light for one in units)
        lines.append(
            TaskLine(
                task, groups.get(task.no, ""), plan.name_of(task.lead), units[0].light, counts,
                units,
            )
        )  # fmt: skip
    return tuple(lines)


def expected_share(plan: Plan, month: Month) -> int:
    """Per cent of the plan's time that is gone at a month's end."""
    whole = len(plan.first_month.until(plan.last_month))
    return min(100, round(100 * len(plan.first_month.until(month)) / whole))
