"""Shows a window in this fresh process and prints when it was first painted.

    python first_paint.py STARTED bare|DESK

STARTED is `time.monotonic_ns()` when the process was asked for. Prints one JSON object:
`seconds` from then to the first paint of the main window, and the names of all `modules`
imported by then. DESK opens as `rongchang-desk DESK` does.
"""

from __future__ import annotations

import json
import os
import sys
import time

STARTED = int(sys.argv[1])


def tell_and_leave() -> None:
    """Print what was asked for and end at once."""
    seconds = (time.monotonic_ns() - STARTED) / 1e9
    sys.stdout.write(json.dumps({"seconds": seconds, "modules": sorted(sys.modules)}))
    sys.stdout.flush()
    os._exit(0)


def show_bare() -> None:
    """The least a PySide6 window can be."""
    from PySide6.QtWidgets import QApplication, QMainWindow

    class Bare(QMainWindow):
        def paintEvent(self, event: object) -> None:  # noqa: N802  Qt's name
            tell_and_leave()

    application = QApplication([])
    window = Bare()
    window.resize(1280, 800)
    window.show()
    application.exec()


def show_desk(folder: str) -> None:
    """The program's own start, ended by the main window's first paint."""
    from rongchang_desk import __main__
    from rongchang_desk.ui.main_window import MainWindow

    def painted(window: object, event: object) -> None:
        tell_and_leave()

    MainWindow.paintEvent = painted  # type: ignore[method-assign, assignment]
    sys.argv = ["rongchang-desk", folder]
    __main__.main()


if __name__ == "__main__":
    if sys.argv[2] == "bare":
        show_bare()
    else:
        show_desk(sys.argv[2])
