"""Settling what only a person can: joint activities, differences between units, doubtful
headcounts, and revisions that compete.

Every decision is named, explained and reversible; a withdrawn one stays in the log. It names the
records it speaks of and what they said, so it holds when a revision arrives that says the same,
and comes back as 依据已变 when the revision says something else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from rongchang_desk.app import district
from rongchang_desk.app.desk import Desk, Role
from rongchang_desk.app.parameters import parameters
from rongchang_desk.domain import doubts, joint
from rongchang_desk.domain.describe import fields_of, value_text
from rongchang_desk.domain.doubts import Difference, Doubt
from rongchang_desk.domain.joint import Activity, Held, Suspect, basis_of, title_of
from rongchang_desk.domain.merge import Decision, DecisionKind, Filed, Fork, Merged
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.plan import Plan
from rongchang_desk.domain.records import Record, Training
from rongchang_desk.errors import FoundWrong, UsageError
from rongchang_desk.store import audit, months, returns
from rongchang_desk.store import decisions as stored


@dataclass(frozen=True, slots=True)
class Case:
    """Something that waits for a person; `keys` name its records, `basis` what they say now.

    `keep` are the keys whose figures may stand when two records are one activity. `lapsed` is an
    earlier decision about it that lost its basis, in words.
    """

    kind: DecisionKind
    subject: Suspect | Difference | Doubt
    keys: tuple[str, ...]
    basis: tuple[str, ...]
    title: str
    when: str
    units: tuple[str, ...]
    score: float
    reason: str
    keep: tuple[str, ...] = ()
    lapsed: str = ""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Revisions of one unit's month that compete, with what each says."""

    fork: Fork
    rivals: tuple[Filed, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision as people read it; `withdrawn_at` is empty while it is in force."""

    decision: Decision
    about: str
    verdict: str
    withdrawn_at: str = ""
    lapsed: bool = False
    """In force, but what it rests on has changed: it counts no more."""


@dataclass(frozen=True, slots=True)
class Unsettled:
    """What waits for a person, and what was decided, through a month."""

    cases: tuple[Case, ...]
    conflicts: tuple[Conflict, ...]
    decided: tuple[Decided, ...]

    def of(self, kind: DecisionKind) -> tuple[Case, ...]:
        """The open cases of a kind, those whose decision lapsed first, then the likeliest."""
        return tuple(case for case in self.cases if case.kind is kind)


def unsettled(desk: Desk, through: Month) -> Unsettled:
    """The open cases and conflicts through a month, and all decisions, newest first.

    Headcounts are those of the month itself: older ones were looked at in their time.
    """
    picture = district.merged(desk, through)
    conflicts = []
    for fork in picture.forks:
        filed = returns.received_of(desk.store, fork.unit, fork.month)
        conflicts.append(Conflict(fork, tuple(f for f in filed if f.digest in fork.digests)))
    most = parameters(desk).venues
    cases = (
        *(_joint(desk.plan, suspect) for suspect in _suspects(desk, picture)),
        *(_difference(desk.plan, one) for one in doubts.differences(desk.plan, picture)),
        *(
            _headcount(desk.plan, one)
            for one in doubts.headcounts(desk.plan, picture, through, most)
        ),
    )
    open_ones, lapsed = _open(cases, stored.decisions(desk.store))
    lapsed |= {d.id for d in picture.lapsed}
    ordered = sorted(open_ones, key=lambda case: not case.lapsed)
    return Unsettled(tuple(ordered), tuple(conflicts), _log(desk, frozenset(lapsed)))


def _open(cases: Iterable[Case], decisions: Iterable[Decision]) -> tuple[list[Case], set[str]]:
    """The cases nobody has decided about as they stand now, and the decisions that lapsed."""
    known = {(d.kind, frozenset(d.subjects)): d for d in decisions}
    found = []
    lapsed = set()
    for case in cases:
        before = known.get((case.kind, frozenset(case.keys)))
        if before is None:
            found.append(case)
        elif not before.stands_on(dict(zip(case.keys, case.basis, strict=True))):
            lapsed.add(before.id)
            when = before.decided_at[:10]
            words = f"{before.decided_by}于 {when} 认定为“{_verdict(before, {})}”：{before.reason}"
            found.append(replace(case, lapsed=words))
    return found, lapsed


# -- the three kinds of case -----------------------------------------------------------

_seen: dict[str, tuple[Suspect, ...]] = {}
_SEEN_MOST = 4


def _suspects(desk: Desk, picture: Merged) -> tuple[Suspect, ...]:
    """All suspected pairs, settled or not; kept while the same records are compared."""
    marks = [desk.plan_digest, *sorted(head.digest for head in picture.heads)]
    marks += [held.key for held in picture.unmatched]
    key = hashlib.sha256("\n".join(marks).encode()).hexdigest()
    if key not in _seen:
        hosted = [h for h in picture.activities() if joint.reports_figures(desk.plan, h.activity)]
        found = joint.suspects(
            desk.plan, hosted, picture.unmatched, district.similarity, frozenset()
        )
        while len(_seen) >= _SEEN_MOST:
            _seen.pop(next(iter(_seen)), None)
        _seen[key] = found
    return _seen[key]


def forget() -> None:
    """Keep no suspects: the next look compares anew (for measuring)."""
    _seen.clear()


def _joint(plan: Plan, suspect: Suspect) -> Case:
    both = (suspect.first, suspect.second)
    titles = tuple(dict.fromkeys(title_of(held.activity) for held in both))
    return Case(
        DecisionKind.JOINT,
        suspect,
        tuple(held.key for held in both),
        tuple(basis_of(held.activity) for held in both),
        "　／　".join(titles),
        "、".join(dict.fromkeys(str(held.activity.day) for held in both)),
        tuple(plan.name_of(held.unit) for held in both),
        suspect.score,
        suspect.reason,
        tuple(held.key for held in both if joint.reports_figures(plan, held.activity)),
    )


def _difference(plan: Plan, one: Difference) -> Case:
    units = [one.owners.unit] if one.owners else [plan.target(one.target).owner]
    return Case(
        DecisionKind.DIFFERENCE,
        one,
        one.keys,
        one.basis,
        plan.target(one.target).title,
        one.others.reading.month.label,
        tuple(plan.name_of(unit) for unit in (*units, one.others.unit)),
        one.score,
        one.reason,
    )


def _headcount(plan: Plan, doubt: Doubt) -> Case:
    return Case(
        DecisionKind.HEADCOUNT,
        doubt,
        doubt.keys,
        doubt.basis,
        title_of(doubt.held.activity),
        str(doubt.held.activity.day),
        (plan.name_of(doubt.held.unit),),
        doubt.score,
        doubt.reason,
    )


@dataclass(frozen=True, slots=True)
class Facet:
    """One thing that two records say, side by side."""

    title: str
    first: str
    second: str

    @property
    def differs(self) -> bool:
        return self.first != self.second


def facets(plan: Plan, case: Case) -> tuple[Facet, ...]:
    """What the records of a case say, line by line, what differs first; one side is empty where
    there is no other record."""
    match case.subject:
        case Suspect():
            sides = [_told(plan, held) for held in (case.subject.first, case.subject.second)]
        case Doubt():
            beside = case.subject.beside
            sides = [_told(plan, case.subject.held), _told(plan, beside) if beside else {}]
        case Difference():
            target = plan.target(case.subject.target)
            named = {"单位": plan.name_of(target.owner), "说明": "责任单位还没有报送这项读数"}
            owners = case.subject.owners
            other = case.subject.others
            sides = [
                _read(plan, owners.unit, owners.reading) if owners else named,
                _read(plan, other.unit, other.reading),
            ]
    names = dict.fromkeys([*sides[0], *sides[1]])
    found = [Facet(name, sides[0].get(name, ""), sides[1].get(name, "")) for name in names]
    return tuple(sorted(found, key=lambda facet: not facet.differs))


def counted_visits(plan: Plan, held: Held) -> Decimal:
    """The person-visits of a training that feed the yearly target; 0 for an event."""
    if not isinstance(held.activity, Training):
        return Decimal(0)
    counted = [category.code for category in plan.headcounts if category.counted]
    return sum((held.activity.headcount(code).or_zero() for code in counted), Decimal(0))


def _told(plan: Plan, held: Held) -> dict[str, str]:
    """A record as titles and texts, in the order of its form."""
    told = _read(plan, held.unit, held.activity)
    if isinstance(held.activity, Training):
        told["计入年度指标"] = f"{counted_visits(plan, held):,f} 人次"
    return told


def _read(plan: Plan, unit: str, record: Record) -> dict[str, str]:
    return {"单位": plan.name_of(unit), **dict(fields_of(plan, record))}


# -- deciding --------------------------------------------------------------------------


def decide(desk: Desk, case: Case, *, same: bool, keep: str = "", reason: str, by: str) -> Decision:
    """Settle a case. For joint activities `same` says whether the two are one, and `keep` is the
    key whose figures stand; for a difference `same` says that the owner's reading stands (else:
    the two count different things); for a headcount, that it is right (else: it goes back).

    Raises UsageError without a name or a reason, or when `keep` cannot stand.
    """
    if case.kind is DecisionKind.JOINT and same:
        if keep not in case.keys:
            raise UsageError("没有选择以哪一方的数字为准。", "请选择左边或右边后再合并。")
        if keep not in case.keep:
            raise UsageError("协办单位不报人次，不能以它为准。", "请以主办单位的一方为准。")
    order = sorted(range(len(case.keys)), key=lambda n: case.keys[n])
    return _decide(
        desk,
        case.kind,
        tuple(case.keys[n] for n in order),
        same,
        keep if same and case.kind is DecisionKind.JOINT else "",
        reason,
        by,
        tuple(case.basis[n] for n in order),
    )


def decide_revision(desk: Desk, conflict: Conflict, *, keep: str, reason: str, by: str) -> Decision:
    """Say which of the competing revisions counts, by its digest; raises UsageError."""
    if keep not in conflict.fork.digests:
        raise UsageError("没有选择以哪一版为准。", "请先选择一个版本。")
    return _decide(
        desk, DecisionKind.REVISION, tuple(sorted(conflict.fork.digests)), True, keep, reason, by
    )


def withdraw(desk: Desk, decision: Decision) -> None:
    """Take a decision back, so that its subject is open again; raises FoundWrong."""
    desk.require(Role.OFFICE)
    with desk.store.transaction():
        if not stored.withdraw(desk.store, decision.id, desk.now()):
            raise FoundWrong("这条认定已经撤回。", "请刷新（F5）后查看。")
        audit.note(desk.store, desk.now(), "decision-withdrawn", decision.id)


def _decide(
    desk: Desk,
    kind: DecisionKind,
    subjects: tuple[str, ...],
    same: bool,
    keep: str,
    reason: str,
    by: str,
    basis: tuple[str, ...] = (),
) -> Decision:
    desk.require(Role.OFFICE)
    if not by.strip():
        raise UsageError("没有填写认定人。", "请写明是谁作的认定。")
    if not reason.strip():
        raise UsageError("没有填写认定理由。", "请简要写明依据，例如“双方电话核实”。")
    decision = Decision(
        desk.new_id(), kind, subjects, same, keep, reason.strip(), by.strip(),
        desk.now().isoformat(timespec="seconds"), basis,
    )  # fmt: skip
    with desk.store.transaction():
        for before in stored.decisions(desk.store):
            if before.kind is kind and set(before.subjects) == set(subjects):
                # Decided anew, because its basis changed: one decision a subject is in force.
                stored.withdraw(desk.store, before.id, desk.now())
        stored.decide(desk.store, decision)
        audit.note(desk.store, desk.now(), f"decision-{kind.value}", decision.id)
    return decision


# -- the log ---------------------------------------------------------------------------


def decisions(desk: Desk) -> tuple[Decided, ...]:
    """All decisions ever made, newest first, with what they were about."""
    desk.require(Role.OFFICE)
    return _log(desk, frozenset())


def _log(desk: Desk, lapsed: frozenset[str]) -> tuple[Decided, ...]:
    rows = stored.decision_log(desk.store)
    names: dict[str, str] = {}
    for row in rows:
        for subject in row.decision.subjects:
            if subject not in names:
                revision = row.decision.kind is DecisionKind.REVISION
                names[subject] = _revision(desk, subject) if revision else _name(desk, subject)
    return tuple(
        Decided(
            row.decision,
            "　／　".join(names[key] for key in row.decision.subjects),
            _verdict(row.decision, names),
            row.withdrawn_at,
            row.decision.id in lapsed and not row.withdrawn_at,
        )
        for row in rows
    )


def _verdict(decision: Decision, names: Mapping[str, str]) -> str:
    match decision.kind:
        case DecisionKind.REVISION:
            at = f"收文编号 {decision.keep[:8]}"
            return f"以{names.get(decision.keep, '')}（{at}）为准"
        case DecisionKind.JOINT if decision.same:
            return f"同一活动，以{names.get(decision.keep, '保留方')}的数字为准"
        case DecisionKind.JOINT:
            return "不同活动，分别计算"
        case DecisionKind.DIFFERENCE:
            return "以责任单位的读数为准" if decision.same else "口径不同，不作比较"
        case DecisionKind.HEADCOUNT:
            return "人次核实无误" if decision.same else "人次有误，退回更正"


def _revision(desk: Desk, digest: str) -> str:
    named = returns.received_name(desk.store, digest)
    if named is None:
        return "（该版本已不在收文中）"
    unit, month, revision = named
    return f"{desk.plan.name_of(unit)} {Month.parse(month).label} 第 {revision} 版"


def _name(desk: Desk, key: str) -> str:
    unit, _, record = key.partition(":")
    for filed in reversed(months.speaking_of(desk.store, unit, record)):
        for one in filed.monthly_return.records.all():
            if one.id == record:
                return f"{desk.plan.name_of(unit)}{_called(desk.plan, one)}"
    return "（该记录已不在月报中）"


def _called(plan: Plan, record: Record) -> str:
    if isinstance(record, Activity):
        return f"《{title_of(record)}》"
    texts = dict(fields_of(plan, record))
    numbers = [value_text(v.value) for v in getattr(record, "values", ())]
    return f" {texts.get('日期', '')} 读数 {'、'.join(numbers)}"
