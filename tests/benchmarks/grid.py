"""Drives the grid over a long register in this fresh process and prints the largest gaps.

    python grid.py FOLDER [bare]

FOLDER holds a unit's desk with the long register, made by `test_grid`. Prints one JSON object:
for each thing a person does, `gap`, the longest the window did not answer meanwhile, and `took`,
until the rows were there, both in seconds. A gap is measured by a timer that wants to ring all
the time; `bare` measures it in a window that does nothing: the floor of this machine.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget

LONGEST = 60.0  # seconds until something must have happened
REST = 0.3  # seconds watched after it has
PASTED = 1_000  # rows
DOWN = Qt.SortOrder.DescendingOrder


class Watch:
    """Knows the longest time between two turns of the event loop."""

    def __init__(self) -> None:
        self.gap = 0.0
        self._last = time.perf_counter()
        self._timer = QTimer()
        self._timer.timeout.connect(self._ring)
        self._timer.start(0)

    def during(self, does: Callable[[], object], done: Callable[[], bool]) -> dict[str, float]:
        """Do something and watch until it is done, and a moment longer."""
        QApplication.processEvents()
        self.gap, self._last = 0.0, time.perf_counter()
        begin = self._last
        does()
        while not done():
            QApplication.processEvents()
            if time.perf_counter() - begin > LONGEST:
                raise TimeoutError
        took = time.perf_counter() - begin
        while time.perf_counter() - begin < took + REST:
            QApplication.processEvents()
        return {"gap": self.gap, "took": took}

    def _ring(self) -> None:
        now = time.perf_counter()
        self.gap = max(self.gap, now - self._last)
        self._last = now


def drive(folder: Path) -> dict[str, dict[str, float]]:
    """Open, scroll, sort, filter, search, type and paste, as a person would."""
    from rongchang_desk.app.clock import SetClock
    from rongchang_desk.app.desk import Desk
    from rongchang_desk.ui.application import new_application, pages_for, prewarm
    from rongchang_desk.ui.main_window import MainWindow
    from rongchang_desk.ui.messages import Presenter
    from tests.district import at

    application = new_application(sys.argv[:1])
    told: dict[str, dict[str, float]] = {}
    with Desk.open(folder, clock=SetClock(at(2))) as desk:
        window = MainWindow(desk, pages_for(desk), Presenter())
        window.resize(1280, 800)
        window.show()
        prewarm().join()  # as after every start
        window.go_to("settings")  # what every page needs is imported
        window.go_to("problems")
        while window._jobs.is_busy():
            application.processEvents()
        watch = Watch()
        found: dict[str, Any] = {}

        def rows() -> int:
            return len(found["page"].model.row_ids)

        def open_page() -> None:
            window.go_to("registers")
            found["page"] = window.current_page()

        def at_rest() -> bool:
            return not window._jobs.is_busy()

        told["open"] = watch.during(open_page, lambda: rows() == 100_000)
        told["count"] = watch.during(lambda: None, at_rest)
        page: Any = found["page"]
        bar = page.grid.verticalScrollBar()
        places = iter([*range(0, bar.maximum(), bar.maximum() // 200), bar.maximum()])

        def scroll() -> bool:
            place = next(places, None)
            if place is not None:
                bar.setValue(place)
                page.grid.viewport().repaint()
            return place is None

        told["scroll"] = watch.during(lambda: None, scroll)
        titles = page.grid.titles

        def sort_by(column: int) -> Callable[[], object]:
            return lambda: page.grid.sortByColumn(column, DOWN)

        def first_changes_from(before: int) -> Callable[[], bool]:
            return lambda: (
                bool(page.model.row_ids) and page.model.row_ids[0] != before and at_rest()
            )

        told["sort by text"] = watch.during(sort_by(1), first_changes_from(page.model.row_ids[0]))
        told["sort by number"] = watch.during(sort_by(4), first_changes_from(page.model.row_ids[0]))
        page.grid.sortByColumn(-1, DOWN)
        while not at_rest():
            application.processEvents()
        told["search"] = watch.during(lambda: page.search("xbzs 777"), lambda: 0 < rows() < 1000)
        told["search off"] = watch.during(lambda: page.search(""), lambda: rows() == 100_000)

        def filter_rows() -> None:
            titles.show_lines(True, 1)
            titles._lines[1].setText("折扇")
            titles.filtered.emit()

        told["filter"] = watch.during(filter_rows, lambda: rows() == 20_000)
        told["filter off"] = watch.during(
            lambda: titles.show_lines(False), lambda: rows() == 100_000
        )
        page.grid.go_to(50_000, 2)
        other = "种植" if page.model.text(50_000, 2) == "加工" else "加工"

        def type_one() -> None:
            page.grid.edit(page.grid.currentIndex())
            page.grid.delegate.editor.show_text(other)
            page.grid.delegate.finish()

        told["type"] = watch.during(type_one, lambda: page.model.text(50_000, 2) == other)
        told["count again"] = watch.during(lambda: None, at_rest)
        page.grid.go_to(rows(), 0)
        QApplication.clipboard().setText(
            "\n".join(f"2026-10-{n % 28 + 1:02d}\t新基地{n}号\t种植" for n in range(PASTED))
        )
        told["paste of 1,000 rows"] = watch.during(
            page.grid.blocks.paste, lambda: rows() == 100_000 + PASTED and at_rest()
        )
        # As one step, so that the next round finds the desk as this one did.
        page.undo_stack.undo()
        while rows() != 100_000 or not at_rest():
            application.processEvents()
        window.close_at_once()
        while not at_rest():
            application.processEvents()
    return told


def idle() -> dict[str, dict[str, float]]:
    """The gaps of a window that does nothing."""
    application = QApplication(sys.argv[:1])
    window = QWidget()
    window.show()
    watch = Watch()
    told = watch.during(lambda: None, lambda: True)
    application.processEvents()
    return {"idle": told}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(idle() if "bare" in sys.argv else drive(Path(sys.argv[1]))))
    sys.stdout.flush()
    os._exit(0)
