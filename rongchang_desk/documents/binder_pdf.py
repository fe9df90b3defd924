"""Index pages of the acceptance binder 验收材料: of one task, and of the whole.

Plain values in, pages out. Every line names the original it stands in by the number that the
whole binder gives it, so that a reader can take the file and check it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.platypus.flowables import Flowable

from rongchang_desk.documents import fonts, page
from rongchang_desk.documents.paragraph import Paragraph
from rongchang_desk.documents.tables import Cell, Column, Table

SMALL = 9.0
"""Points: hashes must stand in two lines."""


@dataclass(frozen=True, slots=True)
class ProgressRow:
    """One month's progress of one unit, as texts; `source` is the original's number."""

    month: str
    unit: str
    status: str
    percent: str
    told: str
    source: int


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One other record of a task."""

    day: str
    unit: str
    kind: str
    name: str
    source: int


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One evidence file; `path` is its place in the binder, or empty when only listed."""

    name: str
    size: int
    sha256: str
    unit: str
    record: str
    path: str
    source: int


@dataclass(frozen=True, slots=True)
class OriginalRow:
    """One signed original: its number, place, and the SHA-256 of the file."""

    number: int
    unit: str
    month: str
    revision: str
    received: str
    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class TaskIndex:
    """Everything a task's index prints."""

    no: int
    title: str
    text: str
    lead: str
    support: str
    span: str
    progress: tuple[ProgressRow, ...]
    records: tuple[RecordRow, ...]
    evidence: tuple[EvidenceRow, ...]
    originals: tuple[OriginalRow, ...]


@dataclass(frozen=True, slots=True)
class WholeIndex:
    """What the general index prints; `fingerprint` is the 汇总指纹, `root` the root's SHA-256."""

    title: str
    span: str
    made: str
    issuer: str
    fingerprint: str
    root: str
    tasks: tuple[TaskIndex, ...]
    originals: tuple[OriginalRow, ...]


def render_task(index: TaskIndex, *, author: str) -> bytes:
    """The pages of a task's index as an unfinished PDF; the same input gives the same bytes.

    Raises UnprintableCharacter (a DeskError) for a character that no shipped font has.
    """
    title = f"任务{index.no}　{index.title}"
    story: list[Flowable] = [
        *page.headline("验收材料目录"),
        _centred(title),
        page.gap(page.PITCH * 0.4),
        _body(
            f"材料期间：{index.span}。主办单位：{index.lead}。协办单位：{index.support or '无'}。"
        ),
        _body(f"方案要求：{index.text}"),
        *_progress(index.progress),
        *_records(index.records),
        *_evidence(index.evidence),
        *_originals("四、月报原件", index.originals),
    ]
    return page.build(
        story, title=f"验收材料目录 {title}", author=author, running=f"任务{index.no} 验收材料目录"
    )


def render_whole(index: WholeIndex) -> bytes:
    """The pages of the general index; see `render_task`."""
    rows: list[Sequence[str | Cell]] = [
        [
            Cell(str(task.no), "center"), task.title, task.lead,
            _count(task.progress), _count(task.records),
            _count([e for e in task.evidence if e.path]),
            _count([e for e in task.evidence if not e.path]), _count(task.originals),
        ]
        for task in index.tasks
    ]  # fmt: skip
    columns = (
        Column("任务", "center"), Column("名称"), Column("主办单位"), Column("进展\n条", "right"),
        Column("记录\n条", "right"), Column("附件\n件", "right"), Column("只列名\n件", "right"),
        Column("原件\n份", "right"),
    )  # fmt: skip
    story: list[Flowable] = [
        *page.headline(index.title),
        _centred("验收材料总目录"),
        page.gap(page.PITCH * 0.4),
        _body(f"材料期间：{index.span}。编制：{index.issuer}，{index.made}。"),
        _body(
            "本材料按任务分文件夹，内有目录和佐证材料；各单位签名月报的原件放在“月报原件”，"
            "与收到时逐字节相同。核验方法见“核验说明.txt”。"
        ),
        _small(f"汇总指纹：{page.groups_of_four(index.fingerprint)}"),
        _small(f"根证书指纹（SHA-256）：{page.groups_of_four(index.root)}"),
        *_captioned("一、任务", Table(columns, rows, width=page.WIDTH)),
        *_originals("二、月报原件", index.originals),
    ]
    return page.build(story, title=index.title, author=index.issuer, running="验收材料总目录")


def _progress(rows: Sequence[ProgressRow]) -> list[Flowable]:
    columns = (
        Column("月份", "center"), Column("单位"), Column("状态", "center"),
        Column("完成\n%", "right"), Column("工作情况"), Column("原件", "center"),
    )  # fmt: skip
    table: list[Sequence[str | Cell]] = [
        [r.month, r.unit, r.status, r.percent, r.told, Cell(str(r.source), "center")]
        for r in rows
    ]  # fmt: skip
    widths = (46.0, 78.0, 44.0, 36.0, page.WIDTH - 238, 34.0)
    return _section("一、任务进展", columns, table, widths)


def _records(rows: Sequence[RecordRow]) -> list[Flowable]:
    columns = (
        Column("日期", "center"), Column("单位"), Column("类别", "center"), Column("内容"),
        Column("原件", "center"),
    )  # fmt: skip
    table: list[Sequence[str | Cell]] = [
        [r.day, r.unit, r.kind, r.name, Cell(str(r.source), "center")] for r in rows
    ]
    return _section(
        "二、活动、台账和事项", columns, table, (62.0, 84.0, 62.0, page.WIDTH - 242, 34.0)
    )


def _evidence(rows: Sequence[EvidenceRow]) -> list[Flowable]:
    columns = (
        Column("文件"), Column("大小\n字节", "right"), Column("SHA-256"), Column("所属记录"),
        Column("原件", "center"),
    )  # fmt: skip
    table: list[Sequence[str | Cell]] = [
        [
            r.name if r.path else Cell(f"{r.name}\n（未随材料包报来，只列名）", grey=0.45),
            Cell(f"{r.size:,}", "right"), _halves(r.sha256), f"{r.unit}\n{r.record}",
            Cell(str(r.source), "center"),
        ]
        for r in rows
    ]  # fmt: skip
    widths = (page.WIDTH - 376, 52.0, 186.0, 104.0, 34.0)
    return _section("三、佐证材料", columns, table, widths)


def _originals(title: str, rows: Sequence[OriginalRow]) -> list[Flowable]:
    columns = (
        Column("编号", "center"), Column("单位"), Column("月份", "center"),
        Column("版次", "center"), Column("收到时间", "center"), Column("文件 SHA-256"),
    )  # fmt: skip
    table: list[Sequence[str | Cell]] = [
        [
            Cell(str(r.number), "center"), r.unit, r.month, r.revision, r.received,
            _halves(r.sha256),
        ]
        for r in rows
    ]  # fmt: skip
    widths = (32.0, page.WIDTH - 368, 44.0, 52.0, 58.0, 182.0)
    return _section(title, columns, table, widths)


def _section(
    title: str, columns: Sequence[Column], rows: Sequence[Sequence[str | Cell]],
    widths: Sequence[float],
) -> list[Flowable]:  # fmt: skip
    if not rows:
        return [page.gap(6), *page.heading(title, size=page.SMALL_4), _small("没有。")]
    table = Table(columns, rows, width=page.WIDTH, widths=widths, size=SMALL, leading=12.5)
    return _captioned(title, table)


def _captioned(text: str, table: Table) -> list[Flowable]:
    """A table under its caption, which stays with the first rows."""
    heading = page.heading(text, size=page.SMALL_4, room=table.first_height())
    return [page.gap(6), *heading, table, page.gap(4)]


def _count(rows: Sequence[object]) -> Cell:
    return Cell(str(len(rows)), "right")


def _halves(sha256: str) -> str:
    """A hash as sha256sum prints it, in two lines."""
    return f"{sha256[:32]}\n{sha256[32:]}"


def _body(text: str) -> Paragraph:
    return Paragraph(text, size=page.SMALL_4, leading=20, indent=2)


def _small(text: str) -> Paragraph:
    return Paragraph(text, size=page.SIZE_5, leading=16, align="left")


def _centred(text: str) -> Paragraph:
    return Paragraph(text, size=page.SIZE_4, leading=page.PITCH, face=fonts.KAI, align="center")
