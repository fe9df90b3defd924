"""Figures that do not fit each other are found, by the rules the plan gives."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from rongchang_desk.domain.crosschecks import check_across
from rongchang_desk.domain.finding import Finding, Severity
from rongchang_desk.domain.plan import CrossCheck, CrossCheckKind, Plan
from rongchang_desk.domain.records import (
    NOT_APPLICABLE,
    FieldText,
    NamedValue,
    Reading,
    RegisterEntry,
    Value,
    gather,
)

PLEDGES = "pledge_financing"


def reading(day: date = date(2026, 10, 31), **values: str) -> Reading:
    return Reading(
        f"r{day}", PLEDGES, day, tuple(NamedValue(c, Value.of(n)) for c, n in values.items())
    )


def row(number: int, amount: str) -> RegisterEntry:
    return RegisterEntry(
        f"e{number}", PLEDGES, date(2026, 10, number), (FieldText("amount", amount),)
    )


def ruled(plan: Plan, kind: CrossCheckKind, *parts: str, **more: object) -> Plan:
    rule = CrossCheck("rule", kind, PLEDGES, parts, **more)  # type: ignore[arg-type]
    return replace(plan, crosschecks=(rule,))


def only(found: tuple[Finding, ...]) -> Finding:
    (one,) = found
    return one


def test_parts_may_be_as_much_as_the_whole_but_not_more(rongchang: Plan) -> None:
    good = reading(balance="100", balance_patent="60", balance_trademark="40")
    assert check_across(rongchang, gather((good,))) == ()
    bad = reading(balance="100", balance_patent="60", balance_trademark="40.01")
    found = only(check_across(rongchang, gather((bad,))))
    assert (found.code, found.severity) == ("parts-over-whole", Severity.ERROR)
    assert "100.01" in found.message
    assert found.where.field == "balance_patent"


def test_numbers_that_were_not_given_are_not_judged(rongchang: Plan) -> None:
    assert check_across(rongchang, gather((reading(balance_patent="60"),))) == ()
    none = replace(
        reading(balance_patent="60"),
        values=(NamedValue("balance", NOT_APPLICABLE), NamedValue("balance_patent", Value.of(60))),
    )
    assert check_across(rongchang, gather((none,))) == ()


@pytest.mark.parametrize(
    ("field", "part", "good", "bad", "word"),
    [
        ("amount", "new", "30.5", "30", "合计 30.5"),
        ("", "new_count", "2", "3", "本月有 2 条"),
    ],
)
def test_a_figure_is_compared_with_its_register(
    rongchang: Plan, field: str, part: str, good: str, bad: str, word: str
) -> None:
    plan = ruled(rongchang, CrossCheckKind.REGISTER, part, register=PLEDGES, field=field)
    rows = (row(1, "10"), row(2, "20.5"))
    assert check_across(plan, gather((reading(**{part: good}), *rows))) == ()
    found = only(check_across(plan, gather((reading(**{part: bad}), *rows))))
    assert (found.code, found.severity) == ("register-differs", Severity.WARNING)
    assert word in found.message
    # No figure yet: the missing reading is told elsewhere.
    assert check_across(plan, gather((reading(balance="1"), *rows))) == ()


@pytest.mark.parametrize(
    ("earlier", "word"),
    [("last_month", "比上月的 100 增加了 51%"), ("year_ago", "比上年同月的 100 增加了 51%")],
)
def test_an_unusual_change_wants_a_reason(rongchang: Plan, earlier: str, word: str) -> None:
    plan = ruled(rongchang, CrossCheckKind.SWING, "balance", percent=50)
    before = {earlier: (reading(balance="100"),)}
    assert check_across(plan, gather((reading(balance="150"),)), **before) == ()
    assert check_across(plan, gather((reading(balance="50"),)), **before) == ()
    found = only(check_across(plan, gather((reading(balance="151"),)), **before))
    assert (found.code, found.severity) == ("figure-swung", Severity.WARNING)
    assert word in found.message


def test_from_nothing_no_per_cent_can_be_told(rongchang: Plan) -> None:
    plan = ruled(rongchang, CrossCheckKind.SWING, "balance", percent=50)
    zero = (reading(balance="0"),)
    assert check_across(plan, gather((reading(balance="9"),)), last_month=zero) == ()


def test_a_cumulative_figure_never_falls_but_may_begin_anew_in_january(rongchang: Plan) -> None:
    december = (reading(date(2025, 12, 31), new="90"),)
    january = gather((reading(date(2026, 1, 31), new="5"),))
    always = ruled(rongchang, CrossCheckKind.RISING, "new")
    assert only(check_across(always, january, last_month=december)).code == "cumulative-fell"
    yearly = ruled(rongchang, CrossCheckKind.RISING_IN_YEAR, "new")
    assert check_across(yearly, january, last_month=december) == ()
    february = gather((reading(date(2026, 2, 28), new="4"),))
    fell = only(check_across(yearly, february, last_month=january.readings))
    assert fell.code == "cumulative-fell"
    assert "由上月的 5 降到 4" in fell.message


def test_of_several_readings_in_a_month_the_latest_counts(rongchang: Plan) -> None:
    plan = ruled(rongchang, CrossCheckKind.RISING, "balance")
    before = (reading(date(2026, 9, 30), balance="80"), reading(date(2026, 9, 5), balance="120"))
    assert check_across(plan, gather((reading(balance="100"),)), last_month=before) == ()
