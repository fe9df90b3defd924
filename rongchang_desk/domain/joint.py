"""Joint activities: who reports the figures of one, and which records speak of the same one.

The host 主办 reports the headcount and co-hosts 协办 refer to it (domain rule 2); where the
host is an external body, which never reports, the co-host's own figures stand.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from rongchang_desk.domain.plan import Plan
from rongchang_desk.domain.records import HostRole, Publicity, Training

Activity = Training | Publicity
Similarity = Callable[[str, str], float]
"""Likeness of two texts, 0 to 100."""

SUSPECT_SCORE = 72.0


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
    held: Iterable[Held],
    similarity: Similarity,
    settled: frozenset[frozenset[str]],
) -> tuple[Suspect, ...]:
    """Pairs of figure-carrying records of different units that look like one activity.

    Blocked by kind and day, scored on title and venue; pairs in `settled` are left out.
    Best score first.
    """
    blocks: dict[tuple[type, object], list[Held]] = defaultdict(list)
    for one in held:
        if reports_figures(plan, one.activity):
            blocks[type(one.activity), one.activity.day].append(one)
    found = []
    for block in blocks.values():
        block.sort(key=lambda h: h.key)
        for index, first in enumerate(block):
            for second in block[index + 1 :]:
                if first.unit == second.unit or frozenset((first.key, second.key)) in settled:
                    continue
                suspect = _compare(first, second, similarity)
                if suspect.score >= SUSPECT_SCORE:
                    found.append(suspect)
    return tuple(sorted(found, key=lambda s: (-s.score, s.first.key, s.second.key)))


def _compare(first: Held, second: Held, similarity: Similarity) -> Suspect:
    title = similarity(title_of(first.activity), title_of(second.activity))
    venues = (first.activity.venue, second.activity.venue)
    score, why = title, [f"同一天，主题相似度 {title:.0f}"]
    if all(venues):
        venue = similarity(*venues)
        score = 0.75 * title + 0.25 * venue
        why.append(f"地点相似度 {venue:.0f}")
    if second.unit in first.activity.partners or first.unit in second.activity.partners:
        score = min(100.0, score + 20)
        why.append("一方把另一方列为协办单位")
    return Suspect(first, second, score, "，".join(why))
