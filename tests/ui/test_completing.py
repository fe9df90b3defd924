"""A line offers names by what they contain and by their pinyin initials."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from rongchang_desk.app.initials import initials
from rongchang_desk.ui.completing import NameCompleter

# What the offscreen platform says of every popup.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

NAMES = ("昌元街道", "昌州街道", "区知识产权局", "Lab 3")


@pytest.fixture(autouse=True)
def _no_memory() -> Iterator[None]:
    initials.cache_clear()
    yield
    initials.cache_clear()


def line(qtbot: QtBot, mark: str = "") -> QLineEdit:
    importlib.import_module("pypinyin")  # the window does so beside its first paint
    made = QLineEdit()
    qtbot.addWidget(made)
    made.setCompleter(NameCompleter(NAMES, made, mark))
    made.show()
    made.activateWindow()
    made.setFocus()
    qtbot.waitUntil(made.hasFocus)
    return made


def offered(made: QLineEdit) -> list[str]:
    model = made.completer().completionModel()
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def write(qtbot: QtBot, made: QLineEdit, text: str) -> None:
    """Keys for letters; what an input method would bring goes in as a whole."""
    if text.isascii():
        qtbot.keyClicks(made, text)
    else:
        QApplication.sendEvent(made, _input(text))


def _input(text: str) -> QInputMethodEvent:
    event = QInputMethodEvent()
    event.setCommitString(text)
    return event


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("cyjd", ["昌元街道"]),
        ("CZ", ["昌州街道"]),
        ("zscq", ["区知识产权局"]),
        ("街道", ["昌元街道", "昌州街道"]),
        ("lab", ["Lab 3"]),
        ("xyz", []),
    ],
)
def test_a_name_is_found_by_characters_and_initials(
    qtbot: QtBot, typed: str, found: list[str]
) -> None:
    made = line(qtbot)
    write(qtbot, made, typed)
    assert offered(made) == found


def test_a_chosen_name_takes_the_place_of_what_was_typed(qtbot: QtBot) -> None:
    made = line(qtbot)
    qtbot.keyClicks(made, "cyjd")
    popup = made.completer().popup()
    qtbot.waitUntil(popup.isVisible)
    qtbot.keyClick(popup, Qt.Key.Key_Down)
    qtbot.keyClick(popup, Qt.Key.Key_Return)
    assert made.text() == "昌元街道"


def test_of_several_parts_the_last_is_completed_and_the_others_stay(qtbot: QtBot) -> None:
    made = line(qtbot, mark="、")
    made.setText("区知识产权局、")
    qtbot.keyClicks(made, "czjd")
    assert offered(made) == ["昌州街道"]
    popup = made.completer().popup()
    qtbot.keyClick(popup, Qt.Key.Key_Down)
    qtbot.keyClick(popup, Qt.Key.Key_Return)
    assert made.text() == "区知识产权局、昌州街道"


def test_before_pypinyin_is_there_characters_find_and_nothing_is_imported(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = line(qtbot)
    monkeypatch.delitem(sys.modules, "pypinyin")
    qtbot.keyClicks(made, "cyjd")
    assert offered(made) == []
    made.clear()
    write(qtbot, made, "昌元")
    assert offered(made) == ["昌元街道"]
    assert "pypinyin" not in sys.modules
