"""The parts `[lights]` and `[assessment]` of a plan file; both may be left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from rongchang_desk.domain import assessment_rules
from rongchang_desk.domain.assessment_rules import AssessmentRules, JointCredit, Rule, RuleKind
from rongchang_desk.domain.finding import Finding
from rongchang_desk.domain.plan import Plan
from rongchang_desk.domain.task_light import LightRule
from rongchang_desk.formats.toml_table import Table

SECTIONS = ("lights", "assessment")

Lines = Mapping[str, list[int]]
Marked = Callable[..., None]
"""Takes a table, and `also` further keys, that may be marked as assumed or confirmed."""


def read_lights(
    content: Mapping[str, Any], lines: Lines, findings: list[Finding], marked: Marked
) -> LightRule | None:
    """The thresholds of the tasks' lights; None where the file has none."""
    table = _table(content, "lights", lines, findings)
    if table is None:
        return None
    usual = LightRule()
    near, slack, stuck = (
        table.whole("near", 0, 36), table.whole("slack", 0, 100), table.whole("stuck", 1, 36),
    )  # fmt: skip
    marked(table)
    return LightRule(
        usual.near if near is None else near,
        usual.slack if slack is None else slack,
        stuck or usual.stuck,
    )


def read_rules(
    content: Mapping[str, Any], lines: Lines, findings: list[Finding], marked: Marked
) -> AssessmentRules | None:
    """The rules of the assessment; None where the file has none."""
    table = _table(content, "assessment", lines, findings)
    if table is None:
        return None
    ranking = table.flag("ranking")
    before = len(findings)
    rules = tuple(_rule(row) for row in table.tables("rules", required=True))
    marked(table, also=tuple(rule.code for rule in rules))
    made = AssessmentRules(rules, ranking)
    if len(findings) == before:
        findings += assessment_rules.check(made)
    return made


def _rule(row: Table) -> Rule:
    joint = row.choice("joint", JointCredit) if row.has("joint") else None
    if not row.has("weight"):
        row.report("weight", "plan-missing", "缺少这个字段。")
    rule = Rule(
        code=row.code(),
        title=row.text("title", required=True),
        kind=row.choice("kind", RuleKind) or RuleKind.ON_TIME,
        weight=row.number("weight") or Decimal(0),
        part=row.number("part") or Decimal(0),
        full=row.whole("full", 0, assessment_rules.MOST_ACTIVITIES) or 0,
        joint=joint or JointCredit.EACH,
        note=row.text("note"),
    )
    row.close()
    return rule


def _table(
    content: Mapping[str, Any], name: str, lines: Lines, findings: list[Finding]
) -> Table | None:
    data = content.get(name)
    if data is None:
        return None
    line = lines.get(name, [0])[0]
    if not isinstance(data, dict):
        Table({}, name, "", line, findings).report("", "plan-type", f"应写成 [{name}]。")
        return None
    return Table(data, name, "", line, findings)


def tables(plan: Plan) -> dict[str, dict[str, Any]]:
    """The two parts as TOML tables, as far as the plan has them; marks are not among them."""
    file: dict[str, dict[str, Any]] = {}
    if plan.lights is not None:
        file["lights"] = {
            "near": plan.lights.near, "slack": plan.lights.slack, "stuck": plan.lights.stuck,
        }  # fmt: skip
    if plan.assessment is not None:
        file["assessment"] = {
            "ranking": plan.assessment.ranking,
            "rules": [_row(rule) for rule in plan.assessment.rules],
        }
    return file


def _row(rule: Rule) -> dict[str, Any]:
    row: dict[str, Any] = {
        "code": rule.code, "title": rule.title, "kind": rule.kind.value, "weight": rule.weight,
    }  # fmt: skip
    if rule.part:
        row["part"] = rule.part
    if rule.kind.counted:
        row |= {"full": rule.full, "joint": rule.joint.value}
    if rule.note:
        row["note"] = rule.note
    return row
