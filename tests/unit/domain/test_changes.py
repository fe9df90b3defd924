"""What a revision changes: every differing record is named, and nothing else."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from rongchang_desk.domain.changes import changes
from rongchang_desk.domain.describe import fields_of, name_of
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.monthly_return import MonthlyReturn, Signatories
from rongchang_desk.domain.plan import Plan
from rongchang_desk.domain.records import NamedValue, Record, Value
from tests import strategies
from tests.unit.domain.test_merge import a_return, training

MONTH = Month(2026, 10)


def told(plan: Plan, before: MonthlyReturn, after: MonthlyReturn) -> list[tuple[str, str, str]]:
    return [(c.field, c.before, c.after) for c in changes(plan, before, after)]


def test_a_changed_headcount_shows_both_figures(linhe: Plan) -> None:
    old = training(1, 30)
    new = replace(old, headcounts=(NamedValue("worker", Value.of(33)),))
    found = told(linhe, a_return(linhe, "A1", old), a_return(linhe, "A1", new))
    assert found == [("职工", "30", "33")]


def test_added_and_removed_records_are_told_whole(linhe: Plan) -> None:
    one, two = training(1, 30), training(2, 8, topic="商标培训")
    found = changes(linhe, a_return(linhe, "A1", one), a_return(linhe, "A1", two))
    assert [(c.field, c.record) for c in found] == [
        ("新增", "2026-10-15 商标培训"), ("删除", "2026-10-15 专利培训"),
    ]  # fmt: skip
    assert "职工：8" in found[0].after


def test_changed_names_are_changes(linhe: Plan) -> None:
    value = a_return(linhe, "A1", training(1, 30))
    renamed = replace(value, signatories=Signatories("张三"))
    assert told(linhe, value, renamed) == [("填报人", "", "张三")]


def test_the_same_return_changes_nothing(linhe: Plan) -> None:
    value = a_return(linhe, "A1", training(1, 30))
    assert changes(linhe, value, value) == ()


@given(st.data())
def test_any_record_has_a_name_and_fields(linhe: Plan, data: st.DataObject) -> None:
    record: Record = data.draw(strategies.any_record(linhe, MONTH))
    titles = [title for title, _ in fields_of(linhe, record)]
    assert len(titles) == len(set(titles))
    assert isinstance(name_of(linhe, record), str)


@given(st.data())
def test_every_differing_record_is_mentioned(linhe: Plan, data: st.DataObject) -> None:
    kept: list[Record] = data.draw(st.lists(strategies.any_record(linhe, MONTH), max_size=4))
    new: list[Record] = data.draw(st.lists(strategies.any_record(linhe, MONTH), max_size=4))
    before = a_return(linhe, "A1", *{r.id: r for r in kept}.values())
    after = a_return(linhe, "A1", *{r.id: r for r in new}.values())
    mentioned = {c.record for c in changes(linhe, before, after)}
    gone = {r.id for r in kept} ^ {r.id for r in new}
    for record in (*before.records.all(), *after.records.all()):
        if record.id in gone:
            assert name_of(linhe, record) in mentioned
