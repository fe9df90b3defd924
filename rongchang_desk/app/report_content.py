"""What a merged report prints: the district's picture put into words and plain values."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING

from rongchang_desk.app.desk import Desk
from rongchang_desk.app.district import Reported, Status
from rongchang_desk.domain.joint import reports_figures
from rongchang_desk.domain.measures import Figure, FigureState
from rongchang_desk.domain.merge import Merged
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.monthly_return import total
from rongchang_desk.domain.plan import NumberKind, Plan, Target, TargetKind
from rongchang_desk.domain.records import Status as TaskStatus

if TYPE_CHECKING:
    from rongchang_desk.documents.charts import ProgressRow
    from rongchang_desk.documents.report_pdf import (
        ActivityRow,
        LineageRow,
        MergedReport,
        ProblemRow,
        TargetRow,
        TaskRow,
    )


def lay_out(desk: Desk, picture: Merged, status: Status, digest: str) -> bytes:
    """The pages of the month's merged report; `digest` is that of its payload."""
    from rongchang_desk.documents import report_pdf

    return report_pdf.render(desk.plan, content(desk, picture, status, digest))


def content(desk: Desk, picture: Merged, status: Status, digest: str) -> MergedReport:
    """The report's content for a month."""
    from rongchang_desk.documents import charts
    from rongchang_desk.documents.report_pdf import Chart, MergedReport
    from rongchang_desk.documents.signature import SignerBlock
    from rongchang_desk.signing.certificates import fingerprint

    plan = desk.plan
    today = desk.today()
    month = status.month
    del digest  # the fingerprint is what a merged report prints; the digest names its payload
    chart = charts.to_pdf(charts.target_progress(progress_rows(plan, status.figures)))
    return MergedReport(
        title=f"{plan.title.split('（', maxsplit=1)[0].removesuffix('方案')}月度汇总报告",
        month=month.label,
        issuer=plan.office_name,
        issued_on=f"{today.year}年{today.month}月{today.day}日",
        units_expected=len(plan.units),
        units_reported=len(status.reported),
        on_time=status.counted(Reported.ON_TIME),
        late=status.counted(Reported.LATE),
        missing=tuple(plan.name_of(code) for code in status.missing),
        targets=tuple(_target_row(plan, figure) for figure in status.figures),
        categories=tuple(category.title for category in plan.headcounts),
        activities=_activities(plan, picture, month),
        tasks=_tasks(plan, picture, month),
        problems=_problems(plan, picture, month),
        lineage=_lineage(plan, picture, status),
        fingerprint=status.fingerprint,
        signer=SignerBlock(
            unit_name=plan.office_name,
            signed_at=desk.now().isoformat(timespec="seconds"),
            certificate_fingerprint=fingerprint(desk.certificate()),
        ),
        summary=_summary(plan, picture, status),
        charts=(Chart("指标完成进度", chart),),
    )


def progress_rows(plan: Plan, figures: tuple[Figure, ...]) -> tuple[ProgressRow, ...]:
    """The rows of the progress chart: per cent of goal, and of the even path to it."""
    from rongchang_desk.documents.charts import ProgressRow

    rows = []
    for figure in figures:
        if figure.state is FigureState.WATCHED:
            continue
        expected = None
        if figure.expected is not None and figure.goal:
            expected = float(min(Decimal(100), figure.expected * 100 / figure.goal))
        elif figure.state is FigureState.BEHIND:
            expected = 100.0  # no path: judged against the goal itself
        percent = None if figure.percent is None else float(figure.percent)
        note = figure.state.label if percent is None else ""
        rows.append(ProgressRow(plan.target(figure.target).title, percent, expected, note))
    return tuple(rows)


def value_text(target: Target, figure: Figure) -> str:
    """A figure with its unit as people write it; empty when there is none."""
    if figure.value is None:
        return ""
    if target.kind in (TargetKind.GROWTH, TargetKind.RATIO):
        return f"{figure.value}%"
    if target.kind is TargetKind.VERSUS:
        return f"{figure.value}项"
    money = bool(target.columns()) and target.columns()[0].number is NumberKind.MONEY
    number = f"{figure.value:,.2f}" if money else f"{figure.value:,f}"
    return f"{number}{target.unit}"


def goal_text(target: Target) -> str:
    """The goal as the plan puts it; empty when it gives none."""
    if target.kind is TargetKind.VERSUS:
        return f"{len(target.items)}项均高于外部水平"
    if target.goal is None:
        return ""
    if target.kind is TargetKind.RATIO:
        return f"{target.goal}%"
    if target.kind is TargetKind.GROWTH:
        return f"{'年均' if target.per == 'year' else ''}增长{target.goal}%"
    yearly = "每年" if target.kind is TargetKind.YEARLY else ""
    return f"{yearly}{target.goal:,f}{target.unit}"


def _target_row(plan: Plan, figure: Figure) -> TargetRow:
    from rongchang_desk.documents.report_pdf import TargetRow

    target = plan.target(figure.target)
    return TargetRow(
        title=target.title,
        kind=target.kind.label,
        goal=goal_text(target),
        value=value_text(target, figure),
        percent="" if figure.percent is None else f"{figure.percent}",
        state=figure.state.label,
        note=figure.note,
    )


def _summary(plan: Plan, picture: Merged, status: Status) -> tuple[str, ...]:
    """One paragraph in words: how the targets stand and what lags."""
    states = Counter(figure.state for figure in status.figures)
    lag = [
        plan.target(figure.target).title
        for figure in status.figures
        if figure.state is FigureState.BEHIND
    ]
    year = status.month.year
    trainings = [c for c in picture.trainings if c.record.month.year == year]
    events = [c for c in picture.events if c.record.month.year == year]
    text = (
        f"截至{status.month.label}底，{len(status.figures)}项指标中，已达标"
        f"{states[FigureState.REACHED]}项，按进度推进{states[FigureState.ON_TRACK]}项，"
        f"落后{states[FigureState.BEHIND]}项。{year}年以来，全区举办培训讲座{len(trainings)}场，"
        f"开展宣传活动{len(events)}场（联合举办的只计一次）。"
    )
    if lag:
        text += f"需要加快推进的指标：{'、'.join(lag)}。"
    return (text,)


def _activities(plan: Plan, picture: Merged, month: Month) -> tuple[ActivityRow, ...]:
    """Each unit's own reported sums of the month, units with none left out."""
    from rongchang_desk.documents.report_pdf import ActivityRow

    heads = {head.unit: head.monthly_return for head in picture.heads_of(month)}
    rows = []
    for unit in plan.units:
        value = heads.get(unit.code)
        if value is None or not (value.trainings or value.publicity):
            continue
        sums = total(plan, value.records)
        rows.append(
            ActivityRow(
                unit.name,
                sums.trainings,
                tuple(v.visits for v in sums.visits),
                sums.counted_visits,
                sum(reports_figures(plan, event) for event in value.publicity),
                sums.campaigns,
            )
        )
    return tuple(rows)


def _tasks(plan: Plan, picture: Merged, month: Month) -> tuple[TaskRow, ...]:
    from rongchang_desk.documents.report_pdf import TaskRow

    counts: dict[int, Counter[TaskStatus]] = {task.no: Counter() for task in plan.tasks}
    for _, progress in picture.progress:
        if progress.month == month and progress.task in counts:
            counts[progress.task][progress.status] += 1
    return tuple(
        TaskRow(
            task.no,
            task.title,
            counts[task.no][TaskStatus.NOT_STARTED],
            counts[task.no][TaskStatus.UNDER_WAY],
            counts[task.no][TaskStatus.DONE],
            counts[task.no][TaskStatus.BEHIND],
            counts[task.no][TaskStatus.NOT_APPLICABLE],
        )
        for task in plan.tasks
    )


def _problems(plan: Plan, picture: Merged, month: Month) -> tuple[ProblemRow, ...]:
    from rongchang_desk.documents.report_pdf import ProblemRow

    return tuple(
        ProblemRow(
            plan.name_of(unit), str(problem.day), problem.title, problem.wanted, problem.answer
        )
        for unit, problem in picture.problems
        if problem.month == month
    )


def _lineage(plan: Plan, picture: Merged, status: Status) -> tuple[LineageRow, ...]:
    """The returns of the month; figures through the year rest on earlier reports' lineage too."""
    from rongchang_desk.documents.report_pdf import LineageRow

    standing = {cell.digest: cell.reported.label for cell in status.cells}
    order = {unit.code: index for index, unit in enumerate(plan.units)}
    heads = sorted(picture.heads_of(status.month), key=lambda head: order.get(head.unit, 0))
    return tuple(
        LineageRow(
            plan.name_of(head.unit),
            str(head.month),
            head.monthly_return.revision,
            head.digest,
            f"{head.received_at:%Y-%m-%d %H:%M}",
            standing.get(head.digest, ""),
        )
        for head in heads
    )
