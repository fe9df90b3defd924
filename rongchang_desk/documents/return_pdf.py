"""A unit's monthly return 月报 on paper: a form made from the value that is the payload too."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from reportlab.platypus.flowables import Flowable

from rongchang_desk.documents import fonts, page
from rongchang_desk.documents.figures import number, value_cell
from rongchang_desk.documents.paragraph import Paragraph
from rongchang_desk.documents.signature import SignatureBlock, SignerBlock, rows_for
from rongchang_desk.documents.structure import Element, TaggedCanvas, list_item
from rongchang_desk.documents.tables import Cell, Column, Table, bounds_of, least_width
from rongchang_desk.domain.changes import Change
from rongchang_desk.domain.monthly_return import MonthlyReturn
from rongchang_desk.domain.plan import Field, FieldType, NumberKind, Plan, Register
from rongchang_desk.domain.records import (
    KIND_LABELS,
    NOT_APPLICABLE,
    NOT_REPORTED,
    Evidence,
    HostRole,
    Progress,
    Publicity,
    RegisterEntry,
    State,
    Status,
    Training,
    Value,
)

__all__ = ["SignerBlock", "render", "title_of"]

NOTHING = "本月无。"
_NUMERALS = "一二三四五六七八九十"
_NARROW = 22.0  # width in points of a 序号 column
_DATE = 5.3 * page.SIZE_5


def render(
    plan: Plan,
    monthly_return: MonthlyReturn,
    *,
    digest: str,
    signer: SignerBlock,
    changed: Sequence[Change] = (),
    canvas_class: type[TaggedCanvas] = TaggedCanvas,
) -> bytes:
    """The pages of a return as an unfinished PDF; the same input gives the same bytes.

    `digest` is the payload's SHA-256 in hex; `changed` what an amendment changes against its
    predecessor. Raises UnprintableCharacter (a DeskError) that names a character which no
    shipped font has.
    """
    value = monthly_return
    inline, annexed = _split_registers(plan, value)
    story = [
        *page.headline(title_of(plan)),
        page.gap(8),
        _identity(value),
        *_changes(changed),
        *(_zero_statement(value) if value.zero else []),
        *_section(0, "指标读数", _readings(plan, value)),
        *_section(1, "培训讲座", _trainings(plan, value)),
        *_section(2, "宣传活动", _publicity(plan, value)),
        *_section(3, "任务进展", _progress(plan, value)),
        *_section(4, "工作台账", _registers(inline, annexed)),
        *_section(5, "需协调解决事项", _problems(plan, value)),
        *_section(6, "情况说明", _explanations(value)),
        page.together(
            [
                *_section(7, "本月合计", [_totals(plan, value)]),
                page.gap(10),
                _names(value),
                SignatureBlock(rows_for(signer, digest)),
            ]
        ),
        *_annexes(annexed),
    ]
    return page.build(
        story,
        title=f"{value.unit_name}{value.month.label}{title_of(plan)}",
        author=value.unit_name,
        running=f"{value.unit_name}　{value.month.label}　第{value.revision}版"
        f"　摘要 {page.groups_of_four(digest[:8])}",
        canvas_class=canvas_class,
    )


def title_of(plan: Plan) -> str:
    """The title of a plan's monthly returns, from the plan's own title."""
    subject = re.sub(r"（[^（）]*）$", "", plan.title)
    subject = re.sub(r"(工作|实施|行动)?(方案|计划|规划)$", "", subject)
    return f"{subject}工作月报"


def _identity(value: MonthlyReturn) -> Flowable:
    rows: list[list[str | Cell]] = [
        [_label("报送单位"), value.unit_name, _label("报告月份"), value.month.label],
        [
            _label("单位代码"), value.unit,
            _label("报告版次"), f"第{value.revision}版" + ("（更正）" if value.amends else ""),
        ],
    ]  # fmt: skip
    if value.amends:
        rows += [
            [_label("更正类别"), Cell(value.amends.kind.label, span=3)],
            [_label("更正理由"), Cell(value.amends.reason, span=3)],
            [_label("前版摘要"), Cell(page.groups_of_four(value.amends.predecessor), span=3)],
        ]
    blank = [Column(""), Column(""), Column(""), Column("")]
    return Table(blank, rows, width=page.WIDTH, widths=[66.0, 175.0, 66.0, page.WIDTH - 307.0])


def _label(text: str) -> Cell:
    return Cell(text, "center", shaded=True, names_row=True)


def _changes(changed: Sequence[Change]) -> list[Flowable]:
    """The list of what an amendment changes, under the heading 更正内容."""
    if not changed:
        return []
    columns = [
        Column("项目", least=60, most=110),
        Column("内容", "center", least=56, most=90),
        Column("更正前", least=110),
        Column("更正后", least=110),
    ]
    rows: list[list[str | Cell]] = [
        [
            f"{change.kind}\n{change.record}" if change.record else change.kind,
            change.field,
            change.before or "—",
            change.after or "—",
        ]
        for change in changed
    ]
    table = Table(columns, rows, width=page.WIDTH)
    heading = page.heading("更正内容", room=table.first_height() + 12)
    return [page.gap(4), *heading, table]


def _zero_statement(value: MonthlyReturn) -> list[Flowable]:
    return [
        page.gap(8),
        Paragraph(
            [
                ("零报告　", fonts.HEI),
                (f"本单位{value.month.label}无应报送事项，特此声明。", fonts.SONG),
            ],
            size=page.SMALL_4, leading=20, align="left",
        ),
    ]  # fmt: skip


def _section(index: int, title: str, parts: Sequence[Flowable]) -> list[Flowable]:
    if not parts:
        words = [(f"{_NUMERALS[index]}、{title}　", fonts.HEI), (NOTHING, fonts.SONG)]
        return [page.gap(4), *page.heading(words, room=0)]
    heading = page.heading(f"{_NUMERALS[index]}、{title}", room=_opening(parts))
    return [page.gap(4), *heading, *parts]


def _opening(parts: Sequence[Flowable]) -> float:
    """The height in points of what a heading must keep: text down to a table's first rows."""
    height = 0.0
    for part in parts:
        if isinstance(part, Table):
            return height + part.first_height()
        if isinstance(part, Paragraph):
            height += part.wrap(page.WIDTH, page.HEIGHT)[1]
    return min(height, 40.0)


def _line(text: str, role: str | Element = "P") -> Paragraph:
    return Paragraph(text, size=page.SIZE_5, leading=16, face=fonts.SONG, indent=2, role=role)


def _unit_note(text: str) -> Paragraph:
    """The unit of a table's figures, at its upper right."""
    return Paragraph(text, size=page.SMALL_5, leading=12, face=fonts.SONG, align="right")


def _subheading(text: str, table: Table) -> list[Flowable]:
    return [
        *page.heading(text, size=page.SIZE_5, room=table.first_height(), role="H3"),
        table,
    ]


def _table(columns: Sequence[Column], rows: Sequence[Sequence[str | Cell]]) -> Table:
    """A table in 五号, or in 小五 when it would be cramped."""
    bounds = bounds_of(columns, rows)
    if least_width(bounds) <= page.WIDTH * 0.92:
        return Table(columns, rows, width=page.WIDTH, bounds=bounds)
    return Table(columns, rows, width=page.WIDTH, size=page.SMALL_5, leading=12.5)


def _readings(plan: Plan, value: MonthlyReturn) -> list[Flowable]:
    rows: list[list[str | Cell]] = []
    order = {target.code: index for index, target in enumerate(plan.targets)}
    known = [reading for reading in value.readings if reading.target in order]
    for reading in sorted(known, key=lambda r: (order[r.target], r.day, r.id)):
        target = plan.target(reading.target)
        parts = target.columns()
        note = reading.note
        if target.owner and target.owner != value.unit:
            note = "\n".join(filter(None, (note, "非责任单位读数，供对账")))
        note = _with_evidence(note, reading.evidence)
        for index, part in enumerate(parts):
            unit = f"（{part.unit}）" if part.unit else ""
            name = f"{target.title}：{part.title}" if len(parts) > 1 else part.title
            rows.append([
                f"{name}{unit}",
                Cell(reading.day.isoformat(), "center"),
                value_cell(reading.get(part.code), part.number),
                note if index == 0 else "",
            ])  # fmt: skip
    if not rows:
        return []
    columns = [
        Column("指标（单位）"),
        Column("数据日期", "center", least=_DATE),
        Column("数值", "right", least=52),
        Column("说明", most=130),
    ]
    if not any(row[3] for row in rows):
        columns, rows = columns[:3], [row[:3] for row in rows]
    made: list[Flowable] = [_table(columns, rows)]
    read = {reading.target for reading in value.readings}
    missing = [t.title for t in plan.targets_of(value.unit) if t.code not in read]
    if missing:
        made.append(_line(f"本月未报读数的责任指标：{'、'.join(missing)}。"))
    return made


def _trainings(plan: Plan, value: MonthlyReturn) -> list[Flowable]:
    columns = [
        Column("序号", "center", least=_NARROW, most=_NARROW),
        Column("日期", "center", least=24, most=30),
        Column("主题"),
        Column("形式、地点、主讲", most=90),
        Column("主办、协办", most=90),
        *(Column(c.title, "right", most=40) for c in plan.headcounts),
    ]
    rows: list[list[str | Cell]] = []
    for index, session in enumerate(value.trainings, 1):
        row: list[str | Cell] = [
            str(index),
            _day(session.day.month, session.day.day),
            _with_evidence(_with_note(session.topic, session.note), session.evidence),
            "\n".join(filter(None, (session.form, session.venue, session.lecturer))),
            _hosts(plan, value, session),
        ]
        values = [session.headcount(category.code) for category in plan.headcounts]
        if session.role is HostRole.CO_HOST and all(v == NOT_REPORTED for v in values):
            row.append(Cell("人次由主办单位报送", "center", grey=0.45, span=len(values)))
        else:
            row += [value_cell(v) for v in values]
        rows.append(row)
    if not rows:
        return []
    return [_unit_note("人数单位：人次"), _small_table(columns, rows)]


def _publicity(plan: Plan, value: MonthlyReturn) -> list[Flowable]:
    columns = [
        Column("序号", "center", least=_NARROW, most=_NARROW),
        Column("日期", "center", least=24, most=30),
        Column("主题"),
        Column("形式、地点", most=90),
        Column("主办、协办", most=90),
        Column("主题宣传活动", "center", most=40),
        Column("受众\n（人次）", "right"),
        Column("媒体报道", most=90),
    ]
    rows: list[list[str | Cell]] = [
        [
            str(index),
            _day(event.day.month, event.day.day),
            _with_evidence(_with_note(event.theme, event.note), event.evidence),
            "\n".join(filter(None, (event.kind, event.venue))),
            _hosts(plan, value, event),
            "是" if event.campaign else "否",
            value_cell(event.reach),
            event.media or _dash(),
        ]
        for index, event in enumerate(value.publicity, 1)
    ]
    return [_small_table(columns, rows)] if rows else []


def _small_table(columns: Sequence[Column], rows: Sequence[Sequence[str | Cell]]) -> Table:
    return Table(columns, rows, width=page.WIDTH, size=page.SMALL_5, leading=12.5)


def _progress(plan: Plan, value: MonthlyReturn) -> list[Flowable]:
    with_percent = any(p.percent.state is not State.NOT_REPORTED for p in value.progress)
    columns = [
        Column("任务", least=72, most=110),
        Column("状态", "center", least=34),
        *([Column("完成\n（%）", "right")] if with_percent else []),
        Column("本月进展"),
        Column("下步打算"),
    ]
    rows: list[list[str | Cell]] = []
    for progress in value.progress:
        task = plan.task(progress.task).title if plan.has_task(progress.task) else ""
        rows.append([
            f"{progress.task}．{task}",
            progress.status.label,
            *([value_cell(_percent(progress))] if with_percent else []),
            _with_evidence(progress.done, progress.evidence) or _dash(),
            progress.next or _dash(),
        ])  # fmt: skip
    return [_table(columns, rows)] if rows else []


def _percent(progress: Progress) -> Value:
    """A task that does not concern the unit has no per cent to report."""
    if progress.status is Status.NOT_APPLICABLE and progress.percent == NOT_REPORTED:
        return NOT_APPLICABLE
    return progress.percent


_RegisterTable = tuple[str, list[Column], list[list[str | Cell]]]


def _split_registers(
    plan: Plan, value: MonthlyReturn
) -> tuple[list[_RegisterTable], list[_RegisterTable]]:
    """One table a register, in plan order: those that fit between the margins, and wide ones."""
    inline: list[_RegisterTable] = []
    annexed: list[_RegisterTable] = []
    for register in plan.registers:
        entries = [entry for entry in value.entries if entry.register == register.code]
        if not entries:
            continue
        columns, rows = _register_table(register, entries)
        small = least_width(bounds_of(columns, rows, page.SMALL_5))
        place = inline if small <= page.WIDTH and _is_short(rows, page.WIDTH) else annexed
        place.append((register.title, columns, rows))
    return inline, annexed


def _is_short(rows: Sequence[Sequence[str | Cell]], width: float) -> bool:
    """Whether the rows of a table take few enough lines in portrait to be read with ease."""
    longest = max(
        sum(len(cell.text if isinstance(cell, Cell) else cell) for cell in row) for row in rows
    )
    return longest * page.SMALL_5 <= width * 8


def _register_table(
    register: Register, entries: Sequence[RegisterEntry]
) -> tuple[list[Column], list[list[str | Cell]]]:
    proof = any(entry.evidence for entry in entries)
    columns = [
        Column("序号", "center", least=_NARROW, most=_NARROW),
        *(_field_column(field) for field in register.fields),
        *([Column("佐证材料", most=90)] if proof else []),
    ]
    rows: list[list[str | Cell]] = [
        [
            str(index),
            *(_field_cell(field, entry.get(field.code)) for field in register.fields),
            *([_evidence(entry.evidence) or _dash()] if proof else []),
        ]
        for index, entry in enumerate(entries, 1)
    ]
    return columns, rows


def _field_column(field: Field) -> Column:
    title = f"{field.title}\n（{field.unit}）" if field.unit else field.title
    if field.type in (FieldType.NUMBER, FieldType.MONEY):
        return Column(title, "right", least=26)
    if field.type is FieldType.DATE:
        return Column(title, "center", least=46, most=58)
    if field.type is FieldType.YES_NO:
        return Column(title, "center", most=40)
    return Column(title)


def _field_cell(field: Field, text: str) -> str | Cell:
    if not text:
        return _dash()
    if field.type in (FieldType.NUMBER, FieldType.MONEY):
        try:
            amount = Decimal(text)
        except InvalidOperation:
            return text
        if not amount.is_finite() or not field.unit:  # no unit: a year, not an amount
            return text
        money = field.type is FieldType.MONEY
        return number(amount, NumberKind.MONEY if money else NumberKind.COUNT)
    return text


def _registers(
    inline: Sequence[_RegisterTable], annexed: Sequence[_RegisterTable]
) -> list[Flowable]:
    made: list[Flowable] = []
    if annexed:
        names = "、".join(f"{title}（附表{n}）" for n, (title, _, _) in enumerate(annexed, 1))
        made.append(_line(f"{names}附后。"))
    for index, (title, columns, rows) in enumerate(inline, 1):
        table = _table(columns, rows)
        made += _subheading(f"（{_chinese(index)}）{title}", table)
    return made


def _annexes(annexed: Sequence[_RegisterTable]) -> list[Flowable]:
    if not annexed:
        return []
    made = page.turn(page.LANDSCAPE)
    for index, (title, columns, rows) in enumerate(annexed, 1):
        roomy = least_width(bounds_of(columns, rows)) <= page.HEIGHT * 0.7
        table = Table(
            columns, rows, width=page.HEIGHT, page_height=page.WIDTH,
            size=page.SIZE_5 if roomy else page.SMALL_5, leading=14.0 if roomy else 12.5,
        )  # fmt: skip
        made += page.heading(f"附表{index}　{title}", room=table.first_height())
        made.append(table)
    return made


def _problems(plan: Plan, value: MonthlyReturn) -> list[Flowable]:
    answered = any(p.answer or p.closed_on for p in value.problems)
    columns = [
        Column("序号", "center", least=_NARROW, most=_NARROW),
        Column("提出日期", "center", least=24, most=30),
        Column("事项及情况"),
        Column("希望协调解决"),
        Column("相关任务", most=80),
        *([Column("答复、办结", most=100)] if answered else []),
    ]
    rows: list[list[str | Cell]] = []
    for index, problem in enumerate(value.problems, 1):
        task = plan.task(problem.task).title if plan.has_task(problem.task) else ""
        closed = f"{problem.closed_on.isoformat()}办结" if problem.closed_on else ""
        answer = "\n".join(filter(None, (problem.answer, closed)))
        text = "\n".join(filter(None, (problem.title, problem.detail)))
        rows.append([
            str(index),
            _day(problem.day.month, problem.day.day),
            _with_evidence(text, problem.evidence),
            problem.wanted or _dash(),
            f"{problem.task}．{task}" if task else _dash(),
            *([answer or _dash()] if answered else []),
        ])  # fmt: skip
    return [_table(columns, rows)] if rows else []


def _explanations(value: MonthlyReturn) -> list[Flowable]:
    made: list[Flowable] = []
    items = Element("L")
    for index, explanation in enumerate(value.explanations, 1):
        kind = KIND_LABELS.get(explanation.where.split("/")[0], "")
        lead = f"{index}．{f'（{kind}）' if kind else ''}"
        made.append(_line(lead + explanation.text, list_item(items)))
    return made


def _totals(plan: Plan, value: MonthlyReturn) -> Flowable:
    totals = value.totals
    titles = {category.code: category.title for category in plan.headcounts}
    pairs = [
        ("主办培训讲座（场）", totals.trainings),
        ("协办培训讲座（场）", totals.co_hosted_trainings),
        *((f"{titles.get(v.category, v.category)}（人次）", v.visits) for v in totals.visits),
        ("计入年度指标（人次）", totals.counted_visits),
        ("主办宣传活动（次）", totals.publicity_events),
        ("协办宣传活动（次）", totals.co_hosted_events),
        ("其中主题宣传活动（次）", totals.campaigns),
        ("台账条目（条）", totals.register_entries),
        ("需协调解决事项（件）", totals.problems),
    ]
    across = 3
    pairs += [("", -1)] * (-len(pairs) % across)
    rows: list[list[str | Cell]] = []
    down = len(pairs) // across
    for line in range(down):
        row: list[str | Cell] = []
        for text, amount in pairs[line::down]:
            row += [text, Cell(number(amount) if amount >= 0 else "", "right")]
        rows.append(row)
    columns = [Column("项目"), Column("合计", "right")] * across
    needed = bounds_of(columns, rows, page.SMALL_5)[1::2]
    amount_width = max(38.0, *(bound.longest for bound in needed))  # no number is broken
    widths = [page.WIDTH / across - amount_width, amount_width] * across
    return Table(columns, rows, width=page.WIDTH, widths=widths, size=page.SMALL_5, leading=13)


def _names(value: MonthlyReturn) -> Flowable:
    people = value.signatories
    for name in (people.preparer, people.checker, people.approver):
        fonts.check_printable(name)  # within what stays together reportlab would garble the error
    blank = "＿＿＿＿＿＿"
    return Paragraph(
        f"填报人：{people.preparer or blank}　　审核人：{people.checker or blank}"
        f"　　负责人：{people.approver or blank}",
        size=page.SMALL_4, leading=26, face=fonts.SONG, align="left",
    )  # fmt: skip


def _hosts(plan: Plan, value: MonthlyReturn, event: Training | Publicity) -> str:
    """Who held an activity: this unit's role, the host, the partners."""
    lines = [f"本单位{event.role.label}"]
    if event.role is HostRole.CO_HOST and event.host:
        lines.append(f"主办：{plan.name_of(event.host)}")
    partners = [plan.name_of(body) for body in event.partners if body != value.unit]
    if partners:
        lines.append(f"协办：{'、'.join(partners)}")
    return "\n".join(lines)


def _with_note(text: str, note: str) -> str:
    return f"{text}\n备注：{note}" if note else text


def _with_evidence(text: str, files: Sequence[Evidence]) -> str:
    return "\n".join(filter(None, (text, f"佐证：{_evidence(files)}" if files else "")))


def _evidence(files: Sequence[Evidence]) -> str:
    return "；".join(file.name for file in files)


def _dash() -> Cell:
    return Cell("—", "center", grey=0.45)


def _day(month: int, day: int) -> str:
    return f"{month}-{day}"


def _chinese(number_: int) -> str:
    """1–99 in Chinese numerals."""
    tens, ones = divmod(number_, 10)
    if tens == 0:
        return _NUMERALS[ones - 1]
    lead = "十" if tens == 1 else f"{_NUMERALS[tens - 1]}十"
    return lead + (_NUMERALS[ones - 1] if ones else "")
