"""The office's merged monthly report 汇总月报 in the layout of official papers.

Plain values in, pages out: what is counted, matched and judged is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pikepdf
from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, PageBreak
from reportlab.platypus.flowables import Flowable

from rongchang_desk.documents import fonts, page
from rongchang_desk.documents.figures import number
from rongchang_desk.documents.signature import SignatureBlock, SignerBlock, rows_for
from rongchang_desk.documents.tables import Cell, Column, Table
from rongchang_desk.documents.text import Paragraph
from rongchang_desk.domain.plan import Plan


@dataclass(frozen=True, slots=True)
class TargetRow:
    """One target as texts ready to print; empty texts print as a dash."""

    title: str
    kind: str
    goal: str
    value: str
    percent: str
    state: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """One unit's training and publicity: sessions, person-visits by category, events."""

    unit: str
    trainings: int
    visits: tuple[int, ...]
    counted: int
    events: int
    campaigns: int


@dataclass(frozen=True, slots=True)
class TaskRow:
    """How many units stand where in one task."""

    no: int
    title: str
    not_started: int
    under_way: int
    done: int
    behind: int
    not_applicable: int


@dataclass(frozen=True, slots=True)
class ProblemRow:
    unit: str
    day: str
    title: str
    wanted: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class LineageRow:
    """One return that went in: digest in hex, receipt time and standing as texts."""

    unit: str
    month: str
    revision: int
    digest: str
    received: str
    on_time: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A caption and one PDF page (see `charts.to_pdf`)."""

    caption: str
    pdf: bytes


@dataclass(frozen=True, slots=True)
class MergedReport:
    """Everything a merged report prints.

    `month` and `issued_on` are texts as people write them (2026年10月, 2026年11月6日);
    `categories` the headcount titles that `ActivityRow.visits` follow; `fingerprint` the 汇总指纹
    in hex; `missing` the names of units without a return.
    """

    title: str
    month: str
    issuer: str
    issued_on: str
    units_expected: int
    units_reported: int
    on_time: int
    late: int
    missing: tuple[str, ...]
    targets: tuple[TargetRow, ...]
    categories: tuple[str, ...]
    activities: tuple[ActivityRow, ...]
    tasks: tuple[TaskRow, ...]
    problems: tuple[ProblemRow, ...]
    lineage: tuple[LineageRow, ...]
    fingerprint: str
    signer: SignerBlock
    addressee: str = ""
    summary: tuple[str, ...] = ()
    """Paragraphs of the office's own, printed first."""
    copies_to: tuple[str, ...] = ()
    charts: tuple[Chart, ...] = ()


def render(plan: Plan, report: MergedReport) -> bytes:
    """The pages of a merged report as an unfinished PDF; the same input gives the same bytes.

    Raises UnprintableCharacter (a DeskError) for a character that no shipped font has.
    """
    story: list[Flowable] = [
        *page.headline(report.title),
        page.gap(page.PITCH),
        *([_flush(f"{report.addressee}：")] if report.addressee else []),
        *(_body(text) for text in report.summary),
        *_reporting(plan, report),
        *_targets(report),
        *_activities(report),
        *_tasks(report),
        *_problems(report),
        *_closing(report),
        *_lineage(report),
        _Colophon(report.copies_to or plan.copies_to, report.issuer, report.issued_on),
    ]
    made = page.build(
        story,
        title=report.title.replace("\n", ""),
        author=report.issuer,
        running=f"汇总指纹 {page.groups_of_four(report.fingerprint[:16])}",
    )
    return _with_charts(made, report.charts) if report.charts else made


def _body(text: str) -> Paragraph:
    return Paragraph(text, size=page.SIZE_3, leading=page.PITCH, indent=2)


def _flush(text: str) -> Paragraph:
    return Paragraph(text, size=page.SIZE_3, leading=page.PITCH, align="left")


def _heading(text: str) -> list[Flowable]:
    return [
        CondPageBreak(3 * page.PITCH),
        Paragraph(
            text, size=page.SIZE_3, leading=page.PITCH, face=fonts.HEI, indent=2, align="left"
        ),
    ]


def _captioned(text: str, table: Table) -> list[Flowable]:
    """A table under its caption, which stays with the first rows."""
    return [
        page.gap(4),
        CondPageBreak(20 + table.first_height(3)),
        Paragraph(text, size=page.SMALL_4, leading=20, face=fonts.HEI, align="center"),
        table,
        page.gap(6),
    ]


def _reporting(plan: Plan, report: MergedReport) -> list[Flowable]:
    expected, reported = report.units_expected, report.units_reported
    rate = f"，报送率{100 * reported / expected:.1f}%" if expected else ""
    text = (
        f"{report.month}应报送月报的单位{expected}个，已报送{reported}个{rate}；"
        f"其中按时报送{report.on_time}个，逾期报送{report.late}个。"
    )
    if report.missing:
        names = "、".join(report.missing)
        text += f"未报送的单位{len(report.missing)}个：{names}。"
    elif expected and reported >= expected:
        text += "应报单位全部报送。"
    text += f"本报告依据《{plan.title}》，由{len(report.lineage)}份经验证的月报汇总而成。"
    return [*_heading("一、报送情况"), _body(text)]


def _targets(report: MergedReport) -> list[Flowable]:
    states: dict[str, int] = {}
    for target in report.targets:
        states[target.state] = states.get(target.state, 0) + 1
    counts = "、".join(f"{state}{count}项" for state, count in states.items() if state)
    text = f"纳入监测的指标{len(report.targets)}项" + (f"，其中{counts}。" if counts else "。")
    columns = [
        Column("序号", "center", least=22, most=22),
        Column("指标", least=98),
        Column("类型", "center", least=52),
        Column("目标", "right", least=62, most=66),
        Column("本期", "right", least=66, most=70),
        Column("完成\n（%）", "right", least=40),
        Column("状态", "center", least=38),
        Column("说明", least=44, most=66),
    ]
    rows: list[list[str | Cell]] = [
        [
            str(index), row.title, row.kind, _or_dash(row.goal), _or_dash(row.value),
            _or_dash(row.percent.removesuffix("%")), _or_dash(row.state), row.note,
        ]
        for index, row in enumerate(report.targets, 1)
    ]  # fmt: skip
    if not any(row.note for row in report.targets):
        columns, rows = columns[:-1], [row[:-1] for row in rows]
    made = [*_heading("二、主要指标完成情况"), _body(text)]
    if rows:
        made += _captioned("表1　主要指标完成情况", Table(columns, rows, width=page.WIDTH))
    for index, chart in enumerate(report.charts):
        caption = f"图{index + 1}　{chart.caption}"
        made.append(page.together([
            _ChartSlot(index, chart),
            Paragraph(caption, size=page.SMALL_4, leading=20, face=fonts.HEI, align="center"),
            page.gap(6),
        ]))  # fmt: skip
    return made


def _activities(report: MergedReport) -> list[Flowable]:
    rows = report.activities
    visits = [sum(row.visits[i] for row in rows) for i in range(len(report.categories))]
    sessions = sum(row.trainings for row in rows)
    counted = sum(row.counted for row in rows)
    events, campaigns = sum(row.events for row in rows), sum(row.campaigns for row in rows)
    text = (
        f"各单位举办培训讲座{number(sessions)}场，参加{number(sum(visits))}人次，"
        f"其中计入年度指标{number(counted)}人次；开展宣传活动{number(events)}次，"
        f"其中主题宣传活动{number(campaigns)}次。"
    )
    made = [*_heading("三、培训宣传情况"), _body(text)]
    if not rows:
        return made
    columns = [
        Column("单位"),
        Column("培训\n（场）", "right"),
        *(Column(title, "right") for title in report.categories),
        Column("计入指标", "right"),
        Column("宣传\n（次）", "right"),
        Column("主题宣传\n（次）", "right"),
    ]
    table_rows: list[list[str | Cell]] = [
        [
            row.unit, number(row.trainings), *map(number, row.visits), number(row.counted),
            number(row.events), number(row.campaigns),
        ]
        for row in rows
    ]  # fmt: skip
    table_rows.append([
        Cell("合计", "center", fonts.HEI, shaded=True),
        *(
            Cell(number(total), "right", shaded=True)
            for total in (sessions, *visits, counted, events, campaigns)
        ),
    ])  # fmt: skip
    table = Table(columns, table_rows, width=page.WIDTH, size=page.SMALL_5, leading=12.5)
    return made + _captioned("表2　培训讲座和宣传活动情况（人数单位：人次）", table)


def _tasks(report: MergedReport) -> list[Flowable]:
    made = _heading("四、重点任务进展情况")
    if not report.tasks:
        return [*made, _body("本月各单位未报送任务进展。")]
    late = [row for row in report.tasks if row.behind]
    text = f"重点任务{len(report.tasks)}项，"
    text += (
        f"有单位报告滞后的{len(late)}项：{'、'.join(row.title for row in late)}。"
        if late
        else "各单位均未报告滞后。"
    )
    columns = [
        Column("序号", "center", least=22, most=22),
        Column("重点任务"),
        *(
            Column(f"{label}\n（个）", "right", least=36)
            for label in ("未启动", "进行中", "已完成", "滞后", "不涉及")
        ),
    ]
    rows: list[list[str | Cell]] = [
        [
            str(row.no), row.title, number(row.not_started), number(row.under_way),
            number(row.done), Cell(number(row.behind), face=fonts.HEI if row.behind else ""),
            number(row.not_applicable),
        ]
        for row in report.tasks
    ]  # fmt: skip
    caption = "表3　重点任务进展情况（按单位数）"
    return [*made, _body(text), *_captioned(caption, Table(columns, rows, width=page.WIDTH))]


def _problems(report: MergedReport) -> list[Flowable]:
    made = _heading("五、需协调解决事项")
    if not report.problems:
        return [*made, _body("本月无。")]
    columns = [
        Column("序号", "center", least=22, most=22),
        Column("提出单位", least=44, most=80),
        Column("日期", "center", least=56, most=64),
        Column("事项"),
        Column("希望协调解决"),
        Column("答复情况", most=100),
    ]
    rows: list[list[str | Cell]] = [
        [str(i), row.unit, row.day, row.title, _or_dash(row.wanted), _or_dash(row.answer)]
        for i, row in enumerate(report.problems, 1)
    ]
    text = f"各单位提出需协调解决事项{len(report.problems)}件。"
    table = Table(columns, rows, width=page.WIDTH)
    return [*made, _body(text), *_captioned("表4　需协调解决事项", table)]


def _closing(report: MergedReport) -> list[Flowable]:
    """附件说明, issuer and date, the signature block: on one page."""
    date_room = 4.0
    wide = fonts.text_width(report.issued_on, fonts.FANG, page.SIZE_3) / page.SIZE_3
    issuer = fonts.text_width(report.issuer, fonts.FANG, page.SIZE_3) / page.SIZE_3
    centred = max(date_room + (wide - issuer) / 2, 0.0)
    if issuer > wide:  # a long name stands two characters in, the date centred below it
        centred = 2.0
        date_room = max(centred + (issuer - wide) / 2, 4.0)
    return [
        page.together([
            page.gap(page.PITCH),
            _body("附件：纳入汇总的月报清单"),
            page.gap(page.PITCH),
            Paragraph(report.issuer, size=page.SIZE_3, leading=page.PITCH, align="right",
                      right=centred),
            Paragraph(report.issued_on, size=page.SIZE_3, leading=page.PITCH, align="right",
                      right=date_room),
            page.gap(page.PITCH / 2),
            SignatureBlock(rows_for(report.signer, report.fingerprint, digest_label="汇总指纹")),
        ])
    ]  # fmt: skip


_ANNEX_SIZE = 8.0


def _lineage(report: MergedReport) -> list[Flowable]:
    halves = [
        [page.groups_of_four(part) for part in (row.digest[:32], row.digest[32:]) if part]
        for row in report.lineage
    ]
    digests = [half for both in halves for half in both]
    whole = max((fonts.text_width(d, fonts.SONG, _ANNEX_SIZE) for d in digests), default=0.0)
    columns = [
        Column("序号", "center", least=22, most=22),
        Column("单位"),
        Column("月份", "center", most=44),
        Column("版次", "center", most=20),
        Column("数据摘要", "center", least=whole),
        Column("接收时间", "center", least=48),
        Column("报送", "center", most=20),
    ]
    rows: list[list[str | Cell]] = [
        [
            str(index), row.unit, row.month, str(row.revision), "\n".join(both),
            row.received, row.on_time,
        ]
        for index, (row, both) in enumerate(zip(report.lineage, halves, strict=True), 1)
    ]  # fmt: skip
    made: list[Flowable] = [
        PageBreak(),
        Paragraph("附件", size=page.SIZE_3, leading=page.PITCH, face=fonts.HEI, align="left"),
        Paragraph(
            "纳入汇总的月报清单", size=page.SIZE_2, leading=page.SIZE_2 * 1.5,
            face=fonts.HEADLINE, align="center",
        ),
        page.gap(page.PITCH / 2),
    ]  # fmt: skip
    if not rows:
        return [*made, _body("没有纳入汇总的月报。")]
    # Small enough for the 39 returns of a district and the colophon on two pages.
    table = Table(columns, rows, width=page.WIDTH, size=_ANNEX_SIZE, leading=10.5)
    return [*made, table]


def _or_dash(text: str) -> str | Cell:
    return text or Cell("—", "center", grey=0.45)


class _Colophon(Flowable):  # type: ignore[misc]  # reportlab carries no types
    """版记 at the foot of the last page: copies, the printing body and the day.

    Outer rules 0.35 mm, the inner one 0.25 mm, 4号仿宋; the last rule on the block's edge.
    """

    def __init__(self, copies_to: Sequence[str], issuer: str, issued_on: str) -> None:
        super().__init__()
        self.copies = f"抄送：{'，'.join(copies_to)}。" if copies_to else ""
        self.issuer, self.issued_on = issuer, issued_on

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        self.width = width
        inside = width - 2 * page.SIZE_4
        self._printed = f"{self.issued_on}印发"
        self._date_width = fonts.text_width(self._printed, fonts.FANG, page.SIZE_4)
        self._copies = _small(self.copies)
        self._issuer = _small(self.issuer)
        above = self._copies.wrap(inside, height)[1] + 8 if self.copies else 0.0
        self._below = self._issuer.wrap(inside - self._date_width - page.SIZE_4, height)[1] + 6
        self._need = above + self._below
        # Takes all that is left of the page, so that it stands at the foot.
        self.height = max(height, self._need + 12)
        return self.width, self.height

    def draw(self) -> None:
        canvas = self.canv
        _, at = canvas.absolutePosition(0, 0)
        canvas.saveState()
        canvas.translate(0, page.BOTTOM - at)
        canvas.setLineWidth(0.35 * mm)
        canvas.line(0, 0, self.width, 0)
        canvas.line(0, self._need, self.width, self._need)
        self._issuer.drawOn(canvas, page.SIZE_4, 1)
        x = self.width - page.SIZE_4 - self._date_width
        y = 1 + 20 - page.SIZE_4 * 0.88  # beside the issuer's last line
        page.write(canvas, x, y, self._printed, page.SIZE_4, face=fonts.FANG)
        if self.copies:
            canvas.setLineWidth(0.25 * mm)
            canvas.line(0, self._below, self.width, self._below)
            self._copies.drawOn(canvas, page.SIZE_4, self._below + 1)
        canvas.restoreState()


def _small(text: str) -> Paragraph:
    return Paragraph(text, size=page.SIZE_4, leading=20, align="justify")


def _slot_name(index: int) -> str:
    return f"chart{index}"


class _ChartSlot(Flowable):  # type: ignore[misc]  # reportlab carries no types
    """An empty form XObject of a chart's size, filled after the pages are made."""

    def __init__(self, index: int, chart: Chart) -> None:
        super().__init__()
        self.index = index
        with pikepdf.open(BytesIO(chart.pdf)) as pdf:
            box = [float(edge) for edge in pdf.pages[0].mediabox]
        self.box = (box[2] - box[0], box[3] - box[1])

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        self.scale = min(width / self.box[0], page.HEIGHT * 0.8 / self.box[1])
        self.width, self.height = width, self.box[1] * self.scale
        return self.width, self.height

    def draw(self) -> None:
        canvas = self.canv
        name = _slot_name(self.index)
        canvas.beginForm(name, 0, 0, *self.box)
        canvas.endForm()
        canvas.translate((self.width - self.box[0] * self.scale) / 2, 0)
        canvas.scale(self.scale, self.scale)
        canvas.doForm(name)


def _with_charts(pages: bytes, charts: Sequence[Chart]) -> bytes:
    """Put the charts' pages into their slots: vectors and selectable text, not pictures."""
    out = BytesIO()
    with pikepdf.open(BytesIO(pages)) as pdf:
        for index, chart in enumerate(charts):
            with pikepdf.open(BytesIO(chart.pdf)) as source:
                form = pdf.copy_foreign(source.pages[0].as_form_xobject())
                _fill_slot(pdf, f"/FormXob.{_slot_name(index)}", form)
        pdf.save(out, static_id=True, compress_streams=False)
    return out.getvalue()


def _fill_slot(pdf: pikepdf.Pdf, name: str, form: Any) -> None:
    for sheet in pdf.pages:
        resources = sheet.obj.get("/Resources")
        if resources is not None and "/XObject" in resources and name in resources.XObject:
            resources.XObject[name] = form
