"""Every page of a unit's window without a mouse and without eyes: Tab reaches every control, and
every control says what it is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QPushButton, QRadioButton, QWidget
from pytestqt.qtbot import QtBot

from rongchang_desk.ui.main_window import MainWindow
from rongchang_desk.ui.unit import PAGES
from tests.district import District

Settle = Callable[[MainWindow], None]
# What an empty page offers in its middle; the header's button of the same action has the letter.
DOUBLED = ("empty_action", "exchange_choose_here")
MOST = 400  # keys after which Tab has surely gone round


def controls(window: MainWindow) -> list[QWidget]:
    """What Tab should reach now."""
    return [
        widget
        for widget in window.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus.value
        and widget.isVisible()
        and widget.isEnabled()
        and widget.focusProxy() is None
        # Of several radio buttons Tab reaches the chosen one, and arrows the others.
        and not (isinstance(widget, QRadioButton) and not widget.isChecked())
    ]


def spoken(widget: QWidget) -> str:
    """What a screen reader says of a control."""
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name) if interface else ""


def walked(qtbot: QtBot, window: MainWindow) -> set[QWidget]:
    """The controls that Tab goes through until it comes round; a grid, in which Tab goes from
    cell to cell, is left by F6."""
    window.setFocus()
    seen: set[QWidget] = set()
    first: QWidget | None = None
    for _ in range(MOST):
        before = QApplication.focusWidget()
        qtbot.keyClick(before or window, Qt.Key.Key_Tab)
        now = QApplication.focusWidget()
        if now is before and before is not None:
            qtbot.keyClick(before, Qt.Key.Key_F6)
            now = QApplication.focusWidget()
        if now is None or (now in seen and now is first):
            break
        first = first or now
        seen.add(now)
    return seen


@pytest.fixture
def shown(
    district: District,
    open_window: Callable[[str], MainWindow],
    settle: Settle,
    request: pytest.FixtureRequest,
) -> MainWindow:
    district.record("A1", district.training("A1"), district.progress("A1"))
    window = open_window("A1")
    window.go_to(str(request.param))
    settle(window)
    return window


@pytest.mark.parametrize("shown", [entry.name for entry in PAGES], indirect=True)
def test_tab_reaches_every_control_and_each_has_a_name(shown: MainWindow, qtbot: QtBot) -> None:
    wanted = controls(shown)
    assert [w.objectName() or type(w).__name__ for w in wanted if not spoken(w).strip()] == []
    reached = walked(qtbot, shown)
    assert [spoken(w) for w in wanted if w not in reached and w.isVisible()] == []


@pytest.mark.parametrize("shown", [entry.name for entry in PAGES], indirect=True)
def test_buttons_with_words_have_mnemonics_and_no_two_the_same(shown: MainWindow) -> None:
    texts = [
        button.text()
        for button in shown.findChildren(QPushButton)
        if button.isVisible() and button.text() and button.objectName() not in DOUBLED
    ]
    letters = [text.split("&")[1][0].upper() for text in texts if "&" in text]
    assert [text for text in texts if "&" not in text] == []
    assert sorted(letters) == sorted(set(letters)), texts
