"""The fields of a plan as text: how each is shown, typed and read back, for the plan's editor.

A place in a plan is a path as in the plan file: `plan`, `targets.patents`, `units.A1`,
`registers.produce.fields.area`. Nothing is stored here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from rongchang_desk.app.fields import YES_NO, Entry, EntryField, Unreadable
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.plan import (
    Field,
    FieldType,
    Group,
    Item,
    NumberKind,
    Part,
    Plan,
    Register,
    TargetKind,
    UnitKind,
)
from rongchang_desk.domain.plan_changes import SECTIONS
from rongchang_desk.formats import sheet_cells as cells
from rongchang_desk.formats.canonical import decimal_text

CODE = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
"""What a code may look like, as the plan's reader demands."""

TYPE_LABELS = {
    FieldType.TEXT: "文字", FieldType.NUMBER: "数", FieldType.MONEY: "金额（万元）",
    FieldType.DATE: "日期", FieldType.CHOICE: "单选", FieldType.CHOICES: "多选",
    FieldType.YES_NO: "是否",
}  # fmt: skip
NUMBER_LABELS = {
    NumberKind.COUNT: "整数", NumberKind.MONEY: "金额", NumberKind.DECIMAL: "小数",
}  # fmt: skip
PER_LABELS = {"year": "年均（复合）", "plan": "全期"}
COUNTS_LABELS = {"training": "培训人次", "publicity": "主题宣传活动次数"}


@dataclass(frozen=True, slots=True)
class Place:
    """A record of a plan, to be shown in a form: `id` is its path.

    With `against`, a field reads empty where it says the same there: what is left is what differs.
    """

    id: str
    plan: Plan
    against: Plan | None = None

    @property
    def value(self) -> Any:
        """The record at this place; raises KeyError when the plan has none."""
        return at(self.plan, self.id)


def at(plan: Plan, path: str) -> Any:
    """The record at a path; raises KeyError when the plan has none."""
    if path == "plan":
        return plan
    section, _, rest = path.partition(".")
    code, _, inner = rest.partition(".")
    records = getattr(plan, section) if section in SECTIONS else ()
    found = next((r for r in records if str(_key(r)) == code), None)
    if inner:
        name = inner.removeprefix("fields.") if inner.startswith("fields.") else ""
        fields = found.fields if isinstance(found, Register) else ()
        found = next((field for field in fields if field.code == name), None)
    if found is None:
        raise KeyError(path)
    return found


def put(plan: Plan, path: str, record: Any) -> Plan:
    """The plan with another record at a path."""
    if path == "plan":
        return record  # type: ignore[no-any-return]  # at the path `plan` stands the plan
    section, _, rest = path.partition(".")
    code, _, inner = rest.partition(".")
    if inner:
        register = at(plan, f"{section}.{code}")
        name = inner.removeprefix("fields.")
        fields = tuple(record if field.code == name else field for field in register.fields)
        record = replace(register, fields=fields)
    rows = tuple(record if str(_key(r)) == code else r for r in getattr(plan, section))
    changed: dict[str, Any] = {section: rows}
    return replace(plan, **changed)


def fields_at(plan: Plan, path: str) -> tuple[EntryField, ...]:
    """The fields of the record at a path that the editor offers, in their order."""
    section = "fields" if ".fields." in path else path.partition(".")[0]
    return _FIELDS[section](plan)


def title_at(plan: Plan, path: str) -> str:
    """The record at a path as people call it."""
    if path == "plan":
        return "方案"
    record = at(plan, path)
    if isinstance(record, Field):
        register = at(plan, path.partition(".fields.")[0])
        return f"{register.title}·{record.title}"
    return str(getattr(record, "name", "") or record.title)


def field_title(path: str, field: str) -> str:
    """A field's title, whatever the plan; its own name when the editor does not offer it."""
    section = "fields" if ".fields." in path else path.partition(".")[0]
    return _TITLES.get((section, field), _OTHERS.get(field, field))


def _key(record: Any) -> Any:
    return record.code if hasattr(record, "code") else record.no


# One kind of field each


def _field(
    code: str,
    title: str,
    entry: Entry,
    show: Callable[[Any], str],
    parse: Callable[[str], Any],
    **more: Any,
) -> EntryField:
    def read(place: Place) -> str:
        text = show(getattr(place.value, code))
        if place.against is not None:
            try:
                return "" if text == show(getattr(at(place.against, place.id), code)) else text
            except KeyError:
                return ""
        return text

    def write(place: Place, text: str) -> Place:
        record = replace(place.value, **{code: parse(text.strip())})
        return replace(place, plan=put(place.plan, place.id, record))

    return EntryField(code, title, entry, read, write, **more)


def _text(code: str, title: str, *, required: bool = False, long: bool = False) -> EntryField:
    def parse(text: str) -> str:
        if required and not text:
            raise Unreadable(f"{title}不能为空。")
        return cells.text(text)

    return _field(code, title, Entry.LONG if long else Entry.TEXT, str, parse, required=required)


def _lines(code: str, title: str, *, required: bool = False) -> EntryField:
    """A list of texts, one a line."""

    def parse(text: str) -> tuple[str, ...]:
        found = tuple(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
        if required and not found:
            raise Unreadable(f"{title}至少要有一项。")
        return found

    return _field(
        code, f"{title}（一行一项）", Entry.LONG, "\n".join, parse, required=required
    )  # fmt: skip


def _days(code: str, title: str) -> EntryField:
    """A list of days, one a line."""

    def parse(text: str) -> tuple[date, ...]:
        words = [word for word in re.split(r"[\s、，,；;]+", text) if word]
        return tuple(sorted({cells.day(word) for word in words}))

    def show(days: Sequence[date]) -> str:
        return "\n".join(day.isoformat() for day in days)

    return _field(code, f"{title}（一行一天）", Entry.LONG, show, parse)


def _number(code: str, title: str, unit: str = "") -> EntryField:
    def parse(text: str) -> Decimal | None:
        return cells.number(text, NumberKind.DECIMAL) if text else None

    def show(value: Decimal | None) -> str:
        return "" if value is None else decimal_text(value)

    return _field(code, title, Entry.NUMBER, show, parse, unit=unit)


def _whole(code: str, title: str, low: int, high: int, *, required: bool = False) -> EntryField:
    def parse(text: str) -> int | None:
        if not text and not required:
            return None
        try:
            number = int(cells.number(text, NumberKind.COUNT))
        except Unreadable:
            number = low - 1
        if not low <= number <= high:
            raise Unreadable(f"请填 {low} 到 {high} 的整数。")
        return number

    return _field(
        code, title, Entry.NUMBER, lambda n: "" if n is None else str(n), parse, required=required
    )


def _month(code: str, title: str, *, required: bool = False) -> EntryField:
    def parse(text: str) -> Month | None:
        if not text and not required:
            return None
        try:
            return Month(*cells.year_month(text))
        except ValueError:
            raise Unreadable(f"“{text}”不是月份，请写成 2026-12 的样子。") from None

    return _field(
        code, title, Entry.TEXT, lambda m: "" if m is None else str(m), parse, required=required
    )


def _day(code: str, title: str) -> EntryField:
    return _field(code, title, Entry.DATE, lambda d: str(d.isoformat()), cells.day, required=True)


def _flag(code: str, title: str) -> EntryField:
    return _field(
        code, title, Entry.CHOICE,
        lambda is_on: "是" if is_on else "否",
        lambda text: cells.yes_no(text) == "是",
        choices=YES_NO, required=True,
    )  # fmt: skip


def _labelled(
    code: str, title: str, labels: dict[Any, str], *, required: bool = False, empty: Any = ""
) -> EntryField:
    """One of a few values, chosen by its label."""
    values = {label: value for value, label in labels.items()}

    def parse(text: str) -> Any:
        if not text:
            if required:
                raise Unreadable(f"请选择{title}。")
            return empty
        return values[cells.choice(text, values)]

    return _field(
        code, title, Entry.CHOICE, lambda v: labels.get(v, ""), parse,
        choices=tuple(values), required=required,
    )  # fmt: skip


def _of_kind(code: str, title: str, kind: type[StrEnum]) -> EntryField:
    return _labelled(code, title, {value: value.label for value in kind}, required=True)  # type: ignore[attr-defined]  # ours all have one


def _unit(plan: Plan, code: str, title: str, *, required: bool = False) -> EntryField:
    return _labelled(code, title, {u.code: u.name for u in plan.units}, required=required)


def _lead(plan: Plan) -> EntryField:
    """A task's lead; who takes the lead supports it no longer."""
    field = _unit(plan, "lead", "主办单位", required=True)

    def write(place: Place, text: str) -> Place:
        after: Place = field.write(place, text)
        task = after.value
        left = tuple(code for code in task.support if code != task.lead)
        return replace(after, plan=put(after.plan, after.id, replace(task, support=left)))

    return replace(field, write=write)


def group_of(plan: Plan, no: int) -> Group | None:
    """The group that holds a task; None when none does."""
    return next((group for group in plan.groups if no in group.tasks), None)


def moved(plan: Plan, no: int, group: str) -> Plan:
    """The plan with a task in the group of this number, and in no other."""
    groups = []
    for one in plan.groups:
        left = tuple(task for task in one.tasks if task != no)
        tasks = tuple(sorted((*left, no))) if one.no == group else left
        groups.append(one if set(tasks) == set(one.tasks) else replace(one, tasks=tasks))
    return replace(plan, groups=tuple(groups))


def _group(plan: Plan) -> EntryField:
    """The group a task stands in; choosing another moves it."""
    numbers = {f"{group.no} {group.title}": group.no for group in plan.groups}

    def shown(of: Plan, path: str) -> str:
        group = group_of(of, at(of, path).no)
        return f"{group.no} {group.title}" if group else ""

    def read(place: Place) -> str:
        text = shown(place.plan, place.id)
        if place.against is not None:
            try:
                return "" if text == shown(place.against, place.id) else text
            except KeyError:
                return ""
        return text

    def write(place: Place, text: str) -> Place:
        if not text.strip():
            raise Unreadable("请选择任务分类。")
        no = numbers[cells.choice(text.strip(), numbers)]
        return replace(place, plan=moved(place.plan, place.value.no, no))

    return EntryField(
        "group", "任务分类", Entry.CHOICE, read, write, required=True, choices=tuple(numbers)
    )


def _units(plan: Plan, code: str, title: str) -> EntryField:
    by_name = {u.name: u.code for u in plan.units}

    def parse(text: str) -> tuple[str, ...]:
        names = [name.strip() for name in re.split(r"[、，,；;\n]", text) if name.strip()]
        strange = [name for name in names if name not in by_name and not plan.has_unit(name)]
        if strange:
            raise Unreadable(f"没有名为“{strange[0]}”的报送单位。")
        return tuple(dict.fromkeys(by_name.get(name, name) for name in names))

    return _field(
        code, title, Entry.BODIES,
        lambda codes: "、".join(map(plan.name_of, codes)), parse, known=tuple(by_name),
    )  # fmt: skip


def _target(plan: Plan, code: str, title: str) -> EntryField:
    return _labelled(code, title, {t.code: t.title for t in plan.targets})


def _tasks(plan: Plan) -> EntryField:
    return _field(
        "tasks", "佐证的任务", Entry.TASKS,
        lambda numbers: "、".join(map(str, numbers)),
        lambda text: cells.tasks(text, plan) if text else (),
    )  # fmt: skip


def _rows(
    code: str, title: str, make: Callable[[list[str]], Any], show: Callable[[Any], str]
) -> EntryField:
    """Small records, one a line, their parts separated by commas, the code first."""

    def parse(text: str) -> tuple[Any, ...]:
        made = []
        for line in filter(None, map(str.strip, text.splitlines())):
            parts = [part.strip() for part in re.split(r"[，,]", line)]
            if len(parts) < 2 or not CODE.fullmatch(parts[0]):
                raise Unreadable(f"“{line}”应写成“代码，名称”；代码用字母开头的字母和数字。")
            made.append(make(parts))
        return tuple(made)

    def shown(records: Iterable[Any]) -> str:
        return "\n".join(map(show, records))

    return _field(code, title, Entry.LONG, shown, parse)


def _part(parts: list[str]) -> Part:
    kinds = {label: kind for kind, label in NUMBER_LABELS.items()}
    code, title, unit, kind = (*parts, "", "")[:4]
    if kind and kind not in kinds:
        raise Unreadable(f"“{kind}”不是数的种类，可写：{'、'.join(kinds)}。")
    return Part(code, title, unit, kinds.get(kind, NumberKind.COUNT))


# The sections


def _plan_fields(plan: Plan) -> tuple[EntryField, ...]:
    return (
        _text("title", "方案名称", required=True),
        _text("document_number", "文号"),
        _text("issued_by", "印发机关", required=True),
        _day("issued_on", "印发日期"),
        _month("first_month", "起始月份", required=True),
        _month("last_month", "截止月份", required=True),
        _whole("due_day", "次月几日前报送", 1, 31, required=True),
        _unit(plan, "office_unit", "办公室所在单位", required=True),
        _days("days_off", "另行放假"),
        _days("workdays", "另行上班"),
        _text("office_name", "办公室名称", required=True),
        _text("adopted_by", "审议会议"),
        _lines("copies_to", "抄送"),
        _lines("external_bodies", "外部机构"),
        _lines("training_forms", "培训形式", required=True),
        _lines("publicity_kinds", "宣传活动类别", required=True),
    )


def _unit_fields(_plan: Plan) -> tuple[EntryField, ...]:
    return (
        _text("name", "单位名称", required=True),
        _of_kind("kind", "类别", UnitKind),
        _text("initials", "拼音首字母"),
        _month("since", "从哪个月起报送"),
        _month("until", "报送到哪个月"),
    )


def _headcount_fields(_plan: Plan) -> tuple[EntryField, ...]:
    return (_text("title", "人员类别", required=True), _flag("counted", "计入年度培训人次"))


def _task_fields(plan: Plan) -> tuple[EntryField, ...]:
    return (
        _text("title", "任务名称", required=True),
        _lead(plan),
        _units(plan, "support", "协办单位"),
        _group(plan),
        _month("since", "从哪个月起填报"),
        _month("until", "填报到哪个月"),
        _text("text", "任务原文", required=True, long=True),
    )


def _group_fields(_plan: Plan) -> tuple[EntryField, ...]:
    return (_text("title", "分类名称", required=True),)


def _target_fields(plan: Plan) -> tuple[EntryField, ...]:
    return (
        _text("title", "指标名称", required=True),
        _of_kind("kind", "类型", TargetKind),
        _number("goal", "目标值"),
        _text("unit", "计量单位"),
        _unit(plan, "owner", "责任单位"),
        _month("by", "完成期限"),
        _number("baseline", "基期数"),
        _whole("baseline_year", "基期年份", 1900, 9999),
        _labelled("per", "增长口径", PER_LABELS),
        _labelled("counts", "计数来源", COUNTS_LABELS),
        _number("population", "人口数", "万人"),
        _target(plan, "of_target", "由哪项指标算出"),
        _target(plan, "at_most", "不得超过哪项指标"),
        _flag("partition", "各单位的数可以相加"),
        _rows(
            "items", "逐项对象（一行一项：代码，名称）",
            lambda parts: Item(parts[0], parts[1]), lambda i: f"{i.code}，{i.title}",
        ),
        _rows(
            "parts", "读数分项（一行一项：代码，名称，单位，整数/金额/小数）", _part,
            lambda p: f"{p.code}，{p.title}，{p.unit}，{NUMBER_LABELS[p.number]}",
        ),
        _text("section", "出处"),
        _text("note", "口径说明", long=True),
    )  # fmt: skip


def _register_fields(plan: Plan) -> tuple[EntryField, ...]:
    return (
        _text("title", "台账名称", required=True),
        _tasks(plan),
        _target(plan, "feeds", "支撑的指标"),
        _text("note", "填写说明", long=True),
    )


def _field_fields(_plan: Plan) -> tuple[EntryField, ...]:
    return (
        _text("title", "字段名称", required=True),
        _labelled("type", "类型", dict(TYPE_LABELS), required=True),
        _text("unit", "计量单位"),
        _flag("required", "必填"),
        _lines("choices", "选项"),
        _lines("known", "常用内容"),
    )


_FIELDS: dict[str, Callable[[Plan], tuple[EntryField, ...]]] = {
    "plan": _plan_fields, "units": _unit_fields, "headcounts": _headcount_fields,
    "groups": _group_fields, "tasks": _task_fields, "targets": _target_fields,
    "registers": _register_fields, "fields": _field_fields,
}  # fmt: skip
_OTHERS = {
    "safeguards": "佐证的保障措施", "": "", "text": "原文", "no": "序号", "kind": "类型",
    "target": "指标", "parts": "分项", "whole": "合计", "register": "台账", "field": "字段",
    "percent": "允许的变动（%）", "note": "说明",
}  # fmt: skip
_LISTS = {
    "units": "报送单位", "headcounts": "参训人员类别", "groups": "任务分类", "tasks": "重点任务",
    "safeguards": "保障措施", "targets": "指标", "registers": "台账",
    "crosschecks": "核对规则",
}  # fmt: skip


def _titles() -> dict[tuple[str, str], str]:
    empty = Register("", "", (), ())
    plan = Plan(
        "", "", 1, "", date.min, "", "", Month(2000, 1), Month(2000, 1), "", "", 1, (), (), (), (),
        (), (), (empty,), (), (), (),
    )  # fmt: skip
    found = {
        (section, field.code): field.title.partition("（")[0]
        for section, make in _FIELDS.items()
        for field in make(plan)
    }
    return found | {("plan", name): title for name, title in _LISTS.items()}


_TITLES = _titles()
