"""The rows and columns of the district board's tables."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from rongchang_desk.app import board
from rongchang_desk.app.board import shown, with_unit
from rongchang_desk.domain.measures import Figure, FigureState, Origin
from rongchang_desk.domain.plan import Target
from rongchang_desk.ui.tables import Align, Cell, Column
from rongchang_desk.ui.theme import Tone

STATES = {
    FigureState.REACHED: ("✓", Tone.GOOD),
    FigureState.ON_TRACK: ("→", Tone.BUSY),
    FigureState.BEHIND: ("!", Tone.BAD),
    FigureState.NO_DATA: ("○", Tone.WARN),
    FigureState.NO_BASELINE: ("？", Tone.WARN),
    FigureState.WATCHED: ("·", Tone.QUIET),
}


@dataclass(frozen=True)
class Line:
    """A target with its figure."""

    target: Target
    figure: Figure


@dataclass(frozen=True)
class Source:
    """One part of a figure, in words."""

    origin: Origin
    unit: str
    record: str
    difference: Decimal | None = None


@dataclass(frozen=True)
class Part:
    """One row of a target judged item by item."""

    title: str
    numerator: Decimal | None
    denominator: Decimal | None
    percent: Decimal | None


def _value(line: Line) -> str:
    return board.value_text(line.target, line.figure)


def _value_tone(line: Line) -> Tone | None:
    """未报 and 缺基期 ask for something, 不涉及 does not; a number is plain."""
    if line.figure.value is not None:
        return None
    return Tone.QUIET if line.figure.not_applicable else Tone.WARN


def _goal(line: Line) -> str:
    return with_unit(line.figure.goal, line.target)


def _expected(line: Line) -> str:
    return "—" if line.figure.expected is None else shown(line.figure.expected)


def _gap_tone(line: Line) -> Tone | None:
    gap = board.gap(line.figure)
    if gap is None:
        return Tone.QUIET
    return Tone.BAD if gap < 0 else Tone.GOOD


def _step(line: Line) -> str:
    step = board.step(line.figure)
    if step is None:
        return "—"
    if not step:
        return "→ 持平"
    return f"{'↑' if step > 0 else '↓'} {shown(abs(step))}"


def _course(line: Line) -> str:
    told = (f"{month.label}：{shown(value)}" for month, value in line.figure.trend[-12:])
    return "\n".join(told) or "还没有走势数据"


COLUMNS = (
    Column("指标", lambda row: row.target.title, width=240,
           tip=lambda row: f"{row.target.title}\n依据：方案{row.target.section}"),
    Column("状态", lambda row: list(FigureState).index(row.figure.state),
           lambda row: f"{STATES[row.figure.state][0]} {row.figure.state.label}",
           cell=Cell.PILL, tone=lambda row: STATES[row.figure.state][1], width=100,
           tip=lambda row: row.figure.note),
    Column("现值", lambda row: row.figure.value, _value, tone=_value_tone, align=Align.END,
           width=126),
    Column("目标", lambda row: row.figure.goal, _goal, align=Align.END, width=88),
    Column("完成", lambda row: row.figure.percent,
           lambda row: "" if row.figure.percent is None else f"{row.figure.percent}%",
           cell=Cell.BAR, tone=lambda row: STATES[row.figure.state][1], width=114),
    Column("本月应达", lambda row: row.figure.expected, _expected, align=Align.END, width=78),
    Column("差距", lambda row: board.gap(row.figure), lambda row: board.gap_text(row.figure),
           tone=_gap_tone, align=Align.END, width=74,
           tip=lambda _: "现值减本月应达（没有时间进度的减目标）"),
    Column("类型", lambda row: row.target.kind.label, width=74),
    Column("走势", lambda row: board.step(row.figure), _step, stretch=True, tip=_course),
)  # fmt: skip
SOURCE_COLUMNS = (
    Column("单位", lambda s: s.unit, width=112),
    Column("月份", lambda s: s.origin.month.label, width=104),
    Column("数值", lambda s: s.origin.value, lambda s: shown(s.origin.value), align=Align.END,
           width=90),
    Column("记录", lambda s: s.record, stretch=True,
           tip=lambda s: f"{s.record}\n双击打开原件，翻到这条记录"),
)  # fmt: skip
DIFFERENCE_COLUMNS = (
    *SOURCE_COLUMNS[:3],
    Column("与责任单位相差", lambda s: s.difference,
           lambda s: f"{s.difference:+,f}" if s.difference is not None else "",
           align=Align.END, width=130),
    SOURCE_COLUMNS[3],
)  # fmt: skip
PART_COLUMNS = (
    Column("分项", lambda p: p.title, stretch=True),
    Column("本区／已达标", lambda p: p.numerator,
           lambda p: "未报" if p.numerator is None else shown(p.numerator), align=Align.END,
           width=120),
    Column("全国／总数", lambda p: p.denominator,
           lambda p: "未报" if p.denominator is None else shown(p.denominator), align=Align.END,
           width=110),
    Column("比例", lambda p: p.percent, lambda p: f"{p.percent}%" if p.percent is not None else "",
           cell=Cell.BAR, width=160),
)  # fmt: skip
