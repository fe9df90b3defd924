"""Who has reported in a year, when, and whom to remind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from rongchang_desk.app import district, receipt_checks, standing
from rongchang_desk.app.desk import Desk
from rongchang_desk.app.district import Cell, Reported
from rongchang_desk.domain.month import Month, in_words
from rongchang_desk.domain.plan import Plan, Unit
from rongchang_desk.store import returns

COUNTING = (Reported.ON_TIME, Reported.LATE)
WANTED = (Reported.MISSING, Reported.DISPUTED, Reported.HELD)
"""Past the due day and not counting: these want a reminder or a decision."""


@dataclass(frozen=True, slots=True)
class UnitYear:
    """One unit's months of a year, by month."""

    unit: Unit
    cells: Mapping[Month, Cell]

    def counted(self) -> int:
        """How many months have a return that counts."""
        return sum(cell.reported in COUNTING for cell in self.cells.values())

    def expected(self) -> int:
        """How many months are due or there already."""
        return sum(cell.reported is not Reported.NOT_DUE for cell in self.cells.values())

    def wants(self, month: Month | None = None) -> bool:
        """Whether something is missing, in one month or in any."""
        return any(
            cell.reported in WANTED
            for at, cell in self.cells.items()
            if month is None or at == month
        )


@dataclass(frozen=True, slots=True)
class Year:
    """All units' months of a year.

    A unit has no cell in a month for which the plan expects no return of it, and no row when it
    has no cell at all. Left out are months outside the plan, months not begun, and those before
    the first month that this desk received anything of: nobody is to be chased for the time before
    it was in use.
    """

    year: int
    months: tuple[Month, ...]
    due: Mapping[Month, date]
    rows: tuple[UnitYear, ...]
    received: Mapping[str, datetime]
    """Receipt time of each counting return, by digest."""
    locked: frozenset[Month] = frozenset()
    """The months the office has closed."""

    def counted(self, month: Month) -> int:
        return sum(row.cells[month].reported in COUNTING for row in self.expected(month))

    def expected(self, month: Month) -> tuple[UnitYear, ...]:
        """The units that the month counts: those it expects a return of or has one."""
        return tuple(row for row in self.rows if month in row.cells)


def year(desk: Desk, of: int) -> Year:
    """Every unit's standing in the begun months of a year."""
    last = min(Month(of, 12), desk.plan.last_month)
    picture = district.merged(desk, last, Month(of, 1))
    first = min(returns.received_months(desk.store), default=desk.current_month())
    months = {
        month: cells
        for month, cells in district.matrix(desk, of, picture).items()
        if month >= first
    }
    doubtful = receipt_checks.doubtful(desk)
    refused = returns.refused_places(desk.store)
    locks = {lock.month: frozenset(lock.reopened) for lock in standing.locks(desk)}
    by_unit = {
        month: {
            cell.unit: replace(
                cell,
                doubtful=cell.digest in doubtful,
                refused=not cell.digest and (cell.unit, month) in refused,
                reopened=cell.unit in locks.get(month, ()),
            )
            for cell in cells
        }
        for month, cells in months.items()
    }
    rows = [_of_unit(unit, by_unit) for unit in desk.plan.units]
    return Year(
        of,
        tuple(months),
        {month: desk.due(month) for month in months},
        tuple(row for row in rows if row.cells or not by_unit),
        {head.digest: head.received_at for head in picture.heads},
        frozenset(locks),
    )


def _of_unit(unit: Unit, cells: Mapping[Month, Mapping[str, Cell]]) -> UnitYear:
    return UnitYear(unit, {at: mine[unit.code] for at, mine in cells.items() if unit.code in mine})


def reminder(plan: Plan, seen: Year, month: Month) -> str:
    """The list of units to remind of a month, ready to paste into a message; empty when none."""
    missing = [
        row.unit for row in seen.rows
        if month in row.cells and row.cells[month].reported in (Reported.MISSING, Reported.NOT_DUE)
    ]  # fmt: skip
    if not missing:
        return ""
    due = seen.due[month]
    head = (
        f"{month.label}知识产权强市建设月报应于{in_words(due)}前报送"
        f"{plan.office_name}。截至目前，以下 {len(missing)} 个单位尚未报送，请尽快报送："
    )
    return "\n".join([head, *(f"{n}. {unit.name}" for n, unit in enumerate(missing, start=1))])
