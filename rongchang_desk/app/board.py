"""The district board: every target with where its figure comes from, and one chart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from rongchang_desk.app import district
from rongchang_desk.app.desk import Desk
from rongchang_desk.app.district import Status
from rongchang_desk.domain.describe import kind_label, name_of
from rongchang_desk.domain.joint import title_of
from rongchang_desk.domain.measures import Figure, FigureState
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.plan import Plan, Target, TargetKind
from rongchang_desk.domain.records import Publicity, Record, Training, kind_of

_RATES = (TargetKind.GROWTH, TargetKind.RATIO)


@dataclass(frozen=True, slots=True)
class Board:
    """A month's picture: the status, the title of each record a figure rests on, and the
    digest of the return that record stands in, both by `(unit, record id)`."""

    status: Status
    titles: Mapping[tuple[str, str], str]
    sources: Mapping[tuple[str, str], str]


def board(desk: Desk, month: Month) -> Board:
    """The district's picture through a month."""
    picture = district.merged(desk, month)
    status = district.status(desk, month, picture)
    heads = {(head.unit, head.month): head for head in picture.heads}
    wanted: dict[tuple[str, Month], set[str]] = defaultdict(set)
    for figure in status.figures:
        for origin in (*figure.origins, *figure.differences):
            wanted[origin.unit, origin.month].add(origin.record)
    titles: dict[tuple[str, str], str] = {}
    sources: dict[tuple[str, str], str] = {}
    for place, ids in wanted.items():
        for record in heads[place].monthly_return.records.all() if place in heads else ():
            if record.id in ids:
                titles[place[0], record.id] = _title(desk.plan, record)
                sources[place[0], record.id] = heads[place].digest
    return Board(status, titles, sources)


def unit_of_value(target: Target) -> str:
    """The unit a target's value is shown in: per cent for growth and ratio."""
    if target.kind in _RATES:
        return "%"
    return "项" if target.kind is TargetKind.VERSUS else target.unit


def with_unit(number: Decimal | None, target: Target) -> str:
    """A value or goal of a target with its unit; `—` when there is none."""
    if number is None:
        return "—"
    unit = unit_of_value(target)
    return f"{shown(number)}{'' if unit == '%' else ' '}{unit}".rstrip()


def shown(number: Decimal | None) -> str:
    """A figure in plain digits with thousands marks; empty when there is none."""
    return "" if number is None else f"{number.normalize():,f}"


def expected_percent(figure: Figure) -> Decimal | None:
    """The expected path as per cent of the goal, one decimal; None where there is no path."""
    if figure.expected is None or not figure.goal:
        return None
    return (figure.expected * 100 / figure.goal).quantize(Decimal("0.1"))


def progress_png(
    plan: Plan,
    status: Status,
    *,
    dark: bool,
    colours: Mapping[str, str],
    room: tuple[float, float],
    largest_dpi: float,
    ratio: float = 1.0,
) -> bytes:
    """The chart of all targets as PNG that fills `room` (width, height in logical pixels).

    `largest_dpi` keeps its text from growing beyond the window's, `ratio` is the screen's
    pixels per logical one, `colours` replaces some of the palette's, by the names of
    `charts.Palette`.
    """
    from rongchang_desk.app.report_content import progress_rows
    from rongchang_desk.documents import charts

    palette = replace(charts.DARK if dark else charts.LIGHT, **colours)
    rows = progress_rows(plan, status.figures)
    height = charts.target_progress(rows, palette).get_figheight()
    dpi = max(60.0, min(room[1] / height, largest_dpi))
    width = max(5.0, min(room[0] / dpi, 14.0))
    figure = charts.target_progress(rows, palette, width=width)
    return charts.to_png(figure, dpi * ratio)


def progress_svg(plan: Plan, status: Status) -> bytes:
    """The chart of all targets as SVG, drawn as the merged report prints it."""
    from rongchang_desk.app.report_content import progress_rows
    from rongchang_desk.documents import charts

    return charts.to_svg(charts.target_progress(progress_rows(plan, status.figures)))


def trend_pictures(target: Target, figure: Figure) -> tuple[bytes, bytes]:
    """A target's course over months as (PNG at 200 dots per inch, SVG), for paper."""
    from rongchang_desk.documents import charts

    is_level = figure.level is not None  # the course of a growth is that of its level
    drawn = charts.target_trend(
        charts.TrendLine(
            target.title,
            target.unit if is_level else unit_of_value(target),
            tuple((str(month), float(value)) for month, value in figure.trend),
            None if is_level or figure.goal is None else float(figure.goal),
            None if is_level or figure.expected is None else float(figure.expected),
        )
    )
    return charts.to_png(drawn, 200), charts.to_svg(drawn)


TABLE_HEADER = ("指标", "类型", "现值", "目标", "完成", "本月应达", "差距", "状态", "说明")


def table_rows(plan: Plan, status: Status) -> tuple[tuple[str, ...], ...]:
    """The targets as texts under `TABLE_HEADER`, for pasting into a document."""
    rows = []
    for figure in status.figures:
        target = plan.target(figure.target)
        rows.append(
            (
                target.title,
                target.kind.label,
                value_text(target, figure),
                with_unit(figure.goal, target),
                "—" if figure.percent is None else f"{figure.percent}%",
                "—" if figure.expected is None else shown(figure.expected),
                gap_text(figure),
                figure.state.label,
                figure.note,
            )
        )
    return tuple(rows)


def value_text(target: Target, figure: Figure) -> str:
    """A figure with its unit; without one, which state it is in instead: 不涉及, 未报, 缺基期.

    A true zero is a value: it is never shown like any of these, nor they like it.
    """
    if figure.value is not None:
        return with_unit(figure.value, target)
    if figure.not_applicable:
        return "不涉及"
    if figure.state is FigureState.WATCHED:
        return FigureState.NO_DATA.label
    return figure.state.label


def gap(figure: Figure) -> Decimal | None:
    """How far a figure is above (+) or below (-) what it should be by now, else its goal; None
    where either is missing: a missing baseline is never taken for zero."""
    wanted = figure.expected if figure.expected is not None else figure.goal
    if figure.value is None or wanted is None:
        return None
    return figure.value - wanted


def gap_text(figure: Figure) -> str:
    """The gap with its sign; a dash where there is none."""
    found = gap(figure)
    if found is None:
        return "—"
    return f"{found.normalize():+,f}" if found else "0"


def step(figure: Figure) -> Decimal | None:
    """The change from the month before the last one with data; None with fewer than two."""
    if len(figure.trend) < 2:
        return None
    return figure.trend[-1][1] - figure.trend[-2][1]


def _title(plan: Plan, record: Record) -> str:
    kind = {"training": "培训", "publicity": "活动", "reading": "读数"}.get(kind_of(record))
    if isinstance(record, Training | Publicity):
        return f"{kind}：{title_of(record)}（{record.day}）"
    return f"{kind or kind_label(record)}：{name_of(plan, record)}"
