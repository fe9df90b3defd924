"""A calendar month in China Standard Time, and the due day of a month's return."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import total_ordering

_FORM = re.compile(r"([0-9]{4})-([0-9]{2})")


@total_ordering
class Month:
    """One calendar month; ordered, hashable, written `2026-10`."""

    __slots__ = ("_index",)
    _index: int

    def __init__(self, year: int, month: int) -> None:
        if not (1900 <= year <= 9999 and 1 <= month <= 12):
            raise ValueError(f"not a month: {year}-{month}")
        self._index = year * 12 + month - 1

    @classmethod
    def parse(cls, text: str) -> Month:
        """The month written as `YYYY-MM`; raises ValueError for any other form."""
        match = _FORM.fullmatch(text)
        if match is None:
            raise ValueError(f"not a month (YYYY-MM): {text!r}")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> Month:
        """The month that a day lies in."""
        return cls(day.year, day.month)

    @property
    def year(self) -> int:
        return self._index // 12

    @property
    def month(self) -> int:
        return self._index % 12 + 1

    @property
    def first_day(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        import calendar  # not before it is needed: every start passes here

        return date(self.year, self.month, calendar.monthrange(self.year, self.month)[1])

    @property
    def label(self) -> str:
        """The month as people write it: `2026年10月`."""
        return f"{self.year}年{self.month}月"

    def plus(self, months: int) -> Month:
        """The month that many months later (earlier when negative)."""
        year, month = divmod(self._index + months, 12)
        return Month(year, month + 1)

    @property
    def next(self) -> Month:
        return self.plus(1)

    @property
    def previous(self) -> Month:
        return self.plus(-1)

    def until(self, last: Month) -> tuple[Month, ...]:
        """All months from this one to `last`, both included; empty when `last` is earlier."""
        return tuple(self.plus(n) for n in range(last._index - self._index + 1))

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    def __repr__(self) -> str:
        return f"Month({self.year}, {self.month})"

    def __eq__(self, other: object) -> bool:
        return self._index == other._index if isinstance(other, Month) else NotImplemented

    def __lt__(self, other: object) -> bool:
        return self._index < other._index if isinstance(other, Month) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._index)


def due_date(month: Month, due_day: int, is_working_day: Callable[[date], bool]) -> date:
    """The last day on which a return of `month` is on time.

    It is day `due_day` of the following month, moved forward past non-working days
    (the plan names no deadline: `due_day` is a parameter the office confirms).
    """
    following = month.next
    day = following.first_day.replace(day=min(due_day, following.last_day.day))
    for _ in range(31):
        if is_working_day(day):
            return day
        day += timedelta(days=1)
    raise ValueError("no working day within a month: the holiday table is wrong")


def in_words(day: date) -> str:
    """A day, or a moment's day, as official papers write it: `2026年8月7日` (GB/T 9704 7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"
