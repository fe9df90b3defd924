"""The fields of every kind of record as text: how each is shown, typed, pasted and read back.

One description serves the window's forms and tables, the clipboard and the names of fields in
messages. It is worked out from the plan. Nothing is stored here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum, auto
from typing import Any

from rongchang_desk.domain.checks import CHOICE_MARK
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.plan import Field, FieldType, NumberKind, Part, Plan
from rongchang_desk.domain.records import (
    NOT_REPORTED,
    FieldText,
    HostRole,
    NamedValue,
    Problem,
    Progress,
    Publicity,
    Reading,
    Record,
    RegisterEntry,
    Status,
    Training,
    Value,
    kind_of,
)
from rongchang_desk.formats import sheet_cells as cells
from rongchang_desk.formats.canonical import decimal_text
from rongchang_desk.formats.sheet_cells import Unreadable

__all__ = ["Entry", "EntryField", "Unreadable", "blank", "fields_of", "title_of"]

REGISTERED_ON = "登记日期"
YES_NO = ("是", "否")


class Entry(Enum):
    """What kind of thing a field takes; a form picks its editor by it."""

    TEXT = auto()
    LONG = auto()
    DATE = auto()
    VALUE = auto()
    """A number in one of the four states: empty is 未报, `不涉及` is a state of its own."""
    NUMBER = auto()
    """A plain number of a register; empty when not filled in."""
    CHOICE = auto()
    CHOICES = auto()
    BODY = auto()
    BODIES = auto()
    TASKS = auto()


@dataclass(frozen=True, slots=True)
class EntryField:
    """One field of a kind of record, as text.

    `read(record)` is the text shown; `write(record, text)` is the record with that text typed
    in, and raises Unreadable with a Chinese reason. `code` is what findings call the field;
    fields with the same `group` stand together under it as their heading.
    """

    code: str
    title: str
    entry: Entry
    read: Callable[[Any], str]
    write: Callable[[Any, str], Any]
    required: bool = False
    unit: str = ""
    choices: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    group: str = ""

    @property
    def heading(self) -> str:
        """The title with its unit, as over a column of a workbook."""
        return f"{self.title}（{self.unit}）" if self.unit else self.title


def fields_of(plan: Plan, kind: str, code: str = "") -> tuple[EntryField, ...]:
    """The fields of a kind of record (`training`, `register`…), in the workbook's order.

    `code` names the register or the target for those two kinds.
    """
    match kind:
        case "progress":
            return _progress_fields()
        case "reading":
            return _reading_fields(plan, code)
        case "training":
            return _training_fields(plan)
        case "publicity":
            return _publicity_fields(plan)
        case "register":
            return _register_fields(plan, code)
        case "problem":
            return _problem_fields(plan)
    raise KeyError(kind)


def title_of(plan: Plan, record: Record, field: str) -> str:
    """The Chinese title of a field that a finding names; empty when it names the whole record."""
    code = getattr(record, "register", "") or getattr(record, "target", "")
    if isinstance(record, RegisterEntry) and not plan.has_register(code):
        return ""
    if isinstance(record, Reading) and not plan.has_target(code):
        return ""
    for known in fields_of(plan, kind_of(record), code):
        if field in (known.code, known.group and GROUP_CODES.get(known.group, "")):
            return known.title if field == known.code else known.group
    return ""


GROUP_CODES = {"参训人次": "headcounts"}
"""What findings call a group of fields as a whole."""


def blank(kind: str, record_id: str, day: date, code: str = "") -> Record:
    """A new record with nothing in it but its day; `code` is its register, target or task."""
    match kind:
        case "progress":
            return Progress(record_id, Month.of(day), int(code), Status.UNDER_WAY)
        case "reading":
            return Reading(record_id, code, day, ())
        case "training":
            return Training(record_id, day, "")
        case "publicity":
            return Publicity(record_id, day, "")
        case "register":
            return RegisterEntry(record_id, code, day, ())
        case "problem":
            return Problem(record_id, day, "")
    raise KeyError(kind)


# The kinds


def _progress_fields() -> tuple[EntryField, ...]:
    statuses = {status.label: status for status in Status}

    def write_status(record: Progress, text: str) -> Progress:
        if not text.strip():
            raise Unreadable("请选择进展状态。")
        return replace(record, status=statuses[cells.choice(text, statuses)])

    def write_percent(record: Progress, text: str) -> Progress:
        return replace(record, percent=_value(text.rstrip("%％ "), NumberKind.DECIMAL))

    return (
        EntryField("status", "状态", Entry.CHOICE, lambda r: r.status.label, write_status,
                   required=True, choices=tuple(statuses)),
        EntryField("percent", "完成比例", Entry.VALUE, lambda r: _value_text(r.percent),
                   write_percent, unit="%"),
        _text("done", "本月工作情况", Entry.LONG),
        _text("next", "下一步打算", Entry.LONG),
    )  # fmt: skip


def _reading_fields(plan: Plan, target: str) -> tuple[EntryField, ...]:
    columns = plan.target(target).columns()
    return (
        _day("日期"),
        *(_part_field(columns, column) for column in columns),
        _text("note", "说明", Entry.LONG),
    )


def _part_field(columns: tuple[Part, ...], column: Part) -> EntryField:
    def write(record: Reading, text: str) -> Reading:
        value = _value(text, column.number)
        return replace(record, values=_with_value(columns, record.values, column.code, value))

    return EntryField(
        column.code,
        column.title,
        Entry.VALUE,
        lambda r: _value_text(r.get(column.code)),
        write,
        unit=column.unit,
    )


def _training_fields(plan: Plan) -> tuple[EntryField, ...]:
    def headcount(code: str) -> tuple[Callable[[Training], str], Callable[[Training, str], Any]]:
        return (
            lambda r: _value_text(r.headcount(code)),
            lambda r, text: replace(
                r,
                headcounts=_with_value(
                    plan.headcounts, r.headcounts, code, _value(text, NumberKind.COUNT)
                ),
            ),
        )

    return (
        _day("日期"),
        _text("topic", "主题", required=True),
        _choice("form", "培训形式", plan.training_forms),
        _text("venue", "地点"),
        _text("lecturer", "讲师"),
        *_hosting(plan),
        *(
            EntryField(
                category.code,
                category.title,
                Entry.VALUE,
                *headcount(category.code),
                unit="人次",
                group="参训人次",
            )
            for category in plan.headcounts
        ),
        _tasks(plan),
        _text("note", "备注", Entry.LONG),
    )


def _publicity_fields(plan: Plan) -> tuple[EntryField, ...]:
    return (
        _day("日期"),
        _text("theme", "主题", required=True),
        _choice("kind", "活动类别", plan.publicity_kinds),
        _text("venue", "地点"),
        *_hosting(plan),
        EntryField(
            "campaign", "是否主题宣传活动", Entry.CHOICE,
            lambda r: "是" if r.campaign else "否",
            lambda r, text: replace(r, campaign=cells.yes_no(text) == "是"),
            choices=YES_NO,
        ),
        EntryField(
            "reach", "覆盖人次", Entry.VALUE,
            lambda r: _value_text(r.reach),
            lambda r, text: replace(r, reach=_value(text, NumberKind.COUNT)),
        ),
        _text("media", "媒体报道", Entry.LONG),
        _tasks(plan),
        _text("note", "备注", Entry.LONG),
    )  # fmt: skip


def _problem_fields(plan: Plan) -> tuple[EntryField, ...]:
    def write_task(record: Problem, text: str) -> Problem:
        found = cells.tasks(text, plan)
        if len(found) > 1:
            raise Unreadable("只能填一项任务的序号。")
        return replace(record, task=found[0] if found else 0)

    return (
        _day("提出日期"),
        _text("title", "事项", required=True),
        _text("detail", "具体情况", Entry.LONG),
        _text("wanted", "希望协调", Entry.LONG),
        EntryField(
            "task", "对应任务", Entry.TASKS, lambda r: str(r.task) if r.task else "", write_task
        ),
        _text("answer", "办理答复", Entry.LONG),
        EntryField(
            "closed_on", "销号日期", Entry.DATE,
            lambda r: r.closed_on.isoformat() if r.closed_on else "",
            lambda r, text: replace(r, closed_on=cells.day(text) if text.strip() else None),
        ),
    )  # fmt: skip


def _register_fields(plan: Plan, code: str) -> tuple[EntryField, ...]:
    register = plan.register(code)
    order = [field.code for field in register.fields]

    def of(field: Field) -> EntryField:
        def write(record: RegisterEntry, text: str) -> RegisterEntry:
            given = {f.code: f.text for f in record.fields}
            given[field.code] = _register_text(field, text)
            known = [name for name in order if given.get(name)]
            others = [name for name in given if name not in order and given[name]]
            return replace(
                record, fields=tuple(FieldText(name, given[name]) for name in (*known, *others))
            )

        return EntryField(
            field.code,
            field.title,
            _REGISTER_ENTRIES[field.type],
            lambda r: r.get(field.code),
            write,
            required=field.required,
            unit=field.unit,
            choices=YES_NO if field.type is FieldType.YES_NO else field.choices,
            known=field.known,
        )

    return (_day(REGISTERED_ON), *(of(field) for field in register.fields))


_REGISTER_ENTRIES = {
    FieldType.TEXT: Entry.TEXT,
    FieldType.NUMBER: Entry.NUMBER,
    FieldType.MONEY: Entry.NUMBER,
    FieldType.DATE: Entry.DATE,
    FieldType.CHOICE: Entry.CHOICE,
    FieldType.CHOICES: Entry.CHOICES,
    FieldType.YES_NO: Entry.CHOICE,
}


def _register_text(field: Field, text: str) -> str:
    if not text.strip():
        return ""
    match field.type:
        case FieldType.NUMBER:
            return decimal_text(cells.number(text, NumberKind.DECIMAL))
        case FieldType.MONEY:
            return decimal_text(cells.number(text, NumberKind.MONEY))
        case FieldType.DATE:
            return cells.day(text).isoformat()
        case FieldType.CHOICE:
            return cells.choice(text, field.choices)
        case FieldType.CHOICES:
            return CHOICE_MARK.join(cells.several(text, field.choices))
        case FieldType.YES_NO:
            return cells.yes_no(text)
        case FieldType.TEXT:
            return cells.text(text)


# Fields that several kinds have


def _text(
    code: str, title: str, entry: Entry = Entry.TEXT, *, required: bool = False
) -> EntryField:
    return EntryField(
        code,
        title,
        entry,
        lambda r: str(getattr(r, code)),
        lambda r, text: replace(r, **{code: cells.text(text)}),
        required=required,
    )


def _choice(code: str, title: str, choices: tuple[str, ...]) -> EntryField:
    return EntryField(
        code,
        title,
        Entry.CHOICE,
        lambda r: str(getattr(r, code)),
        lambda r, text: replace(r, **{code: cells.choice(text, choices)}),
        choices=choices,
    )


def _day(title: str) -> EntryField:
    def write(record: Any, text: str) -> Any:
        if not text.strip():
            raise Unreadable("请填写日期。")
        return replace(record, day=cells.day(text))

    return EntryField(
        "day", title, Entry.DATE, lambda r: r.day.isoformat(), write, required=True
    )  # fmt: skip


def _hosting(plan: Plan) -> tuple[EntryField, ...]:
    roles = {role.label: role for role in HostRole}
    known = (*(unit.name for unit in plan.units), *plan.external_bodies)
    return (
        EntryField(
            "role", "主办或协办", Entry.CHOICE,
            lambda r: r.role.label,
            lambda r, text: replace(
                r, role=roles.get(cells.choice(text, roles), HostRole.HOST)
            ),
            choices=tuple(roles),
        ),
        EntryField(
            "host", "主办单位", Entry.BODY,
            lambda r: plan.name_of(r.host),
            lambda r, text: replace(r, host=cells.body(text, plan)),
            known=known,
        ),
        EntryField(
            "partners", "协办单位", Entry.BODIES,
            lambda r: "、".join(plan.name_of(body) for body in r.partners),
            lambda r, text: replace(r, partners=cells.bodies(text, plan)),
            known=known,
        ),
    )  # fmt: skip


def _tasks(plan: Plan) -> EntryField:
    return EntryField(
        "tasks",
        "对应任务",
        Entry.TASKS,
        lambda r: "、".join(str(task) for task in r.tasks),
        lambda r, text: replace(r, tasks=cells.tasks(text, plan)),
    )


def _value(text: str, kind: NumberKind) -> Value:
    try:
        return cells.value(text, kind)
    except Unreadable:
        raise
    except ValueError:  # `Value` refuses what no figure of a district comes near
        raise Unreadable(f"{cells.shown(text)}数值不合理，请核对。") from None


def _value_text(value: Value) -> str:
    return "" if value == NOT_REPORTED else str(value)


def _with_value(
    order: tuple[Any, ...], values: tuple[NamedValue, ...], code: str, value: Value
) -> tuple[NamedValue, ...]:
    """The values with one changed, in the plan's order; a value not reported is left out."""
    given: Mapping[str, Value] = {v.code: v.value for v in values} | {code: value}
    codes = [part.code for part in order]
    others = [name for name in given if name not in codes]
    return tuple(
        NamedValue(name, given[name])
        for name in (*codes, *others)
        if name in given and given[name] != NOT_REPORTED
    )
