"""Which records look like one activity: judged on labelled pairs that nothing was chosen on."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date

import pytest

from rongchang_desk.app.district import similarity
from rongchang_desk.domain import titles
from rongchang_desk.domain.joint import (
    SUSPECT_SCORE,
    Held,
    basis_of,
    compare,
    suspects,
)
from rongchang_desk.domain.plan import Plan
from rongchang_desk.domain.records import HostRole, NamedValue, Training, Value
from rongchang_desk.domain.spans import spans
from tests import labelled_pairs
from tests.labelled_pairs import Measured, Pair, measure

NOTHING_SETTLED: frozenset[frozenset[str]] = frozenset()


def judged(plan: Plan, pairs: tuple[Pair, ...]) -> Measured:
    scored = [(p, compare(plan, p.first, p.second, similarity).score) for p in pairs]
    return measure(scored, SUSPECT_SCORE)


def test_the_labelled_pairs_are_many_hard_and_kept_apart() -> None:
    tuning, held_out = labelled_pairs.tuning(), labelled_pairs.held_out()
    assert len(tuning) + len(held_out) >= 500
    assert sum(not pair.same for pair in held_out) > sum(pair.same for pair in held_out)
    assert labelled_pairs.held_out() == held_out
    words = [
        {p.first.unit for p in pairs} | {p.first.activity.venue for p in pairs}
        for pairs in (tuning, held_out)
    ]
    assert {w for w in words[0] & words[1] if w[:2] not in ("镇政", "镇便", "会议", "文化")} <= {""}


def test_on_pairs_kept_apart_few_are_missed_and_few_shown_in_vain(rongchang: Plan) -> None:
    for name, pairs in (
        ("tuning", labelled_pairs.tuning()),
        ("held out", labelled_pairs.held_out()),
    ):
        found = judged(rongchang, pairs)
        wrong = "\n".join(map(str, found.wrong))
        sys.stdout.write(
            f"{name}: {len(pairs)} pairs, precision {found.precision:.3f}, "
            f"recall {found.recall:.3f}\n{wrong}\n"
        )
        assert found.precision >= 0.95
        assert found.recall >= 0.95


def test_the_threshold_is_the_highest_that_misses_hardly_any_of_the_tuning_pairs(
    rongchang: Plan,
) -> None:
    pairs = labelled_pairs.tuning()
    scored = [(p, compare(rongchang, p.first, p.second, similarity).score) for p in pairs]
    good = [t for t in range(40, 96, 2) if measure(scored, t).recall >= 0.99]
    assert abs(max(good) - SUSPECT_SCORE) <= 2


def session(unit: str, number: int, topic: str, **said: object) -> Held:
    made = Training(
        f"r{number}", date(2026, 10, 15), topic, venue="区文化馆小剧场",
        headcounts=(NamedValue("enterprise", Value.of(30 + number)),),
    )  # fmt: skip
    return Held(unit, replace(made, **said))  # type: ignore[arg-type]


def test_a_co_host_whose_host_used_another_title_is_paired_by_the_declared_link(
    rongchang: Plan,
) -> None:
    host = session("D05", 1, "高价值专利培育专题培训")
    other = session("D05", 2, "商标品牌宣讲会")
    guest = session("T02", 3, "专利培育培训", role=HostRole.CO_HOST, host="D05", venue="")
    found = suspects(rongchang, [host, other], [guest], similarity, NOTHING_SETTLED)
    assert [(s.first.key, s.second.key) for s in found] == [(host.key, guest.key)]
    assert "列为主办或协办" in found[0].reason
    assert not suspects(rongchang, [], [guest, replace_unit(guest)], similarity, NOTHING_SETTLED)


def replace_unit(held: Held) -> Held:
    return Held("T03", replace(held.activity, id="r9"))  # type: ignore[type-var]


def test_records_two_days_apart_are_never_compared(rongchang: Plan) -> None:
    one = session("D05", 1, "专利转化培训")
    later = session("D08", 2, "专利转化培训", day=date(2026, 10, 17))
    near = session("D08", 3, "专利转化培训", day=date(2026, 10, 16))
    found = suspects(rongchang, [one, later, near], [], similarity, NOTHING_SETTLED)
    assert (one.key, later.key) not in [(s.first.key, s.second.key) for s in found]
    assert [("日期相差一天" in s.reason) for s in found if s.first.key == one.key] == [True]


def test_a_settled_pair_is_not_shown_again(rongchang: Plan) -> None:
    pair = [session("D05", 1, "专利转化培训"), session("D08", 2, "专利转化培训")]
    assert suspects(rongchang, pair, [], similarity, NOTHING_SETTLED)
    settled = frozenset({frozenset(held.key for held in pair)})
    assert suspects(rongchang, pair, [], similarity, settled) == ()


@pytest.mark.parametrize(
    ("title", "session_no"),
    [
        ("专利培训（第一期）", "1"), ("专利培训第１期", "1"), ("专利培训第十二讲", "12"),
        ("2026年专利培训", ""), ("专利培训（上）", "上"), ("专利培训（下午场）", "下午"),
    ],
)  # fmt: skip
def test_session_numbers_are_read_in_any_notation(title: str, session_no: str) -> None:
    assert titles.session_of(title) == session_no


def test_exchanged_words_are_told_from_slips_of_the_pen() -> None:
    assert titles.swapped("夏布保护", "折扇保护") == ("夏布", "折扇")
    assert titles.swapped("专利培育", "专力培育") is None
    assert titles.swapped("专利培育", "高价值专利培育") is None


def test_a_decisions_basis_ignores_headcounts_and_punctuation_but_not_day_or_place() -> None:
    one = session("D05", 1, "专利转化培训").activity
    assert isinstance(one, Training)
    same = replace(one, topic="《专利转化》培训", headcounts=(), note="改")
    assert basis_of(one) == basis_of(same)
    for other in (
        replace(one, day=date(2026, 10, 16)), replace(one, venue="别处"),
        replace(one, topic="商标培训"), replace(one, role=HostRole.CO_HOST, host="D08"),
    ):  # fmt: skip
        assert basis_of(one) != basis_of(other)


def test_spans_cover_both_texts_and_mark_what_differs() -> None:
    left, right = spans("第一期专利培训", "第二期专利培训班")
    assert "".join(s.text for s in left) == "第一期专利培训"
    assert "".join(s.text for s in right) == "第二期专利培训班"
    assert [s.text for s in left if s.differs] == ["一"]
    assert [s.text for s in right if s.differs] == ["二", "班"]
    assert not any(s.differs for side in spans("同", "同") for s in side)
