"""The work plan as values: units, tasks, targets, registers, deadlines.

Another city's plan is another `Plan`; nothing here names Rongchang. What the published
plan does not say is listed in `assumed` and shown as 待领导小组办公室确认.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from rongchang_desk.domain.assessment_rules import AssessmentRules
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.task_light import LightRule

TO_CONFIRM = "待领导小组办公室确认"


class UnitKind(StrEnum):
    DEPARTMENT = "department"
    SUBDISTRICT = "subdistrict"
    TOWN = "town"

    @property
    def label(self) -> str:
        return {"department": "部门", "subdistrict": "街道", "town": "镇"}[self.value]


class TargetKind(StrEnum):
    """How a target's figure is made (see `measures`)."""

    STOCK = "stock"
    YEARLY = "yearly"
    GROWTH = "growth"
    RATIO = "ratio"
    VERSUS = "versus"
    WATCHED = "watched"

    @property
    def label(self) -> str:
        return {
            "stock": "存量", "yearly": "年度累计", "growth": "增长率",
            "ratio": "覆盖率", "versus": "逐项对比", "watched": "跟踪观察",
        }[self.value]  # fmt: skip


class NumberKind(StrEnum):
    """How a number is written: whole counts, money in 万元 with two decimals, plain decimals."""

    COUNT = "count"
    MONEY = "money"
    DECIMAL = "decimal"


class FieldType(StrEnum):
    """The types a register's field may have."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes_no"


@dataclass(frozen=True, slots=True)
class Unit:
    """A reporting unit 报送单位. `code` is stable and stands in the unit's certificate."""

    code: str
    name: str
    kind: UnitKind
    initials: str = ""
    """Pinyin initials in lower case, for search."""
    since: Month | None = None
    """The first month it reports; None: as long as the plan."""
    until: Month | None = None
    """The last month it reports; None: as long as the plan."""

    def reports_in(self, month: Month) -> bool:
        """Whether a return of this month is expected of the unit."""
        return _is_within(month, self.since, self.until)

    def has_left(self, month: Month) -> bool:
        """Whether its last month is over."""
        return self.until is not None and self.until < month


@dataclass(frozen=True, slots=True)
class Group:
    no: str
    title: str
    tasks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Task:
    """A key task 重点任务. `lead` and `support` are unit codes (主办, 协办)."""

    no: int
    title: str
    text: str
    lead: str
    support: tuple[str, ...]
    registers: tuple[str, ...] = ()
    since: Month | None = None
    """The first month its progress is asked for; None: as long as the plan."""
    until: Month | None = None
    """The last month, of a task that was retired; None: as long as the plan."""

    def asked_in(self, month: Month) -> bool:
        """Whether progress of this month is asked for."""
        return _is_within(month, self.since, self.until)


@dataclass(frozen=True, slots=True)
class Safeguard:
    no: str
    title: str
    text: str
    registers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One row of a target that is judged item by item: a population, an industry."""

    code: str
    title: str


@dataclass(frozen=True, slots=True)
class Part:
    """One number that a reading carries."""

    code: str
    title: str
    unit: str = ""
    number: NumberKind = NumberKind.COUNT


@dataclass(frozen=True, slots=True)
class Target:
    """A measured target 指标.

    `goal` is in `unit`, or in per cent for growth and ratio; None when the plan gives none.
    `owner` is the unit whose reading counts; other units' readings are shown as 对账差异.
    """

    code: str
    title: str
    kind: TargetKind
    section: str
    unit: str = ""
    owner: str = ""
    partition: bool = False
    """True when the units partition the whole, so that their stocks may be added."""
    parts: tuple[Part, ...] = ()
    items: tuple[Item, ...] = ()
    goal: Decimal | None = None
    by: Month | None = None
    per: str = ""
    """For growth: `year` (compound) or `plan` (whole period)."""
    baseline: Decimal | None = None
    baseline_year: int | None = None
    of_target: str = ""
    """For a derived figure: the target whose value is divided by `population`."""
    population: Decimal | None = None
    """万人."""
    counts: str = ""
    """For a yearly flow: `training` (person-visits) or `publicity` (campaigns)."""
    at_most: str = ""
    """The target that this one can never exceed."""
    note: str = ""

    def columns(self) -> tuple[Part, ...]:
        """The numbers one reading of this target carries; empty when it is derived or counted."""
        if self.counts or self.of_target:
            return ()
        if self.kind is TargetKind.RATIO:
            return tuple(
                part
                for item in self.items
                for part in (
                    Part(f"{item.code}.met", f"{item.title}·已达标", self.unit or "家"),
                    Part(f"{item.code}.total", f"{item.title}·总数", self.unit or "家"),
                )
            )
        if self.kind is TargetKind.VERSUS:
            return tuple(
                part
                for item in self.items
                for part in (
                    Part(
                        f"{item.code}.own",
                        f"{item.title}·本区",
                        self.unit,
                        NumberKind.DECIMAL,
                    ),
                    Part(
                        f"{item.code}.outside",
                        f"{item.title}·全国",
                        self.unit,
                        NumberKind.DECIMAL,
                    ),
                )
            )
        return self.parts or (Part("value", self.title, self.unit),)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a register. `choices` for choice fields; `unit` for numbers (件, 万元…)."""

    code: str
    title: str
    type: FieldType
    unit: str = ""
    required: bool = False
    choices: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    """Values offered but not enforced, for example known products."""


@dataclass(frozen=True, slots=True)
class Register:
    """A register 台账 that the plan defines; its rows are `RegisterEntry` values."""

    code: str
    title: str
    tasks: tuple[int, ...]
    fields: tuple[Field, ...]
    safeguards: tuple[str, ...] = ()
    feeds: str = ""
    """The target whose reading this register backs; empty when none."""
    note: str = ""


class CrossCheckKind(StrEnum):
    """How a unit's figures must fit each other."""

    WITHIN = "within"
    """The parts together are not more than the whole: 其中项之和不大于合计."""
    REGISTER = "register"
    """The part equals what the month's rows of a register come to."""
    SWING = "swing"
    """The parts differ from last month's, and from last year's same month, by so many per cent
    at most."""
    RISING = "rising"
    """The parts never fall against last month's: a cumulative figure."""
    RISING_IN_YEAR = "rising_in_year"
    """The same, but begun anew each January."""

    @property
    def label(self) -> str:
        return {
            "within": "其中项不大于合计", "register": "与台账一致", "swing": "变动幅度",
            "rising": "累计不减少", "rising_in_year": "年度累计不减少",
        }[self.value]  # fmt: skip


@dataclass(frozen=True, slots=True)
class CrossCheck:
    """A rule about the readings of one target; what it asks is known by its kind.

    `parts` are columns of the target, all of them when empty. For `within` there is a `whole`
    column; for `register` a register and the field that is summed (rows are counted without
    one); for `swing` the per cent.
    """

    code: str
    kind: CrossCheckKind
    target: str
    parts: tuple[str, ...] = ()
    whole: str = ""
    register: str = ""
    field: str = ""
    percent: int | None = None
    note: str = ""

    @property
    def title(self) -> str:
        """What the rule is called where no other words are at hand."""
        return f"{self.kind.label}（{self.code}）"


@dataclass(frozen=True, slots=True)
class HeadcountCategory:
    """A category of trainees; only counted ones feed the yearly training target."""

    code: str
    title: str
    counted: bool


@dataclass(frozen=True, slots=True)
class Assumption:
    """Something the published plan does not say: `path` in the plan file and why."""

    path: str
    note: str


@dataclass(frozen=True, slots=True)
class Confirmation:
    """An assumption that the office has confirmed: its `path` and `note`, by whom and when."""

    path: str
    note: str
    by: str
    on: date


@dataclass(frozen=True)
class Plan:
    """A whole work plan. Look-ups by code raise KeyError for what the plan does not have."""

    code: str
    title: str
    version: int
    issued_by: str
    issued_on: date
    adopted_by: str
    document_number: str
    first_month: Month
    last_month: Month
    office_name: str
    """How the office is written on paper, e.g. 领导小组办公室."""
    office_unit: str
    """Code of the unit that seats the office."""
    due_day: int
    copies_to: tuple[str, ...]
    units: tuple[Unit, ...]
    groups: tuple[Group, ...]
    tasks: tuple[Task, ...]
    safeguards: tuple[Safeguard, ...]
    targets: tuple[Target, ...]
    registers: tuple[Register, ...]
    headcounts: tuple[HeadcountCategory, ...]
    training_forms: tuple[str, ...]
    publicity_kinds: tuple[str, ...]
    external_bodies: tuple[str, ...] = ()
    assumed: tuple[Assumption, ...] = ()
    confirmed: tuple[Confirmation, ...] = ()
    days_off: tuple[date, ...] = ()
    """Days nobody works, beyond the published holiday calendar or against it."""
    workdays: tuple[date, ...] = ()
    """Days people work, against the published holiday calendar."""
    lights: LightRule | None = None
    """The thresholds of the tasks' lights; None where the plan leaves them to the program."""
    crosschecks: tuple[CrossCheck, ...] = ()
    assessment: AssessmentRules | None = None
    """None where the plan asks for no assessment."""

    @cached_property
    def _units(self) -> dict[str, Unit]:
        return {unit.code: unit for unit in self.units}

    @cached_property
    def _tasks(self) -> dict[int, Task]:
        return {task.no: task for task in self.tasks}

    @cached_property
    def _targets(self) -> dict[str, Target]:
        return {target.code: target for target in self.targets}

    @cached_property
    def _registers(self) -> dict[str, Register]:
        return {register.code: register for register in self.registers}

    def unit(self, code: str) -> Unit:
        return self._units[code]

    def task(self, no: int) -> Task:
        return self._tasks[no]

    def target(self, code: str) -> Target:
        return self._targets[code]

    def register(self, code: str) -> Register:
        return self._registers[code]

    def has_unit(self, code: str) -> bool:
        return code in self._units

    def has_task(self, no: int) -> bool:
        return no in self._tasks

    def has_target(self, code: str) -> bool:
        return code in self._targets

    def has_register(self, code: str) -> bool:
        return code in self._registers

    def name_of(self, body: str) -> str:
        """A unit's name for its code; an external body's name as it is."""
        unit = self._units.get(body)
        return unit.name if unit else body

    def unit_named(self, name: str) -> Unit | None:
        """The unit with this exact name, or None."""
        return next((unit for unit in self.units if unit.name == name), None)

    def tasks_of(self, unit: str, month: Month | None = None) -> tuple[Task, ...]:
        """The tasks a unit leads or supports, in plan order; those asked for in a month."""
        return tuple(
            task
            for task in self.tasks
            if (unit == task.lead or unit in task.support)
            and (month is None or task.asked_in(month))
        )

    def targets_of(self, unit: str) -> tuple[Target, ...]:
        """The targets whose readings a unit owns and enters, in plan order."""
        return tuple(target for target in self.targets if target.owner == unit and target.columns())

    def registers_of(self, unit: str) -> tuple[Register, ...]:
        """The registers that evidence a unit's tasks; those of safeguards are for every unit."""
        own = {task.no for task in self.tasks_of(unit)}
        return tuple(
            register
            for register in self.registers
            if register.safeguards or own.intersection(register.tasks)
        )

    def units_in(self, month: Month, reported: Collection[str] = ()) -> tuple[Unit, ...]:
        """The units that a month counts, in plan order: those a return is expected of, and those
        (by code) that `reported` all the same."""
        return tuple(u for u in self.units if u.reports_in(month) or u.code in reported)

    def covers(self, month: Month) -> bool:
        return self.first_month <= month <= self.last_month


def _is_within(month: Month, since: Month | None, until: Month | None) -> bool:
    return (since is None or since <= month) and (until is None or month <= until)
