"""The score sheets 考核得分 of all units for a period, each point traced to where it comes from.

A pure function of the plan, the rules, the merged returns and the supervision orders. A rule
that finds nothing to judge in a unit does not apply there: its weight is left out of what the
unit could reach, never counted as zero and never as full marks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from rongchang_desk.domain.assessment_rules import AssessmentRules, JointCredit, Rule, RuleKind
from rongchang_desk.domain.describe import name_of
from rongchang_desk.domain.joint import title_of
from rongchang_desk.domain.measures import Figure, FigureState
from rongchang_desk.domain.merge import CountedEvent, CountedTraining, Filed, Merged, on_time
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.plan import Plan, Target, Unit
from rongchang_desk.domain.records import Publicity, Training
from rongchang_desk.domain.task_light import LightRule, TaskLight, consecutive, task_light

FORMAT_VERSION = 1
_NOTHING, _WHOLE = Decimal(0), Decimal(1)
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Order:
    """A supervision order 督办单 and when its feedback was opened at the office."""

    id: str
    unit: str
    title: str
    issued_on: date
    due: date | None
    answered_on: date | None


@dataclass(frozen=True, slots=True)
class ScoreItem:
    """One thing that a rule judged, and the points it gave of those it could give.

    `digest` is that of the return it stands in (empty where there is none), `record` the id of
    the record or of the supervision order. `key` names the item within its rule.
    """

    key: str
    what: str
    why: str
    points: Decimal
    most: Decimal
    month: Month | None = None
    revision: int = 0
    digest: str = ""
    record: str = ""


@dataclass(frozen=True, slots=True)
class RuleScore:
    """What one rule gave a unit. Without items it does not apply."""

    rule: str
    title: str
    weight: Decimal
    points: Decimal
    applies: bool
    items: tuple[ScoreItem, ...]


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """One unit's sheet: points of those it could reach, and the same per hundred (two decimals,
    None when no rule applies). `rank` is 0 unless the rules ask for ranking."""

    unit: str
    name: str
    scores: tuple[RuleScore, ...]
    points: Decimal
    most: Decimal
    percent: Decimal | None
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Assessment:
    """All sheets of a period. `months` are those judged: over, in use, within the plan.

    `fingerprint` is the 汇总指纹 of the picture it was made from; `rules_version` 0 stands for the
    rules of the plan file.
    """

    format: int
    plan: str
    plan_digest: str
    period: str
    label: str
    months: tuple[Month, ...]
    judged_on: date
    fingerprint: str
    rules_version: int
    rules: AssessmentRules
    sheets: tuple[ScoreSheet, ...]

    def sheet(self, unit: str) -> ScoreSheet | None:
        """A unit's sheet, or None."""
        return next((sheet for sheet in self.sheets if sheet.unit == unit), None)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is judged: the picture and figures through the last of `months`."""

    plan: Plan
    merged: Merged
    figures: tuple[Figure, ...]
    months: tuple[Month, ...]
    due: Mapping[Month, date]
    today: date
    orders: tuple[Order, ...] = ()


@dataclass(frozen=True, slots=True)
class _Judged:
    """An item before points: `worth` is its share of the rule's weight, `earned` of its worth."""

    item: ScoreItem
    worth: Decimal
    earned: Decimal


def score(facts: Facts, rules: AssessmentRules) -> tuple[ScoreSheet, ...]:
    """The sheet of every unit that a month of them counts, in plan order."""
    returns = {(head.unit, head.month): head for head in facts.merged.heads}
    sheets = [
        _sheet(facts, rules, unit.code, returns)
        for unit in facts.plan.units
        if _months_counted(facts, unit.code, returns)
    ]
    return _ranked(sheets) if rules.ranking else tuple(sheets)


_Returns = Mapping[tuple[str, Month], Filed]


def partly(unit: Unit, months: Sequence[Month]) -> str:
    """In words, since or until when a unit reports that did not in all of these months; else
    empty. Only its own months are judged then."""
    words = []
    if unit.since is not None and unit.since > months[0]:
        words.append(f"自{unit.since.label}起")
    if unit.until is not None and unit.until < months[-1]:
        words.append(f"至{unit.until.label}止")
    return f"该单位{'、'.join(words)}报送，只考核其报送的月份。" if words else ""


def _sheet(facts: Facts, rules: AssessmentRules, unit: str, returns: _Returns) -> ScoreSheet:
    scores = tuple(_rule_score(facts, rule, unit, returns) for rule in rules.rules)
    points = sum((s.points for s in scores), _NOTHING)
    most = sum((s.weight for s in scores if s.applies), _NOTHING)
    percent = _cents(points * 100 / most) if most else None
    return ScoreSheet(unit, facts.plan.name_of(unit), scores, points, most, percent)


def _ranked(sheets: Iterable[ScoreSheet]) -> tuple[ScoreSheet, ...]:
    """The same sheets with ranks; equal scores share one."""
    sheets = tuple(sheets)
    ordered = sorted((s.percent for s in sheets if s.percent is not None), reverse=True)
    return tuple(
        s if s.percent is None else replace(s, rank=ordered.index(s.percent) + 1) for s in sheets
    )


def _rule_score(facts: Facts, rule: Rule, unit: str, returns: _Returns) -> RuleScore:
    judged = tuple(_JUDGES[rule.kind](facts, rule, unit, returns))
    # What items can give is rounded as running sums, so that it adds up to the rule's weight.
    items: list[ScoreItem] = []
    could, could_before = _NOTHING, _NOTHING
    for one in judged:
        could += one.worth
        could_now = _cents(rule.weight * could)
        most = could_now - could_before
        items.append(replace(one.item, points=_cents(most * one.earned), most=most))
        could_before = could_now
    points = sum((item.points for item in items), _NOTHING)
    applies = bool(judged) or rule.kind.counted
    return RuleScore(rule.code, rule.title, rule.weight, points, applies, tuple(items))


def _evenly(judged: Iterable[tuple[ScoreItem, Decimal]]) -> Iterator[_Judged]:
    """Items that weigh the same."""
    found = tuple(judged)
    for item, earned in found:
        yield _Judged(item, _WHOLE / len(found), earned)


def _item(key: str, what: str, why: str, filed: Filed | None, record: str = "") -> ScoreItem:
    if filed is None:
        return ScoreItem(key, what, why, _NOTHING, _NOTHING, record=record)
    revision = filed.monthly_return.revision
    return ScoreItem(
        key, what, why, _NOTHING, _NOTHING, filed.month, revision, filed.digest, record
    )


# -- what each kind of rule looks at ------------------------------------------------


def _months_counted(facts: Facts, unit: str, returns: _Returns) -> tuple[Month, ...]:
    """The months judged of a unit: those it reports in by the plan, and those it did report."""
    expects = facts.plan.unit(unit).reports_in
    return tuple(at for at in facts.months if expects(at) or (unit, at) in returns)


def _months_due(facts: Facts, unit: str, returns: _Returns) -> Iterator[tuple[Month, Filed | None]]:
    """The months whose return is there, or expected of the unit and past its due day."""
    expects = facts.plan.unit(unit).reports_in
    for month in facts.months:
        filed = returns.get((unit, month))
        if filed is not None or (expects(month) and facts.today > facts.due[month]):
            yield month, filed


def _on_time(facts: Facts, rule: Rule, unit: str, returns: _Returns) -> Iterator[_Judged]:
    def judged() -> Iterator[tuple[ScoreItem, Decimal]]:
        for month, filed in _months_due(facts, unit, returns):
            what, key = f"{month.label}月报", str(month)
            due = facts.due[month]
            if filed is None:
                missing = _item(key, what, f"未报（截止 {due}）", None)
                yield replace(missing, month=month), _NOTHING
            elif on_time(facts.merged.chains[filed.digest], due):
                yield _item(key, what, "按时", filed), _WHOLE
            else:
                why = f"迟报（截止 {due}）"
                yield _item(key, what, why, filed), rule.part

    return _evenly(judged())


def _complete(facts: Facts, _rule: Rule, unit: str, returns: _Returns) -> Iterator[_Judged]:
    """The same demands that a unit's own check makes: its led tasks and its owned targets."""
    owned = facts.plan.targets_of(unit)

    def judged() -> Iterator[tuple[ScoreItem, Decimal]]:
        for month, filed in _months_due(facts, unit, returns):
            what, key = f"{month.label}应报内容", str(month)
            if filed is None:
                yield replace(_item(key, what, "未报", None), month=month), _NOTHING
                continue
            led = [t.no for t in facts.plan.tasks_of(unit, month) if t.lead == unit]
            told = {progress.task for progress in filed.monthly_return.progress}
            read = {reading.target for reading in filed.monthly_return.readings}
            lacking = [f"任务{no}进展" for no in led if no not in told]
            lacking += [f"“{t.title}”读数" for t in owned if t.code not in read]
            wanted = len(led) + len(owned)
            share = Decimal(wanted - len(lacking)) / wanted if wanted else _WHOLE
            why = f"缺{'、'.join(lacking)}" if lacking else f"应报 {wanted} 项齐全" * bool(wanted)
            yield _item(key, what, why or "已报送", filed), share

    return _evenly(judged())


def _progress(facts: Facts, rule: Rule, unit: str, returns: _Returns) -> Iterator[_Judged]:
    plan = facts.plan
    mine = [p for code, p in facts.merged.progress if code == unit]

    def judged() -> Iterator[tuple[ScoreItem, Decimal]]:
        for task in plan.tasks_of(unit, facts.months[-1]):
            reports = consecutive([p for p in mine if p.task == task.no], facts.months[-1])
            if reports and reports[-1].month not in facts.months:
                reports = ()
            light = task_light(
                reports,
                plan.first_month,
                plan.last_month,
                facts.today,
                plan.lights or LightRule(),
            )
            if light is TaskLight.NOT_APPLICABLE:
                continue
            if light is TaskLight.SILENT and (
                task.lead != unit or not plan.unit(unit).reports_in(facts.months[-1])
            ):
                continue  # who only supports a task, or left the plan, need not report it
            share = {
                TaskLight.SILENT: _NOTHING, TaskLight.OVERDUE: _NOTHING,
                TaskLight.BEHIND: rule.part,
            }.get(light, _WHOLE)  # fmt: skip
            newest = reports[-1] if reports else None
            filed = returns.get((unit, newest.month)) if newest else None
            what = f"任务{task.no} {task.title}"
            told = f"（{newest.month.label}：{newest.status.label}）" if newest else ""
            yield (
                _item(str(task.no), what, light.label + told, filed, newest.id if newest else ""),
                share,
            )

    return _evenly(judged())


def _target(facts: Facts, _rule: Rule, unit: str, returns: _Returns) -> Iterator[_Judged]:
    figures = {figure.target: figure for figure in facts.figures}

    def judged() -> Iterator[tuple[ScoreItem, Decimal]]:
        for target in facts.plan.targets:
            figure = figures[target.code]
            share = _target_share(figure) if target.owner == unit else None
            if share is None:
                continue
            origin = next((o for o in reversed(figure.origins) if o.unit == unit), None)
            filed = returns.get((unit, origin.month)) if origin else None
            record = origin.record if origin else ""
            yield (
                _item(target.code, target.title, _target_why(target, figure), filed, record),
                (share),
            )

    return _evenly(judged())


def _target_share(figure: Figure) -> Decimal | None:
    """The share a target's state earns its owner; None where the state cannot be judged."""
    match figure.state:
        case FigureState.REACHED | FigureState.ON_TRACK:
            return _WHOLE
        case FigureState.NO_DATA:
            return _NOTHING
        case FigureState.BEHIND:
            wanted = figure.expected if figure.expected is not None else figure.goal
            if not wanted or figure.value is None:
                return _NOTHING
            return max(_NOTHING, min(_WHOLE, figure.value / wanted))
        case _:
            return None


def _target_why(target: Target, figure: Figure) -> str:
    if figure.value is None:
        return figure.state.label
    wanted = figure.expected if figure.expected is not None else figure.goal
    against = "" if wanted is None else f"，应达 {wanted:,f}"
    return f"{figure.state.label}：{figure.value:,f}{against}（{target.kind.label}）"


def _training(facts: Facts, rule: Rule, unit: str, returns: _Returns) -> Iterator[_Judged]:
    return _activities(facts, rule, unit, returns, facts.merged.trainings, Training)


def _publicity(facts: Facts, rule: Rule, unit: str, returns: _Returns) -> Iterator[_Judged]:
    return _activities(facts, rule, unit, returns, facts.merged.events, Publicity)


def _activities(
    facts: Facts, rule: Rule, unit: str, returns: _Returns,
    counted: Sequence[CountedTraining | CountedEvent], kind: type[Training] | type[Publicity],
) -> Iterator[_Judged]:  # fmt: skip
    """Activities up to the number that earns full marks in as many months as are judged."""
    months = _months_counted(facts, unit, returns)
    wanted = Decimal(rule.full * len(months)) / 12
    credits: dict[str, tuple[Decimal, str]] = {}
    for one in counted:
        keys = (f"{one.unit}:{one.record.id}", *one.also)
        units = {key.partition(":")[0] for key in keys}
        own = next((key for key in keys if key.startswith(f"{unit}:")), "")
        if own:
            credits[own] = _credit(rule.joint, len(units), is_host=one.unit == unit)
    counting: dict[str, tuple[Decimal, str]] = credits
    for held in facts.merged.unmatched:
        counting.setdefault(held.key, (_NOTHING, "主办单位没有报这场活动，暂不计"))
    left = wanted
    for month in facts.months:
        filed = returns.get((unit, month))
        records = filed.monthly_return.records.all() if filed else ()
        for record in records:
            if not isinstance(record, kind):
                continue
            credit, why = counting.get(f"{unit}:{record.id}", (_NOTHING, "已并入同一活动"))
            used = min(credit, left)
            if credit > used:
                why += "，已够满分" if not used else "，计到满分为止"
            left -= used
            item = _item(record.id, f"{record.day} {title_of(record)}", why, filed, record.id)
            yield _Judged(item, used / wanted, _WHOLE)
    if left > 0:
        lacking = f"{left.quantize(_CENT).normalize():f}"
        what = f"距满分还差 {lacking} 次"
        yield _Judged(_item("lacking", what, _wanted_words(rule, months), None),
                      left / wanted, _NOTHING)  # fmt: skip


def _wanted_words(rule: Rule, months: Sequence[Month]) -> str:
    return f"每年 {rule.full} 次为满分，本期 {len(months)} 个月按比例折算"


def _credit(joint: JointCredit, units: int, *, is_host: bool) -> tuple[Decimal, str]:
    """What one activity brings a unit, and why in words."""
    if units == 1:
        return _WHOLE, "计 1 次"
    if joint is JointCredit.SHARE:
        return _WHOLE / units, f"{units} 个单位联合，平分"
    if joint is JointCredit.HOST and not is_host:
        return _NOTHING, "联合活动只计主办单位"
    return _WHOLE, f"{units} 个单位联合，计 1 次"


def _problem(facts: Facts, rule: Rule, unit: str, returns: _Returns) -> Iterator[_Judged]:
    def judged() -> Iterator[tuple[ScoreItem, Decimal]]:
        for order in facts.orders:
            if order.unit == unit and Month.of(order.issued_on) in facts.months:
                yield from _order(facts, rule, order)
        for month in facts.months:
            filed = returns.get((unit, month))
            for problem in filed.monthly_return.problems if filed else ():
                if problem.closed_on is not None or problem.answer:
                    what = f"事项：{name_of(facts.plan, problem)}"
                    why = f"{problem.closed_on} 办结" if problem.closed_on else "已答复"
                    yield _item(problem.id, what, why, filed, problem.id), _WHOLE

    return _evenly(judged())


def _order(facts: Facts, rule: Rule, order: Order) -> Iterator[tuple[ScoreItem, Decimal]]:
    """A supervision order, unless it is still open and not past its due day."""
    due, answered = order.due, order.answered_on
    limit = f"（期限 {due}）" if due else ""
    what = f"督办：{order.title}"
    item = replace(_item(order.id, what, "", None, order.id), month=Month.of(order.issued_on))
    if answered is not None and (due is None or answered <= due):
        yield replace(item, why=f"{answered} 按期反馈{limit}"), _WHOLE
    elif answered is not None:
        yield replace(item, why=f"{answered} 逾期反馈{limit}"), rule.part
    elif due is not None and facts.today > due:
        yield replace(item, why=f"逾期未反馈{limit}"), _NOTHING


_JUDGES = {
    RuleKind.ON_TIME: _on_time,
    RuleKind.COMPLETE: _complete,
    RuleKind.PROGRESS: _progress,
    RuleKind.TARGET: _target,
    RuleKind.TRAINING: _training,
    RuleKind.PUBLICITY: _publicity,
    RuleKind.PROBLEM: _problem,
}


def _cents(number: Decimal) -> Decimal:
    return number.quantize(_CENT, ROUND_HALF_UP)
