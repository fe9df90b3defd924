"""The child process of the kill tests: works on without end and tells what it has finished.

`python -m tests.journeys.killed save|draft|take|export FOLDER`, FOLDER being a district. A line
goes out only after the work it tells of has returned: whoever reads it may rely on it.
"""

from __future__ import annotations

import re
import signal
import sys
from itertools import count
from pathlib import Path

from rongchang_desk.app import drafts, record
from rongchang_desk.app import take_in as taking
from rongchang_desk.app.clock import SetClock
from rongchang_desk.app.running import Running
from tests.district import District, at


def tell(word: str) -> None:
    """One line for the parent, out at once."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


class Told(Running):
    """Tells how many files the window would show as taken."""

    def show(self, done: int, total: int, what: str) -> None:
        found = re.search(r"已收 (\d+)", what)
        if found and found[1] != "0":
            tell(found[1])


def save(district: District, unit: str) -> None:
    desk = district.desk(unit)
    while True:
        one = district.training(unit)
        if record.save(desk, one):
            raise AssertionError("the record should be sound")
        tell(one.id)


def draft(district: District, unit: str) -> None:
    """Keep one text after the other in the same field, as somebody types."""
    desk = district.desk(unit)
    one = district.training(unit)
    for number in count(1):
        drafts.keep(desk, one, "day", f"{number}号", "不是日期。")
        tell(str(number))


def take(district: District, folder: str) -> None:
    taking.take_in(district.office, [district.folder / folder], Told(), workers=0)
    signal.pause()  # done before it was killed: that is a moment, too


def export(district: District, unit: str) -> None:
    district.record(unit, district.progress(unit))
    for number in count(1):
        file = district.export(unit, amend="补充培训" if number > 1 else "")
        tell(file.name)
        district.record(unit, district.training(unit, topic=f"培训第 {number} 期"))


if __name__ == "__main__":
    work, place, what = sys.argv[1:]
    made = District(Path(place), SetClock(at(2)))
    {"save": save, "draft": draft, "take": take, "export": export}[work](made, what)
