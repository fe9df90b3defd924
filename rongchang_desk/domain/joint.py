"""Joint activities: who reports the figures of one, and which records speak of the same one.

The host 主办 reports the headcount and co-hosts 协办 refer to it (domain rule 2); where the
host is an external body, which never reports, the co-host's own figures stand.

Suspects are looked for among records of the same day and of neighbouring days, declared links
first. The score is a sum of points, each with its reason in Chinese; points and threshold were
chosen on labelled pairs (`tests/labelled_pairs.py`) and judged on others kept apart.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from rongchang_desk.domain import titles
from rongchang_desk.domain.plan import Plan
from rongchang_desk.domain.records import HostRole, Publicity, Training

Activity = Training | Publicity
Similarity = Callable[[str, str], float]
"""Likeness of two texts, 0 to 100."""

SUSPECT_SCORE = 70.0
"""Points from which two records are shown to a person."""

LEAST_LIKENESS = 44.0
"""Likeness of titles below which nothing but a declared link could make up for it."""


@dataclass(frozen=True, slots=True)
class Held:
    """An activity as one unit recorded it; `key` names it across the district."""

    unit: str
    activity: Activity

    @property
    def key(self) -> str:
        return f"{self.unit}:{self.activity.id}"


@dataclass(frozen=True, slots=True)
class Suspect:
    """Two records that may speak of one activity; `score` 0 to 100 and why, in Chinese."""

    first: Held
    second: Held
    score: float
    reason: str


def reports_figures(plan: Plan, activity: Activity) -> bool:
    """Whether this record carries the activity's figures into the district's total."""
    return activity.role is HostRole.HOST or not plan.has_unit(activity.host)


def title_of(activity: Activity) -> str:
    return activity.topic if isinstance(activity, Training) else activity.theme


def basis_of(activity: Activity) -> str:
    """What a decision about an activity rests on, as a short digest: day, title, place, who.

    Headcounts and notes are no part of it, nor how a title is punctuated: correcting them leaves
    a decision valid.
    """
    said = (
        type(activity).__name__, str(activity.day), titles.plain(title_of(activity)),
        titles.plain(activity.venue), activity.role.value, activity.host,
    )  # fmt: skip
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]


def host_of(held: Held, hosted: Iterable[Held]) -> Held | None:
    """The host's record that a co-host's record refers to: same host, same day, like title."""
    activity = held.activity
    candidates = [
        other
        for other in hosted
        if other.unit == activity.host
        and other.activity.day == activity.day
        and type(other.activity) is type(activity)
    ]
    exact = [c for c in candidates if title_of(c.activity) == title_of(activity)]
    if exact:
        return min(exact, key=lambda c: c.key)
    return candidates[0] if len(candidates) == 1 else None


def suspects(
    plan: Plan,
    hosted: Iterable[Held],
    unmatched: Iterable[Held],
    similarity: Similarity,
    settled: frozenset[frozenset[str]],
) -> tuple[Suspect, ...]:
    """Pairs of records of different units that look like one activity, best score first.

    `hosted` carry figures; `unmatched` are co-hosts' records whose host reported no such activity.
    Pairs in `settled` are left out.
    """
    blocks: dict[tuple[type, date], list[Held]] = defaultdict(list)
    guests = tuple(unmatched)
    lost = frozenset(held.key for held in guests)
    for one in (*hosted, *guests):
        blocks[type(one.activity), one.activity.day].append(one)
    found = []
    for first, second in _candidates(blocks):
        if first.unit == second.unit or (first.key in lost and second.key in lost):
            continue
        if frozenset((first.key, second.key)) in settled:
            continue
        suspect = compare(plan, first, second, similarity)
        if suspect.score >= SUSPECT_SCORE:
            found.append(suspect)
    return tuple(sorted(found, key=lambda s: (-s.score, s.first.key, s.second.key)))


def _candidates(blocks: dict[tuple[type, date], list[Held]]) -> Iterator[tuple[Held, Held]]:
    """Pairs of the same kind on the same day or on neighbouring days, each once."""
    for (kind, day), block in blocks.items():
        block.sort(key=lambda h: h.key)
        after = blocks.get((kind, day + timedelta(days=1)), ())
        for index, first in enumerate(block):
            for second in (*block[index + 1 :], *after):
                yield first, second


def is_declared(first: Held, second: Held) -> bool:
    """Whether one record names the other's unit as host or partner."""
    return any(
        other.unit in one.activity.partners or other.unit == one.activity.host
        for one, other in ((first, second), (second, first))
    )


def compare(plan: Plan, first: Held, second: Held, similarity: Similarity) -> Suspect:
    """How much two records of one kind look like one activity, and why."""
    points, why = _points(plan, first, second, similarity)
    return Suspect(first, second, max(0.0, min(100.0, points)), "；".join(why))


def _points(
    plan: Plan, first: Held, second: Held, similarity: Similarity
) -> tuple[float, list[str]]:
    one, other = first.activity, second.activity
    names = (title_of(one), title_of(other))
    cores = tuple(titles.core(name) for name in names)
    likeness = max(similarity(*map(titles.plain, names)), similarity(*cores))
    points, why = likeness * 0.72, [f"主题相似度 {likeness:.0f}"]

    def add(amount: float, reason: str) -> None:
        nonlocal points
        points += amount
        why.append(f"{reason}（{amount:+.0f}）")

    if one.day == other.day:
        why.insert(0, "同一天")
    else:
        add(-16, "日期相差一天")
    declared = is_declared(first, second)
    if declared:
        add(22, "一方把另一方列为主办或协办单位")
    elif likeness < LEAST_LIKENESS:
        return points, why
    sessions = titles.session_of(names[0]), titles.session_of(names[1])
    if all(sessions) and sessions[0] != sessions[1]:
        add(-45, f"场次不同：{sessions[0]}与{sessions[1]}")
    _place(plan, first, second, similarity, add)
    if isinstance(one, Training) and isinstance(other, Training):
        if one.lecturer and other.lecturer:
            same = titles.plain(one.lecturer) == titles.plain(other.lecturer)
            add(10 if same else -18, "主讲人相同" if same else "主讲人不同")
        if _headcounts(one) and _headcounts(one) == _headcounts(other):
            add(8, "各类人次都相同")
    elif isinstance(one, Publicity) and isinstance(other, Publicity):
        if one.reach.number and one.reach == other.reach:
            add(8, "覆盖人次相同")
        if one.kind and other.kind and one.kind != other.kind:
            add(-8, "活动类型不同")
    if points >= SUSPECT_SCORE and (words := titles.swapped(*cores)):
        add(-34, f"用词不同：{words[0]}与{words[1]}")
    return points, why


def _place(
    plan: Plan,
    first: Held,
    second: Held,
    similarity: Similarity,
    add: Callable[[float, str], None],
) -> None:
    """Points for the places; a name that any unit's own room may have proves nothing."""
    own = [plan.name_of(held.unit) for held in (first, second)]
    venues = (first.activity.venue, second.activity.venue)
    if not all(titles.plain(venue) for venue in venues):
        return
    generic = [titles.is_own_room(venue, name) for venue, name in zip(venues, own, strict=True)]
    if all(generic):
        add(-14, "各在本单位场地")
        return
    likeness = similarity(*(titles.place(venue) for venue in venues))
    if likeness >= 70:
        add(20, f"地点相似度 {likeness:.0f}")
    elif likeness <= 45:
        add(-26, f"地点不同（相似度 {likeness:.0f}）")
    else:
        add(0, f"地点相似度 {likeness:.0f}")


def _headcounts(training: Training) -> tuple[tuple[str, str], ...]:
    """The headcounts that say something, by category."""
    return tuple(sorted((v.code, str(v.value)) for v in training.headcounts if v.value.number))
