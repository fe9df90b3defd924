"""Whether a merged report's figures are those of its returns: recomputed, never believed.

The report names every return behind it. Those it carries and those a desk has received before
are merged anew under the decisions it states, and what differs is told with both values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest

import msgspec

from rongchang_desk.app import district
from rongchang_desk.app import report as reports
from rongchang_desk.app.basis import of_picture
from rongchang_desk.app.desk import Desk
from rongchang_desk.app.opening import Original
from rongchang_desk.app.page_agreement import SOFTWARE
from rongchang_desk.domain.measures import figures
from rongchang_desk.domain.merge import Decision, DecisionKind, Filed, Merged, merge
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.monthly_return import MonthlyReturn
from rongchang_desk.domain.period import Period
from rongchang_desk.domain.plan import Plan
from rongchang_desk.errors import FoundWrong

_MOST = 4
_NAMES = {
    "state": "状态", "value": "数值", "goal": "目标", "percent": "完成率", "expected": "序时应达",
    "level": "起点",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """One return of a report's lineage."""

    unit: str
    month: str
    digest: str
    received_at: str


@dataclass(frozen=True, slots=True)
class StatedDecision:
    """A decision that a report says it rests on."""

    keep: str
    kind: str
    same: bool
    subjects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stated:
    """What `report.json` says, as far as it can be recomputed."""

    kind: str
    period: str
    plan_digest: str
    month: str
    months: tuple[str, ...]
    number: str
    text: str
    software: str
    fingerprint: str
    units_expected: int
    units_reported: int
    missing: tuple[str, ...]
    figures: tuple[dict[str, str | None], ...]
    printed: tuple[tuple[str, str, str, str], ...]
    lineage: tuple[Source, ...]
    decisions: tuple[StatedDecision, ...]


@dataclass(frozen=True, slots=True)
class Recount:
    """What came of recomputing: the differences in Chinese, and how many returns were not at
    hand. With any lacking nothing was compared."""

    differences: tuple[str, ...] = ()
    lacking: int = 0

    @property
    def trouble(self) -> str:
        """The differences as one reason; empty when there are none."""
        if not self.differences:
            return ""
        told = "；".join(self.differences[:_MOST])
        rest = len(self.differences) - _MOST
        more = f"（另有{rest}处）" if rest > 0 else ""
        return (
            f"汇总报告的数字与按其所据月报重算的不同：{told}{more}。"
            "请以重算的为准，并向出具报告的办公室核实；其中的月报已逐份另行查验。"
        )

    @property
    def unchecked(self) -> str:
        """Why nothing was compared; empty when it was."""
        if not self.lacking:
            return ""
        return (
            f"没有重算汇总报告的数字：所据月报中有{self.lacking}份不在报告内，手头也没有。"
            "先接收以前月份的月报或汇总报告，即可核对。"
        )


def read(payload: bytes) -> Stated | None:
    """What a report says; None when it is not written as ours are."""
    try:
        stated = msgspec.json.decode(payload, type=Stated)
        Period.parse(stated.period)
        for month in (stated.month, *stated.months, *(source.month for source in stated.lineage)):
            Month.parse(month)
        for source in stated.lineage:
            datetime.fromisoformat(source.received_at)
        for decision in stated.decisions:
            DecisionKind(decision.kind)
    except (msgspec.MsgspecError, ValueError):
        return None
    return stated


def recount(
    plan: Plan, stated: Stated, at_hand: Mapping[str, MonthlyReturn], desk: Desk | None = None
) -> Recount:
    """The report's figures beside those of the returns at hand (by digest).

    `plan` is the report's own. With an office's `desk`, every number that the report prints is
    recomputed too, except who was late, which depends on when each office received what.
    """
    picture = _merged(plan, stated, at_hand)
    heads = {head.digest for head in picture.heads}
    named = {source.digest for source in stated.lineage}
    if not named <= heads:
        return Recount(lacking=len(named - heads))
    found = [*_counts(plan, stated, picture), *_figures(plan, stated, picture)]
    if desk is not None and stated.software == SOFTWARE:
        found += _printed(desk, plan, stated, picture)
    if not found and stated.fingerprint != district.fingerprint(picture):
        found.append("汇总指纹不符")
    return Recount(tuple(found))


def _merged(plan: Plan, stated: Stated, at_hand: Mapping[str, MonthlyReturn]) -> Merged:
    filed: dict[str, Filed] = {}
    for source in stated.lineage:
        digest = source.digest
        while digest in at_hand and digest not in filed:  # a revision with those it replaced
            value = at_hand[digest]
            filed[digest] = Filed(digest, datetime.fromisoformat(source.received_at), value)
            digest = filed[digest].predecessor or ""
    decisions = [
        Decision(str(n), DecisionKind(d.kind), d.subjects, d.same, d.keep, "", "", "")
        for n, d in enumerate(stated.decisions)
    ]
    return merge(plan, stated.plan_digest, filed.values(), decisions, Month.parse(stated.month))


def _counts(plan: Plan, stated: Stated, picture: Merged) -> Iterator[str]:
    month = Month.parse(stated.month)
    reported = {head.unit for head in picture.heads_of(month)}
    expected = plan.units_in(month, reported)
    missing = tuple(unit.code for unit in expected if unit.code not in reported)
    if stated.units_expected != len(expected):
        yield _told("应报单位数", stated.units_expected, len(expected))
    if stated.units_reported != len(expected) - len(missing):
        yield _told("已报单位数", stated.units_reported, len(expected) - len(missing))
    if stated.missing != missing:
        yield _told("未报单位", _names(plan, stated.missing), _names(plan, missing))


def _names(plan: Plan, codes: Iterable[str]) -> str:
    return "、".join(plan.name_of(code) for code in codes) or "无"


def _figures(plan: Plan, stated: Stated, picture: Merged) -> Iterator[str]:
    said = {figure.get("target"): figure for figure in stated.figures}
    for figure in figures(plan, picture):
        due = reports.figure_json(figure)
        given = said.pop(figure.target, None)
        title = plan.target(figure.target).title
        if given is None:
            yield f"缺少指标“{title}”"
            continue
        for key, name in _NAMES.items():
            if given.get(key) != due[key]:
                yield _told(f"指标“{title}”的{name}", given.get(key), due[key])
    for stray in said:
        yield f"多出指标“{stray}”"


def _printed(desk: Desk, plan: Plan, stated: Stated, picture: Merged) -> Iterator[str]:
    months = tuple(Month.parse(month) for month in stated.months)
    wish = reports.Wish(
        Period.parse(stated.period), reports.PaperKind(stated.kind), stated.number, stated.text
    )
    basis = of_picture(desk, plan, wish.period, months, picture)
    due = _comparable(reports.printed_json(reports.compose(desk, wish, basis)))
    said = _comparable(stated.printed)
    for one, other in zip_longest(said, due):
        if one != other:
            place = (one or other or ("",))[:3]
            where = "”“".join(text for text in place if text)
            alike = one is not None and other is not None and one[:3] == other[:3]
            yield _told(f"“{where}”", one and one[3], other[3] if alike and other else None)


def _comparable(
    printed: Iterable[tuple[str, str, str, str]],
) -> list[tuple[str, str, str, str]]:
    """The numbers that do not depend on when which office received a return."""
    late = {"按时", "逾期"}
    return [number for number in printed if not late & {number[1][:2], number[2][:2]}]


def _told(what: str, stated: object, due: object) -> str:
    return f"{what}，报告为{_shown(stated)}，重算为{_shown(due)}"


def _shown(value: object) -> str:
    return "空" if value is None or value == "" else str(value)


def recount_at_desk(desk: Desk, payload: bytes, originals: Iterable[Original]) -> Recount:
    """A report's figures beside those of its returns, as far as they are at hand.

    `originals` are those inside, opened; the returns that the office has received come besides.
    """
    from rongchang_desk.store import returns

    stated = read(payload)
    if stated is None:
        return Recount(("报告的数据不是本版工作台能核对的写法",))
    plan = desk.plan_of(stated.plan_digest)
    if plan is None:
        return Recount(lacking=len(stated.lineage))
    at_hand = values_of(originals)
    for unit, month in {(source.unit, source.month) for source in stated.lineage}:
        for filed in returns.received_of(desk.store, unit, Month.parse(month)):
            at_hand[filed.digest] = filed.monthly_return
    return recount(plan, stated, at_hand, desk)


def values_of(originals: Iterable[Original]) -> dict[str, MonthlyReturn]:
    """The valid returns among a report's originals, by digest."""
    from rongchang_desk.formats import return_json

    found: dict[str, MonthlyReturn] = {}
    for one in originals:
        if one.opened.payload is not None:
            with suppress(FoundWrong):  # judged and told where the original itself is
                value = return_json.loads(one.opened.payload)
                found[return_json.digest(one.opened.payload)] = value
    return found
