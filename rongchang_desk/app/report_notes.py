"""Footnotes to the figures of reports and bulletins: what a figure leaves out or rests on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from rongchang_desk.app.basis import Basis
from rongchang_desk.documents.paper import CellNote, Grid
from rongchang_desk.domain.measures import Figure, FigureState
from rongchang_desk.domain.plan import TO_CONFIRM, Plan

_GOAL = ("goal", "by")
_GROUND = ("population", "baseline", "baseline_year")
_ASSUMED_PATH = "方案未给基期，序时进度从首次读数的月份起算。"


def unreported(basis: Basis) -> str:
    """That sums leave out what has not come; empty when everything has."""
    count = sum(len(basis.missing(month)) for month in basis.months)
    if not count:
        return ""
    if len(basis.months) == 1:
        return f"不含尚未报送月报的{count}个单位。"
    return f"不含尚未报送的{count}份月报。"


def joint_in_year(basis: Basis) -> str:
    """How often the district's sessions and events of the year were recorded beyond once."""
    year, picture = basis.through.year, basis.picture
    recorded = sum(held.activity.month.year == year for held in picture.activities())
    sessions = sum(one.record.month.year == year for one in picture.trainings)
    events = sum(one.record.month.year == year for one in picture.events)
    twice = recorded - sessions - events
    if twice <= 0:
        return "联合举办的活动只计一次。"
    return f"联合举办的活动只计一次：各单位共记录{recorded}场次，去重{twice}场次。"


def joint_in_months(basis: Basis, trainings: int, events: int) -> tuple[str, str]:
    """What the units' own sums of sessions and of events count more than the district's."""
    months = set(basis.months)
    sessions = sum(one.record.month in months for one in basis.picture.trainings)
    others = sum(one.record.month in months for one in basis.picture.events)
    return _more(trainings, sessions, "场"), _more(events, others, "次")


def _more(own: int, district: int, unit: str) -> str:
    if own <= district:
        return ""
    return (
        f"各单位分别计数，其中联合举办的{own - district}{unit}在全区去重，"
        f"全区为{district:,}{unit}。"
    )


def noted(grid: Grid, basis: Basis) -> Grid:
    """The table of the targets, of `basis.figures` row by row, with notes to its figures."""
    columns = [column.title for column in grid.columns]
    notes = [
        CellNote(row, columns.index(column), text)
        for row, figure in enumerate(basis.figures)
        for column, text in _of_target(basis.plan, figure)
    ]
    return replace(grid, notes=tuple(notes))


def _of_target(plan: Plan, figure: Figure) -> Iterator[tuple[str, str]]:
    goal, ground, items = (
        _assumed(plan, figure.target, *fields) for fields in (_GOAL, _GROUND, ("items",))
    )
    if goal:
        yield "目标", f"{goal}，{TO_CONFIRM}。"
    if figure.value is None:
        if figure.note:
            waits = f"，{TO_CONFIRM}" if ground else ""
            yield "状态", f"{figure.note}{waits}。"
    else:
        waits = f"{items}，{TO_CONFIRM}" if items else ""
        if words := "；".join(filter(None, (figure.note, waits))):
            yield "本期", f"{words}。"
    judged = figure.state in (FigureState.ON_TRACK, FigureState.BEHIND)
    if figure.path_assumed and judged:
        yield "状态", _ASSUMED_PATH


def _assumed(plan: Plan, target: str, *fields: str) -> str:
    """Why fields of a target were assumed; empty when none was, or the office confirmed them."""
    paths = {f"targets.{target}.{field}" for field in fields}
    return "；".join(mark.note for mark in plan.assumed if mark.path in paths)
