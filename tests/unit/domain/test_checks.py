"""Checks: for every mistake a finding with its place, and none for good records."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from rongchang_desk.domain.checks import check_month, check_record
from rongchang_desk.domain.finding import Severity
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.monthly_return import Signatories
from rongchang_desk.domain.plan import Plan
from rongchang_desk.domain.records import (
    FieldText,
    HostRole,
    NamedValue,
    Problem,
    Progress,
    Publicity,
    Reading,
    Record,
    Records,
    RegisterEntry,
    Status,
    Training,
    Value,
    gather,
)

TODAY = date(2026, 11, 3)
MONTH = Month(2026, 10)
DAY = date(2026, 10, 15)
NAMES = Signatories("张三", "李四", "王五")

TRAINING = Training("t", DAY, "专利培训", headcounts=(NamedValue("enterprise", Value.of(30)),))
PUBLICITY = Publicity("p", DAY, "宣传周", reach=Value.of(100))
PROGRESS = Progress("g", MONTH, 1, Status.UNDER_WAY, "推进中", "继续", Value.of(50))
READING = Reading("r", "invention_patents", DAY, (NamedValue("value", Value.of(800)),))
ENTRY = RegisterEntry(
    "e",
    "exchange",
    DAY,
    (
        FieldText("name", "研讨"), FieldText("ours", "甲公司"), FieldText("partner", "乙大学"),
        FieldText("form", "会议论坛"), FieldText("done_on", "2026-10-15"),
    ),
)  # fmt: skip
PROBLEM = Problem("q", DAY, "人手不足", closed_on=date(2026, 10, 20))


def codes(plan: Plan, record: Record, unit: str = "D17") -> set[str]:
    return {f.code for f in check_record(plan, unit, record, TODAY)}


def entry(plan: Plan) -> RegisterEntry:
    form = next(f for f in plan.register("exchange").fields if f.code == "form")
    fields = tuple(
        replace(f, text=form.choices[0]) if f.code == "form" else f for f in ENTRY.fields
    )
    return replace(ENTRY, fields=fields)


@pytest.mark.parametrize("record", [TRAINING, PUBLICITY, PROGRESS, READING, PROBLEM])
def test_good_records_have_no_findings(rongchang: Plan, record: Record) -> None:
    counted = rongchang.headcounts[0].code
    if isinstance(record, Training):
        record = replace(record, headcounts=(NamedValue(counted, Value.of(30)),))
    assert codes(rongchang, record) == set()
    assert codes(rongchang, entry(rongchang)) == set()


def number(code: str, value: str) -> tuple[NamedValue, ...]:
    return (NamedValue(code, Value.of(Decimal(value))),)


@pytest.mark.parametrize(
    ("record", "code"),
    [
        (replace(TRAINING, day=date(2023, 12, 31)), "day-outside-plan"),
        (replace(TRAINING, day=date(2026, 12, 31)), "day-in-future"),
        (replace(TRAINING, topic="  "), "title-missing"),
        (replace(TRAINING, topic="长" * 201), "text-too-long"),
        (replace(TRAINING, headcounts=()), "headcount-missing"),
        (replace(TRAINING, headcounts=number("nobody", "3")), "category-unknown"),
        (replace(TRAINING, role=HostRole.CO_HOST), "host-missing"),
        (replace(TRAINING, role=HostRole.CO_HOST, host="D17"), "host-is-self"),
        (replace(TRAINING, host="D05"), "host-is-other"),
        (replace(TRAINING, tasks=(99,)), "task-unknown"),
        (replace(PUBLICITY, reach=Value.of("-3")), "number-negative"),
        (replace(PUBLICITY, reach=Value.of("3.5")), "number-not-whole"),
        (replace(PROGRESS, task=20), "task-unknown"),
        (replace(PROGRESS, percent=Value.of(101)), "percent-range"),
        (replace(PROGRESS, done=""), "done-missing"),
        (replace(PROGRESS, status=Status.BEHIND, next=""), "next-missing"),
        (replace(PROGRESS, month=Month(2027, 1)), "month-outside-plan"),
        (replace(READING, target="happiness"), "target-unknown"),
        (replace(READING, target="training_person_visits"), "target-not-read"),
        (replace(READING, values=number("depth", "3")), "part-unknown"),
        (replace(READING, values=number("value", "3.5")), "number-not-whole"),
        (replace(READING, values=()), "reading-empty"),
        (replace(ENTRY, register="gossip"), "register-unknown"),
        (replace(ENTRY, fields=(*ENTRY.fields, FieldText("mood", "好"))), "field-unknown"),
        (replace(ENTRY, fields=ENTRY.fields[1:]), "field-missing"),
        (replace(ENTRY, fields=(FieldText("done_on", "10月"),)), "field-wrong"),
        (replace(PROBLEM, title=""), "title-missing"),
        (replace(PROBLEM, task=77), "task-unknown"),
        (replace(PROBLEM, closed_on=date(2026, 10, 1)), "closed-before-raised"),
    ],
)  # fmt: skip
def test_every_mistake_has_its_finding(rongchang: Plan, record: Record, code: str) -> None:
    assert code in codes(rongchang, record)


def test_more_met_than_there_are_is_an_error(rongchang: Plan) -> None:
    target = rongchang.target("compliance_standard_coverage")
    met, whole = (column.code for column in target.columns()[:2])
    record = Reading("r", target.code, DAY, (*number(met, "9"), *number(whole, "8")))
    assert "ratio-over-one" in codes(rongchang, record)


def month_codes(plan: Plan, *records: Record, unit: str = "D17", **given: object) -> set[str]:
    kept: dict[str, object] = {"zero_stated": False, "signatories": NAMES} | given
    found = check_month(plan, unit, MONTH, gather(records), TODAY, **kept)  # type: ignore[arg-type]
    return {f.code for f in found}


def test_an_empty_month_needs_a_zero_statement(rongchang: Plan) -> None:
    assert "empty-month" in month_codes(rongchang, unit="T01")
    assert month_codes(rongchang, unit="T01", zero_stated=True) == set()
    assert "zero-but-records" in month_codes(rongchang, TRAINING, unit="T01", zero_stated=True)


def test_a_month_that_has_not_begun_is_an_error(rongchang: Plan) -> None:
    found = check_month(
        rongchang, "T01", Month(2026, 12), Records(), TODAY, zero_stated=True, signatories=NAMES
    )
    assert [(f.code, f.severity) for f in found] == [("month-not-begun", Severity.ERROR)]


def test_leads_are_reminded_of_progress_and_owners_of_readings(rongchang: Plan) -> None:
    found = month_codes(rongchang, TRAINING)
    assert {"progress-missing", "reading-missing"} <= found
    assert "progress-missing" not in month_codes(rongchang, TRAINING, unit="T01")


def test_missing_names_are_warned_about(rongchang: Plan) -> None:
    assert "name-missing" in month_codes(rongchang, PROBLEM, unit="T01", signatories=Signatories())


def test_the_same_thing_twice_is_found(rongchang: Plan) -> None:
    assert "progress-twice" in month_codes(rongchang, PROGRESS, replace(PROGRESS, id="g2"))
    assert "activity-twice" in month_codes(rongchang, PUBLICITY, replace(PUBLICITY, id="p2"))
    assert "reading-twice" in month_codes(rongchang, READING, replace(READING, id="r2"))


def test_high_value_patents_cannot_exceed_all_patents(rongchang: Plan) -> None:
    high = replace(READING, id="h", target="high_value_invention_patents")
    assert "more-than-whole" not in month_codes(rongchang, READING, high)
    more = replace(high, values=number("value", "801"))
    assert "more-than-whole" in month_codes(rongchang, READING, more)


def test_a_stock_that_falls_wants_a_reason(rongchang: Plan) -> None:
    before = (replace(READING, day=date(2026, 9, 30)),)
    lower = replace(READING, values=number("value", "799"))
    assert "stock-fell" in month_codes(rongchang, lower, last_month=before)
    assert "stock-fell" not in month_codes(rongchang, READING, last_month=before)


def test_progress_of_a_task_not_asked_for_in_the_month_is_pointed_out(linhe: Plan) -> None:
    tasks = tuple(replace(t, until=MONTH.previous) if t.no == 1 else t for t in linhe.tasks)
    retired = replace(linhe, tasks=tasks)
    (found,) = check_record(retired, "A1", PROGRESS, TODAY)
    assert (found.code, found.severity) == ("task-not-asked", Severity.WARNING)
    assert found.message.startswith("第 1 项任务2026年10月不要求填报")
    assert not check_record(retired, "A1", replace(PROGRESS, month=MONTH.previous), TODAY)
    assert not check_record(linhe, "A1", PROGRESS, TODAY)
