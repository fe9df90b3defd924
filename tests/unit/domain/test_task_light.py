"""The lights of tasks."""

from __future__ import annotations

from datetime import date

import pytest

from rongchang_desk.domain.month import Month
from rongchang_desk.domain.records import NOT_REPORTED, Progress, Status, Value
from rongchang_desk.domain.task_light import LightRule, TaskLight, task_light

FIRST, LAST = Month(2026, 1), Month(2026, 10)


def light(*reports: tuple[Status, int | None], month: int = 5, today: date | None = None) -> str:
    """The light by reports of consecutive months (status, per cent), the last one in `month`."""
    start = month - len(reports) + 1
    made = [
        Progress(
            str(n), Month(2026, start + n), 1, status,
            percent=NOT_REPORTED if percent is None else Value.of(percent),
        )
        for n, (status, percent) in enumerate(reports)
    ]  # fmt: skip
    return task_light(made, FIRST, LAST, today or date(2026, 6, 1), LightRule()).value


UNDER_WAY, BEHIND = Status.UNDER_WAY, Status.BEHIND


@pytest.mark.parametrize(
    ("reports", "month", "expected"),
    [
        ([(UNDER_WAY, 50)], 5, TaskLight.STEADY),
        ([(UNDER_WAY, 25)], 5, TaskLight.STEADY),
        ([(UNDER_WAY, 24)], 5, TaskLight.BEHIND),  # 50 % of the time is gone, 25 points are free
        ([(UNDER_WAY, None)], 5, TaskLight.STEADY),
        ([(Status.NOT_STARTED, None)], 2, TaskLight.STEADY),
        ([(Status.NOT_STARTED, None)], 5, TaskLight.BEHIND),
        ([(BEHIND, None)], 5, TaskLight.BEHIND),
        ([(BEHIND, None)] * 2, 5, TaskLight.BEHIND),
        ([(BEHIND, None)] * 3, 5, TaskLight.OVERDUE),
        ([(BEHIND, None)] * 3 + [(UNDER_WAY, 60)], 5, TaskLight.STEADY),
        ([(UNDER_WAY, 70)], 7, TaskLight.STEADY),
        ([(UNDER_WAY, 80)], 8, TaskLight.NEAR),
        ([(Status.DONE, 100)], 10, TaskLight.DONE),
        ([(Status.NOT_APPLICABLE, None)], 10, TaskLight.NOT_APPLICABLE),
        ([], 5, TaskLight.SILENT),
    ],
)
def test_the_light_follows_the_reports(
    reports: list[tuple[Status, int | None]], month: int, expected: TaskLight
) -> None:
    assert light(*reports, month=month) == expected


def test_after_the_plans_end_what_is_not_done_is_overdue() -> None:
    later = date(2026, 11, 1)
    assert light((UNDER_WAY, 99), month=10, today=later) == TaskLight.OVERDUE
    assert light((Status.DONE, 100), month=10, today=later) == TaskLight.DONE
