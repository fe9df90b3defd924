"""Score sheets: each rule on a small district, and every point with its origin."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from rongchang_desk.app.clock import CHINA
from rongchang_desk.domain import assessment_rules
from rongchang_desk.domain.assessment import Facts, Order, RuleScore, ScoreSheet, partly, score
from rongchang_desk.domain.assessment_rules import AssessmentRules, JointCredit, Rule, RuleKind
from rongchang_desk.domain.measures import figures
from rongchang_desk.domain.merge import Filed, merge
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.monthly_return import AmendmentKind
from rongchang_desk.domain.plan import Plan
from rongchang_desk.domain.records import (
    NamedValue,
    Problem,
    Progress,
    Reading,
    Record,
    Status,
    Value,
    uuid7,
)
from tests.unit.domain.test_merge import MONTH, a_return, filed, training

DUE = date(2026, 11, 10)
LATE = datetime(2026, 11, 12, 9, tzinfo=CHINA)
TODAY = date(2026, 11, 15)
HALF = Decimal("0.5")


def rule(kind: RuleKind, weight: int = 10, **more: object) -> Rule:
    full = 12 if kind.counted else 0
    return replace(Rule(kind.value, kind.label, kind, Decimal(weight), full=full), **more)  # type: ignore[arg-type]


def sheets(
    plan: Plan, rules: tuple[Rule, ...], *returns: Filed, orders: tuple[Order, ...] = (),
    today: date = TODAY, ranking: bool = False, months: tuple[Month, ...] = (MONTH,),
) -> dict[str, ScoreSheet]:  # fmt: skip
    picture = merge(plan, "p" * 64, returns, (), months[-1])
    facts = Facts(
        plan, picture, figures(plan, picture), months,
        dict.fromkeys(months, DUE), today, orders,
    )  # fmt: skip
    return {s.unit: s for s in score(facts, AssessmentRules(rules, ranking))}


def judged(
    plan: Plan, kind: RuleKind, unit: str, *returns: Filed, orders: tuple[Order, ...] = (),
    today: date = TODAY, **more: object,
) -> RuleScore:  # fmt: skip
    found = sheets(plan, (rule(kind, **more),), *returns, orders=orders, today=today)
    return found[unit].scores[0]


def progress(number: int, task: int, status: Status, month: Month = MONTH) -> Progress:
    return Progress(uuid7(1, number), month, task, status)


def test_an_on_time_return_earns_all_a_late_one_its_part_and_a_missing_one_nothing(
    linhe: Plan,
) -> None:
    good, late = filed(a_return(linhe, "A1")), filed(a_return(linhe, "B1"), LATE)
    found = sheets(linhe, (rule(RuleKind.ON_TIME, part=HALF),), good, late)
    assert [found[u].points for u in ("A1", "B1", "C1")] == [10, 5, 0]
    (item,) = found["A1"].scores[0].items
    assert (item.month, item.revision, item.digest) == (MONTH, 1, good.digest)
    assert found["B1"].scores[0].items[0].why == "迟报（截止 2026-11-10）"
    assert found["C1"].scores[0].items[0].digest == ""


def test_a_month_not_yet_due_is_left_out_until_its_return_comes(linhe: Plan) -> None:
    early = date(2026, 11, 3)
    waiting = judged(linhe, RuleKind.ON_TIME, "A1", today=early)
    assert (waiting.applies, waiting.points) == (False, 0)
    assert judged(linhe, RuleKind.ON_TIME, "A1", filed(a_return(linhe, "A1")), today=early).applies


def test_a_wording_fix_keeps_the_on_time_standing(linhe: Plan) -> None:
    first = filed(a_return(linhe, "A1"))
    fix = filed(a_return(linhe, "A1", after=first, kind=AmendmentKind.WORDING), LATE)
    figures_fix = filed(a_return(linhe, "A1", after=first), LATE)
    assert judged(linhe, RuleKind.ON_TIME, "A1", first, fix).points == 10
    assert judged(linhe, RuleKind.ON_TIME, "A1", first, figures_fix).points == 0


def test_a_return_is_complete_as_far_as_led_tasks_and_owned_targets_are_told(linhe: Plan) -> None:
    # A1 leads tasks 1 and 3, owns patents and loans.
    reading = Reading(
        uuid7(1, 9), "patents", date(2026, 10, 30), (NamedValue("value", Value.of(96)),)
    )
    part = filed(a_return(linhe, "A1", progress(1, 1, Status.UNDER_WAY), reading))
    found = judged(linhe, RuleKind.COMPLETE, "A1", part)
    assert found.points == 5
    assert found.items[0].why == "缺任务3进展、“质押贷款”读数"
    assert judged(linhe, RuleKind.COMPLETE, "B1", filed(a_return(linhe, "B1"))).points == 10


def test_a_tasks_light_decides_what_it_earns(linhe: Plan) -> None:
    told = filed(a_return(linhe, "A1", progress(1, 1, Status.DONE), progress(2, 3, Status.BEHIND)))
    found = judged(linhe, RuleKind.PROGRESS, "A1", told, part=HALF)
    assert [i.points for i in found.items] == [5, Decimal("2.5")]
    assert found.items[1].why == "滞后（2026年10月：滞后）"
    assert {i.digest for i in found.items} == {told.digest}


def test_a_silent_lead_earns_nothing_and_a_silent_supporter_is_not_judged(linhe: Plan) -> None:
    lead = judged(linhe, RuleKind.PROGRESS, "A1")
    assert (lead.applies, lead.points) == (True, 0)
    assert not judged(linhe, RuleKind.PROGRESS, "B1").applies


def test_what_does_not_concern_a_unit_is_not_judged(linhe: Plan) -> None:
    away = filed(a_return(linhe, "B1", progress(1, 3, Status.NOT_APPLICABLE)))
    assert not judged(linhe, RuleKind.PROGRESS, "B1", away).applies


def test_a_target_behind_its_path_earns_its_share_and_only_for_the_owner(linhe: Plan) -> None:
    def reading(number: int, month: int, day: int) -> Reading:
        values = (NamedValue("value", Value.of(number)),)
        return Reading(uuid7(1, month), "patents", date(2026, month, day), values)

    months = (Month(2026, 9), MONTH)
    returns = (
        filed(a_return(linhe, "A1", reading(100, 9, 30), month=Month(2026, 9))),
        filed(a_return(linhe, "A1", reading(51, 10, 30))),
    )
    found = sheets(linhe, (rule(RuleKind.TARGET),), *returns, months=months)
    item = next(i for i in found["A1"].scores[0].items if i.key == "patents")
    # from 100 in September to 120 in June: 102.2 in October
    assert item.why == "落后：51，应达 102.2（存量）"
    assert item.points == (Decimal(10) * 51 / Decimal("102.2")).quantize(Decimal("0.01"))
    assert item.digest == returns[1].digest
    assert not found["C1"].scores[0].applies


def test_a_target_without_a_baseline_is_left_out_never_counted_as_zero(rongchang: Plan) -> None:
    owner = rongchang.target("patent_product_output").owner
    found = judged(rongchang, RuleKind.TARGET, owner)
    assert "industry_ip_density" in {i.key for i in found.items}  # no reading: nothing earned
    reading = Reading(
        uuid7(1, 1), "patent_product_output", date(2026, 10, 31),
        (NamedValue("value", Value.of(500)),),
    )  # fmt: skip
    with_reading = judged(
        rongchang, RuleKind.TARGET, owner, filed(a_return(rongchang, owner, reading))
    )
    assert "patent_product_output" not in {i.key for i in with_reading.items}


@pytest.mark.parametrize(
    ("joint", "host", "guest"),
    [
        (JointCredit.EACH, "10", "10"),
        (JointCredit.HOST, "10", "0"),
        (JointCredit.SHARE, "5", "5"),
    ],
)
def test_a_joint_activity_is_credited_as_the_rule_says(
    linhe: Plan, joint: JointCredit, host: str, guest: str
) -> None:
    returns = (
        filed(a_return(linhe, "A1", training(1, 30))),
        filed(a_return(linhe, "C1", training(2, 0, host="A1"))),
    )
    found = sheets(linhe, (rule(RuleKind.TRAINING, joint=joint),), *returns)
    assert (found["A1"].points, found["C1"].points) == (Decimal(host), Decimal(guest))


def test_a_guests_activity_waits_for_the_hosts_return(linhe: Plan) -> None:
    guest = filed(a_return(linhe, "C1", training(2, 0, host="A1")))
    found = judged(linhe, RuleKind.TRAINING, "C1", guest)
    assert found.points == 0
    assert found.items[0].why == "主办单位没有报这场活动，暂不计"


def test_activities_beyond_full_marks_bring_nothing_more(linhe: Plan) -> None:
    two = filed(a_return(linhe, "A1", training(1, 30), training(2, 30, topic="商标", day=16)))
    found = judged(linhe, RuleKind.TRAINING, "A1", two)
    assert [i.points for i in found.items] == [10, 0]
    assert found.items[1].why == "计 1 次，已够满分"
    half = judged(linhe, RuleKind.TRAINING, "A1", two, full=48)
    assert half.points == 5
    assert half.items[-1].what == "距满分还差 2 次"


def test_no_activity_at_all_is_zero_points_not_inapplicable(linhe: Plan) -> None:
    found = judged(linhe, RuleKind.PUBLICITY, "A1", filed(a_return(linhe, "A1")))
    assert (found.applies, found.points) == (True, 0)


@pytest.mark.parametrize(
    ("answered", "points", "words"),
    [
        (date(2026, 10, 20), 10, "按期反馈"),
        (date(2026, 10, 21), 5, "逾期反馈"),
        (None, 0, "逾期未反馈"),
    ],
)
def test_a_supervision_order_is_judged_by_its_due_day(
    linhe: Plan, answered: date | None, points: int, words: str
) -> None:
    order = Order("o1", "A1", "补报材料", date(2026, 10, 12), date(2026, 10, 20), answered)
    found = judged(linhe, RuleKind.PROBLEM, "A1", orders=(order,), part=HALF)
    assert found.points == points
    assert words in found.items[0].why
    assert not judged(linhe, RuleKind.PROBLEM, "B1", orders=(order,)).applies


def test_an_order_still_open_and_problems_still_unanswered_are_not_held_against_a_unit(
    linhe: Plan,
) -> None:
    order = Order("o1", "A1", "补报材料", date(2026, 10, 12), TODAY + timedelta(days=1), None)
    problem = Problem(uuid7(1, 1), date(2026, 10, 9), "缺经费")
    told = filed(a_return(linhe, "A1", problem))
    assert not judged(linhe, RuleKind.PROBLEM, "A1", told, orders=(order,)).applies
    closed = replace(problem, closed_on=date(2026, 10, 30))
    told = filed(a_return(linhe, "A1", closed))
    assert judged(linhe, RuleKind.PROBLEM, "A1", told).points == 10


def test_points_add_up_and_what_does_not_apply_lowers_what_can_be_reached(linhe: Plan) -> None:
    records: list[Record] = [training(n, 10, topic=f"培训{n}", day=n) for n in range(1, 8)]
    returns = [filed(a_return(linhe, "B1", *records)), filed(a_return(linhe, "B1", month=SEPT))]
    rules = (
        rule(RuleKind.ON_TIME, 20), rule(RuleKind.TRAINING, 10, full=99),
        rule(RuleKind.TARGET, 30), rule(RuleKind.PROBLEM, 5),
    )  # fmt: skip
    sheet = sheets(linhe, rules, *returns, months=(SEPT, MONTH))["B1"]
    for one in sheet.scores:
        assert sum(i.points for i in one.items) == one.points
        assert sum(i.most for i in one.items) == (one.weight if one.applies else 0)
        assert all(0 <= i.points <= i.most for i in one.items)
    assert sheet.most == 30  # neither targets nor problems
    assert sheet.percent == (sheet.points * 100 / 30).quantize(Decimal("0.01"))


SEPT = Month(2026, 9)


def test_units_are_ranked_only_when_the_rules_ask_for_it(linhe: Plan) -> None:
    returns = (filed(a_return(linhe, "A1")), filed(a_return(linhe, "B1"), LATE))
    rules = (rule(RuleKind.ON_TIME),)
    assert {s.rank for s in sheets(linhe, rules, *returns).values()} == {0}
    ranked = sheets(linhe, rules, *returns, ranking=True)
    assert [ranked[u].rank for u in ("A1", "B1", "C1")] == [1, 2, 2]


def test_the_order_of_arrival_changes_no_point(linhe: Plan) -> None:
    returns = [
        filed(a_return(linhe, "A1", training(1, 30))),
        filed(a_return(linhe, "C1", training(2, 0, host="A1"))),
        filed(a_return(linhe, "B1"), LATE),
    ]
    rules = (rule(RuleKind.ON_TIME, part=HALF), rule(RuleKind.TRAINING))
    assert sheets(linhe, rules, *returns) == sheets(linhe, rules, *reversed(returns))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"weight": Decimal(-1)}, "分值应在 0 到 1000 之间"),
        ({"weight": Decimal("0.001")}, "分值最多两位小数"),
        ({"part": Decimal(2)}, "部分得分应在 0 到 1 之间"),
        ({"title": " "}, "名称不能为空"),
        ({"full": 3}, "不按次数计分"),
        ({"kind": RuleKind.TRAINING, "full": 0}, "每年满分次数应为 1 到 999"),
        ({"kind": RuleKind.COMPLETE, "part": HALF}, "没有部分得分"),
        ({"weight": Decimal(0)}, "合计为 0"),
    ],
)
def test_wrong_rules_are_told_with_their_place(wrong: dict[str, object], words: str) -> None:
    rules = AssessmentRules((replace(rule(RuleKind.ON_TIME), **wrong),))  # type: ignore[arg-type]
    (finding,) = assessment_rules.check(rules)
    assert words in finding.message


def test_good_rules_pass_and_doubled_codes_do_not() -> None:
    good = AssessmentRules((rule(RuleKind.ON_TIME), rule(RuleKind.TRAINING)))
    assert assessment_rules.check(good) == ()
    twice = AssessmentRules((rule(RuleKind.ON_TIME), rule(RuleKind.ON_TIME)))
    assert [f.where.field for f in assessment_rules.check(twice)] == ["code", "title"]
    assert assessment_rules.check(AssessmentRules(()))[0].code == "rules-empty"


def test_a_unit_that_joined_or_left_is_judged_for_its_own_months(linhe: Plan) -> None:
    months = (MONTH.previous.previous, MONTH.previous, MONTH)
    units = tuple(
        replace(u, since=MONTH) if u.code == "A1" else replace(u, until=months[0])
        if u.code == "B1" else u for u in linhe.units
    )  # fmt: skip
    plan = replace(linhe, units=units)
    rules = (rule(RuleKind.ON_TIME), rule(RuleKind.TRAINING))
    one = filed(a_return(plan, "A1", training(1, 20)))
    found = sheets(plan, rules, one, months=months)
    on_time, trainings = found["A1"].scores
    assert ([item.month for item in on_time.items], on_time.points) == ([MONTH], 10)
    assert (trainings.points, len(trainings.items)) == (10, 1)  # 12 a year: one in its one month
    assert [item.month for item in found["B1"].scores[0].items] == [months[0]]
    (lacking,) = found["C1"].scores[1].items
    assert lacking.what == "距满分还差 3 次"
    assert partly(plan.unit("A1"), months) == ("该单位自2026年10月起报送，只考核其报送的月份。")
    assert partly(plan.unit("B1"), months).startswith("该单位至2026年8月止报送")
    assert partly(plan.unit("C1"), months) == ""
