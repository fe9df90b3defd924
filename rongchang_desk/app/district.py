"""The office's picture of the district, recomputed from the stored returns."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from rongchang_desk.app import kept_months
from rongchang_desk.app.desk import Desk, Role
from rongchang_desk.domain.measures import Figure, figures
from rongchang_desk.domain.merge import Filed, Merged, join, on_time
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.plan import Plan
from rongchang_desk.formats import canonical
from rongchang_desk.store import decisions as decided


class Reported(StrEnum):
    """How a unit stands with one month's return."""

    ON_TIME = "on_time"
    LATE = "late"
    DISPUTED = "disputed"
    HELD = "held"
    MISSING = "missing"
    NOT_DUE = "not_due"
    """Not there yet, and the due day is not past."""

    @property
    def label(self) -> str:
        return {
            "on_time": "按时", "late": "迟报", "disputed": "版本冲突", "held": "待前版",
            "missing": "未报", "not_due": "未到期",
        }[self.value]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cell:
    """One unit's month: how it stands, and the head's digest, revision and zero statement."""

    unit: str
    month: Month
    reported: Reported
    digest: str = ""
    revision: int = 0
    zero: bool = False
    doubtful: bool = False
    """Signed with a key since it was lost, and not checked with the unit yet (待核实)."""
    refused: bool = False
    """Nothing counts, and the unit's own file for it was refused."""
    reopened: bool = False
    """The month is closed, and the unit holds a slip 补报许可 for it."""


@dataclass(frozen=True, slots=True)
class Status:
    """Where the district stands through a month."""

    month: Month
    due: date
    cells: tuple[Cell, ...]
    figures: tuple[Figure, ...]
    fingerprint: str

    def counted(self, *kinds: Reported) -> int:
        return sum(cell.reported in kinds for cell in self.cells)

    @property
    def reported(self) -> tuple[Cell, ...]:
        return tuple(c for c in self.cells if c.reported in (Reported.ON_TIME, Reported.LATE))

    @property
    def missing(self) -> tuple[str, ...]:
        """Codes of the units without a counting return, in plan order."""
        return tuple(
            c.unit for c in self.cells if c.reported not in (Reported.ON_TIME, Reported.LATE)
        )


def merged(desk: Desk, through: Month, since: Month | None = None) -> Merged:
    """The district's picture through a month; of the months from `since` on, where only they
    are asked about."""
    desk.require(Role.OFFICE)
    shares = kept_months.shares(desk, since, through)
    return join(desk.plan, desk.plan_digest, shares, decided.decisions(desk.store), through)


def fingerprint(picture: Merged) -> str:
    """汇总指纹: SHA-256 (hex) over plan, heads and decisions, the same on any machine."""
    return hashlib.sha256(canonical.dumps(picture.essence())).hexdigest()


def grouped(digest: str) -> str:
    """A hex digest in groups of four, as printed on paper."""
    return " ".join(digest[n : n + 4] for n in range(0, len(digest), 4))


def status(desk: Desk, month: Month, picture: Merged | None = None) -> Status:
    """Who has reported, how the targets stand, and the fingerprint through a month."""
    picture = picture or merged(desk, month)
    due = desk.due(month)
    return Status(
        month,
        due,
        cells(desk.plan, picture, month, due, desk.today()),
        figures(desk.plan, picture),
        fingerprint(picture),
    )


def cells(plan: Plan, picture: Merged, month: Month, due: date, today: date) -> tuple[Cell, ...]:
    """The standing of every unit that the month counts, in plan order."""
    heads: dict[str, Filed] = {head.unit: head for head in picture.heads_of(month)}
    disputed = {fork.unit for fork in picture.forks if fork.month == month}
    held = {filed.unit for filed in picture.held if filed.month == month}
    found = []
    for unit in plan.units_in(month, heads):
        head = heads.get(unit.code)
        if unit.code in disputed:
            found.append(Cell(unit.code, month, Reported.DISPUTED))
        elif head is not None:
            good = on_time(picture.chains[head.digest], due)
            value = head.monthly_return
            found.append(
                Cell(
                    unit.code,
                    month,
                    Reported.ON_TIME if good else Reported.LATE,
                    head.digest,
                    value.revision,
                    value.zero,
                )
            )
        elif unit.code in held:
            found.append(Cell(unit.code, month, Reported.HELD))
        else:
            late = today > due
            found.append(Cell(unit.code, month, Reported.MISSING if late else Reported.NOT_DUE))
    return tuple(found)


def matrix(desk: Desk, year: int, picture: Merged | None = None) -> dict[Month, tuple[Cell, ...]]:
    """Who stands how in the months of a year that the plan covers and that have begun."""
    this = Month.of(desk.today())
    last = min(Month(year, 12), desk.plan.last_month, this)
    first = max(Month(year, 1), desk.plan.first_month)
    picture = picture or merged(desk, last)
    return {
        month: cells(desk.plan, picture, month, desk.due(month), desk.today())
        for month in first.until(last)
    }


@lru_cache(maxsize=100_000)
def similarity(one: str, other: str) -> float:
    """Likeness of two texts, 0 to 100; one that is part of the other counts as near."""
    from rapidfuzz.fuzz import partial_ratio, ratio

    whole = ratio(one, other)
    return float(
        max(whole, 0.9 * partial_ratio(one, other) if min(len(one), len(other)) > 2 else 0)
    )
