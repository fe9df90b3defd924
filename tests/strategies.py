"""Hypothesis strategies for domain values against a given plan.

`records(plan, unit, month)` and `monthly_returns(plan)` build values that satisfy the plan's
own codes and choices; whether the figures make sense is not their concern.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from rongchang_desk.domain.month import Month
from rongchang_desk.domain.monthly_return import (
    Amendment,
    AmendmentKind,
    Explanation,
    MonthlyReturn,
    Signatories,
    compose,
)
from rongchang_desk.domain.plan import Field, FieldType, NumberKind, Plan, Register, Target, Unit
from rongchang_desk.domain.records import (
    NOT_APPLICABLE,
    NOT_REPORTED,
    Evidence,
    FieldText,
    HostRole,
    NamedValue,
    Problem,
    Progress,
    Publicity,
    Reading,
    Record,
    Records,
    RegisterEntry,
    Status,
    Training,
    Value,
    gather,
    uuid7,
)

Texts = st.SearchStrategy[str]

any_texts: Texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=30)
"""Any text that has a UTF-8 form, control characters and all."""

typed_texts: Texts = st.text(
    st.characters(
        exclude_categories=("Cs", "Cc", "Cn", "Zs", "Zl", "Zp"), include_characters="\n "
    ),
    max_size=30,
).map(lambda text: text.strip())
"""Text as a clerk types it: no control characters, no space at either end."""

ids = st.builds(uuid7, st.integers(0, 2**48 - 1), st.integers(0, 2**74 - 1))
digests = st.text("0123456789abcdef", min_size=64, max_size=64)


def months(plan: Plan) -> st.SearchStrategy[Month]:
    return st.sampled_from(plan.first_month.until(plan.last_month))


def days(month: Month) -> st.SearchStrategy[date]:
    return st.dates(month.first_day, month.last_day)


def numbers(kind: NumberKind) -> st.SearchStrategy[Decimal]:
    """Numbers of up to 13 digits, as exact in a spreadsheet as on paper."""
    places = {NumberKind.COUNT: 0, NumberKind.MONEY: 2, NumberKind.DECIMAL: 4}[kind]
    return st.integers(0, 10**13).map(lambda digits: Decimal(digits).scaleb(-places))


def values(kind: NumberKind = NumberKind.COUNT) -> st.SearchStrategy[Value]:
    """A value in any of the four states."""
    return st.one_of(
        numbers(kind).map(Value.of), st.just(Value.of(0)), st.just(NOT_APPLICABLE),
        st.just(NOT_REPORTED),
    )  # fmt: skip


def evidence(text: Texts = any_texts) -> st.SearchStrategy[tuple[Evidence, ...]]:
    return st.lists(
        st.builds(Evidence, text, st.integers(0, 2**40), digests), max_size=2
    ).map(tuple)  # fmt: skip


def progress(
    plan: Plan, month: Month, text: Texts = any_texts, task: int | None = None
) -> st.SearchStrategy[Progress]:
    no = st.sampled_from([t.no for t in plan.tasks]) if task is None else st.just(task)
    percent = st.one_of(
        st.integers(0, 100).map(Value.of), st.just(NOT_REPORTED), st.just(NOT_APPLICABLE)
    )
    return st.builds(
        Progress, ids, st.just(month), no, st.sampled_from(Status), text, text, percent,
        evidence(text),
    )  # fmt: skip


def _named(
    columns: list[tuple[str, NumberKind]], at_least: int
) -> st.SearchStrategy[tuple[NamedValue, ...]]:
    """Values under some of the columns, in the columns' order."""
    chosen = st.sets(st.integers(0, len(columns) - 1), min_size=at_least)
    return chosen.flatmap(
        lambda picked: st.tuples(
            *(
                st.builds(NamedValue, st.just(columns[n][0]), values(columns[n][1]))
                for n in sorted(picked)
            )
        )
    )


def readings(target: Target, month: Month, text: Texts = any_texts) -> st.SearchStrategy[Reading]:
    columns = [(part.code, part.number) for part in target.columns()]
    return st.builds(
        Reading, ids, st.just(target.code), days(month), _named(columns, 1), text, evidence(text)
    )


def _bodies(plan: Plan) -> st.SearchStrategy[str]:
    return st.sampled_from([*(unit.code for unit in plan.units), *plan.external_bodies])


def _some_tasks(plan: Plan) -> st.SearchStrategy[tuple[int, ...]]:
    numbers_ = [task.no for task in plan.tasks]
    return st.lists(st.sampled_from(numbers_), unique=True, max_size=3).map(tuple)


def trainings(plan: Plan, month: Month, text: Texts = any_texts) -> st.SearchStrategy[Training]:
    return st.builds(
        Training,
        id=ids,
        day=days(month),
        topic=text,
        form=st.sampled_from(("", *plan.training_forms)),
        venue=text,
        lecturer=text,
        role=st.sampled_from(HostRole),
        host=st.one_of(st.just(""), _bodies(plan)),
        partners=st.lists(_bodies(plan), unique=True, max_size=3).map(tuple),
        headcounts=_named([(c.code, NumberKind.COUNT) for c in plan.headcounts], 0),
        tasks=_some_tasks(plan),
        note=text,
        evidence=evidence(text),
    )


def publicity(plan: Plan, month: Month, text: Texts = any_texts) -> st.SearchStrategy[Publicity]:
    return st.builds(
        Publicity,
        id=ids,
        day=days(month),
        theme=text,
        kind=st.sampled_from(("", *plan.publicity_kinds)),
        venue=text,
        role=st.sampled_from(HostRole),
        host=st.one_of(st.just(""), _bodies(plan)),
        partners=st.lists(_bodies(plan), unique=True, max_size=3).map(tuple),
        campaign=st.booleans(),
        reach=values(),
        media=text,
        tasks=_some_tasks(plan),
        note=text,
        evidence=evidence(text),
    )


def field_texts(field: Field, text: Texts = any_texts) -> Texts:
    """A field's value in canonical text; empty when not filled in."""
    filled: Texts = {
        FieldType.TEXT: text,
        FieldType.NUMBER: numbers(NumberKind.DECIMAL).map(_plain),
        FieldType.MONEY: numbers(NumberKind.MONEY).map(_plain),
        FieldType.DATE: st.dates(date(2000, 1, 1), date(2099, 12, 31)).map(date.isoformat),
        FieldType.CHOICE: st.sampled_from(field.choices or ("",)),
        FieldType.CHOICES: st.lists(
            st.sampled_from(field.choices or ("",)), unique=True, min_size=1
        ).map("；".join),
        FieldType.YES_NO: st.sampled_from(("是", "否")),
    }[field.type]
    return filled if field.required else st.one_of(st.just(""), filled)


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def entries(
    register: Register, month: Month, text: Texts = any_texts
) -> st.SearchStrategy[RegisterEntry]:
    """Rows of a register, holding only the fields that are filled in."""
    filled = st.tuples(
        *(st.builds(FieldText, st.just(f.code), field_texts(f, text)) for f in register.fields)
    ).map(lambda fields: tuple(f for f in fields if f.text))
    return st.builds(
        RegisterEntry, ids, st.just(register.code), days(month), filled, evidence(text)
    )


def problems(plan: Plan, month: Month, text: Texts = any_texts) -> st.SearchStrategy[Problem]:
    closed = days(month).map(lambda day: day + timedelta(days=40))
    return st.builds(
        Problem,
        id=ids,
        day=days(month),
        title=text,
        detail=text,
        wanted=text,
        task=st.sampled_from((0, *(task.no for task in plan.tasks))),
        answer=text,
        closed_on=st.one_of(st.none(), closed),
        evidence=evidence(text),
    )


@st.composite
def records(
    draw: Callable[..., object], plan: Plan, unit: Unit, month: Month, text: Texts = any_texts
) -> Records:
    """A unit's records of one month: one progress a task, one reading a target and day."""
    many: list[Record] = []
    for task in plan.tasks_of(unit.code):
        many += draw(st.lists(progress(plan, month, text, task.no), max_size=1))
    for target in plan.targets_of(unit.code):
        one_a_day = st.lists(
            readings(target, month, text), max_size=2, unique_by=lambda reading: reading.day
        )
        many += draw(one_a_day)
    for register in plan.registers_of(unit.code):
        many += draw(st.lists(entries(register, month, text), max_size=2))
    for strategy in (
        trainings(plan, month, text), publicity(plan, month, text), problems(plan, month, text),
    ):  # fmt: skip
        many += draw(st.lists(strategy, max_size=2))
    return gather(tuple(many))


def any_record(plan: Plan, month: Month, text: Texts = any_texts) -> st.SearchStrategy[Record]:
    """One record of any kind."""
    measured = [target for target in plan.targets if target.columns()]
    return st.one_of(
        progress(plan, month, text),
        trainings(plan, month, text),
        publicity(plan, month, text),
        problems(plan, month, text),
        *(readings(target, month, text) for target in measured),
        *(entries(register, month, text) for register in plan.registers),
    )


def signatories(text: Texts = any_texts) -> st.SearchStrategy[Signatories]:
    return st.builds(Signatories, text, text, text)


@st.composite
def monthly_returns(
    draw: Callable[..., object], plan: Plan, text: Texts = any_texts
) -> MonthlyReturn:
    """A composed return of any unit of the plan for any of its months."""
    unit = draw(st.sampled_from(plan.units))
    month = draw(months(plan))
    revision = draw(st.integers(1, 5))
    amends = st.builds(Amendment, digests, st.sampled_from(AmendmentKind), text)
    return compose(
        plan,
        draw(digests),
        unit,
        month,
        draw(records(plan, unit, month, text)),
        revision=revision,
        amends=draw(amends) if revision > 1 else None,
        signed_at=f"{month.next}-03T09:30:00+08:00",
        software=draw(text),
        signatories=draw(signatories(text)),
        explanations=draw(
            st.lists(st.builds(Explanation, text, text, text), max_size=2).map(tuple)
        ),
    )
