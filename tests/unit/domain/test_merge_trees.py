"""Merging merges: any order, any grouping, any overlap gives one picture, with its lineage."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from rongchang_desk.domain.measures import figures
from rongchang_desk.domain.merge import (
    Decision,
    Filed,
    Merged,
    MergedMonth,
    join,
    merge,
    merge_month,
)
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.plan import Plan
from tests.unit.domain.test_merge import MONTH, a_return, filed, joint, training, units

DIGEST = "p" * 64
MONTHS = (Month(2026, 8), Month(2026, 9), MONTH)


@st.composite
def chains(draw: st.DrawFn, plan: Plan) -> tuple[list[tuple[Filed, ...]], list[Decision]]:
    """One chain of revisions for some units' months, and decisions about their sessions."""
    places = draw(st.lists(st.tuples(units, st.sampled_from(MONTHS)), unique=True, max_size=7))
    made: list[tuple[Filed, ...]] = []
    keys: list[str] = []
    for number, (unit, month) in enumerate(places):
        chain: list[Filed] = []
        for step in range(draw(st.integers(1, 3))):
            session = replace(training(number, 10 * step + number), day=month.first_day)
            keys.append(f"{unit}:{session.id}")
            after = chain[-1] if chain else None
            chain.append(filed(a_return(plan, unit, session, after=after, month=month)))
        made.append(tuple(chain))
    decisions = []
    if len(set(keys)) > 1:
        pairs = st.lists(st.sampled_from(sorted(set(keys))), min_size=2, max_size=2, unique=True)
        for number in range(draw(st.integers(0, 2))):
            first, second = draw(pairs)
            decisions.append(joint(first, second, keep=first, id=f"d{number}"))
    return made, decisions


def carried(picture: Merged) -> list[Filed]:
    """What a merged report hands on: the heads with the revisions they replaced."""
    return [one for chain in picture.chains.values() for one in chain]


def fold(
    plan: Plan, leaves: list[list[Filed]], decisions: list[Decision], random: Random
) -> Merged:
    """Merge leaves pairwise or in groups, in random order, by way of merged reports."""
    heaps = [list(leaf) for leaf in leaves]
    while len(heaps) > 1:
        random.shuffle(heaps)
        count = min(len(heaps), random.randint(2, 4))
        pile = [one for heap in heaps[:count] for one in heap]
        random.shuffle(pile)
        heaps = [*heaps[count:], carried(merge(plan, DIGEST, pile, decisions, MONTH))]
    return merge(plan, DIGEST, heaps[0] if heaps else [], decisions, MONTH)


def fingerprint(picture: Merged) -> str:
    return hashlib.sha256(repr(picture.essence()).encode()).hexdigest()


@given(st.data())
def test_any_tree_of_merges_gives_the_picture_of_all_returns_at_once(
    linhe: Plan, data: st.DataObject
) -> None:
    made, decisions = data.draw(chains(linhe))
    random = Random(data.draw(st.integers(0, 2**32)))
    # A desk holds a chain whole or only its beginning; several desks hold the same one.
    leaves = [list(chain) for chain in made]
    for chain in data.draw(st.lists(st.sampled_from(made or [()]), max_size=5)):
        leaves.append(list(chain[: random.randint(1, len(chain))] if chain else ()))
    whole = merge(linhe, DIGEST, [one for chain in made for one in chain], decisions, MONTH)
    tree = fold(linhe, leaves, decisions, random)
    assert fingerprint(tree) == fingerprint(whole)
    assert tree.chains == whole.chains, "the lineage of every head is kept"
    assert figures(linhe, tree) == figures(linhe, whole), "overlap counts once"
    assert tree == whole


@given(st.data())
def test_kept_shares_of_months_join_to_the_picture_of_all_returns(
    linhe: Plan, data: st.DataObject
) -> None:
    made, decisions = data.draw(chains(linhe))
    pile = [one for chain in made for one in chain]
    shares: list[MergedMonth] = [
        merge_month(linhe, month, [one for one in pile if one.month == month], decisions)
        for month in data.draw(st.permutations(MONTHS))
    ]
    joined = join(linhe, DIGEST, shares, decisions[::-1], MONTH)
    assert joined == merge(linhe, DIGEST, pile, decisions, MONTH)


def test_a_return_in_two_merged_reports_counts_once(linhe: Plan) -> None:
    one = filed(a_return(linhe, "A1", training(1, 30)))
    two = filed(a_return(linhe, "A2", training(2, 50)))
    left = merge(linhe, DIGEST, [one, two], (), MONTH)
    right = merge(linhe, DIGEST, [two], (), MONTH)
    both = merge(linhe, DIGEST, [*carried(left), *carried(right)], (), MONTH)
    assert both == left
    assert [head.digest for head in both.heads] == sorted(
        (one.digest, two.digest), key=[one.digest, two.digest].index
    )
