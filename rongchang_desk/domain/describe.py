"""Records in words: what one is called and its fields as people read them."""

from __future__ import annotations

from decimal import Decimal

from rongchang_desk.domain.joint import title_of
from rongchang_desk.domain.plan import NumberKind, Plan
from rongchang_desk.domain.records import (
    KIND_LABELS,
    HostRole,
    Problem,
    Progress,
    Publicity,
    Reading,
    Record,
    RegisterEntry,
    Training,
    Value,
    kind_of,
)


def name_of(plan: Plan, record: Record) -> str:
    """What a record is called, without its kind: a task's number and title, an event's theme…"""
    match record:
        case Progress():
            title = plan.task(record.task).title if plan.has_task(record.task) else ""
            return f"{record.task}. {title}"
        case Reading():
            known = plan.has_target(record.target)
            return f"{plan.target(record.target).title if known else record.target}（{record.day}）"
        case Training() | Publicity():
            return f"{record.day} {title_of(record)}"
        case RegisterEntry():
            known = plan.has_register(record.register)
            title = plan.register(record.register).title if known else record.register
            return f"{title} {record.day} {record.fields[0].text if record.fields else ''}".rstrip()
        case Problem():
            return record.title


def kind_label(record: Record) -> str:
    """The kind of a record in Chinese."""
    return KIND_LABELS[kind_of(record)]


def fields_of(plan: Plan, record: Record) -> tuple[tuple[str, str], ...]:
    """(title, text) of every field, in the order of the form; empty text when not filled in."""
    match record:
        case Progress():
            own = _progress(record)
        case Reading():
            own = _reading(plan, record)
        case Training() | Publicity():
            own = _activity(plan, record)
        case RegisterEntry():
            own = _entry(plan, record)
        case Problem():
            own = _problem(record)
    return (*own, ("佐证材料", "、".join(f"{e.name}（{e.sha256[:8]}）" for e in record.evidence)))


def value_text(value: Value, kind: NumberKind = NumberKind.COUNT) -> str:
    """A value as people write it; the four states never look alike."""
    if value.number is None:
        return str(value)
    if kind is NumberKind.MONEY:
        return f"{value.number.quantize(Decimal('0.01')):,f}"
    return f"{value.number:,f}"


def _progress(record: Progress) -> tuple[tuple[str, str], ...]:
    percent = value_text(record.percent)
    return (
        ("状态", record.status.label),
        ("完成比例", f"{percent}%" if record.percent.number is not None else percent),
        ("本月工作情况", record.done),
        ("下一步打算", record.next),
    )


def _reading(plan: Plan, record: Reading) -> tuple[tuple[str, str], ...]:
    columns = plan.target(record.target).columns() if plan.has_target(record.target) else ()
    told = tuple((c.title, value_text(record.get(c.code), c.number)) for c in columns)
    return (("日期", str(record.day)), *told, ("说明", record.note))


def _activity(plan: Plan, record: Training | Publicity) -> tuple[tuple[str, str], ...]:
    shared = (
        ("主办协办", record.role.label),
        ("主办单位", plan.name_of(record.host) if record.role is HostRole.CO_HOST else "本单位"),
        ("其他单位", "、".join(plan.name_of(partner) for partner in record.partners)),
    )
    tail = (("服务任务", "、".join(map(str, record.tasks))), ("备注", record.note))
    if isinstance(record, Training):
        return (
            ("日期", str(record.day)),
            ("主题", record.topic),
            ("形式", record.form),
            ("地点", record.venue),
            ("主讲人", record.lecturer),
            *shared,
            *((c.title, value_text(record.headcount(c.code))) for c in plan.headcounts),
            *tail,
        )
    return (
        ("日期", str(record.day)),
        ("主题", record.theme),
        ("类型", record.kind),
        ("地点", record.venue),
        *shared,
        ("主题宣传活动", "是" if record.campaign else "否"),
        ("覆盖人次", value_text(record.reach)),
        ("媒体报道", record.media),
        *tail,
    )


def _entry(plan: Plan, record: RegisterEntry) -> tuple[tuple[str, str], ...]:
    fields = plan.register(record.register).fields if plan.has_register(record.register) else ()
    return (
        ("登记日期", str(record.day)),
        *((field.title, record.get(field.code)) for field in fields),
    )


def _problem(record: Problem) -> tuple[tuple[str, str], ...]:
    return (
        ("日期", str(record.day)),
        ("事项", record.title),
        ("具体情况", record.detail),
        ("希望协调", record.wanted),
        ("涉及任务", str(record.task) if record.task else ""),
        ("答复", record.answer),
        ("办结日期", str(record.closed_on) if record.closed_on else ""),
    )
