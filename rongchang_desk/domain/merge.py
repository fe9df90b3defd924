"""Merging returns into one picture of the district.

`merge` is a pure function of (plan, set of returns, decisions): the order of arrival and
any grouping do not matter, the same return twice counts once, and every figure keeps its
lineage. Nothing is patched: the picture is recomputed from the stored returns.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from rongchang_desk.domain.joint import Held, host_of, reports_figures
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.monthly_return import AmendmentKind, MonthlyReturn
from rongchang_desk.domain.plan import Plan
from rongchang_desk.domain.records import (
    HostRole,
    Problem,
    Progress,
    Publicity,
    Reading,
    RegisterEntry,
    Training,
)


@dataclass(frozen=True, slots=True)
class Filed:
    """A return as the office holds it: payload digest (hex), receipt time, content."""

    digest: str
    received_at: datetime
    monthly_return: MonthlyReturn

    @property
    def unit(self) -> str:
        return self.monthly_return.unit

    @property
    def month(self) -> Month:
        return self.monthly_return.month

    @property
    def predecessor(self) -> str | None:
        amends = self.monthly_return.amends
        return amends.predecessor if amends else None


class DecisionKind(StrEnum):
    """What a person decided: two records are one activity, or which of two revisions counts."""

    JOINT = "joint"
    REVISION = "revision"


@dataclass(frozen=True, slots=True)
class Decision:
    """A person's decision, explained and reusable when revisions arrive.

    For `joint`: `subjects` are activity keys (`UNIT:record`), `same` says whether they are
    one activity, `keep` the key whose figures stand. For `revision`: `subjects` are the
    competing digests and `keep` the one that counts.
    """

    id: str
    kind: DecisionKind
    subjects: tuple[str, ...]
    same: bool
    keep: str
    reason: str
    decided_by: str
    decided_at: str

    def essence(self) -> dict[str, object]:
        """What the fingerprint covers: the decision itself, not who wrote it down when."""
        return {
            "keep": self.keep,
            "kind": self.kind.value,
            "same": self.same,
            "subjects": sorted(self.subjects),
        }


@dataclass(frozen=True, slots=True)
class Fork:
    """Revisions that compete for one place: a conflict for a person to settle."""

    unit: str
    month: Month
    digests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Resolved:
    """Which returns count. `chains` holds, per head, its revisions from the first on."""

    heads: tuple[Filed, ...]
    held: tuple[Filed, ...]
    forks: tuple[Fork, ...]
    chains: Mapping[str, tuple[Filed, ...]]


def resolve(filed: Iterable[Filed], decisions: Iterable[Decision] = ()) -> Resolved:
    """The head of every unit's and month's chain of revisions.

    A revision follows its predecessor when it names its digest, belongs to the same unit and
    month and its number is one higher. A revision whose predecessor has not come is held.
    Where two compete and no decision names one, none of the competitors counts.
    """
    places: dict[tuple[str, Month], dict[str, Filed]] = defaultdict(dict)
    for one in filed:
        places[one.unit, one.month][one.digest] = one
    kept = {d.keep for d in decisions if d.kind is DecisionKind.REVISION}
    heads: list[Filed] = []
    held: list[Filed] = []
    forks: list[Fork] = []
    chains: dict[str, tuple[Filed, ...]] = {}
    for place in sorted(places):
        members = places[place]
        followers: dict[str | None, list[Filed]] = defaultdict(list)
        for one in members.values():
            if one.predecessor is None:
                followers[None].append(one)
            else:
                before = members.get(one.predecessor)
                number = one.monthly_return.revision
                if before is not None and before.monthly_return.revision + 1 == number:
                    followers[one.predecessor].append(one)
        reached: set[str] = set()
        chain: list[Filed] = []
        step: str | None = None
        while rivals := sorted(followers[step], key=lambda f: f.digest):
            if len(rivals) > 1:
                reached.update(_descent(rivals, followers))
                chosen = [f for f in rivals if f.digest in kept]
                if len(chosen) != 1:
                    forks.append(Fork(*place, tuple(f.digest for f in rivals)))
                    break
                rivals = chosen
            chain.append(rivals[0])
            step = rivals[0].digest
        reached.update(f.digest for f in chain)
        held.extend(f for digest, f in sorted(members.items()) if digest not in reached)
        if chain:
            heads.append(chain[-1])
            chains[chain[-1].digest] = tuple(chain)
    return Resolved(tuple(heads), tuple(held), tuple(forks), chains)


def _descent(tops: list[Filed], followers: Mapping[str | None, list[Filed]]) -> set[str]:
    found: set[str] = set()
    waiting = list(tops)
    while waiting:
        one = waiting.pop()
        found.add(one.digest)
        waiting.extend(followers.get(one.digest, ()))
    return found


def on_time(chain: tuple[Filed, ...], due: date) -> bool:
    """Whether a unit's month is on time: received by the due day.

    A wording-only amendment keeps the standing of the one before it (domain rule 11).
    """
    standing = chain[0]
    for one in chain[1:]:
        amends = one.monthly_return.amends
        if amends is not None and amends.kind is not AmendmentKind.WORDING:
            standing = one
    return standing.received_at.date() <= due


@dataclass(frozen=True, slots=True)
class CountedTraining:
    """One session as the district counts it: the record that stands and those it absorbs."""

    unit: str
    record: Training
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CountedEvent:
    unit: str
    record: Publicity
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Merged:
    """The district through one month. Every tuple is in a fixed order."""

    plan: str
    plan_digest: str
    through: Month
    heads: tuple[Filed, ...]
    held: tuple[Filed, ...]
    forks: tuple[Fork, ...]
    chains: Mapping[str, tuple[Filed, ...]]
    trainings: tuple[CountedTraining, ...]
    events: tuple[CountedEvent, ...]
    unmatched: tuple[Held, ...]
    """Co-hosts' records whose host has reported no such activity."""
    readings: tuple[tuple[str, Reading], ...]
    progress: tuple[tuple[str, Progress], ...]
    entries: tuple[tuple[str, RegisterEntry], ...]
    problems: tuple[tuple[str, Problem], ...]
    decisions: tuple[Decision, ...]

    def heads_of(self, month: Month) -> tuple[Filed, ...]:
        return tuple(head for head in self.heads if head.month == month)

    def activities(self) -> tuple[Held, ...]:
        """All activities as recorded, before any was absorbed; input to `joint.suspects`."""
        return tuple(held for head in self.heads for held in _activities(head))

    def essence(self) -> dict[str, object]:
        """What the fingerprint 汇总指纹 covers: plan, heads and decisions, in a fixed order."""
        return {
            "plan": self.plan_digest,
            "heads": sorted(head.digest for head in self.heads),
            "decisions": sorted(
                (decision.essence() for decision in self.decisions),
                key=lambda e: (str(e["kind"]), str(e["subjects"]), str(e["keep"])),
            ),
        }


def merge(
    plan: Plan,
    plan_digest: str,
    filed: Iterable[Filed],
    decisions: Iterable[Decision],
    through: Month,
) -> Merged:
    """The district's picture through a month, from returns in any order, repeats allowed."""
    decisions = tuple(sorted(set(decisions), key=lambda d: d.id))
    present = tuple(f for f in filed if f.month <= through)
    resolved = resolve(present, decisions)
    hosted: list[Held] = []
    guests: list[Held] = []
    for head in resolved.heads:
        for held in _activities(head):
            (hosted if reports_figures(plan, held.activity) else guests).append(held)
    also: dict[str, list[str]] = defaultdict(list)
    absorbed = _absorbed(decisions, frozenset(held.key for held in hosted))
    standing = []
    for held in hosted:
        keep = absorbed.get(held.key, held.key)
        if keep == held.key:
            standing.append(held)
        else:
            also[keep].append(held.key)
    unmatched = []
    by_host: dict[tuple[str, date], list[Held]] = defaultdict(list)
    for held in hosted:
        if held.activity.role is HostRole.HOST:
            by_host[held.unit, held.activity.day].append(held)
    for guest in guests:
        host = host_of(guest, by_host[guest.activity.host, guest.activity.day])
        if host is None:
            unmatched.append(guest)
        else:
            also[absorbed.get(host.key, host.key)].append(guest.key)
    return Merged(
        plan=plan.code,
        plan_digest=plan_digest,
        through=through,
        heads=resolved.heads,
        held=resolved.held,
        forks=resolved.forks,
        chains=resolved.chains,
        trainings=tuple(
            CountedTraining(h.unit, h.activity, tuple(sorted(also[h.key])))
            for h in standing
            if isinstance(h.activity, Training)
        ),
        events=tuple(
            CountedEvent(h.unit, h.activity, tuple(sorted(also[h.key])))
            for h in standing
            if isinstance(h.activity, Publicity)
        ),
        unmatched=tuple(unmatched),
        readings=tuple((h.unit, r) for h in resolved.heads for r in h.monthly_return.readings),
        progress=tuple((h.unit, r) for h in resolved.heads for r in h.monthly_return.progress),
        entries=tuple((h.unit, r) for h in resolved.heads for r in h.monthly_return.entries),
        problems=tuple((h.unit, r) for h in resolved.heads for r in h.monthly_return.problems),
        decisions=_applied(
            decisions,
            frozenset(f.digest for f in present),
            frozenset(held.key for held in hosted),
        ),
    )


def _activities(head: Filed) -> Iterator[Held]:
    for training in head.monthly_return.trainings:
        yield Held(head.unit, training)
    for event in head.monthly_return.publicity:
        yield Held(head.unit, event)


def _absorbed(decisions: Iterable[Decision], present: frozenset[str]) -> dict[str, str]:
    """For each present activity that decisions join to others, the key that stands for all.

    Decisions chain: when A=B and B=C, all three are one. Of the members still present, the
    smallest that some decision of the group keeps stands, else the smallest of all.
    """
    parent: dict[str, str] = {}

    def root(key: str) -> str:
        while parent.setdefault(key, key) != key:
            key = parent[key]
        return key

    kept: set[str] = set()
    for decision in decisions:
        if decision.kind is DecisionKind.JOINT and decision.same:
            kept.add(decision.keep)
            first, *rest = decision.subjects
            for other in rest:
                parent[root(other)] = root(first)
    groups: dict[str, set[str]] = defaultdict(set)
    for key in parent:
        if key in present:
            groups[root(key)].add(key)
    return {key: min(group & kept or group) for group in groups.values() for key in group}


def _applied(
    decisions: tuple[Decision, ...], digests: frozenset[str], keys: frozenset[str]
) -> tuple[Decision, ...]:
    """The decisions that bear on what is present: only these belong to its fingerprint."""
    return tuple(
        d
        for d in decisions
        if (d.kind is DecisionKind.REVISION and d.keep in digests)
        or (d.kind is DecisionKind.JOINT and len(keys.intersection(d.subjects)) > 1)
    )
