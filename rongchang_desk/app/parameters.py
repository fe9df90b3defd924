"""Numbers the published plan does not give, which the office may set: 待领导小组办公室确认."""

from __future__ import annotations

from dataclasses import dataclass

from rongchang_desk.app.desk import Desk, Role
from rongchang_desk.domain.doubts import VENUES_MOST
from rongchang_desk.domain.matter import NEAR_DUE
from rongchang_desk.errors import UsageError
from rongchang_desk.store import audit

ANSWER_DAYS = 15
_KEYS = ("parameter.near_due", "parameter.answer_days", "parameter.venues")


@dataclass(frozen=True, slots=True)
class Parameters:
    """Days before a due day that count as near; days for answering a problem; and the most
    people a venue may hold, by a word in its name."""

    near_due: int = NEAR_DUE
    answer_days: int = ANSWER_DAYS
    venues: tuple[tuple[str, int], ...] = VENUES_MOST

    @property
    def venue_lines(self) -> str:
        """The venues as people edit them: a word and a number a line."""
        return "\n".join(f"{word} {most}" for word, most in self.venues)


def parameters(desk: Desk) -> Parameters:
    """The office's parameters; the program's own where nothing was set."""
    usual = Parameters()
    near, days, venues = (desk.store.setting(key) for key in _KEYS)
    return Parameters(
        int(near) if near else usual.near_due,
        int(days) if days else usual.answer_days,
        _venues(venues) if venues else usual.venues,
    )


def set_parameters(desk: Desk, near_due: int, answer_days: int, venue_lines: str) -> Parameters:
    """Set them; raises UsageError for numbers out of range and for lines that cannot be read."""
    desk.require(Role.OFFICE)
    if not 1 <= near_due <= 60 or not 1 <= answer_days <= 365:
        raise UsageError("天数超出范围。", "临近到期填 1 至 60 天，答复时限填 1 至 365 天。")
    venues = _venues(venue_lines)
    made = Parameters(near_due, answer_days, venues)
    with desk.store.transaction():
        for key, value in zip(
            _KEYS, (str(near_due), str(answer_days), made.venue_lines), strict=True
        ):
            desk.store.set_setting(key, value)
        audit.note(desk.store, desk.now(), "parameters-set")
    return made


def _venues(lines: str) -> tuple[tuple[str, int], ...]:
    found = []
    for number, line in enumerate(lines.splitlines(), 1):
        words = line.split()
        if not words:
            continue
        if len(words) != 2 or not words[1].isdecimal() or int(words[1]) < 1:
            raise UsageError(
                f"场地人数第 {number} 行“{line.strip()}”看不懂。",
                "每行写场地名称里的字和最多人数，中间空一格，例如：会议室 150。",
            )
        found.append((words[0], int(words[1])))
    if not found:
        raise UsageError("场地人数一行也没有。", "至少写一行，例如：会议室 150。")
    return tuple(found)
