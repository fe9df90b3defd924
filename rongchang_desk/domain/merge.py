"""Merging returns into one picture of the district.

`merge` is a pure function of (plan, set of returns, decisions): the order of arrival and
any grouping do not matter, the same return twice counts once, and every figure keeps its
lineage. Nothing is patched: a month's share is a function of that month's returns, `merge_month`,
and the whole picture one of the months' shares and the decisions, `join`. Whoever keeps shares
recomputes only those whose returns changed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from rongchang_desk.domain.joint import Held, basis_of, host_of, reports_figures
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
    """What a person decided: two records are one activity; which of two revisions counts; a
    difference between units' readings is known; a headcount that looked wrong was looked into.

    The first two bear on the district's figures and belong to the fingerprint.
    """

    JOINT = "joint"
    REVISION = "revision"
    DIFFERENCE = "difference"
    HEADCOUNT = "headcount"


@dataclass(frozen=True, slots=True)
class Decision:
    """A person's decision, explained and reusable when revisions arrive.

    For `joint`: `subjects` are activity keys (`UNIT:record`), `same` says whether they are
    one activity, `keep` the key whose figures stand. For `revision`: `subjects` are the
    competing digests and `keep` the one that counts. For the others `subjects` are records'
    keys. `basis` is what each subject said when it was decided, in the order of `subjects`
    (`joint.basis_of`): a revised return that says something else there leaves the decision
    without its basis. It is empty where there is none to compare.
    """

    id: str
    kind: DecisionKind
    subjects: tuple[str, ...]
    same: bool
    keep: str
    reason: str
    decided_by: str
    decided_at: str
    basis: tuple[str, ...] = ()

    def stands_on(self, now: Mapping[str, str]) -> bool:
        """Whether every subject that is there still says what it said; `now` by subject."""
        pairs = zip(self.subjects, self.basis, strict=False)
        return all(now.get(subject, before) == before for subject, before in pairs)

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
class MergedMonth:
    """One month's share of the district's picture, before joint activities are decided about.

    `hosted` are the records that carry figures; `referring` pairs a co-host's key with the key
    of the host's record it refers to. Every tuple is in a fixed order.
    """

    month: Month
    heads: tuple[Filed, ...]
    held: tuple[Filed, ...]
    forks: tuple[Fork, ...]
    chains: Mapping[str, tuple[Filed, ...]]
    digests: frozenset[str]
    hosted: tuple[Held, ...]
    referring: tuple[tuple[str, str], ...]
    unmatched: tuple[Held, ...]
    trainings: tuple[CountedTraining, ...]
    events: tuple[CountedEvent, ...]
    readings: tuple[tuple[str, Reading], ...]
    progress: tuple[tuple[str, Progress], ...]
    entries: tuple[tuple[str, RegisterEntry], ...]
    problems: tuple[tuple[str, Problem], ...]
    keys: frozenset[str]
    """The keys of `hosted` and `unmatched`: what decisions may speak of."""


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
    """Those that bear on the figures."""
    lapsed: tuple[Decision, ...] = ()
    """Decisions about joint activities whose records changed since: they count no more."""

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
    decisions = tuple(decisions)
    months: dict[Month, list[Filed]] = defaultdict(list)
    for one in filed:
        if one.month <= through:
            months[one.month].append(one)
    shares = [merge_month(plan, month, months[month], decisions) for month in months]
    return join(plan, plan_digest, shares, decisions, through)


def merge_month(
    plan: Plan, month: Month, filed: Iterable[Filed], decisions: Iterable[Decision] = ()
) -> MergedMonth:
    """A month's share, from that month's returns; of the decisions only those on revisions bear.

    A co-host's record refers to the host's in the same month: an activity has one day.
    """
    present = tuple(filed)
    resolved = resolve(present, decisions)
    hosted: list[Held] = []
    guests: list[Held] = []
    for head in resolved.heads:
        for held in _activities(head):
            (hosted if reports_figures(plan, held.activity) else guests).append(held)
    by_host: dict[tuple[str, date], list[Held]] = defaultdict(list)
    for held in hosted:
        if held.activity.role is HostRole.HOST:
            by_host[held.unit, held.activity.day].append(held)
    referring = []
    unmatched = []
    for guest in guests:
        host = host_of(guest, by_host[guest.activity.host, guest.activity.day])
        if host is None:
            unmatched.append(guest)
        else:
            referring.append((guest.key, host.key))
    also: dict[str, list[str]] = defaultdict(list)
    for guest_key, host_key in referring:
        also[host_key].append(guest_key)
    trainings, events = _counted(hosted, also)
    heads = resolved.heads
    return MergedMonth(
        month=month,
        heads=heads,
        held=resolved.held,
        forks=resolved.forks,
        chains=resolved.chains,
        digests=frozenset(one.digest for one in present),
        hosted=tuple(hosted),
        referring=tuple(referring),
        unmatched=tuple(unmatched),
        trainings=trainings,
        events=events,
        readings=tuple((h.unit, r) for h in heads for r in h.monthly_return.readings),
        progress=tuple((h.unit, r) for h in heads for r in h.monthly_return.progress),
        entries=tuple((h.unit, r) for h in heads for r in h.monthly_return.entries),
        problems=tuple((h.unit, r) for h in heads for r in h.monthly_return.problems),
        keys=frozenset(held.key for held in (*hosted, *unmatched)),
    )


def join(
    plan: Plan,
    plan_digest: str,
    shares: Iterable[MergedMonth],
    decisions: Iterable[Decision],
    through: Month,
) -> Merged:
    """The picture through a month from the shares of its months, one a month, in any order.

    Months that no decision touches are taken over as they are.
    """
    months = sorted(shares, key=lambda share: share.month)
    everything = tuple(sorted(set(decisions), key=lambda d: d.id))
    joint = [d for d in everything if d.kind is DecisionKind.JOINT]
    spoken_of = frozenset(subject for d in joint for subject in d.subjects)
    touched = [share for share in months if not spoken_of.isdisjoint(share.keys)]
    now = {
        held.key: basis_of(held.activity)
        for share in touched
        for held in (*share.hosted, *share.unmatched)
        if held.key in spoken_of
    }
    lapsed = tuple(d for d in joint if not d.stands_on(now))
    standing = tuple(d for d in everything if d not in lapsed)
    lost = {held.key for share in touched for held in share.unmatched}
    absorbed = _absorbed(standing, frozenset(now), frozenset(lost))
    counted = _decided(touched, absorbed)
    trainings: list[CountedTraining] = []
    events: list[CountedEvent] = []
    chains: dict[str, tuple[Filed, ...]] = {}
    for share in months:
        sessions, others = counted.get(share.month, (share.trainings, share.events))
        trainings.extend(sessions)
        events.extend(others)
        chains.update(share.chains)
    chosen = {d.keep for d in standing if d.kind is DecisionKind.REVISION}
    digests = frozenset(keep for keep in chosen if any(keep in s.digests for s in months))
    return Merged(
        plan=plan.code,
        plan_digest=plan_digest,
        through=through,
        heads=tuple(one for share in months for one in share.heads),
        held=tuple(one for share in months for one in share.held),
        forks=tuple(one for share in months for one in share.forks),
        chains=chains,
        trainings=tuple(trainings),
        events=tuple(events),
        unmatched=tuple(
            one for share in months for one in share.unmatched if one.key not in absorbed
        ),
        readings=tuple(one for share in months for one in share.readings),
        progress=tuple(one for share in months for one in share.progress),
        entries=tuple(one for share in months for one in share.entries),
        problems=tuple(one for share in months for one in share.problems),
        decisions=_applied(standing, digests, frozenset(now)),
        lapsed=lapsed,
    )


def _counted(
    hosted: Iterable[Held], also: Mapping[str, list[str]]
) -> tuple[tuple[CountedTraining, ...], tuple[CountedEvent, ...]]:
    """Records as the district counts them; `also` names what each stands for besides itself."""
    trainings: list[CountedTraining] = []
    events: list[CountedEvent] = []
    for held in hosted:
        others = tuple(sorted(also.get(held.key, ())))
        if isinstance(held.activity, Training):
            trainings.append(CountedTraining(held.unit, held.activity, others))
        else:
            events.append(CountedEvent(held.unit, held.activity, others))
    return tuple(trainings), tuple(events)


_Counted = tuple[tuple[CountedTraining, ...], tuple[CountedEvent, ...]]


def _decided(touched: Iterable[MergedMonth], absorbed: Mapping[str, str]) -> dict[Month, _Counted]:
    """The months that decisions speak of, counted again; `absorbed` as `_absorbed` gives it."""
    touched = tuple(touched)
    also: dict[str, list[str]] = defaultdict(list)
    for key, keep in absorbed.items():
        if key != keep:
            also[keep].append(key)
    for share in touched:
        for guest, host in share.referring:
            also[absorbed.get(host, host)].append(guest)
    return {
        share.month: _counted(
            (held for held in share.hosted if absorbed.get(held.key, held.key) == held.key), also
        )
        for share in touched
    }


def _activities(head: Filed) -> Iterator[Held]:
    for training in head.monthly_return.trainings:
        yield Held(head.unit, training)
    for event in head.monthly_return.publicity:
        yield Held(head.unit, event)


def _absorbed(
    decisions: Iterable[Decision], present: frozenset[str], lost: frozenset[str]
) -> dict[str, str]:
    """For each present activity that decisions join to others, the key that stands for all.

    Decisions chain: when A=B and B=C, all three are one. Of the members still present, the
    smallest that some decision of the group keeps stands, else the smallest of all; never one
    in `lost`, a co-host's without figures.
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
    found: dict[str, str] = {}
    for group in groups.values():
        able = group - lost
        if able:
            keep = min(able & kept or able)
            found.update(dict.fromkeys(group, keep))
    return found


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
