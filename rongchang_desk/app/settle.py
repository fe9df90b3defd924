"""Settling what only a person can: joint activities, and revisions that compete.

Every decision is named, explained and reversible; a withdrawn one stays in the log.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from rongchang_desk.app import district
from rongchang_desk.app.desk import Desk, Role
from rongchang_desk.domain.joint import Activity, Held, Suspect, title_of
from rongchang_desk.domain.merge import Decision, DecisionKind, Filed, Fork
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.plan import Plan
from rongchang_desk.domain.records import State, Training, Value
from rongchang_desk.errors import FoundWrong, UsageError
from rongchang_desk.store import audit, returns


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


@dataclass(frozen=True, slots=True)
class Unsettled:
    """What waits for a person, and what was decided, through a month."""

    suspects: tuple[Suspect, ...]
    conflicts: tuple[Conflict, ...]
    decided: tuple[Decided, ...]


def unsettled(desk: Desk, through: Month) -> Unsettled:
    """The open suspects and conflicts through a month, and all decisions, newest first."""
    picture = district.merged(desk, through)
    conflicts = []
    for fork in picture.forks:
        filed = returns.received_of(desk.store, fork.unit, fork.month)
        conflicts.append(Conflict(fork, tuple(f for f in filed if f.digest in fork.digests)))
    return Unsettled(district.open_suspects(picture, desk.plan), tuple(conflicts), decisions(desk))


@dataclass(frozen=True, slots=True)
class Facet:
    """One thing that two records say, side by side."""

    title: str
    first: str
    second: str

    @property
    def differs(self) -> bool:
        return self.first != self.second


def compare(plan: Plan, suspect: Suspect) -> tuple[Facet, ...]:
    """What the two records of a suspect say, line by line."""
    sides = (_told(plan, suspect.first), _told(plan, suspect.second))
    titles = list(dict.fromkeys([*sides[0], *sides[1]]))
    return tuple(Facet(t, sides[0].get(t, "—"), sides[1].get(t, "—")) for t in titles)


def counted_visits(plan: Plan, held: Held) -> Decimal:
    """The person-visits of a training that feed the yearly target; 0 for an event."""
    if not isinstance(held.activity, Training):
        return Decimal(0)
    counted = [category.code for category in plan.headcounts if category.counted]
    return sum((held.activity.headcount(code).or_zero() for code in counted), Decimal(0))


def _told(plan: Plan, held: Held) -> dict[str, str]:
    """A record as titles and texts, in the order people read them."""
    activity = held.activity
    training = isinstance(activity, Training)
    told = {
        "单位": plan.name_of(held.unit),
        "培训主题" if training else "活动主题": title_of(activity),
        "日期": str(activity.day),
        "地点": activity.venue or "—",
        "本单位角色": activity.role.label,
        "主办单位": plan.name_of(activity.host or held.unit),
        "协办单位": "、".join(plan.name_of(p) for p in activity.partners) or "—",
    }
    if isinstance(activity, Training):
        told["形式"] = activity.form or "—"
        told["授课人"] = activity.lecturer or "—"
        for category in plan.headcounts:
            value = activity.headcount(category.code)
            if value.state is not State.NOT_REPORTED:
                told[f"{category.title}（人次）"] = _number(value)
        told["计入年度指标（人次）"] = f"{counted_visits(plan, held):f}"
    else:
        told["活动类型"] = activity.kind or "—"
        told["主题宣传活动"] = "是" if activity.campaign else "否"
        told["覆盖人次"] = _number(activity.reach)
    told["备注"] = activity.note or "—"
    return told


def _number(value: Value) -> str:
    """A value in one of its four states."""
    match value.state:
        case State.NOT_APPLICABLE:
            return "不涉及"
        case State.NOT_REPORTED:
            return "未报"
        case _:
            return f"{value.number:f}"


def decide_joint(
    desk: Desk, suspect: Suspect, *, same: bool, keep: str, reason: str, by: str
) -> Decision:
    """Say whether two records speak of one activity; `keep` is the key whose figures stand.

    Raises UsageError without a name or a reason, or when `keep` is neither of the two.
    """
    keys = (suspect.first.key, suspect.second.key)
    if same and keep not in keys:
        raise UsageError("没有选择以哪一方的数字为准。", "请选择左边或右边后再合并。")
    return _decide(
        desk, DecisionKind.JOINT, tuple(sorted(keys)), same, keep if same else "", reason, by
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
        if not returns.withdraw(desk.store, decision.id, desk.now()):
            raise FoundWrong("这条认定已经撤回。", "请刷新（F5）后查看。")
        audit.note(desk.store, desk.now(), "decision-withdrawn", decision.id)


def decisions(desk: Desk) -> tuple[Decided, ...]:
    """All decisions ever made, newest first, with what they were about."""
    desk.require(Role.OFFICE)
    names: dict[str, str] = {}
    revisions: dict[str, str] = {}
    rows = returns.decision_log(desk.store)
    if rows:
        for filed in returns.received(desk.store):
            value = filed.monthly_return
            unit = desk.plan.name_of(filed.unit)
            revisions[filed.digest] = f"{unit} {filed.month.label} 第 {value.revision} 版"
            activities: tuple[Activity, ...] = (*value.trainings, *value.publicity)
            for activity in activities:
                names[Held(filed.unit, activity).key] = f"{unit}《{title_of(activity)}》"
    found = []
    for row in rows:
        decision = row.decision
        known = names if decision.kind is DecisionKind.JOINT else revisions
        about = "　／　".join(known.get(key, "（该记录已不在月报中）") for key in decision.subjects)
        if decision.kind is DecisionKind.REVISION:
            at = f"收文编号 {decision.keep[:8]}"
            verdict = f"以{revisions.get(decision.keep, '')}（{at}）为准"
        elif decision.same:
            verdict = f"同一活动，以{names.get(decision.keep, '保留方')}的数字为准"
        else:
            verdict = "不同活动，分别计算"
        found.append(Decided(decision, about, verdict, row.withdrawn_at))
    return tuple(found)


def _decide(
    desk: Desk,
    kind: DecisionKind,
    subjects: tuple[str, ...],
    same: bool,
    keep: str,
    reason: str,
    by: str,
) -> Decision:
    desk.require(Role.OFFICE)
    if not by.strip():
        raise UsageError("没有填写认定人。", "请写明是谁作的认定。")
    if not reason.strip():
        raise UsageError("没有填写认定理由。", "请简要写明依据，例如“双方电话核实”。")
    decision = Decision(
        desk.new_id(), kind, subjects, same, keep, reason.strip(), by.strip(),
        desk.now().isoformat(timespec="seconds"),
    )  # fmt: skip
    with desk.store.transaction():
        returns.decide(desk.store, decision)
        audit.note(desk.store, desk.now(), f"decision-{kind.value}", decision.id)
    return decision
