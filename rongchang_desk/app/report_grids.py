"""The tables of reports and bulletins: plain values, computed from the returns behind them."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from rongchang_desk.app import report_notes as notes
from rongchang_desk.app.basis import Basis
from rongchang_desk.app.district import Reported
from rongchang_desk.documents.paper import Amount, CellNote, Column, Grid, Value, text_of
from rongchang_desk.domain.joint import reports_figures
from rongchang_desk.domain.measures import Figure
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.monthly_return import total
from rongchang_desk.domain.plan import NumberKind, Target, TargetKind
from rongchang_desk.domain.records import Status as TaskStatus

_CENT = Decimal("0.01")
_NUMBER = Column("序号", "center", least=22, most=22)


def value_text(target: Target, figure: Figure) -> str:
    """A figure with its unit as people write it; empty when there is none."""
    return text_of(value_of(target, figure.value))


def value_of(target: Target, number: Decimal | None) -> Value:
    """A target's number with its unit; empty when there is none."""
    if number is None:
        return ""
    if target.kind in (TargetKind.GROWTH, TargetKind.RATIO):
        return Amount(number, "%")
    if target.kind is TargetKind.VERSUS:
        return Amount(number, "项")
    money = bool(target.columns()) and target.columns()[0].number is NumberKind.MONEY
    return Amount(number.quantize(_CENT) if money else number, target.unit)


def goal_of(target: Target) -> Value:
    """The goal as the plan puts it; empty when it gives none."""
    if target.kind is TargetKind.VERSUS:
        return f"{len(target.items)}项均高于外部水平"
    if target.goal is None:
        return ""
    if target.kind is TargetKind.RATIO:
        return Amount(target.goal, "%")
    if target.kind is TargetKind.GROWTH:
        return Amount(target.goal, "%", f"{'年均' if target.per == 'year' else ''}增长")
    return Amount(target.goal, target.unit, "每年" if target.kind is TargetKind.YEARLY else "")


def reporting(basis: Basis) -> Grid:
    """Who reported, month by month; units without a return are named in the text."""
    columns = (
        Column("月份", "center", least=60),
        *(
            Column(title, "right", unit, figure=True)
            for title, unit in (
                ("应报", "个"), ("已报送", "个"), ("按时", "个"), ("逾期", "个"), ("未报", "个"),
                ("报送率", "%"),
            )
        ),
    )  # fmt: skip
    rows: list[tuple[Value, ...]] = []
    for month in basis.months:
        rows.append((month.label, *_standing(basis, month)))
    if len(rows) > 1:
        rows.append(("合计", *_standing(basis, None)))
    return Grid("报送情况", "月报报送情况", columns, tuple(rows), totals=len(rows) > 1)


def _standing(basis: Basis, month: Month | None) -> tuple[Value, ...]:
    months = basis.months if month is None else (month,)
    expected = sum(len(basis.cells[at]) for at in months)
    on_time, late = (basis.counted(kind, month=month) for kind in (Reported.ON_TIME, Reported.LATE))
    reported = on_time + late
    return (
        *(Amount(n) for n in (expected, reported, on_time, late, expected - reported)),
        rate(reported, expected),
    )


def rate(part: int, whole: int, unit: str = "") -> Value:
    """A share in per cent with one decimal; empty of nothing."""
    if not whole:
        return ""
    return Amount((Decimal(part) * 100 / whole).quantize(Decimal("0.1")), unit)


def targets(basis: Basis) -> Grid:
    """Every target's figure through the last month."""
    columns = (
        _NUMBER,
        Column("指标", least=80),
        Column("类型", "center"),
        Column("目标", "right"),
        Column("本期", "right", figure=True),
        Column("完成", "right", "%", least=34, figure=True),
        Column("状态", "center", figure=True),
    )
    rows: list[tuple[Value, ...]] = []
    for number, figure in enumerate(basis.figures, 1):
        target = basis.plan.target(figure.target)
        rows.append((
            Amount(number), target.title, target.kind.label, goal_of(target),
            value_of(target, figure.value),
            "" if figure.percent is None else Amount(figure.percent),
            figure.state.label,
        ))  # fmt: skip
    caption = f"主要指标完成情况（截至{basis.through.label}底）"
    return notes.noted(Grid("主要指标", caption, columns, tuple(rows), key=1), basis)


def trends(basis: Basis) -> Grid:
    """The targets month by month; a month without a reading stays empty."""
    columns = (
        Column("指标", least=90),
        Column("单位", "center", least=30),
        *(Column(f"{at.month}月", "right", figure=True) for at in basis.months),
    )
    rows: list[tuple[Value, ...]] = []
    for figure in basis.figures:
        by_month = dict(figure.trend)
        if not by_month:
            continue
        target = basis.plan.target(figure.target)
        # The trend of a growth target is the level that grows, not the growth.
        parts = target.columns()
        unit = parts[0].unit if parts else target.unit
        found = [by_month.get(at) for at in basis.months]
        if any(number is not None for number in found):
            rows.append((target.title, unit, *("" if n is None else Amount(n) for n in found)))
    return Grid("逐月数据", "主要指标逐月数据", columns, tuple(rows), dense=len(basis.months) > 6)


def items(basis: Basis) -> Grid:
    """What a ratio or a comparison is made of, item by item: 贯标 is three ratios, not one.

    The two numbers are those that meet the standard and all of them, or ours and the outside's.
    """
    columns = (
        Column("指标", least=90),
        Column("分项", least=60),
        Column("已达标", "right", "本区", figure=True),
        Column("总数", "right", "外部", figure=True),
        Column("占比", "right", "%", figure=True),
    )
    rows: list[tuple[Value, ...]] = []
    for figure in basis.figures:
        target = basis.plan.target(figure.target)
        titles = {item.code: item.title for item in target.items}
        for item in figure.items:
            parts = (item.numerator, item.denominator, item.percent)
            if any(part is not None for part in parts):
                numbers = ("" if part is None else Amount(part) for part in parts)
                rows.append((target.title, titles.get(item.item, item.item), *numbers))
    return Grid("分项情况", "分项指标情况", columns, tuple(rows), key=1)


def differences(basis: Basis) -> Grid:
    """对账差异: where another unit reads an owned stock differently; only the owner's counts."""
    columns = (
        Column("指标（对照单位）"),
        Column("责任单位读数", "right", figure=True),
        Column("对照单位读数", "right", figure=True),
        Column("差额", "right", figure=True),
    )
    rows: list[tuple[Value, ...]] = []
    for figure in basis.figures:
        target = basis.plan.target(figure.target)
        for other in figure.differences:
            if figure.value is not None:
                rows.append((
                    f"{target.title}（{basis.plan.name_of(other.unit)}）",
                    value_of(target, figure.value), value_of(target, other.value),
                    value_of(target, other.value - figure.value),
                ))  # fmt: skip
    return Grid("对账差异", "对账差异（以责任单位读数为准）", columns, tuple(rows))


def activities(basis: Basis) -> Grid:
    """Each unit's own reported sums over the months, units with none left out."""
    plan = basis.plan
    sums: dict[str, list[int]] = {}
    for head in basis.heads:
        value = head.monthly_return
        if not (value.trainings or value.publicity):
            continue
        own = total(plan, value.records)
        row = [
            own.trainings, *(visits.visits for visits in own.visits), own.counted_visits,
            sum(reports_figures(plan, event) for event in value.publicity), own.campaigns,
        ]  # fmt: skip
        before = sums.get(head.unit, [0] * len(row))
        sums[head.unit] = [a + b for a, b in zip(before, row, strict=True)]
    titles = (
        ("培训", "场"), *((category.title, "人次") for category in plan.headcounts),
        ("计入指标", "人次"), ("宣传", "次"), ("主题宣传", "次"),
    )  # fmt: skip
    columns = (
        Column("单位", least=54),
        *(Column(title, "right", unit, figure=True) for title, unit in titles),
    )
    rows: list[tuple[Value, ...]] = [
        (unit.name, *map(Amount, sums[unit.code])) for unit in plan.units if unit.code in sums
    ]
    found: list[CellNote] = []
    if rows:
        whole = [sum(column) for column in zip(*sums.values(), strict=True)]
        last, events = len(rows), len(columns) - 2
        rows.append(("合计", *map(Amount, whole)))
        joint = notes.joint_in_months(basis, whole[0], whole[-2])
        texts = (notes.unreported(basis), *joint)
        found = [
            CellNote(last, place, text)
            for place, text in zip((0, 1, events), texts, strict=True)
            if text
        ]
    return Grid(
        "培训宣传", "培训讲座和宣传活动情况", columns, tuple(rows), totals=True, dense=True,
        notes=tuple(found),
    )  # fmt: skip


def tasks(basis: Basis) -> Grid:
    """How many units stand where in each task, by their newest word in the months."""
    newest: dict[tuple[str, int], TaskStatus] = {}
    for head in basis.heads:
        for progress in head.monthly_return.progress:
            newest[head.unit, progress.task] = progress.status
    counts: dict[int, Counter[TaskStatus]] = {task.no: Counter() for task in basis.plan.tasks}
    for (_, no), status in newest.items():
        if no in counts:
            counts[no][status] += 1
    order = (
        TaskStatus.NOT_STARTED, TaskStatus.UNDER_WAY, TaskStatus.DONE, TaskStatus.BEHIND,
        TaskStatus.NOT_APPLICABLE,
    )  # fmt: skip
    columns = (
        _NUMBER,
        Column("重点任务"),
        *(Column(status.label, "right", "个", least=36, figure=True) for status in order),
    )
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (
            Amount(task.no), task.title,
            *(
                Amount(
                    counts[task.no][status],
                    strong=status is TaskStatus.BEHIND and counts[task.no][status] > 0,
                )
                for status in order
            ),
        )
        for task in basis.plan.tasks
        if counts[task.no] or any(map(task.asked_in, basis.months))
    )  # fmt: skip
    return Grid("重点任务", "重点任务进展情况（按单位数）", columns, rows if newest else (), key=1)


def problems(basis: Basis) -> Grid:
    """The problems raised in the months."""
    columns = (
        _NUMBER,
        Column("提出单位", least=63, most=80),
        Column("日期", "center", least=56, most=64),
        Column("事项"),
        Column("希望协调解决"),
        Column("答复情况", most=100),
    )
    found = [(head.unit, one) for head in basis.heads for one in head.monthly_return.problems]
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (
            Amount(number), basis.plan.name_of(unit), str(one.day), one.title, one.wanted,
            one.answer,
        )
        for number, (unit, one) in enumerate(found, 1)
    )  # fmt: skip
    return Grid("协调事项", "需协调解决事项", columns, rows, key=3)


def lineage(basis: Basis) -> Grid:
    """The returns of the months that went in; what lies before them is in the payload."""
    standing = {cell.digest: cell.reported.label for at in basis.months for cell in basis.cells[at]}
    columns = (
        _NUMBER,
        Column("单位"),
        Column("月份", "center", least=44),
        Column("版次", "center", least=20, most=20),
        Column("数据摘要", "center", whole=True),
        Column("接收时间", "center", least=48, most=48),
        Column("报送", "center", most=20),
    )
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (
            Amount(number), basis.plan.name_of(head.unit), str(head.month),
            Amount(head.monthly_return.revision), _in_two(head.digest),
            f"{head.received_at:%Y-%m-%d %H:%M}", standing.get(head.digest, ""),
        )
        for number, head in enumerate(basis.heads, 1)
    )  # fmt: skip
    return Grid("月报清单", LINEAGE, columns, rows, key=1, dense=True)


LINEAGE = "纳入汇总的月报清单"


def _in_two(digest: str) -> str:
    """A digest in two lines of groups of four, as it is read aloud."""
    halves = (digest[:32], digest[32:])
    return "\n".join(
        " ".join(half[i : i + 4] for i in range(0, len(half), 4)) for half in halves if half
    ).upper()
