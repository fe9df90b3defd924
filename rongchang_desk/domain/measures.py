"""Target arithmetic: one figure a target, by measure kind, from the merged returns.

Stocks take the owner's latest reading and are never summed over months; yearly flows are
summed within the calendar year; growth needs a baseline; ratios add numerators and
denominators before dividing; versus goes item by item; watched targets are only shown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from itertools import accumulate

from rongchang_desk.domain.merge import Merged
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.plan import Plan, Target, TargetKind
from rongchang_desk.domain.records import Reading, State


class FigureState(StrEnum):
    REACHED = "reached"
    ON_TRACK = "on_track"
    BEHIND = "behind"
    NO_DATA = "no_data"
    NO_BASELINE = "no_baseline"
    WATCHED = "watched"

    @property
    def label(self) -> str:
        return {
            "reached": "已达标", "on_track": "按进度", "behind": "落后",
            "no_data": "未报", "no_baseline": "缺基期", "watched": "跟踪",
        }[self.value]  # fmt: skip


@dataclass(frozen=True, slots=True)
class ItemFigure:
    """One row of a ratio (`numerator`/`denominator`) or of a versus target (own/outside)."""

    item: str
    numerator: Decimal | None
    denominator: Decimal | None
    percent: Decimal | None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a part of a figure comes from: unit, month and record id."""

    unit: str
    month: Month
    record: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class Figure:
    """A target's figure through a month.

    `value` is in the target's unit (件, 人次, 万元…), in per cent for growth and ratio, and
    the number of items above the outside figure for versus. `level` is the underlying level
    where `value` is a rate. `percent` is value against goal, one decimal. `expected` is the
    value that an even path to the goal asks for by this month.
    """

    target: str
    state: FigureState
    value: Decimal | None = None
    level: Decimal | None = None
    goal: Decimal | None = None
    percent: Decimal | None = None
    expected: Decimal | None = None
    items: tuple[ItemFigure, ...] = ()
    origins: tuple[Origin, ...] = ()
    differences: tuple[Origin, ...] = ()
    """Other units' readings of an owned stock: 对账差异."""
    trend: tuple[tuple[Month, Decimal], ...] = ()
    note: str = ""
    path_assumed: bool = False
    """The expected path starts at the first reading, for want of a baseline."""
    not_applicable: bool = False
    """There is no value because the owner's latest reading says 不涉及."""


def figures(plan: Plan, merged: Merged) -> tuple[Figure, ...]:
    """The figure of every target, in plan order, through the merged month."""
    return tuple(
        _as_said(plan, target, merged, _figure(plan, target, merged)) for target in plan.targets
    )


def _as_said(plan: Plan, target: Target, merged: Merged, figure: Figure) -> Figure:
    """The figure, told apart from 未报 where the latest reading says 不涉及 throughout."""
    if figure.value is not None or figure.level is not None:
        return figure
    source = plan.target(target.of_target) if target.of_target else target
    readings = _readings(source, merged)
    newest = [value.value.state for value in readings[-1][1].values] if readings else []
    if not newest or any(state is not State.NOT_APPLICABLE for state in newest):
        return figure
    return replace(figure, not_applicable=True, note="责任单位填报“不涉及”")


def _figure(plan: Plan, target: Target, merged: Merged) -> Figure:
    if target.counts:
        return _yearly(plan, target, merged)
    match target.kind:
        case TargetKind.GROWTH:
            return _growth(plan, target, merged)
        case TargetKind.RATIO:
            return _ratio(target, merged)
        case TargetKind.VERSUS:
            return _versus(target, merged)
        case TargetKind.YEARLY:
            return _yearly_readings(target, merged)
        case _:
            return _stock(plan, target, merged)


def _readings(target: Target, merged: Merged, owner_only: bool = True) -> list[tuple[str, Reading]]:
    """The target's readings in order of day; by default only the owner's."""
    found = [
        (unit, reading)
        for unit, reading in merged.readings
        if reading.target == target.code
        and (not owner_only or target.partition or not target.owner or unit == target.owner)
    ]
    return sorted(found, key=lambda pair: (pair[1].day, pair[0], pair[1].id))


def _levels(target: Target, merged: Merged) -> list[tuple[Month, Decimal, tuple[Origin, ...]]]:
    """The level of a stock at the end of every month that brought a reading."""
    column = target.columns()[0].code
    latest: dict[str, Origin] = {}
    levels: dict[Month, tuple[Decimal, tuple[Origin, ...]]] = {}
    for unit, reading in _readings(target, merged):
        number = reading.get(column).number
        if number is None:
            continue
        latest[unit if target.partition else ""] = Origin(unit, reading.month, reading.id, number)
        origins = tuple(latest[key] for key in sorted(latest))
        levels[reading.month] = (sum((o.value for o in origins), Decimal(0)), origins)
    return [(month, *levels[month]) for month in sorted(levels)]


def _stock(plan: Plan, target: Target, merged: Merged) -> Figure:
    levels = _levels(target, merged)
    watched = target.kind is TargetKind.WATCHED and target.goal is None
    if not levels:
        state = FigureState.WATCHED if watched else FigureState.NO_DATA
        return Figure(target.code, state, goal=target.goal, note="责任单位尚未报送读数")
    _, value, origins = levels[-1]
    trend = tuple((month, level) for month, level, _ in levels)
    differences = _differences(target, merged, value) if not target.partition else ()
    if target.goal is None:
        return Figure(
            target.code, FigureState.WATCHED, value,
            origins=origins, differences=differences, trend=trend,
        )  # fmt: skip
    start = (
        (Month(target.baseline_year, 12), target.baseline)
        if target.baseline is not None and target.baseline_year
        else trend[0]
    )
    expected = _on_path(start, (target.by or plan.last_month, target.goal), merged.through)
    return Figure(
        target.code,
        _state(value, target.goal, expected),
        value,
        goal=target.goal,
        percent=_percent(value, target.goal),
        expected=expected,
        origins=origins,
        differences=differences,
        trend=trend,
        path_assumed=target.baseline is None,
    )


def _differences(target: Target, merged: Merged, value: Decimal) -> tuple[Origin, ...]:
    """The latest reading of every other unit where it differs from the owner's."""
    column = target.columns()[0].code
    latest: dict[str, Origin] = {}
    for unit, reading in _readings(target, merged, owner_only=False):
        number = reading.get(column).number
        if unit != target.owner and number is not None:
            latest[unit] = Origin(unit, reading.month, reading.id, number)
    return tuple(latest[unit] for unit in sorted(latest) if latest[unit].value != value)


def _yearly(plan: Plan, target: Target, merged: Merged) -> Figure:
    year = merged.through.year
    origins: list[Origin] = []
    if target.counts == "training":
        counted = tuple(c.code for c in plan.headcounts if c.counted)
        for session in merged.trainings:
            if session.record.day.year != year:
                continue
            visits = sum(
                (session.record.headcount(code).or_zero() for code in counted),
                Decimal(0),
            )
            origins.append(Origin(session.unit, session.record.month, session.record.id, visits))
    else:
        origins.extend(
            Origin(event.unit, event.record.month, event.record.id, Decimal(1))
            for event in merged.events
            if event.record.campaign and event.record.day.year == year
        )
    return _flow(target, merged, origins)


def _yearly_readings(target: Target, merged: Merged) -> Figure:
    """A yearly flow that units report as readings of the month: summed over units and months."""
    column = target.columns()[0].code
    return _flow(
        target,
        merged,
        [
            Origin(unit, reading.month, reading.id, number)
            for unit, reading in _readings(target, merged)
            if reading.month.year == merged.through.year
            and (number := reading.get(column).number) is not None
        ],
    )


def _flow(target: Target, merged: Merged, origins: list[Origin]) -> Figure:
    months = Month(merged.through.year, 1).until(merged.through)
    value = sum((o.value for o in origins), Decimal(0))
    brought: dict[Month, Decimal] = defaultdict(Decimal)
    for origin in origins:
        brought[origin.month] += origin.value
    trend = tuple(zip(months, accumulate(brought[month] for month in months), strict=True))
    if not merged.heads:
        return Figure(target.code, FigureState.NO_DATA, goal=target.goal)
    common = {"origins": tuple(o for o in origins if o.value), "trend": trend}
    if target.goal is None:
        return Figure(target.code, FigureState.WATCHED, value, **common)  # type: ignore[arg-type]
    expected = target.goal * len(months) / 12
    return Figure(
        target.code,
        _state(value, target.goal, expected),
        value,
        goal=target.goal,
        percent=_percent(value, target.goal),
        expected=_round(expected),
        origins=tuple(o for o in origins if o.value),
        trend=trend,
    )


def _growth(plan: Plan, target: Target, merged: Merged) -> Figure:
    source = target
    divisor = Decimal(1)
    if target.of_target:
        source = plan.target(target.of_target)
        if not target.population:
            return Figure(target.code, FigureState.NO_BASELINE, goal=target.goal, note="缺人口数")
        divisor = target.population
    levels = _levels(source, merged)
    if not levels:
        return Figure(target.code, FigureState.NO_DATA, goal=target.goal, note="尚未报送读数")
    month, level, origins = levels[-1]
    level /= divisor
    trend = tuple((at, _round(value / divisor, 2)) for at, value, _ in levels)
    if not target.baseline or not target.baseline_year:
        return Figure(
            target.code, FigureState.NO_BASELINE, level=_round(level, 2), goal=target.goal,
            origins=origins, trend=trend, note="缺基期数",
        )  # fmt: skip
    base = Month(target.baseline_year, 12)
    elapsed = Decimal(len(base.until(month)) - 1) / 12
    ratio = level / target.baseline
    if target.per == "year":
        growth = ratio ** (1 / elapsed) - 1 if elapsed > 0 and ratio > 0 else ratio - 1
        expected = target.goal
    else:
        growth = ratio - 1
        whole = Decimal(len(base.until(target.by or plan.last_month)) - 1) / 12
        expected = _round(target.goal * elapsed / whole) if target.goal and whole > 0 else None
    value = _round(growth * 100)
    if target.goal is None:
        return Figure(
            target.code, FigureState.WATCHED, value, level=_round(level, 2),
            origins=origins, trend=trend,
        )  # fmt: skip
    return Figure(
        target.code,
        _state(value, target.goal, expected),
        value,
        level=_round(level, 2),
        goal=target.goal,
        percent=_percent(value, target.goal),
        expected=expected,
        origins=origins,
        trend=trend,
    )


def _latest_pair(
    target: Target, merged: Merged, item: str, upper: str, lower: str
) -> tuple[Decimal | None, Decimal | None, tuple[Origin, ...]]:
    """The latest two numbers of an item; over all units when the units partition the whole."""
    latest: dict[str, tuple[Decimal, Decimal, Origin]] = {}
    for unit, reading in _readings(target, merged):
        first = reading.get(f"{item}.{upper}").number
        second = reading.get(f"{item}.{lower}").number
        if first is not None and second is not None:
            key = unit if target.partition else ""
            latest[key] = (
                first,
                second,
                Origin(unit, reading.month, reading.id, first),
            )
    if not latest:
        return None, None, ()
    return (
        sum((pair[0] for pair in latest.values()), Decimal(0)),
        sum((pair[1] for pair in latest.values()), Decimal(0)),
        tuple(latest[key][2] for key in sorted(latest)),
    )


def _ratio(target: Target, merged: Merged) -> Figure:
    """One ratio an item; the target stands where its weakest item stands."""
    items: list[ItemFigure] = []
    origins: tuple[Origin, ...] = ()
    for item in target.items:
        met, whole, found = _latest_pair(target, merged, item.code, "met", "total")
        share = _percent(met, whole) if met is not None and whole else None
        items.append(ItemFigure(item.code, met, whole, share))
        origins += found
    shares = [i.percent for i in items if i.percent is not None]
    if not shares:
        return Figure(
            target.code, FigureState.NO_DATA, goal=target.goal, items=tuple(items),
            note="责任单位尚未报送读数",
        )  # fmt: skip
    value = min(shares)
    goal = target.goal
    missing = len(items) - len(shares)
    state = _state(value, goal, goal) if goal is not None else FigureState.WATCHED
    if missing and state is FigureState.REACHED:
        state = FigureState.BEHIND
    return Figure(
        target.code, state, value, goal=goal,
        percent=_percent(value, goal) if goal else None, expected=None,
        items=tuple(items), origins=origins,
        note=f"取最低一项，{missing}项未报" if missing else "取最低一项",
    )  # fmt: skip


def _versus(target: Target, merged: Merged) -> Figure:
    items: list[ItemFigure] = []
    origins: tuple[Origin, ...] = ()
    for item in target.items:
        own, outside, found = _latest_pair(target, merged, item.code, "own", "outside")
        share = _percent(own, outside) if own is not None and outside else None
        items.append(ItemFigure(item.code, own, outside, share))
        origins += found
    compared = [i for i in items if i.percent is not None]
    goal = Decimal(len(target.items))
    if not compared:
        return Figure(
            target.code, FigureState.NO_DATA, goal=goal, items=tuple(items),
            note="责任单位尚未报送读数",
        )  # fmt: skip
    above = Decimal(
        sum(
            1
            for i in compared
            if i.numerator is not None and i.denominator is not None and i.numerator > i.denominator
        )
    )
    return Figure(
        target.code,
        FigureState.REACHED if above == goal else FigureState.BEHIND,
        above,
        goal=goal,
        percent=_percent(above, goal),
        items=tuple(items),
        origins=origins,
        note=f"已比较{len(compared)}项，高于{above}项",
    )


def _state(value: Decimal, goal: Decimal, expected: Decimal | None) -> FigureState:
    if value >= goal:
        return FigureState.REACHED
    if expected is not None and value < expected:
        return FigureState.BEHIND
    return FigureState.ON_TRACK


def _on_path(start: tuple[Month, Decimal], end: tuple[Month, Decimal], at: Month) -> Decimal | None:
    """The level that an even path from start to end asks for at a month, one decimal."""
    whole = len(start[0].until(end[0])) - 1
    if whole <= 0:
        return end[1]
    gone = min(whole, max(0, len(start[0].until(at)) - 1))
    return _round(start[1] + (end[1] - start[1]) * gone / whole)


def _percent(value: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """value/whole in per cent, one decimal; None when either is missing or whole is 0."""
    if value is None or not whole:
        return None
    return _round(value * 100 / whole)


def _round(value: Decimal, places: int = 1) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def behind(rows: Iterable[Figure]) -> tuple[Figure, ...]:
    """The figures that lag behind their path."""
    return tuple(figure for figure in rows if figure.state is FigureState.BEHIND)
