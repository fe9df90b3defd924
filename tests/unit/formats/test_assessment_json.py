"""Score sheets as canonical bytes: one form only, and nothing from the future."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from rongchang_desk import assets
from rongchang_desk.domain.assessment import Assessment, RuleScore, ScoreItem, ScoreSheet
from rongchang_desk.domain.assessment_rules import AssessmentRules, Rule, RuleKind
from rongchang_desk.domain.month import Month
from rongchang_desk.formats import assessment_json
from rongchang_desk.formats.errors import FormatError

D = Decimal
RULES = AssessmentRules((Rule("on_time", "按时报送", RuleKind.ON_TIME, D(20), D("0.5")),))
ITEM = ScoreItem("2026-10", "2026年10月月报", "按时", D(20), D(20), Month(2026, 10), 1, "d" * 64)
SHEET = ScoreSheet(
    "A1", "市知识产权局", (RuleScore("on_time", "按时报送", D(20), D(20), True, (ITEM,)),),
    D(20), D(20), D("100.00"),
)  # fmt: skip
VALUE = Assessment(
    1, "linhe-2025", "p" * 64, "2026-10", "2026年10月", (Month(2026, 10),), date(2026, 11, 6),
    "f" * 64, 0, RULES, (SHEET,),
)  # fmt: skip


def test_an_assessment_and_its_rules_come_back_as_they_were() -> None:
    assert assessment_json.loads(assessment_json.dumps(VALUE)) == VALUE
    assert assessment_json.rules_loads(assessment_json.rules_dumps(RULES)) == RULES
    empty = replace(VALUE, sheets=(replace(SHEET, percent=None, scores=()),))
    assert assessment_json.loads(assessment_json.dumps(empty)) == empty


@pytest.mark.parametrize(
    ("what", "spoil"),
    [
        ("a key twice", lambda d: d.replace(b'"format":1', b'"format":1,"format":1')),
        ("a field too many", lambda d: d[:-1] + b',"zz":1}'),
        ("a field too few", lambda d: d.replace(b'"rules_version":0,', b"")),
        ("a rule that does not exist", lambda d: d.replace(b'"kind":"on_time"', b'"kind":"x"')),
        ("another notation of a number", lambda d: d.replace(b'"most":"20"', b'"most":"20.0"')),
        ("something behind", lambda d: d + b"\n"),
    ],
)
def test_any_other_form_is_refused(what: str, spoil: Callable[[bytes], bytes]) -> None:
    good = assessment_json.dumps(VALUE)
    assert spoil(good) != good, what
    with pytest.raises(FormatError):
        assessment_json.loads(spoil(good))


def test_a_newer_format_asks_for_an_update_and_one_that_never_was_is_refused() -> None:
    good = assessment_json.dumps(VALUE)
    for newer in (b'"format":2', b'"format":2,"future":1'):
        with pytest.raises(FormatError, match="更新版本"):
            assessment_json.loads(good.replace(b'"format":1', newer))
    with pytest.raises(FormatError, match="不存在"):
        assessment_json.loads(good.replace(b'"format":1', b'"format":0'))


def test_the_shipped_schema_is_the_one_the_program_follows() -> None:
    shipped = assets.resource("schema", "assessment-1.json").read_text(encoding="utf-8")
    assert json.loads(shipped) == assessment_json.schema()
