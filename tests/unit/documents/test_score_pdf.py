"""Score sheets on paper."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from rongchang_desk.documents import score_pdf
from rongchang_desk.domain.assessment import Assessment, RuleScore, ScoreItem, ScoreSheet
from rongchang_desk.domain.assessment_rules import AssessmentRules, Rule, RuleKind
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.plan import Plan
from rongchang_desk.errors import DeskError
from tests.unit.documents import samples
from tests.unit.documents.reading import all_text, page_sizes, page_texts

D = Decimal


@pytest.fixture
def value(plan: Plan) -> Assessment:
    return assessed(plan)


def assessed(plan: Plan) -> Assessment:
    """All units of a plan with the same few points."""
    rules = AssessmentRules((
        Rule("on_time", "按时报送", RuleKind.ON_TIME, D(20), D("0.5"), note="每月一份。"),
        Rule("talks", "培训讲座", RuleKind.TRAINING, D(10), full=2),
        Rule("targets", "指标贡献", RuleKind.TARGET, D(15)),
    ))  # fmt: skip
    items = (
        ScoreItem("2026-09", "2026年9月月报", "按时", D(10), D(10), Month(2026, 9), 2, "ab12" * 16),
        ScoreItem("2026-10", "2026年10月月报", "未报", D(0), D(10), Month(2026, 10)),
    )
    sheets = tuple(
        ScoreSheet(
            unit.code, unit.name,
            (
                RuleScore("on_time", "按时报送", D(20), D(10), True, items),
                RuleScore("talks", "培训讲座", D(10), D(0), True, ()),
                RuleScore("targets", "指标贡献", D(15), D(0), False, ()),
            ),
            D(10), D(30), D("33.33"),
        )
        for unit in plan.units
    )  # fmt: skip
    return Assessment(
        1, plan.code, "p" * 64, "2026Q4", "2026年第四季度", (Month(2026, 9), Month(2026, 10)),
        date(2026, 11, 6), "c" * 64, 3, rules, sheets,
    )  # fmt: skip


def render(plan: Plan, value: Assessment, unit: str = "") -> bytes:
    return score_pdf.render(plan, value, unit=unit, digest=samples.DIGEST, signer=samples.SIGNER)


def test_a_units_sheet_traces_every_point(plan: Plan, value: Assessment) -> None:
    unit = plan.units[0]
    text = all_text(render(plan, value, unit.code))
    for word in (
        "知识产权工作考核得分单", unit.name, "2026年第四季度", "得分10.00", "满分30.00", "33.33分",
        "2026年9月月报", "2026-09第2版", "AB12AB12AB12", "未报", "不适用", "每月一份。",
        "考核规则：第3版", "汇总指纹", "9F86D081", "盖章处",
    ):  # fmt: skip
        assert word in text, word
    assert "位次" not in text
    assert plan.units[1].name not in text


def test_the_sums_of_all_units_stand_on_turned_pages_without_an_order(
    plan: Plan, value: Assessment
) -> None:
    pdf = render(plan, value)
    text = all_text(pdf)
    assert all(unit.name in text for unit in plan.units)
    assert "不排名" in text
    assert "迟报得50%。" in text
    width, height = page_sizes(pdf)[0]
    assert width > height


def test_a_rank_is_printed_only_where_the_rules_ask_for_it(plan: Plan, value: Assessment) -> None:
    ranked = replace(
        value,
        rules=replace(value.rules, ranking=True),
        sheets=tuple(replace(s, rank=n) for n, s in enumerate(value.sheets, 1)),
    )
    assert "位次" in all_text(render(plan, ranked))
    second = plan.units[1].code
    assert f"在{len(plan.units)}个单位中列第2位。" in all_text(render(plan, ranked, second))


def test_plan_rules_are_called_the_plans(plan: Plan, value: Assessment) -> None:
    assert "考核规则：方案所载" in all_text(render(plan, replace(value, rules_version=0)))


def test_a_hundred_items_run_over_pages_and_none_is_lost(plan: Plan, value: Assessment) -> None:
    sheet = value.sheets[0]
    items = tuple(
        ScoreItem(str(n), f"第{n}号事项", "按时", D(1), D(1), Month(2026, 9), 1, "cd" * 32)
        for n in range(100)
    )
    scores = (replace(sheet.scores[0], items=items), *sheet.scores[1:])
    long = replace(value, sheets=(replace(sheet, scores=scores), *value.sheets[1:]))
    pdf = render(plan, long, sheet.unit)
    text = all_text(pdf)
    assert all(f"第{n}号事项" in text for n in range(100))
    assert "盖章处" in page_texts(pdf)[-1]


def test_the_same_sheet_gives_the_same_bytes(plan: Plan, value: Assessment) -> None:
    assert render(plan, value) == render(plan, value)


def test_an_unprintable_name_is_a_clear_error(plan: Plan, value: Assessment) -> None:
    odd = replace(value, sheets=(replace(value.sheets[0], name="甲\U0001f600"), *value.sheets[1:]))
    with pytest.raises(DeskError):
        render(plan, odd)


@pytest.mark.parametrize("units", range(1, 40, 2))
def test_the_signature_block_has_rows_of_a_table_on_its_page(
    plan: Plan, value: Assessment, units: int
) -> None:
    some = replace(value, sheets=value.sheets[:units])
    last = page_texts(render(plan, some))[-1]
    assert "电子签名" in last
    assert "考核月份" in last
    assert "指标贡献" in last  # the last rule's row


def test_a_note_to_a_score_stands_on_its_page(plan: Plan, value: Assessment) -> None:
    unit = value.sheets[2].unit
    notes = {(unit, "talks"): "采纳申诉，由5.00分改计。"}
    for of in ("", unit):
        text = all_text(
            score_pdf.render(
                plan, value, unit=of, digest=samples.DIGEST, signer=samples.SIGNER, notes=notes
            )
        )
        assert text.count("采纳申诉") == 1
        assert "0.00①" in text
    assert "①" not in all_text(render(plan, value))


def test_a_unit_that_joined_within_the_period_is_marked(plan: Plan, value: Assessment) -> None:
    first, second, *others = plan.units
    joined = replace(plan, units=(replace(first, since=Month(2026, 10)), second, *others))
    words = "自2026年10月起报送，只考核其报送的月份。"
    assert all_text(render(joined, value)).count(words) == 1
    assert words in all_text(render(joined, value, first.code))
    assert words not in all_text(render(joined, value, second.code))
    assert words not in all_text(render(plan, value))
