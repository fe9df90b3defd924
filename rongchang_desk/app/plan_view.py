"""The plan's parameters in words, for people: which are assumed, which the office confirmed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from rongchang_desk.app.plan_fields import at, field_title, title_at
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
_KINDS = {"tasks": "任务", "targets": "指标", "units": "单位", "registers": "台账",
          "headcounts": "人员类别", "groups": "任务分类", "safeguards": "保障措施",
          "crosschecks": "核对规则"}  # fmt: skip
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
    """One parameter: its path in the plan file, its name and value in words, why it was assumed,
    and by whom and when it was confirmed (empty while it was not)."""

    path: str
    title: str
    value: str
    assumed: str
    confirmed: str = ""


def marked(plan: Plan) -> tuple[Parameter, ...]:
    """Every parameter that the published plan does not say: those still assumed, in the order of
    the plan file, then those the office has confirmed."""
    return (
        *(_parameter(plan, mark.path, mark.note) for mark in plan.assumed),
        *(
            _parameter(plan, mark.path, mark.note, f"{mark.by} {mark.on}")
            for mark in plan.confirmed
        ),
    )


def _parameter(plan: Plan, path: str, note: str, confirmed: str = "") -> Parameter:
    if path in _OTHERS:
        title, told = _OTHERS[path]
        return Parameter(path, title, told(plan), note, confirmed)
    record, _, field = path.rpartition(".")
    if record == "plan":
        title = _PLAN_FIELDS.get(field, field_title(record, field))
        return Parameter(path, title, _plan_value(plan, field), note, confirmed)
    try:
        holder, name = at(plan, record), title_at(plan, record)
    except KeyError:
        return Parameter(path, path, "", note, confirmed)
    kind = _KINDS.get(record.partition(".")[0], "")
    value = in_words(plan, getattr(holder, field, None))
    return Parameter(path, f"{kind}“{name}”的{field_title(record, field)}", value, note, confirmed)


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
