"""A unit's window over a small district with real keys; it is the second of November 2026."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from rongchang_desk.ui.main_window import MainWindow
from rongchang_desk.ui.messages import Presenter
from rongchang_desk.ui.unit import PAGES
from tests.district import District


@pytest.fixture
def open_window(qtbot: QtBot, district: District) -> Callable[[str], MainWindow]:
    """Opens the window of a unit's desk."""

    def let_jobs_end(window: MainWindow) -> None:
        # pytest-qt deletes its widgets before fixtures end; a job must not outlive its window.
        window._jobs.cancel_all()
        qtbot.waitUntil(lambda: not window._jobs.is_busy(), timeout=60_000)

    def make(code: str) -> MainWindow:
        window = MainWindow(district.desk(code), PAGES, Presenter())
        qtbot.addWidget(window, before_close_func=let_jobs_end)
        window.resize(1280, 800)
        window.show()
        window.activateWindow()
        qtbot.waitActive(window)
        return window

    return make


@pytest.fixture
def window(open_window: Callable[[str], MainWindow]) -> MainWindow:
    """The window of 河西镇: tasks, two registers, no targets."""
    return open_window("C1")


@pytest.fixture
def settle(qtbot: QtBot) -> Callable[[MainWindow], None]:
    """Waits until a window has nothing to do any more."""

    def wait(window: MainWindow) -> None:
        qtbot.waitUntil(lambda: not window._jobs.is_busy(), timeout=60_000)

    return wait
