"""The next version of the plan: the office edits a draft, confirms what was assumed, publishes.

A draft is kept in the store after every step and may have mistakes; what is published has none.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from rongchang_desk.app import parcels, plan_fields
from rongchang_desk.app.desk import Desk, Role
from rongchang_desk.app.fields import Unreadable
from rongchang_desk.app.parcels import Written
from rongchang_desk.app.plan_fields import Place
from rongchang_desk.app.plan_view import in_words
from rongchang_desk.domain.finding import Finding, Where
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.plan import (
    TO_CONFIRM,
    Assumption,
    Confirmation,
    Field,
    FieldType,
    Group,
    Plan,
    Register,
    Target,
    TargetKind,
    Task,
    Unit,
    UnitKind,
)
from rongchang_desk.domain.plan_changes import PlanChange, changes
from rongchang_desk.errors import UsageError
from rongchang_desk.formats import sheet_cells as cells
from rongchang_desk.store import plans


@dataclass(frozen=True, slots=True)
class Line:
    """A change against the published plan, in words; `path` is the record to look at."""

    path: str
    place: str
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Draft:
    """The plan being edited beside the one in force, its mistakes and what differs."""

    plan: Plan
    published: Plan
    findings: tuple[Finding, ...]
    lines: tuple[Line, ...]

    def findings_at(self, path: str) -> tuple[Finding, ...]:
        """The mistakes in the record at a path; their messages as a form shows them."""
        return tuple(
            replace(f, message=said(f), where=Where("", path, _field_within(f.where, path)))
            for f in self.findings
            if _is_about(f.where, path)
        )


# -- the draft -------------------------------------------------------------------


def draft(desk: Desk) -> Draft:
    """The draft as it was left, or the plan in force when there is none."""
    from rongchang_desk.formats import plan_toml

    desk.require(Role.OFFICE)
    kept = plans.draft(desk.store)
    if kept is None or kept[0] != desk.plan_digest:
        return examined(desk.plan, desk.plan)
    return examined(plan_toml.examine(kept[1])[0], desk.plan)


def keep(desk: Desk, plan: Plan) -> Draft:
    """Keep a changed plan as the draft; one that equals the plan in force is no draft any more."""
    from rongchang_desk.formats import plan_toml

    desk.require(Role.OFFICE)
    if plan == desk.plan:
        plans.drop_draft(desk.store)
    else:
        plans.keep_draft(desk.store, desk.plan_digest, plan_toml.dumps(plan), desk.now())
    return examined(plan, desk.plan)


def examined(plan: Plan, published: Plan) -> Draft:
    """A plan with its findings and what differs from the published one."""
    from rongchang_desk.formats import plan_links

    # How single values are written is seen to when they are typed, and once more in publishing:
    # reading the whole file again at each key would be felt.
    findings = plan_links.check(plan)
    lines = tuple(_line(published, plan, change) for change in changes(published, plan))
    return Draft(plan, published, findings, lines)


def said(finding: Finding) -> str:
    """A finding of the plan's reader without the line and path of the file."""
    return finding.message.partition("：")[2] or finding.message


def told(draft: Draft, finding: Finding) -> str:
    """A finding of the draft for people: where it is, and what is wrong."""
    where = finding.where
    path = ".".join(part for part in (where.kind, where.record) if part)
    if inner := _inner(where):
        path = f"{path}.fields.{inner}"
    place = _place(draft.plan, draft.plan, path)
    field = plan_fields.field_title(path, _field_within(where, path))
    return f"{f'“{place}”' if place else ''}{field}：{said(finding)}"


# -- changing it: pure -----------------------------------------------------------


def confirmed(plan: Plan, paths: Collection[str], by: str, on: date) -> Plan:
    """The plan with these assumptions confirmed. Raises UsageError without a name."""
    if not by.strip():
        raise UsageError("请写明确认人。", "确认人和日期会写进任务包。")
    found = tuple(a for a in plan.assumed if a.path in paths)
    marks = tuple(Confirmation(a.path, a.note, by.strip(), on) for a in found)
    return replace(
        plan,
        assumed=tuple(a for a in plan.assumed if a not in found),
        confirmed=(*plan.confirmed, *marks),
    )


def added(
    plan: Plan, section: str, code: str, title: str, kind: str = "", since: Month | None = None
) -> tuple[Plan, str]:
    """The plan with a new record, and its path. `section` is units, targets, registers, or
    `registers.CODE` for a field of that register; `kind` is that of a unit, `since` the month
    from which it reports (the plan's first where that is later or not given).

    Raises UsageError for a code that cannot be used or is in use.
    """
    code, title = code.strip(), title.strip()
    if not plan_fields.CODE.fullmatch(code) or not title:
        raise UsageError(
            "代码或名称不能用。", "代码以字母开头，由字母、数字、_ 和 - 组成，最多 64 个字符。"
        )
    inner = section.startswith("registers.")
    path = f"{section}.fields.{code}" if inner else f"{section}.{code}"
    try:
        plan_fields.at(plan, path)
    except KeyError:
        pass
    else:
        raise UsageError(f"代码“{code}”已经有了。", "请换一个代码。")
    if inner:
        register = plan_fields.at(plan, section)
        grown = replace(register, fields=(*register.fields, Field(code, title, FieldType.TEXT)))
        return plan_fields.put(plan, section, grown), path
    made: Unit | Target | Register
    match section:
        case "units":
            start = since if since and since > plan.first_month else None
            made = Unit(code, title, UnitKind(kind or "department"), since=start)
        case "targets":
            made = Target(code, title, TargetKind.WATCHED, "", owner=plan.office_unit)
        case _:
            first = Field("name", "名称", FieldType.TEXT)
            made = Register(code, title, (plan.tasks[0].no,), (first,))
    more: dict[str, Any] = {section: (*getattr(plan, section), made)}
    return replace(plan, **more), path


def added_task(
    plan: Plan, no: str, title: str, lead: str, group: str, since: Month | None = None
) -> tuple[Plan, str]:
    """The plan with a new task of a lead unit (code) in a group (its number), and its path. It is
    asked for from `since` on (from the plan's first month where that is later or not given).

    Raises UsageError for a number that cannot be used or is in use, or without title or lead.
    """
    number = int(no) if no.strip().isdecimal() else 0
    if not 1 <= number <= 999 or not title.strip():
        raise UsageError("序号或名称不能用。", "序号为 1 到 999 的整数，名称不能为空。")
    if plan.has_task(number):
        raise UsageError(f"序号“{number}”已经有了。", "请换一个序号。")
    if not plan.has_unit(lead):
        raise UsageError("没有选择主办单位。", "请在列表中选择一个报送单位。")
    if not any(one.no == group for one in plan.groups):
        raise UsageError("没有选择任务分类。", "请先在“期限与分类”里新增分类。")
    start = since if since and since > plan.first_month else None
    made = Task(number, title.strip(), title.strip(), lead, (), since=start)
    tasks = tuple(sorted((*plan.tasks, made), key=lambda task: task.no))
    return plan_fields.moved(replace(plan, tasks=tasks), number, group), f"tasks.{number}"


def added_group(plan: Plan, no: str, title: str) -> tuple[Plan, str]:
    """The plan with a new, empty group of tasks, and its path; UsageError for a number in use."""
    no, title = no.strip(), title.strip()
    if not no or not title or "." in no:
        raise UsageError("序号或名称不能用。", "请填写序号（如“（六）”）和名称，序号里不用点号。")
    if any(group.no == no for group in plan.groups):
        raise UsageError(f"序号“{no}”已经有了。", "请换一个序号。")
    return replace(plan, groups=(*plan.groups, Group(no, title, ()))), f"groups.{no}"


def retired(plan: Plan, path: str, text: str) -> Plan:
    """The plan with a unit or task that ends with the month written in `text`; what was reported
    stays. Raises UsageError for no month, and for one before it begins.
    """
    try:
        last = Month(*cells.year_month(text.strip()))
    except (ValueError, Unreadable):
        raise UsageError(f"“{text.strip()}”不是月份。", "请写成 2026-12 的样子。") from None
    record = plan_fields.at(plan, path)
    first = record.since or plan.first_month
    if last < first:
        raise UsageError(
            f"“{plan_fields.title_at(plan, path)}”从{first.label}才开始，不能在{last.label}停用。",
            "还没有用过的，可以直接删除。",
        )
    return plan_fields.put(plan, path, replace(record, until=last))


def require_removable(plan: Plan, path: str) -> None:
    """Raise UsageError where the record at a path cannot be taken out of the draft as it is."""
    if path == "plan":
        raise UsageError("方案本身不能删除。", "请选中一个任务分类或人员类别。")
    record = plan_fields.at(plan, path)
    if isinstance(record, Group) and record.tasks:
        held = "、".join(map(str, record.tasks))
        raise UsageError(
            f"分类“{record.title}”里还有任务 {held}，不能删除。", "请先把任务改到别的分类。"
        )


def removed(plan: Plan, path: str) -> Plan:
    """The plan without the record at a path and without what was noted about it; a unit is also
    taken out of the tasks it supports, a task out of its group and its registers. KeyError when
    there is none."""
    record = plan_fields.at(plan, path)
    section, _, rest = path.partition(".")
    if ".fields." in rest:
        place = path.partition(".fields.")[0]
        register = plan_fields.at(plan, place)
        left = tuple(field for field in register.fields if field is not record)
        return plan_fields.put(plan, place, replace(register, fields=left))
    more: dict[str, Any] = {
        section: tuple(r for r in getattr(plan, section) if r is not record),
        "assumed": tuple(a for a in plan.assumed if not a.path.startswith(f"{path}.")),
        "confirmed": tuple(c for c in plan.confirmed if not c.path.startswith(f"{path}.")),
    }
    if section == "units":
        more["tasks"] = tuple(
            replace(task, support=tuple(code for code in task.support if code != rest))
            for task in plan.tasks
        )
    if section == "tasks":
        groups = (replace(g, tasks=_but(g.tasks, record.no)) for g in plan.groups)
        registers = (replace(r, tasks=_but(r.tasks, record.no)) for r in plan.registers)
        more |= {"groups": tuple(groups), "registers": tuple(registers)}
    return replace(plan, **more)


def _but(tasks: tuple[int, ...], no: int) -> tuple[int, ...]:
    return tuple(task for task in tasks if task != no)


# -- publishing ------------------------------------------------------------------


def publish(desk: Desk, passphrase: str, *, text: str = "", out: Path | None = None) -> Written:
    """Sign the draft as the next version of the plan for all units, and put it in force here.

    Raises UsageError when nothing was changed or received returns use what is gone,
    PlanFileError with all findings, WrongPassphrase, CannotWrite.
    """
    from rongchang_desk.formats import plan_toml

    now = draft(desk)
    if not now.lines:
        raise UsageError("方案没有改动，不需要发布新版。", "请先修改或确认参数。")
    body = plan_toml.dumps(replace(now.plan, version=desk.plan.version + 1))
    return parcels.write_plan(desk, body, desk.identity(passphrase), text=text, out=out)


# -- in words --------------------------------------------------------------------


def _line(before: Plan, after: Plan, change: PlanChange) -> Line:
    if change.path.startswith("marks."):
        path = change.path.removeprefix("marks.")
        record, _, field = path.rpartition(".")
        place, title = _place(before, after, record), plan_fields.field_title(record, field)
        return Line(record, place, title, _mark(change.before), _mark(change.after))
    if change.before is None or change.after is None:
        # A whole record came or went, unless it is a field that had or has no value.
        whole = _place(before, after, change.path)
        if whole:
            gone = change.after is None
            return Line(change.path, whole, "删除" if gone else "新增",
                        whole if gone else "", "" if gone else whole)  # fmt: skip
    record, _, field = change.path.rpartition(".")
    return Line(
        record,
        _place(before, after, record),
        plan_fields.field_title(record, field),
        _value(before, record, field, change.before),
        _value(after, record, field, change.after),
    )


def _place(before: Plan, after: Plan, path: str) -> str:
    for plan in (after, before):
        try:
            return plan_fields.title_at(plan, path)
        except KeyError:
            continue
    return {"lights": "亮灯规则", "assessment": "考核规则"}.get(path, "")


def _value(plan: Plan, record: str, field: str, value: object) -> str:
    """A value as the editor shows it; in other words where the editor does not offer it."""
    try:
        offered = {f.code: f for f in plan_fields.fields_at(plan, record)}
    except KeyError:
        offered = {}
    if field in offered:
        return offered[field].read(Place(record, plan)).replace("\n", "；")
    return in_words(plan, value)


def _mark(mark: Assumption | Confirmation | None) -> str:
    match mark:
        case Assumption():
            return f"{TO_CONFIRM}：{mark.note}"
        case Confirmation():
            return f"已确认（{mark.by}，{mark.on}）"
        case None:
            return ""


def _is_about(where: Where, path: str) -> bool:
    place = ".".join(part for part in (where.kind, where.record) if part)
    if ".fields." in path:
        register, _, code = path.partition(".fields.")
        return place == register and where.field.startswith(f"fields.{code}")
    return place == path and not _inner(where)


def _inner(where: Where) -> str:
    """The code of a register's field that a finding is about; empty when it is about none."""
    if where.kind == "registers" and where.field.startswith("fields."):
        return where.field.split(".")[1]
    return ""


def _field_within(where: Where, path: str) -> str:
    if ".fields." in path:
        return where.field.removeprefix(f"fields.{path.rpartition('.')[2]}").lstrip(".")
    return where.field.partition(".")[0]
