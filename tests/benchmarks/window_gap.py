"""Takes files in through the real window and prints the longest it did not turn: `OFFICE FILES`."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from PySide6.QtCore import QTimer

from rongchang_desk.app.desk import Desk
from rongchang_desk.ui.application import new_application, pages_for
from rongchang_desk.ui.jobs import Jobs
from rongchang_desk.ui.main_window import MainWindow
from rongchang_desk.ui.messages import Presenter

EVERY = 5  # ms
IDLE = 2000  # ms watched before there is anything to do


def main(office: Path, files: Path) -> None:
    """Drop the folder on the page 接收月报 and watch a timer until all jobs have ended."""
    application = new_application(sys.argv[:1])
    gaps: list[float] = []
    accepted: list[int] = []
    with Desk.open(office) as desk:
        window = MainWindow(desk, pages_for(desk), Presenter())
        window.show()
        window.open_first_page()
        window.go_to("take_in")
        jobs = window.findChild(Jobs)
        page = window.current_page()
        assert jobs is not None
        assert page is not None
        while jobs.is_busy():
            application.processEvents()
        before = [time.perf_counter()]

        def tick() -> None:
            now = time.perf_counter()
            gaps.append((now - before[0]) * 1000 - EVERY)
            before[0] = now

        timer = QTimer()
        timer.timeout.connect(tick)
        timer.start(EVERY)
        QTimer.singleShot(IDLE, application.quit)
        application.exec()
        idle = max(gaps)
        gaps.clear()
        page.taken.connect(  # type: ignore[attr-defined]
            lambda taken: accepted.append(len(taken.of("accepted")))
        )
        page.dropped((files,))
        jobs.all_ended.connect(application.quit)
        application.exec()
        timer.stop()
        window.close_at_once()
    told = {"accepted": sum(accepted), "gap": max(gaps), "idle": idle, "turns": len(gaps)}
    sys.stdout.write(f"{json.dumps(told)}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
