"""What a report or bulletin is made from: the returns of its months, and what follows from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from rongchang_desk.app import district
from rongchang_desk.app.desk import Desk, Role
from rongchang_desk.app.district import Cell, Reported
from rongchang_desk.domain.measures import Figure, figures
from rongchang_desk.domain.merge import Filed, Merged
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.period import Period
from rongchang_desk.domain.plan import Plan
from rongchang_desk.errors import FoundWrong
from rongchang_desk.store import returns


@dataclass(frozen=True)
class Basis:
    """The district through a period, and who reported in each of its `months`.

    A period of several months holds only those that are over and that this desk has been in
    use for; a single month is taken as it stands.
    """

    plan: Plan
    period: Period
    months: tuple[Month, ...]
    picture: Merged
    cells: Mapping[Month, tuple[Cell, ...]]

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """Every target's figure at the end of the last month."""
        return figures(self.plan, self.picture)

    @cached_property
    def fingerprint(self) -> str:
        """The 汇总指纹 through the last month."""
        return district.fingerprint(self.picture)

    @property
    def through(self) -> Month:
        return self.months[-1]

    @cached_property
    def heads(self) -> tuple[Filed, ...]:
        """The counting returns of the months, by month and then in plan order."""
        order = {unit.code: place for place, unit in enumerate(self.plan.units)}
        mine = (head for head in self.picture.heads if head.month in self.cells)
        return tuple(sorted(mine, key=lambda head: (head.month, order.get(head.unit, 0))))

    @property
    def is_finished(self) -> bool:
        """Whether the period's last month within the plan is among the months."""
        return self.through >= min(self.period.last, self.plan.last_month)

    def counted(self, *kinds: Reported, month: Month | None = None) -> int:
        """How many units' months stand so, in one month or in all."""
        months = self.months if month is None else (month,)
        return sum(cell.reported in kinds for at in months for cell in self.cells[at])

    def missing(self, month: Month) -> tuple[str, ...]:
        """Codes of the units without a counting return of a month, in plan order."""
        return tuple(
            cell.unit
            for cell in self.cells[month]
            if cell.reported not in (Reported.ON_TIME, Reported.LATE)
        )


def gather(desk: Desk, period: Period) -> Basis:
    """The basis of a period as the desk holds it now.

    Raises FoundWrong when no month of it is over or no return of it counts.
    """
    desk.require(Role.OFFICE)
    months = months_of(desk, period)
    if not months:
        raise FoundWrong(
            f"{period.label}还没有已经结束、可以汇总的月份。", "请核对月份，或改做月报。"
        )
    made = of_picture(desk, desk.plan, period, months, district.merged(desk, months[-1]))
    if not made.heads:
        raise FoundWrong(
            f"{period.label}还没有收到可以汇总的月报。", "请先接收各单位的月报，再生成汇总报告。"
        )
    return made


def of_picture(
    desk: Desk, plan: Plan, period: Period, months: Iterable[Month], picture: Merged
) -> Basis:
    """The basis that a given picture of the district makes."""
    months = tuple(months)
    today = desk.today()
    cells = {at: district.cells(plan, picture, at, desk.due(at), today) for at in months}
    return Basis(plan, period, months, picture, cells)


def months_of(desk: Desk, period: Period) -> tuple[Month, ...]:
    """The months that a report on a period is about."""
    if len(period.months) == 1:
        return period.months
    begun = min(returns.received_months(desk.store), default=desk.current_month())
    return tuple(
        month
        for month in period.months
        if desk.plan.covers(month) and month >= begun and month.last_day < desk.today()
    )
