"""Checks that the parts of a plan fit together: codes exist once, and what is named exists.

Pure: a plan in, findings out. The forms of single values are judged while reading
(`toml_table`); here a value left empty by such a mistake is not reported again.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from rongchang_desk.domain.finding import Finding, Where, error
from rongchang_desk.domain.plan import (
    CrossCheck,
    CrossCheckKind,
    Field,
    FieldType,
    Plan,
    Register,
    Target,
    TargetKind,
)

LONGEST_SHEET_NAME = 31
"""Excel and WPS accept no longer sheet name; a register's title becomes one."""
FIXED_SHEETS = (
    "填报说明", "报表信息", "任务进展", "指标读数", "培训讲座", "宣传活动",
    "需协调解决事项", "选项",
)  # fmt: skip
"""The sheets every workbook has; a register may not take their names."""
REGISTERED_ON = "登记日期"
"""The column of a register's sheet that no field may be called."""
CHOICE_MARK = "；"
"""Joins several choices in one field, so no choice may contain it."""


def check(plan: Plan) -> tuple[Finding, ...]:
    """All findings about how the parts of the plan fit together, in the order of the file."""
    return (
        *_frame(plan),
        *_duplicates(plan),
        *_people(plan),
        *_groups(plan),
        *(finding for target in plan.targets for finding in _target(plan, target)),
        *(finding for register in plan.registers for finding in _register(plan, register)),
        *(finding for rule in plan.crosschecks for finding in _crosscheck(plan, rule)),
    )


def _finding(code: str, section: str, record: object, field: str, message: str) -> Finding:
    where = Where(section, str(record), field)
    path = ".".join(part for part in (section, str(record), field) if part)
    return error(code, where, f"{path}：{message}")


def _frame(plan: Plan) -> Iterable[Finding]:
    if plan.last_month < plan.first_month:
        yield _finding("plan-months", "plan", "", "last_month", "最后一个月早于第一个月。")
    if plan.office_unit and not plan.has_unit(plan.office_unit):
        yield _unknown("plan", "", "office_unit", "单位", plan.office_unit)
    for day in plan.workdays:
        if day in plan.days_off:
            yield _finding("plan-duplicate", "plan", "", "workdays", f"{day} 同时列为放假和上班。")
    for section, values in (
        ("units", plan.units), ("tasks", plan.tasks), ("groups", plan.groups),
        ("headcounts", plan.headcounts),
    ):  # fmt: skip
        if not values:
            yield _finding("plan-missing", section, "", "", "至少要有一项。")


def _duplicates(plan: Plan) -> Iterable[Finding]:
    lists: tuple[tuple[str, str, list[object]], ...] = (
        ("units", "code", [u.code for u in plan.units]),
        ("units", "name", [u.name for u in plan.units]),
        ("headcounts", "code", [h.code for h in plan.headcounts]),
        ("headcounts", "title", [h.title for h in plan.headcounts]),
        ("groups", "no", [g.no for g in plan.groups]),
        ("tasks", "no", [t.no for t in plan.tasks]),
        ("safeguards", "no", [s.no for s in plan.safeguards]),
        ("targets", "code", [t.code for t in plan.targets]),
        ("targets", "title", [t.title for t in plan.targets]),
        ("registers", "code", [r.code for r in plan.registers]),
        ("registers", "title", [r.title for r in plan.registers]),
        ("crosschecks", "code", [rule.code for rule in plan.crosschecks]),
    )
    for section, field, values in lists:
        yield from _twice(section, "", field, values)
    names = {unit.name for unit in plan.units}
    for body in plan.external_bodies:
        if body in names:
            yield _finding(
                "plan-duplicate", "plan", "", "external_bodies", f"“{body}”已是报送单位。"
            )


def _twice(section: str, record: str, field: str, values: Iterable[object]) -> Iterable[Finding]:
    for value, times in Counter(values).items():
        if times > 1 and value not in ("", 0):
            yield _finding("plan-duplicate", section, record, field, f"“{value}”重复 {times} 次。")


def _unknown(section: str, record: object, field: str, what: str, code: object) -> Finding:
    return _finding("plan-unknown", section, record, field, f"{what}“{code}”不存在。")


def _people(plan: Plan) -> Iterable[Finding]:
    for unit in plan.units:
        if unit.since and unit.until and unit.until < unit.since:
            yield _finding("plan-months", "units", unit.code, "until", "止报月份早于起报月份。")
    for task in plan.tasks:
        if task.since and task.until and task.until < task.since:
            yield _finding("plan-months", "tasks", task.no, "until", "停用月份早于开始月份。")
    for task in plan.tasks:
        if task.lead and not plan.has_unit(task.lead):
            yield _unknown("tasks", task.no, "lead", "单位", task.lead)
        for code in task.support:
            if not plan.has_unit(code):
                yield _unknown("tasks", task.no, "support", "单位", code)


def _groups(plan: Plan) -> Iterable[Finding]:
    placed = Counter(no for group in plan.groups for no in group.tasks)
    for group in plan.groups:
        if not group.tasks:
            yield _finding("plan-missing", "groups", group.no, "tasks", "分类里还没有任务。")
        for no in group.tasks:
            if not plan.has_task(no):
                yield _unknown("groups", group.no, "tasks", "任务", no)
    for task in plan.tasks:
        if placed[task.no] != 1:
            where = "不在任何一类中" if not placed[task.no] else "同时列入几类"
            yield _finding("plan-groups", "tasks", task.no, "", f"任务{where}。")


def _target(plan: Plan, target: Target) -> Iterable[Finding]:
    code, kind = target.code, target.kind

    def wrong(field: str, message: str) -> Finding:
        return _finding("plan-target", "targets", code, field, message)

    if target.owner and not plan.has_unit(target.owner):
        yield _unknown("targets", code, "owner", "单位", target.owner)
    if not target.owner and target.columns():
        yield wrong("owner", "要填报读数的指标须写明数据来源单位。")
    for field, other in (("of_target", target.of_target), ("at_most", target.at_most)):
        if other and (not plan.has_target(other) or other == code):
            yield _unknown("targets", code, field, "指标", other)
    if target.goal is None and kind not in (TargetKind.VERSUS, TargetKind.WATCHED):
        yield wrong("goal", f"{kind.label}指标须有目标值。")
    if target.by is not None and not plan.covers(target.by):
        yield wrong("by", "完成月份不在方案期内。")
    if kind is TargetKind.GROWTH and target.per not in ("year", "plan"):
        yield wrong("per", '增长率指标须写明 per = "year" 或 "plan"。')
    if kind is not TargetKind.GROWTH and target.per:
        yield wrong("per", "只有增长率指标可用。")
    if kind is TargetKind.YEARLY and target.counts not in ("training", "publicity"):
        yield wrong("counts", '年度累计指标须写明 counts = "training" 或 "publicity"。')
    if kind is not TargetKind.YEARLY and target.counts:
        yield wrong("counts", "只有年度累计指标可用。")
    if target.counts == "training" and not any(h.counted for h in plan.headcounts):
        yield wrong("counts", "没有一类人员计入（headcounts 的 counted）。")
    if kind in (TargetKind.RATIO, TargetKind.VERSUS) and not target.items:
        yield wrong("items", f"{kind.label}指标须列出对象。")
    if kind not in (TargetKind.RATIO, TargetKind.VERSUS) and target.items:
        yield wrong("items", "只有覆盖率和逐项对比指标可用。")
    if target.items and target.parts:
        yield wrong("parts", "有 items 的指标不能再有 parts。")
    if target.population is not None and target.population <= 0:
        yield wrong("population", "人口应大于 0（万人）。")
    if target.population is not None and not target.of_target:
        yield wrong("population", "只有由另一指标除以人口得出的指标可用（of_target）。")
    if (target.baseline is None) != (target.baseline_year is None):
        yield wrong("baseline", "基期数值和基期年份须同时填写。")
    for field, rows in (("parts", target.parts), ("items", target.items)):
        yield from _twice("targets", code, f"{field}.code", [row.code for row in rows])
        yield from _twice("targets", code, f"{field}.title", [row.title for row in rows])


def _register(plan: Plan, register: Register) -> Iterable[Finding]:
    code = register.code
    known = {safeguard.no for safeguard in plan.safeguards}
    for no in register.tasks:
        if not plan.has_task(no):
            yield _unknown("registers", code, "tasks", "任务", no)
    for guard in register.safeguards:
        if guard not in known:
            yield _unknown("registers", code, "safeguards", "保障措施", guard)
    if not register.tasks and not register.safeguards:
        yield _finding(
            "plan-register", "registers", code, "tasks", "须写明佐证哪项任务或保障措施。"
        )
    if register.feeds and not plan.has_target(register.feeds):
        yield _unknown("registers", code, "feeds", "指标", register.feeds)
    if len(register.title) > LONGEST_SHEET_NAME or re.search(r"[\[\]:*?/\\]|^'|'$", register.title):
        yield _finding(
            "plan-register", "registers", code, "title",
            f"名称须不超过 {LONGEST_SHEET_NAME} 个字，且不含 [ ] : * ? / \\（用作表格名）。",
        )  # fmt: skip
    if register.title in FIXED_SHEETS:
        yield _finding("plan-register", "registers", code, "title", "名称与固定的表格重名。")
    if not register.fields:
        yield _finding("plan-register", "registers", code, "fields", "至少要有一个字段。")
    yield from _twice("registers", code, "fields.code", [f.code for f in register.fields])
    yield from _twice("registers", code, "fields.title", [f.title for f in register.fields])
    for field in register.fields:
        yield from _field(code, field)


def _crosscheck(plan: Plan, rule: CrossCheck) -> Iterable[Finding]:
    code, kind = rule.code, rule.kind

    def wrong(field: str, message: str) -> Finding:
        return _finding("plan-crosscheck", "crosschecks", code, field, message)

    if rule.target and not plan.has_target(rule.target):
        yield _unknown("crosschecks", code, "target", "指标", rule.target)
    elif rule.target:
        columns = {column.code for column in plan.target(rule.target).columns()}
        if not columns:
            yield wrong("target", "这个指标不填报读数，不能核对。")
        for part in rule.parts:
            if columns and part not in columns:
                yield _unknown("crosschecks", code, "parts", "分项", part)
        if rule.whole and columns and rule.whole not in columns:
            yield _unknown("crosschecks", code, "whole", "分项", rule.whole)
    if kind is CrossCheckKind.WITHIN and not (rule.parts and rule.whole):
        yield wrong("whole", "须写明其中项 parts 和合计 whole。")
    if kind is CrossCheckKind.REGISTER:
        yield from _crosscheck_register(plan, rule)
    if kind is CrossCheckKind.SWING and not rule.percent:
        yield wrong("percent", "须写明变动超过百分之几时提醒。")
    for field, value, user in (
        ("whole", rule.whole, CrossCheckKind.WITHIN),
        ("register", rule.register, CrossCheckKind.REGISTER),
        ("field", rule.field, CrossCheckKind.REGISTER),
        ("percent", rule.percent, CrossCheckKind.SWING),
    ):
        if value and kind is not user:
            yield wrong(field, f"只有 {user.value} 规则可用。")


def _crosscheck_register(plan: Plan, rule: CrossCheck) -> Iterable[Finding]:
    code = rule.code
    if len(rule.parts) != 1:
        yield _finding(
            "plan-crosscheck", "crosschecks", code, "parts", "与台账核对的规则写明一个分项。"
        )
    if not plan.has_register(rule.register):
        yield _unknown("crosschecks", code, "register", "台账", rule.register)
    elif rule.field:
        fields = {field.code: field for field in plan.register(rule.register).fields}
        field = fields.get(rule.field)
        if field is None or field.type not in (FieldType.NUMBER, FieldType.MONEY):
            yield _finding(
                "plan-crosscheck", "crosschecks", code, "field",
                f"台账中没有数或金额字段“{rule.field}”。",
            )  # fmt: skip


def _field(register: str, field: Field) -> Iterable[Finding]:
    where = f"fields.{field.code}"
    if field.title == REGISTERED_ON:
        yield _finding("plan-field", "registers", register, where, "登记日期由程序自带，请改名。")
    if field.type in (FieldType.CHOICE, FieldType.CHOICES):
        if not field.choices:
            yield _finding("plan-field", "registers", register, where, "选择字段须列出选项。")
        if any(CHOICE_MARK in choice for choice in field.choices):
            yield _finding(
                "plan-field", "registers", register, where, f"选项中不能有“{CHOICE_MARK}”。"
            )
    elif field.choices:
        yield _finding("plan-field", "registers", register, where, "只有选择字段可有选项。")
    if field.known and field.type is not FieldType.TEXT:
        yield _finding("plan-field", "registers", register, where, "只有文字字段可有 known。")
