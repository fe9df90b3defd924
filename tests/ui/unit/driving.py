"""Hands for the unit's pages: finding controls, typing Chinese, clicking rows."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QInputMethodEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QTableView, QWidget
from pytestqt.qtbot import QtBot

from rongchang_desk.ui.main_window import MainWindow
from rongchang_desk.ui.tone_label import ToneLabel

LEFT = Qt.MouseButton.LeftButton
CONTROL = Qt.KeyboardModifier.ControlModifier


def child(parent: QWidget, kind: type[Any], name: str) -> Any:
    """The control with this object name."""
    found = parent.findChild(kind, name)
    assert found is not None, name
    return found


def click(qtbot: QtBot, parent: QWidget, name: str) -> None:
    """Press the button with this name."""
    button = child(parent, QPushButton, name)
    assert button.isEnabled(), name
    qtbot.mouseClick(button, LEFT)


def type_into(qtbot: QtBot, field: QWidget, text: str, *, leave: bool = True) -> None:
    """Replace a field's text as an input method does, and go on with Tab."""
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_A, CONTROL)
    qtbot.keyClick(field, Qt.Key.Key_Delete)
    if text:
        event = QInputMethodEvent()
        event.setCommitString(text)
        QApplication.sendEvent(field, event)
    if leave:
        qtbot.keyClick(field, Qt.Key.Key_Tab)


def line(page: QWidget, code: str) -> QLineEdit:
    """The line of a form's field."""
    found: QLineEdit = child(page, QLineEdit, f"field_{code}")
    return found


def said(page: QWidget, code: str) -> str:
    """What stands under a field."""
    label: ToneLabel = child(page, ToneLabel, f"message_{code}")
    return label.said


def label(page: QWidget, name: str) -> str:
    """The text of a label."""
    return str(child(page, QLabel, name).text())


def click_row(qtbot: QtBot, table: QTableView, row: int, *, twice: bool = False) -> None:
    """Click a row's first visible cell."""
    column = next(n for n in range(table.model().columnCount()) if not table.isColumnHidden(n))
    index = table.model().index(row, column)
    table.scrollTo(index)
    at = table.visualRect(index).center()
    qtbot.mouseClick(table.viewport(), LEFT, pos=at)
    if twice:
        qtbot.mouseDClick(table.viewport(), LEFT, pos=at)


def texts(table: QTableView, column: int) -> list[str]:
    """What a column shows, from top to bottom."""
    model = table.model()
    return [str(model.data(model.index(n, column))) for n in range(model.rowCount())]


def drop(window: MainWindow, *files: Any) -> bool:
    """Drop files on the window; whether it took them."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    none = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(500, 400), Qt.DropAction.CopyAction, data, LEFT, none)
    enter.ignore()
    QApplication.sendEvent(window, enter)
    if enter.isAccepted():
        fall = QDropEvent(QPointF(500, 400), Qt.DropAction.CopyAction, data, LEFT, none)
        QApplication.sendEvent(window, fall)
    return enter.isAccepted()
