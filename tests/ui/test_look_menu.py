"""外观: the menu for light or dark and the size of the text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt, QTimer
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from rongchang_desk.ui import application, theme
from rongchang_desk.ui.application import Session
from rongchang_desk.ui.look_menu import LookButton
from rongchang_desk.ui.main_window import MainWindow

pytestmark = pytest.mark.qt_log_ignore("grabbing the keyboard", extend=True)  # menus, offscreen


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "preferences.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def window(
    qapp: QApplication,
    qtbot: QtBot,
    settings: QSettings,
    desk_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[MainWindow]:
    monkeypatch.setattr(application, "prewarm", lambda: None)
    session = Session(qapp, settings)
    session.begin(desk_folder)
    shown = session.window
    assert isinstance(shown, MainWindow)
    qtbot.waitUntil(lambda: shown.current_page() is not None)
    yield shown
    shown.close()
    qtbot.waitUntil(lambda: not shown.isVisible())
    qtbot.addWidget(shown)
    session.end()
    theme.apply(qapp)


def choose(qtbot: QtBot, window: MainWindow, key: Qt.Key) -> list[str]:
    """Open the menu with the mouse and choose by its mnemonic; what was checked in it before."""
    button = window.findChild(LookButton, "look_button")
    menu = window.findChild(QMenu, "look_menu")
    assert button is not None
    assert menu is not None
    checked: list[str] = []

    def press() -> None:
        checked.extend(action.objectName() for action in menu.actions() if action.isChecked())
        qtbot.keyClick(menu, key)

    QTimer.singleShot(200, menu, press)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)  # returns when the menu has closed
    return checked


def test_dark_is_chosen_and_then_large_and_both_are_remembered(
    window: MainWindow, qtbot: QtBot, settings: QSettings
) -> None:
    assert choose(qtbot, window, Qt.Key.Key_D) == ["look_light", "look_100"]
    assert theme.current() == theme.Look(theme.DARK, 100)
    assert choose(qtbot, window, Qt.Key.Key_3) == ["look_dark", "look_100"]
    assert theme.current() == theme.Look(theme.DARK, 150)
    assert (settings.value("look/palette"), int(str(settings.value("look/scale")))) == ("dark", 150)


def test_leaving_the_menu_changes_nothing(
    window: MainWindow, qtbot: QtBot, settings: QSettings
) -> None:
    choose(qtbot, window, Qt.Key.Key_Escape)
    assert theme.current() == theme.Look(theme.LIGHT, 100)
    assert not settings.contains("look/palette")


def test_the_open_window_grows_with_the_text(window: MainWindow, qtbot: QtBot) -> None:
    panel = window.findChild(QWidget, "navigation_panel")
    assert panel is not None
    before = panel.width()
    choose(qtbot, window, Qt.Key.Key_3)
    qtbot.waitUntil(lambda: panel.width() == before * 150 // 100)
