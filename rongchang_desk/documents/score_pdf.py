"""The score sheet 考核得分单 on paper: one unit's with every item, or all units' sums.

Plain values in, pages out: what is scored and how is decided in `domain.assessment`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from reportlab.platypus.flowables import Flowable

from rongchang_desk.documents import fonts, page
from rongchang_desk.documents.paragraph import Paragraph
from rongchang_desk.documents.signature import SignatureBlock, SignerBlock, rows_for
from rongchang_desk.documents.tables import Cell, Column, Table
from rongchang_desk.domain.assessment import (
    Assessment,
    RuleScore,
    ScoreItem,
    ScoreSheet,
    partly,
)
from rongchang_desk.domain.assessment_rules import Rule
from rongchang_desk.domain.month import in_words
from rongchang_desk.domain.plan import Plan

_AFTER = 6.0  # points that a table keeps free below itself


def render(
    plan: Plan, value: Assessment, *, unit: str = "", digest: str, signer: SignerBlock,
    notes: Mapping[tuple[str, str], str] | None = None,
) -> bytes:  # fmt: skip
    """The pages of a unit's sheet, or of the sums of all units when `unit` is empty, as an
    unfinished PDF; the same input gives the same bytes.

    `digest` is that of the frozen figures in hex; `notes` are footnotes to scores, by the codes
    of unit and rule. Raises UnprintableCharacter (a DeskError) for
    a character that no shipped font has.
    """
    sheet = value.sheet(unit) if unit else None
    title = "知识产权工作考核得分" + ("单" if sheet else "汇总")
    closing = [
        *_basis(value, halved=sheet is not None),
        page.gap(page.PITCH * 0.4),
        SignatureBlock(rows_for(signer, digest, digest_label="考核摘要")),
    ]
    below = page.height_of(closing) + page.PITCH * 0.4
    story = [
        *page.headline(title),
        _centred(f"{sheet.name}　{value.label}" if sheet else value.label),
        page.gap(page.PITCH * 0.5),
        *(
            _of_unit(plan, value, sheet, notes or {}, below)
            if sheet
            else _of_all(plan, value, notes or {}, below)
        ),
        page.gap(page.PITCH * 0.4),
        page.together(closing),
    ]
    return page.build(
        story,
        title=f"{value.label}{title}",
        author=plan.office_name,
        running=f"考核摘要 {page.groups_of_four(digest[:16])}",
        first=page.PORTRAIT if sheet else page.LANDSCAPE,
    )


Notes = Mapping[tuple[str, str], str]


def _of_unit(
    plan: Plan, value: Assessment, sheet: ScoreSheet, notes: Notes, below: float
) -> Iterator[Flowable]:
    total = f"得分 {_points(sheet.points)}，本单位适用的满分 {_points(sheet.most)}"
    if sheet.percent is not None:
        total += f"，折合百分制 {_points(sheet.percent)} 分"
    partial = partly(plan.unit(sheet.unit), value.months)
    yield _body(f"{total}。{_rank(value, sheet)}{partial}".replace("。。", "。"))
    rules = {rule.code: rule for rule in value.rules.rules}
    rows: list[Sequence[str | Cell]] = [
        [
            Cell(str(number), "center"), score.title, Cell(_points(score.weight), "right"),
            _scored(score, notes.get((sheet.unit, score.rule))), rules[score.rule].note,
        ]
        for number, score in enumerate(sheet.scores, 1)
    ]  # fmt: skip
    columns = (
        Column("序号", "center"), Column("规则"), Column("分值", "right", least=34),
        Column("得分", "right", least=34), Column("计分办法"),
    )  # fmt: skip
    tables = [("各项得分", Table(columns, rows, width=page.WIDTH))]
    for number, score in enumerate(sheet.scores, 1):
        if score.items:
            caption = (
                f"{number}. {score.title}（{_points(score.points)} / {_points(score.weight)}）"
            )
            tables.append((caption, _items(score)))
    tables[-1][1].followed_by = below + _AFTER
    for caption, table in tables:
        yield from _captioned(caption, table)


def _items(score: RuleScore) -> Table:
    columns = (
        Column("事项"), Column("评定"), Column("出处（月报、摘要）", "center"),
        Column("满分", "right"), Column("得分", "right"),
    )  # fmt: skip
    widths = (page.WIDTH - 308, 118.0, 104.0, 43.0, 43.0)
    rows: list[Sequence[str | Cell]] = [
        [
            item.what, item.why, Cell(source(item), grey=0.0 if item.digest else 0.45),
            Cell(_points(item.most), "right"), Cell(_points(item.points), "right"),
        ]
        for item in score.items
    ]  # fmt: skip
    return Table(columns, rows, width=page.WIDTH, widths=widths)


def source(item: ScoreItem) -> str:
    """The return an item stands in: month, revision, first signs of its digest; else a dash."""
    if not item.digest:
        return "—"
    return f"{item.month} 第{item.revision}版\n{page.groups_of_four(item.digest[:12])}"


def _of_all(plan: Plan, value: Assessment, notes: Notes, below: float) -> Iterator[Flowable]:
    rules = value.rules.rules
    ranking = value.rules.ranking
    columns = [
        Column("序号", "center"), Column("单位", least=70),
        *(Column(f"{rule.title}\n{rule.weight.normalize():f}分", "right") for rule in rules),
        Column("得分", "right", least=38), Column("适用满分", "right", least=38),
        Column("百分制", "right", least=38),
    ]  # fmt: skip
    if ranking:
        columns.append(Column("位次", "center"))
    rows = []
    for number, sheet in enumerate(value.sheets, 1):
        partial = partly(plan.unit(sheet.unit), value.months)
        row: list[str | Cell] = [
            Cell(str(number), "center"), Cell(sheet.name, notes=(partial,) if partial else ())
        ]  # fmt: skip
        row += [_scored(score, notes.get((sheet.unit, score.rule))) for score in sheet.scores]
        row += [Cell(_points(sheet.points), "right"), Cell(_points(sheet.most), "right")]
        percent = "—" if sheet.percent is None else _points(sheet.percent)
        row.append(Cell(percent, "right", fonts.HEI))
        if ranking:
            row.append(Cell(str(sheet.rank or "—"), "center"))
        rows.append(row)
    order = "按百分制由高到低注明位次" if ranking else "按单位顺序列出，不排名"
    yield _body(
        f"共 {len(value.sheets)} 个单位，{order}。“不适用”的规则不计入该单位的满分；"
        "每一分的出处见各单位得分单。"
    )
    yield Table(
        columns, rows, width=page.HEIGHT, page_height=page.WIDTH, size=page.SMALL_5, leading=12.0
    )
    table = _rules_table(rules)
    table.followed_by = below + _AFTER
    yield from _captioned("计分规则", table)


def _rules_table(rules: tuple[Rule, ...]) -> Table:
    columns = (
        Column("规则"), Column("看什么"), Column("分值", "right", least=34), Column("计分办法"),
    )  # fmt: skip
    rows: list[Sequence[str | Cell]] = [
        [rule.title, rule.kind.label, Cell(_points(rule.weight), "right"), words(rule)]
        for rule in rules
    ]
    return Table(
        columns, rows, width=page.HEIGHT, page_height=page.WIDTH, size=page.SMALL_5, leading=12.0
    )


def words(rule: Rule) -> str:
    """A rule's parameters in words, after its note."""
    parts = [rule.note]
    if rule.part:
        parts.append(f"{rule.kind.parted}得 {rule.part * 100:.0f}%。")
    if rule.kind.counted:
        parts.append(f"每年 {rule.full} 次为满分；联合活动{rule.joint.label}。")
    return "".join(parts)


def _basis(value: Assessment, *, halved: bool) -> Iterator[Flowable]:
    """What was judged by which rules; the fingerprint in two halves where it is too long."""
    first, last = value.months[0], value.months[-1]
    span = first.label if first == last else f"{first.label}至{last.label}"
    version = f"第 {value.rules_version} 版" if value.rules_version else "方案所载"
    at = value.judged_on
    yield _small(f"考核月份：{span}；考核规则：{version}；评定日期：{in_words(at)}。")
    groups = page.groups_of_four(value.fingerprint)
    if halved:
        groups = f"{groups[:39]}\n{'　' * 5}{groups[40:]}"
    yield _small(f"汇总指纹：{groups}")


def _rank(value: Assessment, sheet: ScoreSheet) -> str:
    if not sheet.rank:
        return ""
    ranked = sum(1 for other in value.sheets if other.rank)
    return f"在 {ranked} 个单位中列第 {sheet.rank} 位。"


def _scored(score: RuleScore, note: str | None) -> Cell:
    notes = (note,) if note else ()
    if not score.applies:
        return Cell("不适用", "right", grey=0.45, notes=notes)
    return Cell(_points(score.points), "right", notes=notes)


def _points(number: Decimal) -> str:
    return f"{number:.2f}"


def _captioned(text: str, table: Table) -> list[Flowable]:
    """A table under its caption, which stays with the first rows."""
    return [page.gap(6), *page.heading(text, size=page.SMALL_4, room=table.first_height()), table]


def _body(text: str) -> Paragraph:
    return Paragraph(text, size=page.SIZE_4, leading=page.PITCH * 0.85, indent=2)


def _small(text: str) -> Paragraph:
    return Paragraph(text, size=page.SIZE_5, leading=16, align="left")


def _centred(text: str) -> Paragraph:
    return Paragraph(text, size=page.SIZE_3, leading=page.PITCH, face=fonts.KAI, align="center")
