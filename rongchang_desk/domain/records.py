"""What a unit records in a month. Values only: the rules are in `checks`.

Every number has one of four states that are never mixed up: a value, a true zero,
not applicable (不涉及), not reported (未报).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from rongchang_desk.domain.month import Month

LARGEST = Decimal(10) ** 15


class State(StrEnum):
    VALUE = "value"
    ZERO = "zero"
    NOT_APPLICABLE = "not_applicable"
    NOT_REPORTED = "not_reported"


@dataclass(frozen=True, slots=True)
class Value:
    """A number in one of the four states; `number` is present exactly for value and zero.

    Raises ValueError for any other pairing and for numbers beyond `LARGEST` or with more than
    six decimals: no figure of a district comes near, and arithmetic downstream stays exact.
    """

    state: State
    number: Decimal | None = None

    def __post_init__(self) -> None:
        number = self.number
        if self.state is State.VALUE:
            good = number is not None and number.is_finite() and number != 0
        elif self.state is State.ZERO:
            good = number is not None and number.is_finite() and number == 0
        else:
            good = number is None
        if not good:
            raise ValueError(f"state {self.state.value} does not fit number {number}")
        if number is not None:
            _, digits, exponent = number.as_tuple()
            small = isinstance(exponent, int) and -6 <= exponent <= 15 and len(digits) <= 21
            if not small or abs(number) > LARGEST:
                raise ValueError(f"number out of bounds: {number}")

    @classmethod
    def of(cls, number: Decimal | int | str) -> Value:
        """A value, or a true zero when the number is 0."""
        decimal = Decimal(number)
        return cls(State.ZERO, Decimal(0)) if decimal == 0 else cls(State.VALUE, decimal)

    def or_zero(self) -> Decimal:
        """The number for adding up: 0 when there is none."""
        return self.number if self.number is not None else Decimal(0)

    def __str__(self) -> str:
        if self.number is not None:
            return f"{self.number:f}"
        return "不涉及" if self.state is State.NOT_APPLICABLE else "未报"


NOT_APPLICABLE = Value(State.NOT_APPLICABLE)
NOT_REPORTED = Value(State.NOT_REPORTED)


class Status(StrEnum):
    """Where a task stands in a unit."""

    NOT_STARTED = "not_started"
    UNDER_WAY = "under_way"
    DONE = "done"
    BEHIND = "behind"
    NOT_APPLICABLE = "not_applicable"

    @property
    def label(self) -> str:
        return {
            "not_started": "未启动", "under_way": "进行中", "done": "已完成",
            "behind": "滞后", "not_applicable": "不涉及",
        }[self.value]  # fmt: skip


class HostRole(StrEnum):
    """A unit's role in a joint activity: 主办 reports the headcount, 协办 refer to it."""

    HOST = "host"
    CO_HOST = "co_host"

    @property
    def label(self) -> str:
        return {"host": "主办", "co_host": "协办"}[self.value]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file that proves a record: its name, size in bytes and SHA-256 in hex."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Progress:
    """A unit's progress in one task in one month."""

    id: str
    month: Month
    task: int
    status: Status
    done: str = ""
    next: str = ""
    percent: Value = NOT_REPORTED
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class NamedValue:
    """A value under the code of a target's part or of a headcount category."""

    code: str
    value: Value


@dataclass(frozen=True, slots=True)
class Reading:
    """The figures of one target at one day, by the target's columns."""

    id: str
    target: str
    day: date
    values: tuple[NamedValue, ...]
    note: str = ""
    evidence: tuple[Evidence, ...] = ()

    @property
    def month(self) -> Month:
        return Month.of(self.day)

    def get(self, code: str) -> Value:
        """The value of a column; not reported when the reading has none."""
        return next((v.value for v in self.values if v.code == code), NOT_REPORTED)


@dataclass(frozen=True, slots=True)
class Training:
    """One training session. Headcounts are person-visits 人次 by category.

    `host` is a unit code or an external body's name when this unit is a co-host; empty
    when it hosts itself. `partners` are the other bodies, as codes or names.
    """

    id: str
    day: date
    topic: str
    form: str = ""
    venue: str = ""
    lecturer: str = ""
    role: HostRole = HostRole.HOST
    host: str = ""
    partners: tuple[str, ...] = ()
    headcounts: tuple[NamedValue, ...] = ()
    tasks: tuple[int, ...] = ()
    note: str = ""
    evidence: tuple[Evidence, ...] = ()

    @property
    def month(self) -> Month:
        return Month.of(self.day)

    def headcount(self, category: str) -> Value:
        return next((v.value for v in self.headcounts if v.code == category), NOT_REPORTED)


@dataclass(frozen=True, slots=True)
class Publicity:
    """One publicity event. `campaign` marks a 主题宣传活动 that counts for the yearly target."""

    id: str
    day: date
    theme: str
    kind: str = ""
    venue: str = ""
    role: HostRole = HostRole.HOST
    host: str = ""
    partners: tuple[str, ...] = ()
    campaign: bool = False
    reach: Value = NOT_REPORTED
    """People reached, 人次."""
    media: str = ""
    tasks: tuple[int, ...] = ()
    note: str = ""
    evidence: tuple[Evidence, ...] = ()

    @property
    def month(self) -> Month:
        return Month.of(self.day)


@dataclass(frozen=True, slots=True)
class FieldText:
    """A register field's value in canonical text.

    Dates as YYYY-MM-DD, numbers in plain decimal notation, choices joined by `；`,
    yes/no as 是 or 否; empty when not filled in.
    """

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """One row of a register; `day` is the day it was registered (登记日期)."""

    id: str
    register: str
    day: date
    fields: tuple[FieldText, ...]
    evidence: tuple[Evidence, ...] = ()

    @property
    def month(self) -> Month:
        return Month.of(self.day)

    def get(self, code: str) -> str:
        return next((f.text for f in self.fields if f.code == code), "")


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem a unit wants coordinated; `task` 0 means it belongs to no single task."""

    id: str
    day: date
    title: str
    detail: str = ""
    wanted: str = ""
    task: int = 0
    answer: str = ""
    closed_on: date | None = None
    evidence: tuple[Evidence, ...] = ()

    @property
    def month(self) -> Month:
        return Month.of(self.day)


Record = Progress | Reading | Training | Publicity | RegisterEntry | Problem

KINDS: dict[str, type[Record]] = {
    "progress": Progress,
    "reading": Reading,
    "training": Training,
    "publicity": Publicity,
    "register": RegisterEntry,
    "problem": Problem,
}
KIND_LABELS = {
    "progress": "任务进展", "reading": "指标读数", "training": "培训讲座",
    "publicity": "宣传活动", "register": "台账", "problem": "需协调解决事项",
}  # fmt: skip
_KIND_OF = {cls: kind for kind, cls in KINDS.items()}


def kind_of(record: Record) -> str:
    """The code of a record's kind: `progress`, `reading`, `training`…"""
    return _KIND_OF[type(record)]


@dataclass(frozen=True, slots=True)
class Records:
    """All records of one unit in one month, each kind in a fixed order (day, then id)."""

    progress: tuple[Progress, ...] = ()
    readings: tuple[Reading, ...] = ()
    trainings: tuple[Training, ...] = ()
    publicity: tuple[Publicity, ...] = ()
    entries: tuple[RegisterEntry, ...] = ()
    problems: tuple[Problem, ...] = ()

    def all(self) -> tuple[Record, ...]:
        return (
            *self.progress, *self.readings, *self.trainings,
            *self.publicity, *self.entries, *self.problems,
        )  # fmt: skip

    def is_empty(self) -> bool:
        return not self.all()


def gather(records: tuple[Record, ...]) -> Records:
    """Sort loose records into kinds, each ordered by task or day and id."""
    return Records(
        progress=tuple(
            sorted(
                (r for r in records if isinstance(r, Progress)),
                key=lambda r: (r.task, r.id),
            )
        ),
        readings=_by_day(tuple(r for r in records if isinstance(r, Reading))),
        trainings=_by_day(tuple(r for r in records if isinstance(r, Training))),
        publicity=_by_day(tuple(r for r in records if isinstance(r, Publicity))),
        entries=tuple(
            sorted(
                (r for r in records if isinstance(r, RegisterEntry)),
                key=lambda r: (r.register, r.day, r.id),
            )
        ),
        problems=_by_day(tuple(r for r in records if isinstance(r, Problem))),
    )


_Dated = TypeVar("_Dated", Reading, Training, Publicity, Problem)


def _by_day(records: tuple[_Dated, ...]) -> tuple[_Dated, ...]:
    return tuple(sorted(records, key=lambda r: (r.day, r.id)))


def uuid7(unix_ms: int, random: int) -> str:
    """A UUID version 7 (RFC 9562 §5.7) from a time in ms and 74 random bits."""
    value = (unix_ms & (1 << 48) - 1) << 80 | 0x7 << 76 | (random >> 62 & 0xFFF) << 64
    value |= 0b10 << 62 | random & (1 << 62) - 1
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
