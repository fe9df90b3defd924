"""A span that is assessed or reported on: a year, a half, a quarter or a month.

Written 2026, 2026H1, 2026Q3, 2026-10.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rongchang_desk.domain.month import Month

_SPAN = re.compile(r"([0-9]{4})(?:(H)([12])|(Q)([1-4]))?")
_NUMERALS = "一二三四"


@dataclass(frozen=True, slots=True)
class Period:
    """From the first to the last month, both included; `code` is how it is written."""

    code: str
    first: Month
    last: Month

    @classmethod
    def of(cls, month: Month) -> Period:
        """One month alone."""
        return cls(str(month), month, month)

    @classmethod
    def parse(cls, text: str) -> Period:
        """The period written like this; raises ValueError for any other form."""
        span = _SPAN.fullmatch(text)
        if span is None:
            month = Month.parse(text)
            return cls.of(month)
        year = int(span[1])
        length = 6 if span[2] else 3 if span[4] else 12
        first = Month(year, 1).plus(length * (int(span[3] or span[5] or 1) - 1))
        return cls(text, first, first.plus(length - 1))

    @property
    def months(self) -> tuple[Month, ...]:
        return self.first.until(self.last)

    @property
    def adjective(self) -> str:
        """年度, 半年度, 季度 or 月度."""
        return {12: "年度", 6: "半年度", 3: "季度", 1: "月度"}[len(self.months)]

    @property
    def label(self) -> str:
        """As people write it: 2026年, 2026年上半年, 2026年第三季度, 2026年10月."""
        year = f"{self.first.year}年"
        match len(self.months):
            case 12:
                return year
            case 6:
                return year + ("上半年" if self.first.month == 1 else "下半年")
            case 3:
                return f"{year}第{_NUMERALS[self.first.month // 3]}季度"
            case _:
                return self.first.label


def around(month: Month) -> tuple[Period, ...]:
    """The periods a month lies in, the longest first."""
    half, quarter = (month.month > 6) + 1, (month.month - 1) // 3 + 1
    codes = (f"{month.year:04d}", f"{month.year:04d}H{half}", f"{month.year:04d}Q{quarter}")
    return tuple(Period.parse(code) for code in (*codes, str(month)))
