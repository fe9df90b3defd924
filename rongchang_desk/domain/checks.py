"""Checks of records and of a whole month against the plan. They return all findings, in order.

An error blocks the return, a warning wants a look or an explanation, a hint only helps.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from rongchang_desk.domain.crosschecks import check_across
from rongchang_desk.domain.finding import Finding, Where, error, hint, warning
from rongchang_desk.domain.joint import Activity, reports_figures, title_of
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.monthly_return import Signatories
from rongchang_desk.domain.plan import Field, FieldType, NumberKind, Plan, TargetKind
from rongchang_desk.domain.records import (
    HostRole,
    Problem,
    Progress,
    Publicity,
    Reading,
    Record,
    Records,
    RegisterEntry,
    State,
    Status,
    Training,
    kind_of,
)

LONGEST_TEXT = 2000
LONGEST_NAME = 200
CHOICE_MARK = "；"
"""Joins the values of a multi-choice field."""

_CREDIT_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")


def check_record(plan: Plan, unit: str, record: Record, today: date) -> tuple[Finding, ...]:
    """What is wrong or odd about one record by itself."""
    where = Where(kind_of(record), record.id)
    found: list[Finding] = []
    if not isinstance(record, Progress):
        found += _check_day(plan, where, record.day, today)
    elif not plan.covers(record.month):
        found.append(error("month-outside-plan", where, f"{record.month.label}不在方案实施期内。"))
    match record:
        case Progress():
            found += _check_progress(plan, where, record)
        case Reading():
            found += _check_reading(plan, where, record)
        case Training():
            found += _check_activity(plan, unit, where, record)
            found += _check_headcounts(plan, where, record)
        case Publicity():
            found += _check_activity(plan, unit, where, record)
            found += _check_whole(where, "reach", "覆盖人次", record.reach.number)
        case RegisterEntry():
            found += _check_entry(plan, where, record)
        case Problem():
            found += _check_problem(plan, where, record)
    return tuple(found)


def check_month(
    plan: Plan,
    unit: str,
    month: Month,
    records: Records,
    today: date,
    *,
    zero_stated: bool,
    signatories: Signatories,
    last_month: Sequence[Reading] = (),
    year_ago: Sequence[Reading] = (),
) -> tuple[Finding, ...]:
    """What is wrong or odd about a unit's whole month, beside last month's readings and those
    of the same month a year ago."""
    whole = Where("return")
    found: list[Finding] = []
    if not plan.covers(month):
        found.append(error("month-outside-plan", whole, f"{month.label}不在方案实施期内。"))
    if month.first_day > today:
        found.append(error("month-not-begun", whole, f"{month.label}还没有开始，不能生成月报。"))
    for record in records.all():
        found += check_record(plan, unit, record, today)
    if records.is_empty() and not zero_stated:
        found.append(
            error(
                "empty-month",
                whole,
                f"{month.label}没有任何记录。如确无事项，请选择“本月无活动（零报告）”。",
            )
        )
    if not records.is_empty() and zero_stated:
        found.append(
            error(
                "zero-but-records",
                whole,
                "已声明零报告，但本月有记录。请取消零报告或删除记录。",
            )
        )
    if not zero_stated:
        found += _check_completeness(plan, unit, month, records)
    found += _check_doubles(records)
    found += check_across(plan, records, last_month=last_month, year_ago=year_ago)
    for field, title in (("preparer", "填报人"), ("approver", "负责人")):
        if not getattr(signatories, field):
            found.append(
                warning("name-missing", Where("return", "", field), f"没有填写{title}姓名。")
            )
    return tuple(found)


def _check_day(plan: Plan, where: Where, day: date, today: date) -> list[Finding]:
    at = Where(where.kind, where.record, "day")
    if not plan.covers(Month.of(day)):
        return [error("day-outside-plan", at, f"日期 {day} 不在方案实施期内，请核对年份。")]
    if day > today:
        return [warning("day-in-future", at, f"日期 {day} 晚于今天，请核对。")]
    return []


def _check_text(where: Where, field: str, title: str, text: str, longest: int) -> list[Finding]:
    if len(text) > longest:
        at = Where(where.kind, where.record, field)
        return [error("text-too-long", at, f"“{title}”有 {len(text)} 字，最多 {longest} 字。")]
    return []


def _check_whole(where: Where, field: str, title: str, number: Decimal | None) -> list[Finding]:
    at = Where(where.kind, where.record, field)
    if number is None:
        return []
    if number < 0:
        return [error("number-negative", at, f"“{title}”不能为负数（现为 {number}）。")]
    if number != number.to_integral_value():
        return [error("number-not-whole", at, f"“{title}”应为整数（现为 {number}）。")]
    return []


def _check_progress(plan: Plan, where: Where, record: Progress) -> list[Finding]:
    found: list[Finding] = []
    if not plan.has_task(record.task):
        at = Where(where.kind, where.record, "task")
        found.append(error("task-unknown", at, f"方案中没有第 {record.task} 项任务。"))
    elif not plan.task(record.task).asked_in(record.month):
        at = Where(where.kind, where.record, "task")
        found.append(
            warning("task-not-asked", at, f"第 {record.task} 项任务{record.month.label}不要求填报，"
                    "误填的请删除这条进展。")
        )  # fmt: skip
    percent = record.percent.number
    if percent is not None and not 0 <= percent <= 100:
        at = Where(where.kind, where.record, "percent")
        found.append(error("percent-range", at, f"完成比例应在 0 到 100 之间（现为 {percent}）。"))
    if record.status in (Status.UNDER_WAY, Status.DONE, Status.BEHIND) and not record.done:
        at = Where(where.kind, where.record, "done")
        found.append(
            warning("done-missing", at, f"任务 {record.task} 已选“{record.status.label}”，"
                    "但没有写本月工作情况。")
        )  # fmt: skip
    if record.status is Status.BEHIND and not record.next:
        at = Where(where.kind, where.record, "next")
        found.append(warning("next-missing", at, f"任务 {record.task} 滞后，请写明下一步措施。"))
    found += _check_text(where, "done", "本月工作情况", record.done, LONGEST_TEXT)
    found += _check_text(where, "next", "下一步打算", record.next, LONGEST_TEXT)
    return found


def _check_reading(plan: Plan, where: Where, record: Reading) -> list[Finding]:
    at = Where(where.kind, where.record, "target")
    if not plan.has_target(record.target):
        return [error("target-unknown", at, f"方案中没有指标“{record.target}”。")]
    target = plan.target(record.target)
    columns = {column.code: column for column in target.columns()}
    if not columns:
        return [error("target-not-read", at, f"“{target.title}”由系统计算，不需要填报读数。")]
    found: list[Finding] = []
    for named in record.values:
        field = Where(where.kind, where.record, named.code)
        column = columns.get(named.code)
        if column is None:
            found.append(error("part-unknown", field, f"“{target.title}”没有分项“{named.code}”。"))
        elif column.number is NumberKind.COUNT:
            found += _check_whole(where, named.code, column.title, named.value.number)
        elif named.value.number is not None and named.value.number < 0:
            found.append(error("number-negative", field, f"“{column.title}”不能为负数。"))
    if all(named.value.state is State.NOT_REPORTED for named in record.values):
        found.append(error("reading-empty", at, f"“{target.title}”的读数没有填写任何数值。"))
    if target.kind is TargetKind.RATIO:
        for item in target.items:
            met = record.get(f"{item.code}.met").number
            whole = record.get(f"{item.code}.total").number
            if met is not None and whole is not None and met > whole:
                field = Where(where.kind, where.record, f"{item.code}.met")
                found.append(
                    error("ratio-over-one", field,
                          f"“{item.title}”已达标 {met} 大于总数 {whole}，请核对。")
                )  # fmt: skip
    return found


def _check_activity(plan: Plan, unit: str, where: Where, record: Activity) -> list[Finding]:
    found: list[Finding] = []
    training = isinstance(record, Training)
    field, title = ("topic", "培训主题") if training else ("theme", "活动主题")
    text = title_of(record)
    if not text.strip():
        at = Where(where.kind, where.record, field)
        found.append(error("title-missing", at, f"请填写{title}。"))
    found += _check_text(where, field, title, text, LONGEST_NAME)
    found += _check_text(where, "note", "备注", record.note, LONGEST_TEXT)
    at = Where(where.kind, where.record, "host")
    if record.role is HostRole.CO_HOST and not record.host:
        found.append(error("host-missing", at, "协办的活动请填写主办单位。"))
    if record.role is HostRole.CO_HOST and record.host == unit:
        found.append(error("host-is-self", at, "选了“协办”，但主办单位是本单位，请改为主办。"))
    if record.role is HostRole.HOST and record.host not in ("", unit):
        found.append(error("host-is-other", at, "选了“主办”，但主办单位写了别的单位，请核对。"))
    for task in record.tasks:
        if not plan.has_task(task):
            at = Where(where.kind, where.record, "tasks")
            found.append(error("task-unknown", at, f"方案中没有第 {task} 项任务。"))
    if isinstance(record, Publicity) and record.campaign and record.role is HostRole.CO_HOST:
        at = Where(where.kind, where.record, "campaign")
        found.append(hint("campaign-co-hosted", at, "主题宣传活动由主办单位计数，协办不重复计。"))
    return found


def _check_headcounts(plan: Plan, where: Where, record: Training) -> list[Finding]:
    found: list[Finding] = []
    known = {category.code: category for category in plan.headcounts}
    for named in record.headcounts:
        if named.code not in known:
            at = Where(where.kind, where.record, named.code)
            found.append(error("category-unknown", at, f"方案中没有人员类别“{named.code}”。"))
        else:
            title = known[named.code].title
            found += _check_whole(where, named.code, title, named.value.number)
    carries = reports_figures(plan, record)
    filled = [named for named in record.headcounts if named.value.number is not None]
    at = Where(where.kind, where.record, "headcounts")
    if carries and not filled:
        found.append(error("headcount-missing", at, f"“{record.topic}”请按类别填写参训人次。"))
    if not carries and any(named.value.or_zero() for named in filled):
        found.append(
            warning("headcount-of-co-host", at,
                    f"“{record.topic}”由主办单位报人次，本单位所填人次不计入合计。")
        )  # fmt: skip
    return found


def _check_entry(plan: Plan, where: Where, record: RegisterEntry) -> list[Finding]:
    if not plan.has_register(record.register):
        at = Where(where.kind, where.record, "register")
        return [error("register-unknown", at, f"方案中没有台账“{record.register}”。")]
    register = plan.register(record.register)
    found: list[Finding] = []
    known = {field.code for field in register.fields}
    for filled in record.fields:
        if filled.code not in known:
            at = Where(where.kind, where.record, filled.code)
            found.append(error("field-unknown", at, f"“{register.title}”没有字段“{filled.code}”。"))
    for field in register.fields:
        found += _check_field(where, register.title, field, record.get(field.code))
    return found


def _check_field(where: Where, register: str, field: Field, text: str) -> list[Finding]:
    at = Where(where.kind, where.record, field.code)
    if not text:
        if field.required:
            return [error("field-missing", at, f"“{register}”的“{field.title}”必须填写。")]
        return []
    problem = field_problem(field, text)
    if problem:
        return [error("field-wrong", at, f"“{register}”的“{field.title}”{problem}")]
    if field.title == "统一社会信用代码" and not _CREDIT_CODE.fullmatch(text):
        return [
            warning(
                "credit-code",
                at,
                f"统一社会信用代码“{text}”不是 18 位规范代码，请核对。",
            )
        ]
    return []


def field_problem(field: Field, text: str) -> str:
    """Why a canonical text does not fit a register's field; empty when it does."""
    match field.type:
        case FieldType.NUMBER | FieldType.MONEY:
            try:
                number = Decimal(text)
            except InvalidOperation:
                return f"应为数字（现为“{text}”）。"
            if not number.is_finite() or number < 0 or number > Decimal(10) ** 15:
                return f"数值不合理（现为“{text}”）。"
        case FieldType.DATE:
            try:
                date.fromisoformat(text)
            except ValueError:
                return f"应为日期，如 2026-10-08（现为“{text}”）。"
        case FieldType.CHOICE if text not in field.choices:
            return f"应从“{'、'.join(field.choices)}”中选择（现为“{text}”）。"
        case FieldType.CHOICES:
            unknown = [part for part in text.split(CHOICE_MARK) if part not in field.choices]
            if unknown:
                return f"没有选项“{'、'.join(unknown)}”，可选：{'、'.join(field.choices)}。"
        case FieldType.YES_NO if text not in ("是", "否"):
            return f"应填“是”或“否”（现为“{text}”）。"
        case FieldType.TEXT if len(text) > LONGEST_TEXT:
            return f"有 {len(text)} 字，最多 {LONGEST_TEXT} 字。"
    return ""


def _check_problem(plan: Plan, where: Where, record: Problem) -> list[Finding]:
    found: list[Finding] = []
    if not record.title.strip():
        at = Where(where.kind, where.record, "title")
        found.append(error("title-missing", at, "请填写事项名称。"))
    if record.task and not plan.has_task(record.task):
        at = Where(where.kind, where.record, "task")
        found.append(error("task-unknown", at, f"方案中没有第 {record.task} 项任务。"))
    found += _check_text(where, "title", "事项", record.title, LONGEST_NAME)
    found += _check_text(where, "detail", "具体情况", record.detail, LONGEST_TEXT)
    if record.closed_on and record.closed_on < record.day:
        at = Where(where.kind, where.record, "closed_on")
        found.append(error("closed-before-raised", at, "办结日期早于提出日期。"))
    return found


def _check_completeness(plan: Plan, unit: str, month: Month, records: Records) -> list[Finding]:
    found: list[Finding] = []
    told = {progress.task for progress in records.progress}
    for task in plan.tasks_of(unit, month):
        if task.lead == unit and task.no not in told:
            at = Where("progress", "", str(task.no))
            found.append(
                warning(
                    "progress-missing",
                    at,
                    f"主办的任务 {task.no}“{task.title}”还没有填进展。",
                )
            )
    read = {reading.target for reading in records.readings}
    for target in plan.targets_of(unit):
        if target.code not in read:
            at = Where("reading", "", target.code)
            found.append(
                warning(
                    "reading-missing",
                    at,
                    f"本单位负责的指标“{target.title}”本月还没有读数。",
                )
            )
    return found


def _check_doubles(records: Records) -> list[Finding]:
    found: list[Finding] = []
    tasks = Counter(progress.task for progress in records.progress)
    for task, times in tasks.items():
        if times > 1:
            found.append(
                error("progress-twice", Where("progress", "", str(task)),
                      f"任务 {task} 本月填了 {times} 条进展，请只保留一条。")
            )  # fmt: skip
    seen: dict[tuple[str, date, str], Activity] = {}
    activities: Iterable[Activity] = (*records.trainings, *records.publicity)
    for activity in activities:
        key = (kind_of(activity), activity.day, title_of(activity))
        if key in seen:
            found.append(
                warning("activity-twice", Where(kind_of(activity), activity.id),
                        f"{activity.day} 的“{title_of(activity)}”填了两次，请核对是否重复。")
            )  # fmt: skip
        seen[key] = activity
    days = Counter((reading.target, reading.day) for reading in records.readings)
    for (target, day), times in days.items():
        if times > 1:
            found.append(
                error("reading-twice", Where("reading", "", target),
                      f"同一指标在 {day} 有 {times} 个读数，请只保留一个。")
            )  # fmt: skip
    return found
