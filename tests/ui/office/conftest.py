"""The office's window over a small district with real keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from rongchang_desk.ui import theme
from rongchang_desk.ui.main_window import MainWindow
from rongchang_desk.ui.messages import Presenter
from rongchang_desk.ui.office import PAGES
from rongchang_desk.ui.page import Page
from tests.district import District


def child(parent: QWidget, kind: type[Any], name: str) -> Any:
    """The control with this object name."""
    found = parent.findChild(kind, name)
    assert found is not None, name
    return found


@pytest.fixture
def window(qtbot: QtBot, district: District) -> MainWindow:
    """The office's window; nothing is shown yet."""
    made = MainWindow(district.office, PAGES, Presenter())

    def let_jobs_end(_: QWidget) -> None:
        made._jobs.cancel_all()
        qtbot.waitUntil(lambda: not made._jobs.is_busy(), timeout=60_000)

    qtbot.addWidget(made, before_close_func=let_jobs_end)
    made.resize(1280, 800)
    made.show()
    return made


@pytest.fixture
def visit(qtbot: QtBot, window: MainWindow) -> Callable[[str], Any]:
    """Goes to a page and waits until it shows its data."""

    def go(name: str) -> Page:
        is_new = name not in window._pages
        window.go_to(name)
        page = window.current_page()
        assert page is not None
        if is_new and hasattr(page, "shown"):
            with qtbot.waitSignal(page.shown, timeout=20_000):
                pass
        return page

    return go


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files handed to the system's programs; only the handing over is faked."""
    paths: list[str] = []

    def keep(url: QUrl) -> bool:
        paths.append(url.toLocalFile())
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", keep)
    return paths


@pytest.fixture
def plain_look(qapp: QApplication) -> Iterator[None]:
    """Put the usual look back after a test that changes it."""
    yield
    theme.apply(qapp)
