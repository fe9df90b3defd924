"""Merging: order-independent, idempotent, one activity counted once, forks for a person."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from rongchang_desk.app.clock import CHINA
from rongchang_desk.domain.measures import figures
from rongchang_desk.domain.merge import (
    Decision,
    DecisionKind,
    Filed,
    Merged,
    merge,
    on_time,
    resolve,
)
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.monthly_return import (
    Amendment,
    AmendmentKind,
    MonthlyReturn,
    Signatories,
    compose,
)
from rongchang_desk.domain.plan import Plan
from rongchang_desk.domain.records import (
    HostRole,
    NamedValue,
    Record,
    Training,
    Value,
    gather,
    uuid7,
)
from rongchang_desk.formats import return_json

MONTH = Month(2026, 10)
RECEIVED = datetime(2026, 11, 4, 9, tzinfo=CHINA)


def a_return(
    plan: Plan, unit: str, *records: Record, after: Filed | None = None,
    kind: AmendmentKind = AmendmentKind.FIGURES, month: Month = MONTH,
) -> MonthlyReturn:  # fmt: skip
    return compose(
        plan, "p" * 64, plan.unit(unit), month, gather(records),
        revision=after.monthly_return.revision + 1 if after else 1,
        amends=Amendment(after.digest, kind, "更正") if after else None,
        signed_at="2026-11-03T10:00:00+08:00", software="test", signatories=Signatories(),
    )  # fmt: skip


def filed(value: MonthlyReturn, received_at: datetime = RECEIVED) -> Filed:
    return Filed(return_json.digest(return_json.dumps(value)), received_at, value)


def training(
    number: int, workers: int, *, topic: str = "专利培训", host: str = "", day: int = 15
) -> Training:
    return Training(
        uuid7(1_790_000_000_000, number), date(2026, 10, day), topic,
        role=HostRole.CO_HOST if host else HostRole.HOST, host=host,
        headcounts=(NamedValue("worker", Value.of(workers)),),
    )  # fmt: skip


def joint(first: str, second: str, keep: str, *, same: bool = True, id: str = "d1") -> Decision:
    return Decision(
        id, DecisionKind.JOINT, (first, second), same, keep, "同一场", "张三", "2026-11-05"
    )


def visits(plan: Plan, merged: Merged) -> int:
    (target,) = (t for t in plan.targets if t.counts == "training")
    figure = next(f for f in figures(plan, merged) if f.target == target.code)
    return int(figure.value or 0)


def merged(plan: Plan, *returns: Filed, decisions: tuple[Decision, ...] = ()) -> Merged:
    return merge(plan, "p" * 64, returns, decisions, MONTH)


def test_the_head_is_the_last_of_a_chain_and_earlier_revisions_do_not_count(linhe: Plan) -> None:
    first = filed(a_return(linhe, "A1", training(1, 30)))
    second = filed(a_return(linhe, "A1", training(1, 40), after=first))
    assert merged(linhe, second, first).heads == (second,)
    assert visits(linhe, merged(linhe, first, second)) == 40


def test_a_revision_without_its_predecessor_is_held_and_pairs_when_it_comes(linhe: Plan) -> None:
    first = filed(a_return(linhe, "A1", training(1, 30)))
    second = filed(a_return(linhe, "A1", training(1, 40), after=first))
    alone = merged(linhe, second)
    assert alone.held == (second,)
    assert alone.heads == ()
    assert merged(linhe, second, first).held == ()


def test_a_revision_with_a_wrong_number_is_never_a_head(linhe: Plan) -> None:
    first = filed(a_return(linhe, "A1", training(1, 30)))
    jump = filed(replace(a_return(linhe, "A1", training(1, 90), after=first), revision=7))
    both = merged(linhe, first, jump)
    assert both.heads == (first,)
    assert both.held == (jump,)


def test_a_revision_of_another_units_month_does_not_follow(linhe: Plan) -> None:
    first = filed(a_return(linhe, "A1", training(1, 30)))
    stray = filed(a_return(linhe, "A2", training(2, 50), after=first))
    assert merged(linhe, first, stray).heads == (first,)


def test_competing_revisions_wait_for_a_person_and_the_one_before_counts(linhe: Plan) -> None:
    first = filed(a_return(linhe, "A1", training(1, 30)))
    left = filed(a_return(linhe, "A1", training(1, 40), after=first))
    right = filed(a_return(linhe, "A1", training(1, 50), after=first))
    picture = merged(linhe, first, left, right)
    assert picture.heads == (first,)
    assert [set(f.digests) for f in picture.forks] == [{left.digest, right.digest}]
    decision = Decision(
        "d", DecisionKind.REVISION, (left.digest, right.digest), False, right.digest, "核实",
        "张三", "2026-11-05",
    )  # fmt: skip
    settled = merged(linhe, first, left, right, decisions=(decision,))
    assert settled.heads == (right,)
    assert settled.forks == ()


def test_two_first_returns_count_neither_until_decided(linhe: Plan) -> None:
    one = filed(a_return(linhe, "A1", training(1, 30)))
    two = filed(a_return(linhe, "A1", training(2, 30)))
    picture = merged(linhe, one, two)
    assert picture.heads == ()
    assert len(picture.forks) == 1


def test_a_co_hosts_headcount_never_counts_beside_the_hosts(linhe: Plan) -> None:
    host = filed(a_return(linhe, "A1", training(1, 30)))
    guest = filed(a_return(linhe, "A2", training(2, 30, host="A1")))
    picture = merged(linhe, host, guest)
    assert visits(linhe, picture) == 30
    assert picture.trainings[0].also == (f"A2:{training(2, 30).id}",)
    assert picture.unmatched == ()


def test_a_co_host_whose_host_said_nothing_is_shown_and_not_counted(linhe: Plan) -> None:
    picture = merged(linhe, filed(a_return(linhe, "A2", training(2, 30, host="A1"))))
    assert visits(linhe, picture) == 0
    assert [held.unit for held in picture.unmatched] == ["A2"]


def test_a_session_hosted_by_an_outside_body_counts_through_its_co_host(linhe: Plan) -> None:
    picture = merged(linhe, filed(a_return(linhe, "A2", training(2, 30, host="临河海关"))))
    assert visits(linhe, picture) == 30


def test_two_hosts_count_twice_until_somebody_decides_and_then_once(linhe: Plan) -> None:
    one = filed(a_return(linhe, "A1", training(1, 30)))
    two = filed(a_return(linhe, "A2", training(2, 33)))
    keys = (f"A1:{training(1, 30).id}", f"A2:{training(2, 33).id}")
    assert visits(linhe, merged(linhe, one, two)) == 63
    same = joint(*keys, keep=keys[1])
    assert visits(linhe, merged(linhe, one, two, decisions=(same,))) == 33
    other = joint(*keys, keep="", same=False)
    assert visits(linhe, merged(linhe, one, two, decisions=(other,))) == 63


def test_a_decision_outlives_an_amendment_of_the_record_it_speaks_of(linhe: Plan) -> None:
    one = filed(a_return(linhe, "A1", training(1, 30)))
    two = filed(a_return(linhe, "A2", training(2, 33)))
    better = filed(a_return(linhe, "A2", training(2, 35), after=two))
    keys = (f"A1:{training(1, 30).id}", f"A2:{training(2, 33).id}")
    decision = joint(*keys, keep=keys[1])
    assert visits(linhe, merged(linhe, one, two, better, decisions=(decision,))) == 35


def test_when_the_kept_record_disappears_the_other_one_stands(linhe: Plan) -> None:
    one = filed(a_return(linhe, "A1", training(1, 30)))
    two = filed(a_return(linhe, "A2", training(2, 33)))
    gone = filed(a_return(linhe, "A2", training(9, 5, topic="另一场"), after=two))
    keys = (f"A1:{training(1, 30).id}", f"A2:{training(2, 33).id}")
    decision = joint(*keys, keep=keys[1])
    assert visits(linhe, merged(linhe, one, two, gone, decisions=(decision,))) == 35


def test_a_wording_amendment_keeps_the_standing_and_one_of_figures_does_not(linhe: Plan) -> None:
    due = date(2026, 11, 5)
    first = filed(a_return(linhe, "A1", training(1, 30)))
    late = RECEIVED + timedelta(days=9)
    wording = filed(
        a_return(linhe, "A1", training(1, 31), after=first, kind=AmendmentKind.WORDING), late
    )
    data = filed(a_return(linhe, "A1", training(1, 32), after=first), late)
    assert on_time((first,), due)
    assert on_time((first, wording), due)
    assert not on_time((first, data), due)


units = st.sampled_from(["A1", "A2", "B1", "C1", "C2"])


@st.composite
def piles(draw: st.DrawFn, plan: Plan) -> tuple[list[Filed], list[Decision]]:
    """Chains of revisions, some broken, forked or repeated, and decisions over them."""
    pile: list[Filed] = []
    keys: list[str] = []
    for number in range(draw(st.integers(1, 5))):
        unit = draw(units)
        month = draw(st.sampled_from([Month(2026, 8), Month(2026, 9), MONTH]))
        after: Filed | None = None
        for step in range(draw(st.integers(1, 3))):
            made = training(number * 10 + draw(st.integers(0, 1)), draw(st.integers(0, 50)))
            made = replace(made, day=month.first_day)
            keys.append(f"{unit}:{made.id}")
            after = filed(a_return(plan, unit, made, after=after if step else None, month=month))
            if draw(st.integers(0, 4)):
                pile.append(after)
    decisions = []
    for number in range(draw(st.integers(0, 3))):
        pair = (draw(st.sampled_from(keys)), draw(st.sampled_from(keys)))
        decisions.append(
            joint(
                *pair, keep=draw(st.sampled_from(pair)), same=draw(st.booleans()), id=f"d{number}"
            )
        )
    return pile, decisions


@given(st.data())
def test_order_and_repetition_do_not_matter(linhe: Plan, data: st.DataObject) -> None:
    pile, decisions = data.draw(piles(linhe))
    again = [*pile, *data.draw(st.lists(st.sampled_from(pile or [None]), max_size=4))]
    again = [one for one in again if one is not None]
    Random(data.draw(st.integers())).shuffle(again)
    shuffled = decisions[::-1]
    one = merge(linhe, "p" * 64, pile, decisions, MONTH)
    other = merge(linhe, "p" * 64, again, shuffled, MONTH)
    assert one == other
    assert one.essence() == other.essence()


@given(st.data())
def test_merging_the_heads_and_their_chains_again_changes_nothing(
    linhe: Plan, data: st.DataObject
) -> None:
    pile, decisions = data.draw(piles(linhe))
    one = merge(linhe, "p" * 64, pile, decisions, MONTH)
    chains = [f for chain in one.chains.values() for f in chain]
    other = merge(linhe, "p" * 64, chains, decisions, MONTH)
    forked = {(fork.unit, fork.month) for fork in one.forks}
    if not forked:
        assert other.heads == one.heads
        assert figures(linhe, other) == figures(linhe, one)


@given(st.data())
def test_every_return_is_head_part_of_a_chain_held_or_disputed(
    linhe: Plan, data: st.DataObject
) -> None:
    pile, _ = data.draw(piles(linhe))
    resolved = resolve(pile)
    chained = {f.digest for chain in resolved.chains.values() for f in chain}
    held = {f.digest for f in resolved.held}
    forked = {digest for fork in resolved.forks for digest in fork.digests}
    assert not chained & held
    descendants = {f.digest for f in pile} - chained - held - forked
    assert all(f.predecessor in forked | descendants for f in pile if f.digest in descendants)


@given(st.data())
def test_splitting_the_pile_anywhere_gives_the_same_heads(linhe: Plan, data: st.DataObject) -> None:
    """Associativity over sets: what two offices hold, put together, is the whole."""
    pile, decisions = data.draw(piles(linhe))
    cut = data.draw(st.integers(0, len(pile)))
    left, right = pile[:cut], pile[cut:]
    whole = merge(linhe, "p" * 64, pile, decisions, MONTH)
    joined = merge(linhe, "p" * 64, [*right, *left, *left], decisions, MONTH)
    digest = hashlib.sha256(repr(whole.essence()).encode()).hexdigest()
    assert digest == hashlib.sha256(repr(joined.essence()).encode()).hexdigest()
