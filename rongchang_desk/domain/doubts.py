"""Figures that a person should look into before they are believed: pure, nothing is changed here.

Differences 对账差异 between other units' readings of an owned target and the owner's, and
headcounts that are hardly possible or unlike what the unit reports otherwise.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from rongchang_desk.domain import titles
from rongchang_desk.domain.joint import Held, title_of
from rongchang_desk.domain.merge import Merged
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.plan import Plan, Target
from rongchang_desk.domain.records import Reading, Training

VENUES_MOST = (
    ("会议室", 150), ("培训室", 120), ("会议中心", 600), ("多功能厅", 300), ("报告厅", 500),
    ("学术厅", 400), ("礼堂", 1000), ("服务中心", 300), ("文化站", 200), ("车间", 300),
)  # fmt: skip
"""Most people a venue may hold, by a word in its name. The plan says nothing of it: a parameter,
待领导小组办公室确认."""

HISTORY = 4
"""Earlier sessions of a unit from which its usual size is known."""
FAR = 6
"""Times the usual size from which a headcount is out of the ordinary."""
FEW = 10
"""Heads below which nothing is doubted."""


# -- differences between units ------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Stated:
    """What a unit's newest reading says of a target."""

    unit: str
    reading: Reading
    value: Decimal

    @property
    def key(self) -> str:
        return f"{self.unit}:{self.reading.id}"


@dataclass(frozen=True, slots=True)
class Difference:
    """Another unit's reading that differs from the owner's; `owners` None when it has none.

    `score` 0 to 100 says how odd it is, `reason` in Chinese what may be behind it.
    """

    target: str
    owners: Stated | None
    others: Stated
    score: float
    reason: str

    @property
    def keys(self) -> tuple[str, ...]:
        return (*((self.owners.key,) if self.owners else ()), self.others.key)

    @property
    def basis(self) -> tuple[str, ...]:
        """What the readings say, in the order of `keys`."""
        both = (*((self.owners,) if self.owners else ()), self.others)
        return tuple(f"{one.value:f}" for one in both)


def differences(plan: Plan, merged: Merged) -> tuple[Difference, ...]:
    """Where other units' newest readings of owned targets differ from the owner's, oddest first."""
    found = []
    for target in plan.targets:
        if not target.owner or target.partition or not target.columns():
            continue
        newest = _newest(target, merged)
        owners = newest.pop(target.owner, None)
        found += [
            Difference(target.code, owners, other, *_why_different(owners, other))
            for other in newest.values()
            if owners is None or owners.value != other.value
        ]
    return tuple(sorted(found, key=lambda d: (-d.score, d.target, d.others.unit)))


def _newest(target: Target, merged: Merged) -> dict[str, Stated]:
    column = target.columns()[0].code
    readings = [(unit, r) for unit, r in merged.readings if r.target == target.code]
    newest: dict[str, Stated] = {}
    for unit, reading in sorted(readings, key=lambda pair: (pair[1].day, pair[0], pair[1].id)):
        number = reading.get(column).number
        if number is not None:
            newest[unit] = Stated(unit, reading, number)
    return newest


def _why_different(owners: Stated | None, other: Stated) -> tuple[float, str]:
    """(score, reason): a slip of the pen weighs more than a reading of another month."""
    if owners is None:
        return 60.0, "责任单位还没有报送读数，无从核对"
    mine, theirs = owners.value, other.value
    if owners.reading.month != other.reading.month:
        when = "早于" if other.reading.month < owners.reading.month else "晚于"
        why = f"读数月份不同：{other.reading.month.label}{when}{owners.reading.month.label}"
        return 40.0, why
    if mine and theirs:
        for power in (1, 2, 3):
            if theirs in (mine * 10**power, mine / 10**power):
                return 100.0, f"恰好相差 {10**power} 倍，可能多写或漏写了 0"
        if sorted(f"{mine:f}") == sorted(f"{theirs:f}"):
            return 95.0, "数字相同、次序不同，可能写颠倒了"
        share = abs(theirs - mine) * 100 / abs(mine)
        return float(min(Decimal(90), 50 + share)), f"相差 {theirs - mine:+,f}，占 {share:.1f}%"
    return 85.0, "一方为 0，一方不为 0"


# -- headcounts -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Doubt:
    """A session whose headcount a person should look into, and all that speaks against it.

    `beside` is another record of the unit that it may overlap with.
    """

    held: Held
    score: float
    reason: str
    beside: Held | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        return (self.held.key, *((self.beside.key,) if self.beside else ()))

    @property
    def basis(self) -> tuple[str, ...]:
        """The headcounts, in the order of `keys`."""
        both = (self.held, *((self.beside,) if self.beside else ()))
        return tuple(_written(one) for one in both)


def headcounts(
    plan: Plan,
    merged: Merged,
    month: Month,
    most: Sequence[tuple[str, int]] = VENUES_MOST,
) -> tuple[Doubt, ...]:
    """The sessions of a month whose headcounts are doubtful, the most doubtful first.

    Judged by the unit's own earlier sessions, by the room and by its other records of the day.
    """
    by_unit: dict[str, list[Training]] = defaultdict(list)
    for session in merged.trainings:
        by_unit[session.unit].append(session.record)
    found = []
    for unit, sessions in by_unit.items():
        for one in sessions:
            if one.month != month or heads_of(one) < FEW:
                continue
            earlier = [heads_of(s) for s in sessions if s.day < one.day and heads_of(s)]
            beside = next((s for s in sessions if s.id > one.id and _overlap(one, s)), None)
            said = [*_own_oddities(plan, one), *_unlike(heads_of(one), earlier)]
            said += _too_many(one, most)
            if beside is not None:
                said.append((82.0, "同一天同一主题另有一场，现场与线上人数可能重复计算"))
            if said:
                found.append(
                    Doubt(
                        Held(unit, one),
                        max(score for score, _ in said),
                        "；".join(why for _, why in said),
                        Held(unit, beside) if beside else None,
                    )
                )
    return tuple(sorted(found, key=lambda d: (-d.score, d.held.key)))


def heads_of(training: Training) -> int:
    """Person-visits of a session over all categories."""
    return int(sum((v.value.or_zero() for v in training.headcounts), Decimal(0)))


def _own_oddities(plan: Plan, training: Training) -> Iterator[tuple[float, str]]:
    known = {category.code for category in plan.headcounts}
    numbers = [v.value.number for v in training.headcounts if v.code in known and v.value.number]
    if len(numbers) >= 2 and len(set(numbers)) == 1 and numbers[0] >= FEW:
        yield 75.0, f"{len(numbers)} 个类别的人次都是 {numbers[0]:f}，可能重复填写了总数"


def _unlike(heads: int, earlier: list[int]) -> Iterator[tuple[float, str]]:
    if len(earlier) < HISTORY:
        return
    usual = int(median(earlier))
    if usual and heads >= FAR * usual:
        tenth = usual / 2 <= heads / 10 <= usual * 2
        slip = f"，若多写了一个 0 应为 {heads // 10}" if tenth and heads % 10 == 0 else ""
        yield (
            95.0 if slip else 80.0,
            f"是本单位平时（中位数 {usual}）的 {heads / usual:.0f} 倍{slip}",
        )
    elif heads and usual >= FAR * heads:
        yield 70.0, f"不到本单位平时（中位数 {usual}）的 {heads / usual:.0%}，可能漏写了一个 0"


def _too_many(training: Training, most: Iterable[tuple[str, int]]) -> Iterator[tuple[float, str]]:
    if training.form in ("线上", "混合") or "线上" in training.venue:
        return
    place = titles.plain(training.venue)
    holding = [number for word, number in most if titles.plain(word) in place]
    heads = heads_of(training)
    if holding and heads > max(holding):
        yield 88.0, f"{heads} 人次超过“{training.venue}”一般可容纳的 {max(holding)} 人（暂定参数）"


def _overlap(one: Training, other: Training) -> bool:
    """Whether two records of a unit may be one session, counted on site and online."""
    return (
        one.day == other.day
        and one.form != other.form
        and titles.core(title_of(one)) == titles.core(title_of(other))
        and titles.session_of(title_of(one)) == titles.session_of(title_of(other))
    )


def _written(held: Held) -> str:
    assert isinstance(held.activity, Training)
    return ",".join(f"{v.code}={v.value}" for v in held.activity.headcounts)
