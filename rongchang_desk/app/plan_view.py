"""The plan's parameters by name and value, for people: which are the plan's own, which assumed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from rongchang_desk.domain.month import Month
from rongchang_desk.domain.plan import Plan
from rongchang_desk.domain.task_light import LightRule

_PLAN_FIELDS = {
    "document_number": "文号",
    "first_month": "起始月份",
    "last_month": "截止月份",
    "due_day": "报送期限",
    "office_name": "办公室名称",
    "office_unit": "办公室所在单位",
    "units": "报送单位",
    "external_bodies": "外部机构",
    "training_forms": "培训形式",
    "publicity_kinds": "宣传活动类型",
    "headcounts": "参训人员类别",
    "registers": "台账",
    "copies_to": "抄送",
}
_FIELDS = {
    "owner": "责任单位", "lead": "主办单位", "support": "协办单位", "goal": "目标值",
    "by": "完成期限", "population": "人口数（万人）", "baseline": "基期数",
    "baseline_year": "基期年份", "unit": "计量单位", "items": "分项", "parts": "分项",
    "registers": "台账", "partition": "是否分单位相加", "per": "增长口径", "counts": "计数来源",
}  # fmt: skip
_OTHERS: dict[str, tuple[str, Callable[[Plan], str]]] = {
    "lights.near": ("临期（蓝灯）", lambda p: f"期末前 {_lights(p).near} 个月"),
    "lights.slack": ("滞后（黄灯）", lambda p: f"低于时间进度 {_lights(p).slack} 个百分点"),
    "lights.stuck": ("逾期（红灯）", lambda p: f"连续 {_lights(p).stuck} 个月滞后"),
    "assessment.ranking": (
        "考核是否排名",
        lambda p: "是" if p.assessment and p.assessment.ranking else "否",
    ),
    "assessment.rules": (
        "考核规则",
        lambda p: "、".join(r.title for r in p.assessment.rules) if p.assessment else "",
    ),
}


def _lights(plan: Plan) -> LightRule:
    return plan.lights or LightRule()


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: its path in the plan file, its name and value in words, and why it is
    assumed (empty when the plan itself says it)."""

    path: str
    title: str
    value: str
    assumed: str = ""


def parameters(plan: Plan) -> tuple[Parameter, ...]:
    """The plan's general parameters, then every assumed one of its tasks and targets."""
    notes = {assumption.path: assumption.note for assumption in plan.assumed}
    found = [
        Parameter(
            f"plan.{name}", title, _plan_value(plan, name), notes.pop(f"plan.{name}", "")
        )
        for name, title in _PLAN_FIELDS.items()
    ]  # fmt: skip
    for path, note in notes.items():
        found.append(_assumed(plan, path, note))
    return tuple(found)


def _assumed(plan: Plan, path: str, note: str) -> Parameter:
    """An assumed parameter of a task or a target; the bare path for anything else."""
    kind, _, rest = path.partition(".")
    code, _, field = rest.partition(".")
    title, holder = path, None
    if kind == "tasks" and code.isdigit() and plan.has_task(int(code)):
        holder = plan.task(int(code))
        title = f"任务 {code}“{holder.title}”"
    elif kind == "targets" and plan.has_target(code):
        holder = plan.target(code)  # type: ignore[assignment]  # a task or a target
        title = f"指标“{plan.target(code).title}”"
    elif path in _OTHERS:
        named, told = _OTHERS[path]
        return Parameter(path, named, told(plan), note)
    if holder is None:
        return Parameter(path, title, "", note)
    value = in_words(plan, getattr(holder, field, None))
    return Parameter(path, f"{title}的{_FIELDS.get(field, field)}", value, note)


def _plan_value(plan: Plan, name: str) -> str:
    if name == "due_day":
        return f"次月 {plan.due_day} 日，遇非工作日顺延"
    if name == "units":
        return f"{len(plan.units)} 个：" + "、".join(unit.name for unit in plan.units)
    return in_words(plan, getattr(plan, name))


def in_words(plan: Plan, value: Any) -> str:
    """A parameter's value in words; unit codes become names."""
    match value:
        case None | "" | ():
            return "（未定）"
        case bool():
            return "是" if value else "否"
        case Month():
            return value.label
        case Decimal():
            return f"{value:,f}"
        case str():
            return plan.name_of(value)
        case Sequence():
            return "、".join(in_words(plan, part) for part in value)
        case _:
            return str(getattr(value, "title", value))
