"""Differences between units and doubtful headcounts: each with what passes beside it."""

from __future__ import annotations

from datetime import date

import pytest

from rongchang_desk.domain.doubts import differences, headcounts
from rongchang_desk.domain.merge import Filed, Merged, merge
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.plan import Plan
from rongchang_desk.domain.records import NamedValue, Reading, Record, Training, Value, uuid7
from tests.unit.domain.test_merge import MONTH, a_return, filed


def reading(number: int, value: int, month: Month = MONTH) -> Reading:
    return Reading(
        uuid7(1_790_000_000_000, number), "patents", month.last_day,
        (NamedValue("value", Value.of(value)),),
    )  # fmt: skip


def session(
    number: int, workers: int, *, others: int | None = None, venue: str = "", form: str = "面授",
    day: int = 15, month: Month = MONTH, topic: str = "专利培训",
) -> Training:  # fmt: skip
    counts = [NamedValue("worker", Value.of(workers))]
    if others is not None:
        counts.append(NamedValue("villager", Value.of(others)))
    return Training(
        uuid7(1_790_000_000_000, number), date(month.year, month.month, day), topic, form=form,
        venue=venue, headcounts=tuple(counts),
    )  # fmt: skip


def picture(plan: Plan, *returns: Filed) -> Merged:
    return merge(plan, "p" * 64, returns, (), MONTH)


def one(plan: Plan, *records: Record, unit: str = "A1", month: Month = MONTH) -> Filed:
    return filed(a_return(plan, unit, *records, month=month))


@pytest.mark.parametrize(
    ("mine", "theirs", "why"),
    [(96, 960, "10 倍"), (96, 69, "写颠倒"), (96, 90, "相差 -6"), (96, 0, "一方为 0")],
)
def test_a_difference_says_what_may_be_behind_it(
    linhe: Plan, mine: int, theirs: int, why: str
) -> None:
    merged = picture(linhe, one(linhe, reading(1, mine)), one(linhe, reading(2, theirs), unit="C1"))
    (found,) = differences(linhe, merged)
    assert why in found.reason
    assert found.basis == (str(mine), str(theirs))


def test_equal_readings_and_older_ones_of_the_owner_are_no_difference(linhe: Plan) -> None:
    old = one(linhe, reading(1, 90, MONTH.previous), month=MONTH.previous)
    merged = picture(linhe, old, one(linhe, reading(2, 96)), one(linhe, reading(3, 96), unit="C1"))
    assert differences(linhe, merged) == ()


def test_a_reading_of_another_month_and_one_without_an_owners_are_told_as_such(
    linhe: Plan,
) -> None:
    stale = one(linhe, reading(1, 90, MONTH.previous), unit="C1", month=MONTH.previous)
    (found,) = differences(linhe, picture(linhe, stale, one(linhe, reading(2, 96))))
    assert "月份不同" in found.reason
    (alone,) = differences(linhe, picture(linhe, stale))
    assert alone.owners is None
    assert "责任单位还没有报送" in alone.reason


def doubts(plan: Plan, *returns: Filed) -> list[str]:
    return [d.reason for d in headcounts(plan, picture(plan, *returns), MONTH)]


def history(plan: Plan) -> Filed:
    before = MONTH.previous
    earlier = (session(90 + n, 28 + n, day=5 + n, month=before, topic=f"第{n}讲") for n in range(5))
    return one(plan, *earlier, month=before)


def test_ten_times_the_usual_is_doubted_and_a_little_more_is_not(linhe: Plan) -> None:
    (why,) = doubts(linhe, history(linhe), one(linhe, session(1, 300)))
    assert "应为 30" in why
    assert doubts(linhe, history(linhe), one(linhe, session(1, 60))) == []
    assert doubts(linhe, one(linhe, session(1, 300))) == [], "without a history nobody knows"


def test_one_number_in_all_categories_is_doubted(linhe: Plan) -> None:
    (why,) = doubts(linhe, one(linhe, session(1, 40, others=40)))
    assert "2 个类别的人次都是 40" in why
    assert doubts(linhe, one(linhe, session(1, 40, others=41))) == []


def test_more_than_a_room_holds_is_doubted_unless_they_sat_at_home(linhe: Plan) -> None:
    (why,) = doubts(linhe, one(linhe, session(1, 400, venue="三楼会议室")))
    assert "150" in why
    assert doubts(linhe, one(linhe, session(1, 400, venue="三楼会议室", form="线上"))) == []
    assert doubts(linhe, one(linhe, session(1, 140, venue="三楼会议室"))) == []


def test_on_site_and_online_records_of_one_session_are_shown_together(linhe: Plan) -> None:
    both = (session(1, 40), session(2, 60, form="线上"))
    found = headcounts(linhe, picture(linhe, one(linhe, *both)), MONTH)
    assert [len(d.keys) for d in found] == [2]
    assert "现场与线上" in found[0].reason
    other = (session(1, 40, topic="第一期"), session(2, 60, form="线上", topic="第二期"))
    assert doubts(linhe, one(linhe, *other)) == []


def test_only_the_months_own_sessions_are_doubted(linhe: Plan) -> None:
    old = one(linhe, session(1, 40, others=40, month=MONTH.previous), month=MONTH.previous)
    assert doubts(linhe, old) == []
