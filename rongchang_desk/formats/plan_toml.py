"""A plan file: TOML that the office can read and edit, to a `Plan` and back.

Every mistake of a file is reported at once, with its line or path. The fields are
described in `resources/schema/plan.md`. Nothing here knows any particular city.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import fields, replace
from decimal import Decimal
from enum import Enum
from functools import partial
from typing import Any

import tomli_w

from rongchang_desk.domain.finding import Finding, Where, error
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.plan import (
    Assumption,
    Confirmation,
    CrossCheck,
    CrossCheckKind,
    Field,
    FieldType,
    Group,
    HeadcountCategory,
    Item,
    NumberKind,
    Part,
    Plan,
    Register,
    Safeguard,
    Target,
    TargetKind,
    Task,
    Unit,
    UnitKind,
)
from rongchang_desk.errors import PlanFileError
from rongchang_desk.formats import canonical, plan_assessment, plan_links
from rongchang_desk.formats.toml_table import Table, heading_lines, sections

FORMAT = 1
LARGEST = 2 * 1024 * 1024
"""Bytes a plan file may have."""

_SECTIONS = (
    ("units", "code"), ("headcounts", "code"), ("groups", "no"), ("tasks", "no"),
    ("safeguards", "no"), ("targets", "code"), ("registers", "code"), ("crosschecks", "code"),
)  # fmt: skip
_PLAN_KEYS = (
    "code", "version", "title", "issued_by", "issued_on", "adopted_by", "document_number",
    "first_month", "last_month", "office_name", "office_unit", "due_day", "copies_to",
    "external_bodies", "training_forms", "publicity_kinds",
)  # fmt: skip
_DAYS = ("days_off", "workdays")
_LATER = ("confirmed", *_DAYS, "crosschecks")
"""Fields that came after plans were in use: a digest leaves them out while they are empty, so
that an older plan keeps its digest."""
_LATER_IN = dict.fromkeys(("units", "tasks"), ("since", "until"))
"""The same for the fields of records."""
_Marks = list[Assumption | Confirmation]
_HINT = "请按提示修改方案文件后重新载入；各字段的含义见 plan.md。"


def loads(data: bytes) -> Plan:
    """The plan of a TOML file. Raises PlanFileError that carries all findings, in order."""
    plan, findings = examine(data)
    _fail(findings)
    return plan


def examine(data: bytes) -> tuple[Plan, list[Finding]]:
    """The plan of a TOML file that may have mistakes (a draft), with all findings, in order.

    Something harmless stands where a value cannot be used. Raises PlanFileError when the file
    is no TOML at all, or of a format this program does not know.
    """
    text, content = _parse(data)
    findings: list[Finding] = []
    plan = _read(content, heading_lines(text), findings)
    findings += plan_links.check(plan)
    return plan, findings


def dumps(plan: Plan) -> bytes:
    """The plan as TOML, UTF-8; `loads` gives the same plan back. Comments are not kept."""
    marks: dict[tuple[str, str], dict[str, dict[str, Any]]] = {}
    every: _Marks = [*plan.assumed, *plan.confirmed]
    for mark in every:
        section, _, rest = mark.path.partition(".")
        record, _, key = rest.rpartition(".")
        place = marks.setdefault((section, record), {})
        if isinstance(mark, Assumption):
            place.setdefault("assumed", {})[key] = mark.note
        else:
            said = {"note": mark.note, "by": mark.by, "on": mark.on}
            place.setdefault("confirmed", {})[key] = said
    file: dict[str, Any] = {
        "format": FORMAT,
        "plan": {key: _toml(getattr(plan, key)) for key in _PLAN_KEYS},
    }
    file["plan"] |= {key: list(days) for key in _DAYS if (days := getattr(plan, key))}
    file["plan"] |= marks.get(("plan", ""), {})
    for section, key in _SECTIONS:
        rows = []
        for value in getattr(plan, section):
            row = _row(value)
            if section in ("tasks", "safeguards"):
                row.pop("registers", None)
            rows.append(row | marks.get((section, str(row[key])), {}))
        if rows:
            file[section] = rows
    for section, rules in plan_assessment.tables(plan).items():
        file[section] = rules | marks.get((section, ""), {})
    return tomli_w.dumps(file).encode()


def digest(data: bytes) -> str:
    """The SHA-256 in hex of the plan a file holds, whatever its comments, spaces and key order.

    Raises PlanFileError like `loads`.
    """
    return digest_of(loads(data))


def digest_of(plan: Plan) -> str:
    """The SHA-256 in hex of a plan's canonical form."""
    content = {
        field.name: value
        for field in fields(plan)
        if (value := getattr(plan, field.name))
        or field.name not in (*_LATER, *plan_assessment.SECTIONS)
    }
    for section, later in _LATER_IN.items():
        content[section] = [_without(later, record) for record in getattr(plan, section)]
    return canonical.digest(canonical.dumps(content))


def _without(later: tuple[str, ...], record: Any) -> dict[str, Any]:
    """A record's fields, but for those that came later and hold nothing."""
    every = {field.name: getattr(record, field.name) for field in fields(record)}
    return {name: value for name, value in every.items() if name not in later or value is not None}


def _fail(findings: list[Finding]) -> None:
    if findings:
        raise PlanFileError(
            f"方案文件有 {len(findings)} 处错误：\n"
            + "\n".join(finding.message for finding in findings),
            tuple(findings),
            _HINT,
        )


def _parse(data: bytes) -> tuple[str, dict[str, Any]]:
    """The text and the TOML content of a file of a format this program knows."""
    if len(data) > LARGEST:
        _fail([error("plan-size", Where(), f"文件有 {len(data):,} 字节，不像是方案文件。")])
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as wrong:
        line = data[: wrong.start].count(b"\n") + 1
        _fail(
            [
                error(
                    "plan-encoding", Where(), f"第 {line} 行：文件不是 UTF-8 编码，请另存为 UTF-8。"
                )
            ]
        )
    try:
        content = tomllib.loads(text, parse_float=Decimal)
    except (ValueError, ArithmeticError, RecursionError) as wrong:
        place = re.search(r"at line (\d+), column (\d+)", str(wrong))
        where = f"第 {place[1]} 行第 {place[2]} 列" if place else "文件末尾或全文"
        message = f"{where}：不符合 TOML 语法（引号、括号、逗号或重复的名称）。"
        _fail([error("plan-syntax", Where(), message)])
    version = content.get("format")
    if type(version) is int and version > FORMAT:
        _fail([error(
            "plan-newer", Where("format"),
            f"方案文件是更新的格式（{version}），请把本机的程序更新到最新版本。",
        )])  # fmt: skip
    if version != FORMAT or type(version) is not int:
        _fail([error("plan-format", Where("format"), f"文件开头须写 format = {FORMAT}。")])
    return text, content


def _read(
    content: Mapping[str, Any], lines: Mapping[str, list[int]], findings: list[Finding]
) -> Plan:
    known = {"format", "plan", *(name for name, _ in _SECTIONS), *plan_assessment.SECTIONS}
    findings += [
        error("plan-unknown-key", Where(key), f"{key}：没有这个部分。")
        for key in content
        if key not in known
    ]
    head = content.get("plan")
    if not isinstance(head, dict):
        findings.append(error("plan-missing", Where("plan"), "plan：缺少 [plan] 部分。"))
        head = {}
        _fail(findings)
    table = Table(head, "plan", "", lines.get("plan", [0])[0], findings)
    found = {name: sections(content, name, key, lines, findings) for name, key in _SECTIONS}
    marks: _Marks = []
    first_month = table.month("first_month", required=True)
    plan = Plan(
        code=table.code(),
        title=table.text("title", required=True),
        version=table.whole("version", 1, 9999, required=True) or 1,
        issued_by=table.text("issued_by", required=True),
        issued_on=table.day("issued_on"),
        adopted_by=table.text("adopted_by"),
        document_number=table.text("document_number"),
        first_month=first_month or Month(1900, 1),
        last_month=table.month("last_month", required=True) or Month(9999, 12),
        office_name=table.text("office_name", required=True),
        office_unit=table.text("office_unit", required=True),
        due_day=table.whole("due_day", 1, 31, required=True) or 1,
        copies_to=table.texts("copies_to"),
        external_bodies=table.texts("external_bodies"),
        training_forms=table.texts("training_forms", required=True),
        publicity_kinds=table.texts("publicity_kinds", required=True),
        days_off=table.days("days_off"),
        workdays=table.days("workdays"),
        units=(), groups=(), tasks=(), safeguards=(), targets=(), registers=(), headcounts=(),
    )  # fmt: skip
    _marked(table, marks, also=tuple(name for name, _ in _SECTIONS))
    units = tuple(_unit(row, marks) for row in found["units"])
    headcounts = tuple(_headcount(row, marks) for row in found["headcounts"])
    groups = tuple(_group(row, marks) for row in found["groups"])
    tasks = tuple(_task(row, units, marks) for row in found["tasks"])
    safeguards = tuple(_safeguard(row, marks) for row in found["safeguards"])
    targets = tuple(_target(row, marks) for row in found["targets"])
    registers = tuple(_register(row, marks) for row in found["registers"])
    crosschecks = tuple(_crosscheck(row, marks) for row in found["crosschecks"])
    marked = partial(_marked, marks=marks)
    lights = plan_assessment.read_lights(content, lines, findings, marked)
    assessment = plan_assessment.read_rules(content, lines, findings, marked)
    return replace(
        plan,
        units=units,
        headcounts=headcounts,
        groups=groups,
        tasks=tuple(
            replace(task, registers=tuple(r.code for r in registers if task.no in r.tasks))
            for task in tasks
        ),
        safeguards=tuple(
            replace(guard, registers=tuple(r.code for r in registers if guard.no in r.safeguards))
            for guard in safeguards
        ),
        targets=targets,
        registers=registers,
        crosschecks=crosschecks,
        lights=lights,
        assessment=assessment,
        assumed=tuple(mark for mark in marks if isinstance(mark, Assumption)),
        confirmed=tuple(mark for mark in marks if isinstance(mark, Confirmation)),
    )


def _marked(table: Table, marks: _Marks, also: tuple[str, ...] = ()) -> None:
    """Adds what a table marks as assumed and as confirmed; closes the table."""
    marks += [Assumption(path, note) for path, note in table.assumed(also)]
    marks += [Confirmation(*said) for said in table.confirmed(also)]


def _unit(row: Table, marks: _Marks) -> Unit:
    unit = Unit(
        row.code(),
        row.text("name", required=True),
        row.choice("kind", UnitKind) or UnitKind.DEPARTMENT,
        row.text("initials"),
        row.month("since"),
        row.month("until"),
    )
    _marked(row, marks)
    return unit


def _headcount(row: Table, marks: _Marks) -> HeadcountCategory:
    category = HeadcountCategory(
        row.code(), row.text("title", required=True), row.flag("counted", required=True)
    )
    _marked(row, marks)
    return category


def _group(row: Table, marks: _Marks) -> Group:
    group = Group(
        row.text("no", required=True),
        row.text("title", required=True),
        row.wholes("tasks"),
    )
    _marked(row, marks)
    return group


def _task(row: Table, units: tuple[Unit, ...], marks: _Marks) -> Task:
    lead = row.text("lead", required=True)
    task = Task(
        no=row.whole("no", 1, 999, required=True) or 0,
        title=row.text("title", required=True),
        text=row.text("text", required=True),
        lead=lead,
        support=_expand(row, row.texts("support"), units, lead),
        since=row.month("since"),
        until=row.month("until"),
    )
    _marked(row, marks)
    return task


def _expand(
    row: Table, support: tuple[str, ...], units: tuple[Unit, ...], lead: str
) -> tuple[str, ...]:
    """Unit codes with `@all`, `@department`… written out, without the lead."""
    kinds = {f"@{kind.value}" for kind in UnitKind}
    found: dict[str, None] = {}
    for entry in support:
        if not entry.startswith("@"):
            if entry == lead:
                row.report("support", "plan-duplicate", f"“{entry}”已是牵头单位。")
            found[entry] = None
        elif entry == "@all" or entry in kinds:
            chosen = (u.code for u in units if entry == "@all" or u.kind == entry[1:])
            found.update(dict.fromkeys(code for code in chosen if code != lead))
        else:
            offered = "、".join(("@all", *sorted(kinds)))
            row.report("support", "plan-unknown", f"“{entry}”不存在，可用 {offered}。")
    return tuple(found)


def _safeguard(row: Table, marks: _Marks) -> Safeguard:
    safeguard = Safeguard(
        row.text("no", required=True),
        row.text("title", required=True),
        row.text("text", required=True),
    )
    _marked(row, marks)
    return safeguard


def _target(row: Table, marks: _Marks) -> Target:
    target = Target(
        code=row.code(),
        title=row.text("title", required=True),
        kind=row.choice("kind", TargetKind) or TargetKind.WATCHED,
        section=row.text("section"),
        unit=row.text("unit"),
        owner=row.text("owner"),
        partition=row.flag("partition"),
        parts=tuple(_part(part) for part in row.tables("parts")),
        items=tuple(_item(item) for item in row.tables("items")),
        goal=row.number("goal"),
        by=row.month("by"),
        per=row.text("per"),
        baseline=row.number("baseline"),
        baseline_year=row.whole("baseline_year", 1900, 9999),
        of_target=row.text("of_target"),
        population=row.number("population"),
        counts=row.text("counts"),
        at_most=row.text("at_most"),
        note=row.text("note"),
    )
    _marked(row, marks)
    return target


def _part(row: Table) -> Part:
    number = row.choice("number", NumberKind) if row.has("number") else None
    part = Part(
        row.code(),
        row.text("title", required=True),
        row.text("unit"),
        number or NumberKind.COUNT,
    )
    row.close()
    return part


def _item(row: Table) -> Item:
    item = Item(row.code(), row.text("title", required=True))
    row.close()
    return item


def _register(row: Table, marks: _Marks) -> Register:
    register = Register(
        code=row.code(),
        title=row.text("title", required=True),
        tasks=row.wholes("tasks"),
        fields=tuple(_field(field) for field in row.tables("fields", required=True)),
        safeguards=row.texts("safeguards"),
        feeds=row.text("feeds"),
        note=row.text("note"),
    )
    _marked(row, marks)
    return register


def _crosscheck(row: Table, marks: _Marks) -> CrossCheck:
    check = CrossCheck(
        code=row.code(),
        kind=row.choice("kind", CrossCheckKind) or CrossCheckKind.WITHIN,
        target=row.text("target", required=True),
        parts=row.texts("parts"),
        whole=row.text("whole"),
        register=row.text("register"),
        field=row.text("field"),
        percent=row.whole("percent", 1, 10_000),
        note=row.text("note"),
    )
    _marked(row, marks)
    return check


def _field(row: Table) -> Field:
    kind = row.choice("type", FieldType)
    choices = row.texts("choices")
    field = Field(
        code=row.code(),
        title=row.text("title", required=True),
        type=kind or FieldType.TEXT,
        unit=row.text("unit"),
        required=row.flag("required"),
        choices=choices if kind else (),
        known=row.texts("known"),
    )
    row.close()
    return field


def _row(value: object) -> dict[str, Any]:
    """A value's fields as TOML values; those left at nothing are left out."""
    row = {}
    for field in fields(value):  # type: ignore[arg-type]  # every section holds dataclasses
        found = getattr(value, field.name)
        needed = field.name in ("counted", "text")
        nothing = found is None or found is False or found in ("", ())
        if needed or not nothing:
            row[field.name] = _toml(found)
    return row


def _toml(value: object) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Month):
        return str(value)
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else value
    if isinstance(value, tuple):
        return [_toml(item) for item in value]
    if hasattr(value, "__dataclass_fields__"):
        return _row(value)
    return value
