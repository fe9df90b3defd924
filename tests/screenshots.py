"""Pictures of every page: `.venv/bin/python -m tests.screenshots OUTDIR DEMO_DIR [PAGE …]`.

Copies desks of a district made by `demo` (D17, T01 and the office), opens each in its window
offscreen at 1280x800 and writes DESK-NN-PAGE-PALETTE-SCALE.png for both palettes at 100 % and
150 %. A page that fails is told at the end (exit code 1); the others are still drawn. With page
names, only these are drawn.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"
# The offscreen screen is 800x800 by itself, and windows are cut to it.
os.environ.setdefault("QT_QPA_OFFSCREEN_SCREEN", "1920x1080")

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QDialog, QTabWidget

from rongchang_desk.app.clock import CHINA, SetClock
from rongchang_desk.app.desk import Desk
from rongchang_desk.domain.month import Month
from rongchang_desk.ui import theme
from rongchang_desk.ui.application import new_application, pages_for
from rongchang_desk.ui.jobs import Jobs
from rongchang_desk.ui.main_window import MainWindow
from rongchang_desk.ui.messages import Presenter
from rongchang_desk.ui.office import plan_new

DESKS = ("units/D17", "units/T01", "office")
LOOKS = (("light", 100), ("light", 150), ("dark", 100), ("dark", 150))
WIDTH, HEIGHT = 1280, 800
QUIET_FOR = 0.25  # seconds without a job before a picture is taken
LONGEST = 60.0  # seconds a page may take


def main(arguments: Sequence[str]) -> int:
    """Write the pictures; returns the exit code."""
    if len(arguments) < 2:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    out, demo, wanted = Path(arguments[0]), Path(arguments[1]), set(arguments[2:])
    out.mkdir(parents=True, exist_ok=True)
    month = demo_month(demo)
    application = new_application(sys.argv[:1])
    troubles: list[str] = []
    with tempfile.TemporaryDirectory(prefix="screenshots-") as place:
        for name in DESKS:
            folder = Path(place) / name.replace("/", "-")
            shutil.copytree(demo / name, folder)
            for palette, scale in LOOKS:
                theme.apply(application, palette, scale)
                mark = f"{palette}-{scale}"
                troubles += draw_desk(folder, month, out, mark, wanted)
    for trouble in troubles:
        sys.stderr.write(f"{trouble}\n")
    sys.stdout.write(f"{len(list(out.glob('*.png')))} pictures in {out}\n")
    return 1 if troubles else 0


def demo_month(demo: Path) -> Month:
    """The newest month the demo's units have signed."""
    return max(Month.parse(folder.name) for folder in (demo / "returns").iterdir())


def draw_desk(folder: Path, month: Month, out: Path, mark: str, wanted: set[str]) -> list[str]:
    """Draw the pages of one desk in the look in force; what went wrong, in words."""
    after = month.next
    clock = SetClock(datetime(after.year, after.month, 3, 10, 30, tzinfo=CHINA))
    troubles: list[str] = []
    presenter = Presenter()
    with Desk.open(folder, clock=clock) as desk:
        entries = pages_for(desk)
        window = MainWindow(desk, entries, presenter)
        window.resize(WIDTH, HEIGHT)
        window.show()
        window.open_first_page()
        settle(window)
        window.show_month(month)
        window.show_backup_time(clock())
        for number, entry in enumerate(entries, 1):
            if wanted and entry.name not in wanted:
                continue
            name = f"{folder.name.removeprefix('units-')}-{number:02}-{entry.name}-{mark}"
            try:
                window.go_to(entry.name)
                settle(window)
            except Exception as error:  # the other pages are still worth a picture
                troubles.append(f"{name}: {type(error).__name__}: {error}")
            for dialog in window.findChildren(QDialog):
                if dialog.isVisible():
                    troubles.append(f"{name}: 弹出了对话框“{dialog.windowTitle()}”")
                    dialog.grab().save(str(out / f"{name}-dialog.png"))
                    dialog.close()
            window.grab().save(str(out / f"{name}.png"))
            draw_tabs(window, out, name)
            if entry.name == "plan":
                draw_new(window, month, out, name)
        window.close_at_once()
        settle(window)
        window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return troubles


def draw_tabs(window: MainWindow, out: Path, name: str) -> None:
    """Draw the other tabs of the page shown, and go back to the first."""
    page = window.current_page()
    tabs = page.findChild(QTabWidget) if page else None
    if tabs is None or not tabs.isVisible():
        return
    for number in range(1, tabs.count()):
        if tabs.isTabVisible(number):
            tabs.setCurrentIndex(number)
            settle(window)
            window.grab().save(str(out / f"{name}-tab{number + 1}.png"))
    tabs.setCurrentIndex(0)


def draw_new(window: MainWindow, month: Month, out: Path, name: str) -> None:
    """Draw the dialogs in which the plan gets something new, and in which a task ends."""
    plan = window.desk.plan
    ways = {
        what: partial(plan_new.ask_new, window, plan, what, "", month.next, lambda *_: None)
        for what in ("task", "group", "unit", "target", "register")
    }
    path = f"tasks.{plan.tasks[0].no}"
    ways["end"] = partial(plan_new.ask_last_month, window, plan, path, month, lambda _: None)
    for what, ask in ways.items():
        ask()
        settle(window)
        for dialog in window.findChildren(QDialog):
            if dialog.isVisible():
                dialog.grab().save(str(out / f"{name}-new-{what}.png"))
                dialog.close()
                settle(window)


def settle(window: MainWindow) -> None:
    """Let the window work until no job has run for a moment; raises TimeoutError."""
    jobs = window.findChild(Jobs)
    assert jobs is not None
    begun = quiet_since = time.monotonic()
    while time.monotonic() - quiet_since < QUIET_FOR:
        QApplication.processEvents()
        now = time.monotonic()
        if jobs.is_busy():
            quiet_since = now
        if now - begun > LONGEST:
            raise TimeoutError(f"still busy after {LONGEST:.0f} s")
        time.sleep(0.005)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
