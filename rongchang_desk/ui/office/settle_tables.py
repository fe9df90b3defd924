"""The lists of 疑似重复: open cases, conflicting revisions, and what was decided."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSettings

from rongchang_desk.app.settle import Case, Decided
from rongchang_desk.domain.merge import DecisionKind
from rongchang_desk.domain.plan import Plan
from rongchang_desk.ui.tables import Align, Cell, Column, Table
from rongchang_desk.ui.theme import Tone

CERTAIN = 90  # points from which a case is all but sure


def _score_tone(case: Case) -> Tone:
    return Tone.BAD if case.score >= CERTAIN else Tone.WARN


def _told(case: Case) -> str:
    return f"依据已变　{case.title}" if case.lapsed else case.title


def cases_table(name: str, score: str, accessible: str, empty: str, settings: QSettings) -> Table:
    """A list of open cases of one kind."""
    return Table(
        (
            Column(score, lambda c: c.score, lambda c: f"{c.score:.0f}", cell=Cell.PILL,
                   tone=_score_tone, align=Align.CENTER, width=70),
            Column("时间", lambda c: c.when, width=98, tip=lambda c: c.when),
            Column("事项", lambda c: c.title, _told, stretch=True,
                   tone=lambda c: Tone.WARN if c.lapsed else None,
                   tip=lambda c: f"{c.title}\n{c.reason}" + (f"\n{c.lapsed}" if c.lapsed else "")),
            Column("单位", lambda c: c.units[0], lambda c: "、".join(c.units), width=140,
                   tip=lambda c: "、".join(c.units)),
        ),
        name=name, accessible=accessible, empty=empty, settings=settings,
        identity=lambda c: frozenset(c.keys),
    )  # fmt: skip


def conflicts_table(plan: Plan, settings: QSettings) -> Table:
    """The months of units in which revisions compete."""
    return Table(
        (
            Column("单位", lambda c: plan.name_of(c.fork.unit), stretch=True),
            Column("月份", lambda c: str(c.fork.month), lambda c: c.fork.month.label, width=96),
            Column("版本数", lambda c: len(c.rivals), align=Align.CENTER, width=66),
        ),
        name="conflicts", accessible="版本冲突", empty="没有互相冲突的版本。",
        settings=settings, identity=lambda c: c.fork.digests,
    )  # fmt: skip


def rivals_table(settings: QSettings) -> Table:
    """The revisions that compete for one place."""
    return Table(
        (
            Column("版本", lambda f: f.monthly_return.revision,
                   lambda f: f"第 {f.monthly_return.revision} 版", width=76),
            Column("收到时间", lambda f: f.received_at, width=142),
            Column("更正", lambda f: f.monthly_return.amends.kind.label
                   if f.monthly_return.amends else "首次报送", width=90),
            Column("更正理由", lambda f: f.monthly_return.amends.reason
                   if f.monthly_return.amends else "", stretch=True),
            Column("记录数", lambda f: len(f.monthly_return.records.all()), align=Align.END,
                   width=76),
            Column("计入人次", lambda f: f.monthly_return.totals.counted_visits,
                   align=Align.END, width=90),
        ),
        name="rivals", accessible="互相冲突的版本", empty="请选择一个单位。",
        settings=settings, identity=lambda f: f.digest,
    )  # fmt: skip


KIND_LABELS = {
    DecisionKind.JOINT: "重复", DecisionKind.REVISION: "版本", DecisionKind.DIFFERENCE: "对账",
    DecisionKind.HEADCOUNT: "人次",
}  # fmt: skip


def _state(decided: Decided) -> tuple[str, Tone]:
    if decided.withdrawn_at:
        return "○ 已撤回", Tone.QUIET
    return ("! 依据已变", Tone.WARN) if decided.lapsed else ("✓ 有效", Tone.GOOD)


def decided_table(settings: QSettings) -> Table:
    """Every decision ever made."""
    tip: Callable[[Decided], str] = lambda d: d.about  # noqa: E731
    return Table(
        (
            Column("状态", lambda d: d.withdrawn_at, lambda d: _state(d)[0], cell=Cell.PILL,
                   tone=lambda d: _state(d)[1], width=112),
            Column("种类", lambda d: KIND_LABELS[d.decision.kind], width=62),
            Column("认定事项", lambda d: d.about, stretch=True, tip=tip),
            Column("结论", lambda d: d.verdict, width=240, tip=lambda d: d.verdict),
            Column("理由", lambda d: d.decision.reason, width=140,
                   tip=lambda d: d.decision.reason),
            Column("认定人", lambda d: d.decision.decided_by, width=84),
            Column("时间", lambda d: d.decision.decided_at[:16].replace("T", " "), width=142),
        ),
        name="decided", accessible="已作的认定", empty="还没有作过认定。",
        settings=settings, identity=lambda d: d.decision.id,
    )  # fmt: skip
