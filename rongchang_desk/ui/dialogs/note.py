"""A small dialog of lines, paragraphs and choices that must all be filled in.

It stays open until the page accepts what was typed, so that a refusal loses nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from rongchang_desk.errors import DeskError
from rongchang_desk.ui import theme
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.theme import Tone
from rongchang_desk.ui.tone_label import ToneLabel

W = TypeVar("W", bound=QWidget)


class NoteDialog(QDialog):
    """`accepted_with` is called on the button; a DeskError it raises is shown here."""

    def __init__(self, parent: QWidget, title: str, what: str, accept: str) -> None:
        super().__init__(parent.window())
        self.setObjectName("note_dialog")
        self.setWindowTitle(title)
        self._complete: list[Callable[[], bool]] = []
        self._fields: list[QWidget] = []
        self._done: Callable[[], object] = lambda: None
        words = named(QLabel(what), "note_what")
        words.setTextFormat(Qt.TextFormat.PlainText)
        words.setWordWrap(True)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(10)
        self._grid.setColumnStretch(1, 1)
        self._problem = named(ToneLabel(), "note_problem")
        self._go = named(QPushButton(accept), "note_accept")
        self._go.setProperty("primary", True)
        self._go.setDefault(True)
        self._go.clicked.connect(self._try)
        stay = named(QPushButton("取消(&C)"), "note_cancel")
        stay.setAutoDefault(False)
        stay.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(stay)
        buttons.addWidget(self._go)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(12)
        column.addWidget(words)
        column.addLayout(self._grid, 1)
        column.addWidget(self._problem)
        column.addLayout(buttons)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(theme.current().px(460))

    def add_line(self, caption: str, name: str, hint: str = "") -> QLineEdit:
        """One line."""
        line = named(QLineEdit(), name)
        line.setPlaceholderText(hint)
        line.textChanged.connect(self._enable)
        self._complete.append(lambda: bool(line.text().strip()))
        return self._add(caption, line)

    def add_text(self, caption: str, name: str, hint: str = "") -> QPlainTextEdit:
        """Paragraphs; Tab goes on to the next field."""
        field = named(QPlainTextEdit(), name)
        field.setPlaceholderText(hint)
        field.setTabChangesFocus(True)
        field.setMinimumHeight(theme.current().px(90))
        field.textChanged.connect(self._enable)
        self._complete.append(lambda: bool(field.toPlainText().strip()))
        return self._add(caption, field)

    def add_choice(
        self, caption: str, name: str, choices: Sequence[tuple[str, object]], *, chosen: int = -1
    ) -> QComboBox:
        """One of (text, value); `chosen` is the number of the one offered, -1 for none."""
        box = named(QComboBox(), name)
        box.setPlaceholderText("请选择")
        for text, value in choices:
            box.addItem(text, value)
        box.setCurrentIndex(chosen)
        box.currentIndexChanged.connect(self._enable)
        self._complete.append(lambda: box.currentIndex() >= 0)
        return self._add(caption, box)

    def ask(self, done: Callable[[], object]) -> None:
        """Open; `done()` is called when the button is pressed, and closes unless it raises."""
        self._done = done
        self._enable()
        self.open()
        if self._fields:
            self._fields[0].setFocus()

    def _try(self) -> None:
        try:
            self._done()
        except DeskError as error:
            self._problem.say(f"{error.message}\n{error.hint}".strip(), Tone.BAD)
            return
        self.accept()

    def _enable(self) -> None:
        self._go.setEnabled(all(check() for check in self._complete))

    def _add(self, caption: str, field: W) -> W:
        row = self._grid.rowCount()
        label = QLabel(caption)
        label.setBuddy(field)
        field.setAccessibleName(caption.split("(", maxsplit=1)[0])
        is_tall = isinstance(field, QPlainTextEdit)
        place = Qt.AlignmentFlag.AlignTop if is_tall else Qt.AlignmentFlag.AlignVCenter
        self._grid.addWidget(label, row, 0, place)
        self._grid.addWidget(field, row, 1)
        self._fields.append(field)
        return field
