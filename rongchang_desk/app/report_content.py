"""What reports and bulletins print: the district's picture in words, tables and a chart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from rongchang_desk.app import report_grids as grids
from rongchang_desk.app import report_notes as notes
from rongchang_desk.app.basis import Basis
from rongchang_desk.app.desk import Desk
from rongchang_desk.app.district import Reported
from rongchang_desk.documents.paper import (
    Amount,
    Annex,
    Block,
    Drawing,
    Grid,
    Heading,
    Paper,
    RedHead,
    Text,
)
from rongchang_desk.domain.measures import Figure, FigureState
from rongchang_desk.domain.month import in_words
from rongchang_desk.domain.plan import Plan

if TYPE_CHECKING:
    from rongchang_desk.documents.charts import ProgressRow

_WIDE_FROM = 5
"""More months than this and the monthly figures need a turned page."""


def report(desk: Desk, basis: Basis) -> Paper:
    """The merged report of a period, without signer; `sign_as` adds that."""
    plan, period = basis.plan, basis.period
    label = f"{period.label}{'度' if len(period.months) == 12 else ''}"  # 2026年度
    several = len(basis.months) > 1
    wide = len(basis.months) > _WIDE_FROM
    blocks: list[Block] = [
        _summary(basis),
        *_reporting(basis),
        *_targets(basis),
    ]
    if several and not wide:
        blocks.append(grids.trends(basis))
    blocks += [
        *_activities(basis),
        *_tasks(basis),
        *_problems(basis),
    ]
    annexes = [_lineage(basis)]
    if wide:
        trend = grids.trends(basis)
        annexes.insert(0, Annex(trend.caption, trend, wide=True))
    return Paper(
        title=f"{_work(plan)}\n{label}汇总报告",
        blocks=_numbered(blocks),
        annexes=tuple(annexes),
        copies_to=plan.copies_to,
        fingerprint=basis.fingerprint,
        running=_running(basis),
        issuer=plan.office_name,
        issued_on=_today(desk),
    )


def bulletin(desk: Desk, basis: Basis, *, number: str = "", text: str = "") -> Paper:
    """The bulletin 通报 on a period: red head, what stands and lags, the office's own words.

    `number` is the document number (文号), `text` the office's demands, a paragraph a line; both
    may be empty.
    """
    plan = basis.plan
    blocks: list[Block] = [
        Text(f"现将{basis.period.label}{_work(plan)}推进情况通报如下。"),
        *_reporting(basis),
        *_targets(basis),
        *_laggards(basis),
        *_tasks(basis),
    ]
    demands = [line.strip() for line in text.splitlines() if line.strip()]
    if demands:
        blocks += [Heading("五、下一步工作要求"), *map(Text, demands)]
    blocks.append(Text("特此通报。"))
    return Paper(
        title=f"关于{basis.period.label}{_work(plan)}\n推进情况的通报",
        blocks=_numbered(blocks),
        annexes=(_lineage(basis),),
        addressee="各报送单位",
        head=RedHead(plan.office_name, number.strip()),
        copies_to=plan.copies_to,
        fingerprint=basis.fingerprint,
        running=_running(basis),
        issuer=plan.office_name,
        issued_on=_today(desk),
    )


def with_chart(paper: Paper, basis: Basis) -> Paper:
    """The paper with the chart of the targets behind their table: drawing takes a while."""
    from rongchang_desk.documents import charts

    rows = progress_rows(basis.plan, basis.figures)
    if not rows:
        return paper
    made = charts.target_progress(rows)
    drawing = Drawing(
        "图1　指标完成进度", charts.to_pdf(made), charts.to_png(made, 200), charts.in_words(rows)
    )
    blocks: list[Block] = []
    for block in paper.blocks:
        blocks.append(block)
        if isinstance(block, Grid) and block.name == "主要指标":
            blocks.append(drawing)
    return replace(paper, blocks=tuple(blocks))


def sign_as(desk: Desk, paper: Paper) -> Paper:
    """The paper with the signature block of the office's own certificate."""
    from rongchang_desk.documents.signature import SignerBlock
    from rongchang_desk.signing.certificates import fingerprint

    signer = SignerBlock(
        unit_name=desk.plan.office_name,
        signed_at=desk.now().isoformat(timespec="seconds"),
        certificate_fingerprint=fingerprint(desk.certificate()),
    )
    return replace(paper, signer=signer)


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


# -- sections ------------------------------------------------------------------


def _numbered(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The blocks, the tables among them numbered in their order."""
    made: list[Block] = []
    count = 0
    for block in blocks:
        if isinstance(block, Grid) and block.rows:
            count += 1
            made.append(replace(block, caption=f"表{count}　{block.caption}"))
        else:
            made.append(block)
    return tuple(made)


def _work(plan: Plan) -> str:
    """What the plan is about: its title without 方案 and years."""
    return plan.title.split("（", maxsplit=1)[0].removesuffix("方案")


def _running(basis: Basis) -> str:
    short = basis.fingerprint[:16].upper()
    return f"汇总指纹 {' '.join(short[i : i + 4] for i in range(0, len(short), 4))}"


def _today(desk: Desk) -> str:
    return in_words(desk.today())


def _summary(basis: Basis) -> Text:
    """One paragraph in words: how the targets stand and what lags."""
    states = Counter(figure.state for figure in basis.figures)
    lag = _behind(basis)
    year = basis.through.year
    picture, plan = basis.picture, basis.plan
    trainings = sum(counted.record.month.year == year for counted in picture.trainings)
    events = sum(counted.record.month.year == year for counted in picture.events)
    reached, on_track, behind = (
        states[state] for state in (FigureState.REACHED, FigureState.ON_TRACK, FigureState.BEHIND)
    )
    text = (
        f"截至{basis.through.label}底，{len(basis.figures)}项指标中，已达标{reached}项，"
        f"按进度推进{on_track}项，落后{behind}项。{year}年以来，全区举办培训讲座{trainings}场，"
        f"开展宣传活动{events}场。"
    )
    if lag:
        text += f"需要加快推进的指标：{'、'.join(lag)}。"
    text += f"本报告依据《{plan.title}》，由{len(basis.heads)}份经验证的月报汇总而成。"
    if not basis.is_finished:
        text += f"{basis.period.label}尚未结束，数据截至{basis.through.label}。"
    return Text(
        text,
        (
            ("已达标指标", Amount(reached, "项")),
            ("按进度推进指标", Amount(on_track, "项")),
            ("落后指标", Amount(behind, "项")),
            ("当年培训讲座（联合举办只计一次）", Amount(trainings, "场")),
            ("当年宣传活动（联合举办只计一次）", Amount(events, "场")),
        ),
        ((f"培训讲座{trainings}场，开展宣传活动{events}场", notes.joint_in_year(basis)),),
    )


def _behind(basis: Basis) -> list[str]:
    return [
        basis.plan.target(figure.target).title
        for figure in basis.figures
        if figure.state is FigureState.BEHIND
    ]


def _reporting(basis: Basis) -> Iterator[Block]:
    yield Heading("一、报送情况")
    plan = basis.plan
    expected = sum(len(cells) for cells in basis.cells.values())
    on_time, late = (basis.counted(kind) for kind in (Reported.ON_TIME, Reported.LATE))
    reported = on_time + late
    share = grids.rate(reported, expected, "%")
    rate = f"，报送率{share.text}" if isinstance(share, Amount) else ""
    if len(basis.months) == 1:
        text = (
            f"{basis.through.label}应报送月报的单位{expected}个，已报送{reported}个{rate}；"
            f"其中按时报送{on_time}个，逾期报送{late}个。"
        )
        names = [plan.name_of(code) for code in basis.missing(basis.through)]
        measure = "个"
        whose = f"未报送的单位{len(names)}个"
    else:
        text = (
            f"{basis.months[0].label}至{basis.through.month}月，各单位应报送月报{expected}份，"
            f"已报送{reported}份{rate}；其中按时报送{on_time}份，逾期报送{late}份。"
        )
        count = Counter(code for month in basis.months for code in basis.missing(month))
        names = [f"{plan.name_of(code)}（{times}份）" for code, times in count.items()]
        measure = "份"
        whose = f"未报送{count.total()}份"
    if names:
        text += f"{whose}：{'、'.join(names)}。"
    elif expected:
        text += "应报单位全部报送。"
    yield Text(
        text,
        (
            ("应报送", Amount(expected, measure)),
            ("已报送", Amount(reported, measure)),
            ("按时报送", Amount(on_time, measure)),
            ("逾期报送", Amount(late, measure)),
            ("未报送", Amount(expected - reported, measure)),
        ),
    )
    yield grids.reporting(basis)


def _targets(basis: Basis) -> Iterator[Block]:
    yield Heading("二、主要指标完成情况")
    states = Counter(figure.state.label for figure in basis.figures)
    counts = "、".join(f"{state}{count}项" for state, count in states.items())
    yield Text(f"纳入监测的指标{len(basis.figures)}项" + (f"，其中{counts}。" if counts else "。"))
    yield grids.targets(basis)
    yield from (grid for grid in (grids.items(basis), grids.differences(basis)) if grid.rows)


def _activities(basis: Basis) -> Iterator[Block]:
    yield Heading("三、培训宣传情况")
    grid = grids.activities(basis)
    sums = [cell.number for cell in grid.rows[-1] if isinstance(cell, Amount)] if grid.rows else []
    if not sums:
        yield Text("各单位未报送培训讲座和宣传活动。")
        return
    sessions, *visits, counted, events, campaigns = map(int, sums)
    yield Text(
        f"各单位举办培训讲座{sessions:,}场，参加{sum(visits):,}人次，"
        f"其中计入年度指标{counted:,}人次；开展宣传活动{events:,}次，"
        f"其中主题宣传活动{campaigns:,}次。",
        (
            ("培训讲座", Amount(sessions, "场")),
            ("参加培训", Amount(sum(visits), "人次")),
            ("计入年度指标", Amount(counted, "人次")),
            ("宣传活动", Amount(events, "次")),
            ("主题宣传活动", Amount(campaigns, "次")),
        ),
    )
    yield grid


def _tasks(basis: Basis) -> Iterator[Block]:
    yield Heading("四、重点任务进展情况")
    grid = grids.tasks(basis)
    if not grid.rows:
        yield Text("各单位未报送任务进展。")
        return
    late = _late_tasks(basis)
    text = f"重点任务{len(grid.rows)}项，"
    text += (
        f"有单位报告滞后的{len(late)}项：{'、'.join(late)}。" if late else "各单位均未报告滞后。"
    )
    missing = notes.unreported(basis)
    yield Text(
        text,
        (("有单位报告滞后的任务", Amount(len(late), "项")),),
        ((text.partition("：")[0].rstrip("。"), missing),) if missing else (),
    )
    yield grid


def _late_tasks(basis: Basis) -> list[str]:
    grid = grids.tasks(basis)
    late = [column.title for column in grid.columns].index("滞后")
    return [
        str(row[grid.key])
        for row in grid.rows
        if isinstance(cell := row[late], Amount) and cell.number
    ]


def _problems(basis: Basis) -> Iterator[Block]:
    yield Heading("五、需协调解决事项")
    grid = grids.problems(basis)
    count = len(grid.rows)
    if not count:
        yield Text("无。")
        return
    yield Text(f"各单位提出需协调解决事项{count}件。", (("需协调解决事项", Amount(count, "件")),))
    yield grid


def _laggards(basis: Basis) -> Iterator[Block]:
    """Of a bulletin: what needs to be hastened, with the unit that answers for it."""
    yield Heading("三、需要加快推进的指标")
    lag = [figure for figure in basis.figures if figure.state is FigureState.BEHIND]
    if not lag:
        yield Text("各项指标均按进度推进。")
        return
    words = []
    for figure in lag:
        target = basis.plan.target(figure.target)
        owner = f"，责任单位：{basis.plan.name_of(target.owner)}" if target.owner else ""
        share = f"完成目标的{figure.percent}%" if figure.percent is not None else "未完成"
        words.append(f"{target.title}（{share}{owner}）")
    yield Text(f"落后于进度的指标{len(lag)}项：{'；'.join(words)}。")


def _lineage(basis: Basis) -> Annex:
    return Annex(grids.LINEAGE, grids.lineage(basis))
