"""The light of a task in one unit: 蓝 near its end, 黄 behind, 红 overdue.

The plan gives tasks no milestones but its own end, so the thresholds are parameters
(待领导小组办公室确认).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from rongchang_desk.domain.month import Month
from rongchang_desk.domain.records import Progress, Status


class TaskLight(StrEnum):
    """In the order of urgency, the most urgent first."""

    OVERDUE = "overdue"
    BEHIND = "behind"
    NEAR = "near"
    STEADY = "steady"
    DONE = "done"
    SILENT = "silent"
    NOT_APPLICABLE = "not_applicable"

    @property
    def label(self) -> str:
        return {
            "overdue": "逾期", "behind": "滞后", "near": "临期", "steady": "正常",
            "done": "已完成", "silent": "未报", "not_applicable": "不涉及",
        }[self.value]  # fmt: skip


@dataclass(frozen=True, slots=True)
class LightRule:
    """`near` months before the plan's end a task is near due; a per cent more than `slack`
    points under the even path is behind; `stuck` months behind in a row are overdue."""

    near: int = 3
    slack: int = 25
    stuck: int = 3


def task_light(
    reports: Sequence[Progress], first: Month, last: Month, today: date, rule: LightRule
) -> TaskLight:
    """The light of a unit's task by its reports of consecutive months, newest last.

    `first` and `last` are the plan's months. No reports is SILENT: never taken for no progress.
    """
    if not reports:
        return TaskLight.SILENT
    newest = reports[-1]
    if newest.status is Status.NOT_APPLICABLE:
        return TaskLight.NOT_APPLICABLE
    if newest.status is Status.DONE:
        return TaskLight.DONE
    behind = [is_behind(report, first, last, rule.slack) for report in reports[-rule.stuck :]]
    if today > last.last_day or (len(behind) == rule.stuck and all(behind)):
        return TaskLight.OVERDUE
    if behind[-1]:
        return TaskLight.BEHIND
    return TaskLight.NEAR if newest.month.plus(rule.near) > last else TaskLight.STEADY


def consecutive(reports: Sequence[Progress], through: Month) -> tuple[Progress, ...]:
    """The newest unbroken run of monthly reports up to a month, newest last."""
    found: list[Progress] = []
    known = sorted((p for p in reports if p.month <= through), key=lambda p: (p.month, p.id))
    for report in reversed(known):
        if found and report.month not in (found[-1].month, found[-1].month.previous):
            break
        if not found or report.month != found[-1].month:
            found.append(report)
    return tuple(reversed(found))


def is_behind(report: Progress, first: Month, last: Month, slack: int) -> bool:
    """Whether a report says 滞后, or its per cent is far under the even path to the end."""
    if report.status is Status.BEHIND:
        return True
    percent = Decimal(0) if report.status is Status.NOT_STARTED else report.percent.number
    if percent is None:
        return False
    gone = Decimal(100 * len(first.until(report.month))) / len(first.until(last))
    return percent + slack < gone
