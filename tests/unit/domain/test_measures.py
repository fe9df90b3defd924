"""Target arithmetic by measure kind, on small merged pictures."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from rongchang_desk.domain.measures import Figure, FigureState, figures
from rongchang_desk.domain.merge import merge
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.plan import Plan, Target, TargetKind
from rongchang_desk.domain.records import (
    NOT_APPLICABLE,
    NOT_REPORTED,
    NamedValue,
    Publicity,
    Reading,
    Record,
    Training,
    Value,
    uuid7,
)
from tests.unit.domain.test_merge import a_return, filed


def reading(target: Target, day: date, *values: Value | int | str) -> Reading:
    given = [v if isinstance(v, Value) else Value.of(v) for v in values]
    named = tuple(
        NamedValue(column.code, value)
        for column, value in zip(target.columns(), given, strict=False)
    )
    return Reading(uuid7(1, day.toordinal() * 100 + len(values)), target.code, day, named)


def figure(
    plan: Plan, code: str, *sent: tuple[str, Month, tuple[Record, ...]],
    through: Month | None = None,
) -> Figure:  # fmt: skip
    returns = [filed(a_return(plan, unit, *records, month=month)) for unit, month, records in sent]
    picture = merge(plan, "p" * 64, returns, (), through or OCTOBER)
    return next(f for f in figures(plan, picture) if f.target == code)


def with_target(plan: Plan, code: str, **changes: object) -> Plan:
    targets = tuple(replace(t, **changes) if t.code == code else t for t in plan.targets)  # type: ignore[arg-type]
    return replace(plan, targets=targets)


AUGUST, SEPTEMBER, OCTOBER = Month(2026, 8), Month(2026, 9), Month(2026, 10)


def test_a_stock_is_the_owners_latest_reading_and_never_a_sum_over_months(rongchang: Plan) -> None:
    target = rongchang.target("invention_patents")
    got = figure(
        rongchang, target.code,
        (target.owner, SEPTEMBER, (reading(target, date(2026, 9, 30), 800),)),
        (target.owner, OCTOBER, (reading(target, date(2026, 10, 31), 830),)),
    )  # fmt: skip
    assert got.value == 830
    assert got.percent == Decimal("92.2")
    assert [level for _, level in got.trend] == [800, 830]


def test_another_units_reading_of_an_owned_stock_is_a_difference_not_a_figure(
    rongchang: Plan,
) -> None:
    target = rongchang.target("invention_patents")
    got = figure(
        rongchang, target.code,
        (target.owner, OCTOBER, (reading(target, date(2026, 10, 31), 830),)),
        ("D05", OCTOBER, (reading(target, date(2026, 10, 31), 845),)),
    )  # fmt: skip
    assert got.value == 830
    assert [(o.unit, o.value) for o in got.differences] == [("D05", 845)]


def test_a_month_without_a_value_leaves_the_last_level_standing(rongchang: Plan) -> None:
    target = rongchang.target("invention_patents")
    got = figure(
        rongchang, target.code,
        (target.owner, SEPTEMBER, (reading(target, date(2026, 9, 30), 800),)),
        (target.owner, OCTOBER, (reading(target, date(2026, 10, 31), NOT_REPORTED),)),
    )  # fmt: skip
    assert got.value == 800


def test_no_reading_is_no_data_and_a_true_zero_is_zero(rongchang: Plan) -> None:
    target = rongchang.target("demonstration_enterprises")
    assert figure(rongchang, target.code).state is FigureState.NO_DATA
    got = figure(
        rongchang, target.code,
        (target.owner, OCTOBER, (reading(target, date(2026, 10, 31), 0),)),
    )  # fmt: skip
    assert (got.value, got.state) == (Decimal(0), FigureState.ON_TRACK)


def test_a_stock_behind_the_even_path_from_its_baseline_lags(rongchang: Plan) -> None:
    plan = with_target(
        rongchang, "registered_trademarks", baseline=Decimal(14659), baseline_year=2022
    )
    target = plan.target("registered_trademarks")

    def got(level: int) -> Figure:
        return figure(
            plan, target.code,
            (target.owner, OCTOBER, (reading(target, date(2026, 10, 31), level),)),
        )  # fmt: skip

    # 46 of 48 months gone: 14659 + (19000 - 14659) * 46 / 48
    assert got(18000).expected == Decimal("18819.1")
    assert got(18000).state is FigureState.BEHIND
    assert got(18900).state is FigureState.ON_TRACK
    assert got(19000).state is FigureState.REACHED


def session(number: int, month: Month, **counts: Value | int) -> Training:
    return Training(
        uuid7(2, number), month.first_day, f"培训{number}",
        headcounts=tuple(
            NamedValue(code, v if isinstance(v, Value) else Value.of(v))
            for code, v in counts.items()
        ),
    )  # fmt: skip


def test_person_visits_count_only_the_plans_categories_within_the_calendar_year(
    rongchang: Plan,
) -> None:
    counted = [c.code for c in rongchang.headcounts if c.counted]
    other = next(c.code for c in rongchang.headcounts if not c.counted)
    december = Month(2025, 12)
    got = figure(
        rongchang, "training_person_visits",
        ("D05", december, (session(1, december, **{counted[0]: 500}),)),
        ("D05", SEPTEMBER, (session(2, SEPTEMBER, **{counted[0]: 100, other: 70}),)),
        ("D06", OCTOBER, (session(3, OCTOBER, **{counted[1]: 60, counted[0]: NOT_APPLICABLE}),)),
    )  # fmt: skip
    assert got.value == 160
    assert got.expected == Decimal("833.3")
    assert got.state is FigureState.BEHIND
    assert {(o.unit, o.value) for o in got.origins} == {("D05", 100), ("D06", 60)}


def test_only_events_marked_as_campaigns_count(rongchang: Plan) -> None:
    def event(number: int, campaign: bool) -> Publicity:
        return Publicity(uuid7(3, number), date(2026, 10, 8), f"活动{number}", campaign=campaign)

    got = figure(
        rongchang, "publicity_campaigns",
        ("D01", OCTOBER, (event(1, True), event(2, False))), ("D17", OCTOBER, (event(3, True),)),
    )  # fmt: skip
    assert (got.value, got.state) == (2, FigureState.REACHED)


def test_growth_without_a_baseline_says_so_and_is_never_zero(rongchang: Plan) -> None:
    target = rongchang.target("patent_product_output")
    got = figure(
        rongchang, target.code,
        (target.owner, OCTOBER, (reading(target, date(2026, 10, 31), "1500.00"),)),
    )  # fmt: skip
    assert (got.state, got.value) == (FigureState.NO_BASELINE, None)
    assert got.level == 1500


def test_growth_over_the_plan_is_change_against_the_baseline(rongchang: Plan) -> None:
    plan = with_target(
        rongchang, "patent_product_output", baseline=Decimal(1000), baseline_year=2023
    )
    target = plan.target("patent_product_output")
    got = figure(
        plan, target.code,
        (target.owner, OCTOBER, (reading(target, date(2026, 10, 31), "1400.00"),)),
    )  # fmt: skip
    assert got.value == Decimal("40.0")
    assert got.state is FigureState.BEHIND  # 34 of 36 months ask for 47.2 %


def test_yearly_growth_is_compound(rongchang: Plan) -> None:
    plan = with_target(
        rongchang, "invention_patents_per_10k",
        baseline=Decimal(10), baseline_year=2024, population=Decimal(67),
    )  # fmt: skip
    target = plan.target("invention_patents")
    december = Month(2026, 12)
    got = figure(
        plan, "invention_patents_per_10k",
        (target.owner, december, (reading(target, date(2026, 12, 31), "810.7"),)),
        through=december,
    )  # fmt: skip
    # 810.7 / 67 = 12.1 per 10k; (12.1/10)^(1/2) - 1 = 10 %, not 21 % and not 10.5 %
    assert got.value == Decimal("10.0")
    assert got.state is FigureState.REACHED


def test_ratios_are_three_and_the_weakest_stands(rongchang: Plan) -> None:
    target = rongchang.target("compliance_standard_coverage")
    assert target.kind is TargetKind.RATIO
    got = figure(
        rongchang, target.code,
        (target.owner, OCTOBER, (reading(target, date(2026, 10, 31), 40, 40, 30, 60, 1, 1),)),
    )  # fmt: skip
    assert [i.percent for i in got.items] == [100, 50, 100]
    assert (got.value, got.state) == (Decimal("50.0"), FigureState.BEHIND)


def test_a_ratio_over_nothing_has_no_per_cent(rongchang: Plan) -> None:
    target = rongchang.target("compliance_standard_coverage")
    got = figure(
        rongchang, target.code,
        (target.owner, OCTOBER, (reading(target, date(2026, 10, 31), 0, 0, 30, 30, 1, 1),)),
    )  # fmt: skip
    assert got.items[0].percent is None
    assert got.state is FigureState.BEHIND


def test_versus_goes_item_by_item(rongchang: Plan) -> None:
    target = rongchang.target("industry_ip_density")
    pairs = ["3.1", "3.0", "2.9", "3.0", "3.0", "3.0", "9", "1", "5", "4"]
    got = figure(
        rongchang, target.code,
        (target.owner, OCTOBER, (reading(target, date(2026, 10, 31), *pairs),)),
    )  # fmt: skip
    assert (got.value, got.goal, got.state) == (3, 5, FigureState.BEHIND)


def test_what_the_owner_calls_not_applicable_is_told_from_silence(rongchang: Plan) -> None:
    target = rongchang.target("invention_patents")
    away = reading(target, date(2026, 10, 31), NOT_APPLICABLE)
    got = figure(rongchang, target.code, (target.owner, OCTOBER, (away,)))
    assert (got.value, got.not_applicable) == (None, True)
    assert "不涉及" in got.note
    silent = reading(target, date(2026, 10, 31), NOT_REPORTED)
    assert not figure(rongchang, target.code, (target.owner, OCTOBER, (silent,))).not_applicable
    assert not figure(rongchang, target.code).not_applicable
    zero = reading(target, date(2026, 10, 31), 0)
    got = figure(rongchang, target.code, (target.owner, OCTOBER, (zero,)))
    assert (got.value, got.not_applicable) == (0, False)
