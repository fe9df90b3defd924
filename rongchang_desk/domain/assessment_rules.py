"""The rules of the assessment 考核: what is scored, with which weight. Values and their checks.

The published plan asks for an assessment (保障措施二) and gives no rules, so all of them are
parameters: the plan file brings the first version, the office keeps its own later ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from rongchang_desk.domain.finding import Finding, Where, error

HEAVIEST = Decimal(1000)
MOST_ACTIVITIES = 999


class RuleKind(StrEnum):
    """What a rule looks at."""

    ON_TIME = "on_time"
    COMPLETE = "complete"
    PROGRESS = "progress"
    TARGET = "target"
    TRAINING = "training"
    PUBLICITY = "publicity"
    PROBLEM = "problem"

    @property
    def label(self) -> str:
        return {
            "on_time": "按时报送", "complete": "报送完整", "progress": "任务进展",
            "target": "指标贡献", "training": "培训讲座", "publicity": "宣传活动",
            "problem": "问题办理",
        }[self.value]  # fmt: skip

    @property
    def parted(self) -> str:
        """What earns the part share under a rule of this kind; empty when nothing does."""
        return {
            "on_time": "迟报", "progress": "滞后（黄灯）", "problem": "逾期反馈",
        }.get(self.value, "")  # fmt: skip

    @property
    def counted(self) -> bool:
        """Whether activities are counted up to a number that earns full marks."""
        return self in (RuleKind.TRAINING, RuleKind.PUBLICITY)


class JointCredit(StrEnum):
    """To whom a joint activity is credited."""

    EACH = "each"
    HOST = "host"
    SHARE = "share"

    @property
    def label(self) -> str:
        return {
            "each": "参与单位各计一次", "host": "只计主办单位", "share": "参与单位平分",
        }[self.value]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `weight` is the most points it gives.

    `part` is the share (0 to 1) that the second-best outcome earns (see `RuleKind.parted`);
    `full` how many activities a year earn full marks; `joint` is for activities only.
    """

    code: str
    title: str
    kind: RuleKind
    weight: Decimal
    part: Decimal = Decimal(0)
    full: int = 0
    joint: JointCredit = JointCredit.EACH
    note: str = ""


@dataclass(frozen=True, slots=True)
class AssessmentRules:
    """All rules of one version. `ranking` prints an order of the units; it is off by default:
    the rules against burdening the grass roots (2024) criticise it."""

    rules: tuple[Rule, ...]
    ranking: bool = False

    @property
    def most(self) -> Decimal:
        """The points of a unit to which every rule applies, at best."""
        return sum((rule.weight for rule in self.rules), Decimal(0))


def check(rules: AssessmentRules) -> tuple[Finding, ...]:
    """What is wrong with a set of rules; their places name the rule's code and field."""
    found = [
        *_rows(rules.rules),
        *_twice("code", "代码", (r.code for r in rules.rules)),
        *_twice("title", "名称", (r.title for r in rules.rules)),
    ]
    if not rules.rules:
        found.append(error("rules-empty", Where("assessment", "", "rules"), "至少要有一条规则。"))
    elif not found and rules.most <= 0:
        message = "全部规则的分值合计为 0，无法计分。"
        found.append(error("rules-weight", Where("assessment", "", "weight"), message))
    return tuple(found)


def _rows(rules: Iterable[Rule]) -> Iterable[Finding]:
    for rule in rules:
        if not rule.title.strip():
            yield _error(rule, "title", "名称不能为空。")
        if not 0 <= rule.weight <= HEAVIEST:
            yield _error(rule, "weight", f"分值应在 0 到 {HEAVIEST} 之间，现为 {rule.weight}。")
        elif rule.weight != rule.weight.quantize(Decimal("0.01")):
            yield _error(rule, "weight", f"分值最多两位小数，现为 {rule.weight}。")
        if not 0 <= rule.part <= 1:
            yield _error(rule, "part", f"部分得分应在 0 到 1 之间，现为 {rule.part}。")
        elif rule.part and not rule.kind.parted:
            yield _error(rule, "part", f"“{rule.kind.label}”没有部分得分，请填 0。")
        if rule.kind.counted and not 1 <= rule.full <= MOST_ACTIVITIES:
            yield _error(
                rule, "full", f"每年满分次数应为 1 到 {MOST_ACTIVITIES}，现为 {rule.full}。"
            )
        elif rule.full and not rule.kind.counted:
            yield _error(rule, "full", f"“{rule.kind.label}”不按次数计分，请填 0。")


def _twice(field: str, what: str, values: Iterable[str]) -> Iterable[Finding]:
    for value, times in Counter(values).items():
        if times > 1 and value:
            where = Where("assessment", value, field)
            yield error("rules-twice", where, f"{what}“{value}”重复 {times} 次。")


def _error(rule: Rule, field: str, message: str) -> Finding:
    return error("rules-wrong", Where("assessment", rule.code, field), f"{rule.title}：{message}")
