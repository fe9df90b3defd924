"""Answering the passphrase dialog and choosing files, as a person does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from rongchang_desk.ui.tone_label import ToneLabel


def when_asked(act: Callable[[QDialog], None], name: str = "passphrase_dialog") -> None:
    """Do something with the next modal dialog of this name as soon as it is there."""
    tries = [0]

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, QDialog) and dialog.objectName() == name and dialog.isVisible():
            act(dialog)
        elif tries[0] < 200:
            tries[0] += 1
            QTimer.singleShot(25, look)

    QTimer.singleShot(0, look)


def type_passphrase(text: str) -> Callable[[QDialog], None]:
    """Types into the passphrase dialog and presses Enter."""

    def act(dialog: QDialog) -> None:
        field = dialog.findChild(QLineEdit, "passphrase")
        assert field is not None
        # QTest.keyClicks cannot type Chinese.
        field.insert(text)
        QTest.keyClick(field, Qt.Key.Key_Return)

    return act


def give_wrong_passphrase() -> list[str]:
    """Answers the next passphrase dialog wrongly and gives up when asked again; returns a list
    that then holds the reason shown."""
    problems: list[str] = []

    def second(dialog: QDialog) -> None:
        said = dialog.findChild(ToneLabel, "passphrase_problem")
        assert said is not None
        problems.append(said.said)
        escape(dialog)

    def first(dialog: QDialog) -> None:
        type_passphrase("不对的口令")(dialog)
        when_asked(second)

    when_asked(first)
    return problems


def escape(dialog: QDialog) -> None:
    """Presses Esc."""
    QTest.keyClick(dialog, Qt.Key.Key_Escape)


def choose(qtbot: QtBot, parent: QWidget, name: str, path: Path) -> None:
    """Type a path into the open file dialog and accept it."""
    dialog = parent.findChild(QFileDialog, name)
    assert dialog is not None, name
    qtbot.waitUntil(dialog.isVisible)
    field = dialog.findChild(QLineEdit, "fileNameEdit")
    assert field is not None
    field.setText(str(path))
    QTest.keyClick(field, Qt.Key.Key_Return)
