"""How a unit's figures fit each other: within the month, with its registers, and with earlier
months. Which figures belong together is said by the plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal, InvalidOperation

from rongchang_desk.domain.finding import Finding, Where, error, warning
from rongchang_desk.domain.plan import CrossCheck, CrossCheckKind, Part, Plan, Target, TargetKind
from rongchang_desk.domain.records import Reading, Records, RegisterEntry

Latest = dict[str, Reading]
"""The latest reading of each target."""


def check_across(
    plan: Plan,
    records: Records,
    *,
    last_month: Sequence[Reading] = (),
    year_ago: Sequence[Reading] = (),
) -> tuple[Finding, ...]:
    """What does not fit between a month's figures, and beside the readings of last month and
    of the same month a year ago. Numbers not given are never judged."""
    now, before, year = latest_of(records.readings), latest_of(last_month), latest_of(year_ago)
    found: list[Finding] = []
    for target in plan.targets:
        reading = now.get(target.code)
        if reading is None or not target.columns():
            continue
        found += _beside_other_targets(plan, target, now)
        if target.kind is TargetKind.STOCK:
            found += _fallen(target, target.columns()[:1], reading, before, "stock-fell")
    for rule in plan.crosschecks:
        reading = now.get(rule.target)
        if reading is None or not plan.has_target(rule.target):
            continue
        found += _by_rule(plan, rule, reading, records.entries, before, year)
    return tuple(found)


def latest_of(readings: Iterable[Reading]) -> Latest:
    """The latest reading of each target."""
    return {reading.target: reading for reading in sorted(readings, key=lambda r: (r.day, r.id))}


def _by_rule(
    plan: Plan,
    rule: CrossCheck,
    reading: Reading,
    entries: Sequence[RegisterEntry],
    before: Latest,
    year: Latest,
) -> Iterator[Finding]:
    target = plan.target(rule.target)
    columns = tuple(c for c in target.columns() if not rule.parts or c.code in rule.parts)
    match rule.kind:
        case CrossCheckKind.WITHIN:
            yield from _more_than_whole(target, columns, rule.whole, reading)
        case CrossCheckKind.REGISTER:
            yield from _unlike_register(plan, rule, columns, reading, entries)
        case CrossCheckKind.SWING:
            for earlier, when in ((before, "上月"), (year, "上年同月")):
                yield from _swung(rule, target, columns, reading, earlier, when)
        case CrossCheckKind.RISING | CrossCheckKind.RISING_IN_YEAR:
            begins = rule.kind is CrossCheckKind.RISING_IN_YEAR and reading.month.month == 1
            if not begins:
                yield from _fallen(target, columns, reading, before, "cumulative-fell")


def _beside_other_targets(plan: Plan, target: Target, now: Latest) -> Iterator[Finding]:
    reading, ceiling = now[target.code], now.get(target.at_most)
    column = target.columns()[0]
    number = reading.get(column.code).number
    if ceiling is None or number is None:
        return
    other = plan.target(target.at_most)
    most = ceiling.get(other.columns()[0].code).number
    if most is not None and number > most:
        yield error(
            "more-than-whole", _at(reading, column),
            f"“{target.title}”{number} 大于“{other.title}”{most}，请核对。",
        )  # fmt: skip


def _more_than_whole(
    target: Target, parts: Sequence[Part], whole: str, reading: Reading
) -> Iterator[Finding]:
    most = reading.get(whole).number
    given = [(part, number) for part in parts if (number := reading.get(part.code).number)]
    together = sum((number for _, number in given), Decimal(0))
    if most is None or together <= most:
        return
    title = next((c.title for c in target.columns() if c.code == whole), whole)
    listed = "＋".join(f"{part.title} {number}" for part, number in given)
    sums = f"{listed} ＝ {together}" if len(given) > 1 else listed
    yield error(
        "parts-over-whole", _at(reading, given[0][0]),
        f"“{target.title}”的其中项大于合计：{sums}，而“{title}”是 {most}，请核对。",
    )  # fmt: skip


def _unlike_register(
    plan: Plan,
    rule: CrossCheck,
    columns: Sequence[Part],
    reading: Reading,
    entries: Sequence[RegisterEntry],
) -> Iterator[Finding]:
    own = [entry for entry in entries if entry.register == rule.register]
    if not columns or not plan.has_register(rule.register):
        return
    number = reading.get(columns[0].code).number
    if number is None:
        return
    register = plan.register(rule.register)
    if rule.field:
        title = next((f.title for f in register.fields if f.code == rule.field), rule.field)
        there = sum((_number(entry.get(rule.field)) for entry in own), Decimal(0))
        what = f"“{title}”本月合计 {there}"
    else:
        there, what = Decimal(len(own)), f"本月有 {len(own)} 条"
    if number != there:
        yield warning(
            "register-differs", _at(reading, columns[0]),
            f"“{columns[0].title}”填的是 {number}，而“{register.title}”{what}，"
            "请核对，确有不同的请说明原因。",
        )  # fmt: skip


def _swung(
    rule: CrossCheck,
    target: Target,
    columns: Sequence[Part],
    reading: Reading,
    earlier: Latest,
    when: str,
) -> Iterator[Finding]:
    other = earlier.get(target.code)
    if other is None:
        return
    for column in columns:
        now, then = reading.get(column.code).number, other.get(column.code).number
        if now is None or not then:
            continue
        change = (now - then) / abs(then) * 100
        if rule.percent is not None and abs(change) > rule.percent:
            word = "增加" if change > 0 else "减少"
            yield warning(
                "figure-swung", _at(reading, column),
                f"“{column.title}”{now}，比{when}的 {then} {word}了 {abs(change):.0f}%"
                f"（超过 {rule.percent}%），请核对或说明原因。",
            )  # fmt: skip


def _fallen(
    target: Target, columns: Sequence[Part], reading: Reading, before: Latest, code: str
) -> Iterator[Finding]:
    other = before.get(target.code)
    if other is None:
        return
    for column in columns:
        now, then = reading.get(column.code).number, other.get(column.code).number
        if now is not None and then is not None and now < then:
            yield warning(
                code, _at(reading, column),
                f"“{column.title}”由上月的 {then} 降到 {now}，请说明原因。",
            )  # fmt: skip


def _at(reading: Reading, column: Part) -> Where:
    return Where("reading", reading.id, column.code)


def _number(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:  # an empty field, or one that has a finding of its own
        return Decimal(0)
