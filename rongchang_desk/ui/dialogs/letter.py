"""Asks what a letter 来往件 says and for the passphrase that signs it, if it is signed at all.

The dialog stays open until the letter is written, so that nothing typed is lost by a wrong
passphrase or another refusal. It signs and keeps nothing itself.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import pairwise
from typing import TypeVar

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDateEdit,
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

from rongchang_desk.errors import DeskError, WrongPassphrase
from rongchang_desk.ui import theme
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.theme import Tone
from rongchang_desk.ui.tone_label import ToneLabel

W = TypeVar("W", bound=QWidget)


class LetterDialog(QDialog):
    """Fields put in by the page, then the passphrase; `wanted` says it is to be written."""

    wanted = Signal(str)  # the passphrase, as typed; empty when nothing is signed

    def __init__(
        self, parent: QWidget, title: str, what: str, accept: str, *, advice: str = "",
        signed: bool = True,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._is_signed = signed
        self.setObjectName("letter_dialog")
        self.setWindowTitle(title)
        self._complete: list[Callable[[], bool]] = []
        self._busy = False
        words = named(QLabel(what), "letter_what")
        words.setTextFormat(Qt.TextFormat.PlainText)
        words.setWordWrap(True)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(10)
        self._grid.setColumnStretch(1, 1)
        self._passphrase = named(QLineEdit(), "letter_passphrase", "签名口令")
        self._passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self._passphrase.setPlaceholderText("签名口令")
        self._passphrase.textChanged.connect(self._enable)
        self._problem = named(ToneLabel(), "letter_problem")
        further = named(QLabel(advice), "letter_advice")
        further.setProperty("role", "muted")
        further.setWordWrap(True)
        self._go = named(QPushButton(accept), "letter_accept")
        self._go.setProperty("primary", True)
        self._go.setDefault(True)
        self._go.clicked.connect(self._want)
        self._stay = named(QPushButton("取消(&C)"), "letter_cancel")
        self._stay.setAutoDefault(False)
        self._stay.clicked.connect(self.reject)
        self._put_together(words, further)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(theme.current().px(520))

    def _put_together(self, words: QWidget, further: QLabel) -> None:
        secret = QGridLayout()
        secret.setHorizontalSpacing(14)
        secret.setColumnStretch(1, 1)
        caption = QLabel("口令(&P)")
        caption.setBuddy(self._passphrase)
        self._captions = [caption] if self._is_signed else []
        caption.setVisible(self._is_signed)
        self._passphrase.setVisible(self._is_signed)
        secret.addWidget(caption, 0, 0)
        secret.addWidget(self._passphrase, 0, 1)
        self._secret = secret
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(self._stay)
        buttons.addWidget(self._go)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(12)
        column.addWidget(words)
        column.addLayout(self._grid, 1)
        column.addLayout(secret)
        column.addWidget(self._problem)
        if further.text():
            column.addWidget(further)
        column.addSpacing(4)
        column.addLayout(buttons)

    # Fields, from top to bottom

    def add_choice(
        self, caption: str, name: str, choices: list[tuple[str, object]], *, chosen: object = None
    ) -> QComboBox:
        """A list to choose from: (text, value); without `chosen` nothing is chosen yet."""
        box = named(QComboBox(), name)
        box.setMaxVisibleItems(16)
        box.setPlaceholderText("请选择")
        for text, value in choices:
            box.addItem(text, value)
        box.setCurrentIndex(next((n for n, c in enumerate(choices) if c[1] == chosen), -1))
        box.setMinimumContentsLength(12)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.currentIndexChanged.connect(self._enable)
        self._complete.append(lambda: box.currentIndex() >= 0)
        return self._add(caption, box)

    def add_line(
        self, caption: str, name: str, text: str = "", hint: str = "", *, may_be_empty: bool = False
    ) -> QLineEdit:
        """One line; it must be filled in unless it `may_be_empty`."""
        line = named(QLineEdit(text), name)
        line.setPlaceholderText(hint)
        line.textChanged.connect(self._enable)
        self._complete.append(lambda: may_be_empty or bool(line.text().strip()))
        return self._add(caption, line)

    def add_text(self, caption: str, name: str, text: str = "", hint: str = "") -> QPlainTextEdit:
        """Paragraphs that must be filled in; Tab goes on to the next field."""
        field = named(QPlainTextEdit(text), name)
        field.setPlaceholderText(hint)
        field.setTabChangesFocus(True)
        field.setMinimumHeight(theme.current().px(116))
        field.textChanged.connect(self._enable)
        self._complete.append(lambda: bool(field.toPlainText().strip()))
        return self._add(caption, field, tall=True)

    def add_day(self, caption: str, name: str, day: date, earliest: date) -> QDateEdit:
        """A day not before `earliest`."""
        field = named(QDateEdit(QDate(day.year, day.month, day.day)), name)
        field.setDisplayFormat("yyyy-MM-dd")
        field.setCalendarPopup(True)
        field.setMinimumDate(QDate(earliest.year, earliest.month, earliest.day))
        return self._add(caption, field)

    def add_fact(self, text: str, tone: Tone = Tone.QUIET) -> ToneLabel:
        """A remark below the fields so far."""
        label = ToneLabel()
        label.say(text, tone)
        self._grid.addWidget(label, self._grid.rowCount(), 1)
        return label

    def show_it(self) -> None:
        """Open, with the keyboard in the first field that is empty."""
        width = max((label.sizeHint().width() for label in self._captions), default=0)
        self._grid.setColumnMinimumWidth(0, width)
        self._secret.setColumnMinimumWidth(0, width)
        # The passphrase was made first: it comes after the fields in the tab order.
        fields = [
            item.widget()
            for n in range(self._grid.count())
            if (item := self._grid.itemAt(n)) and item.widget().focusPolicy()
        ]
        fields = [f for f in fields if not isinstance(f, QLabel)]
        for before, after in pairwise([*fields, self._passphrase, self._stay, self._go]):
            QWidget.setTabOrder(before, after)
        self._enable()
        self._fit()
        self.open()
        last = self._passphrase if self._is_signed else self._go
        next((f for f in fields if _is_empty(f)), last).setFocus()

    # What comes of it

    def show_problem(self, error: DeskError) -> None:
        """It was refused: say why, keep everything but the passphrase."""
        self._set_busy(is_busy=False)
        self._problem.say(f"{error.message}\n{error.hint}".strip(), Tone.BAD)
        self._fit()
        if isinstance(error, WrongPassphrase):
            self._passphrase.clear()
            self._passphrase.setFocus()

    def set_idle(self) -> None:
        """The work ended without a letter and without a refusal."""
        self._set_busy(is_busy=False)

    def reject(self) -> None:
        if not self._busy:  # it may be on its way already
            super().reject()

    def _want(self) -> None:
        self._problem.say("")
        self._set_busy(is_busy=True)
        self.wanted.emit(self._passphrase.text())

    def _fit(self) -> None:
        """Never lower than the wrapped texts need: Qt would let fields overlap."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
            self.setMinimumHeight(
                layout.totalHeightForWidth(max(self.width(), self.minimumWidth()))
            )

    def _set_busy(self, *, is_busy: bool) -> None:
        self._busy = is_busy
        self._stay.setEnabled(not is_busy)
        self._enable()

    def _enable(self) -> None:
        complete = all(check() for check in self._complete)
        has_secret = bool(self._passphrase.text()) or not self._is_signed
        self._go.setEnabled(complete and has_secret and not self._busy)

    def _add(self, caption: str, field: W, *, tall: bool = False) -> W:
        row = self._grid.rowCount()
        label = QLabel(caption)
        label.setBuddy(field)
        field.setAccessibleName(caption.split("(", maxsplit=1)[0])
        top = Qt.AlignmentFlag.AlignTop if tall else Qt.AlignmentFlag.AlignVCenter
        self._grid.addWidget(label, row, 0, top)
        self._grid.addWidget(field, row, 1)
        if tall:
            self._grid.setRowStretch(row, 1)
        self._captions.append(label)
        return field


def day_of(field: QDateEdit) -> date:
    """The day in a day field."""
    value = field.date()
    return date(value.year(), value.month(), value.day())


def _is_empty(field: QWidget) -> bool:
    match field:
        case QLineEdit():
            return not field.text()
        case QPlainTextEdit():
            return not field.toPlainText()
        case QComboBox():
            return field.currentIndex() < 0
        case _:
            return False
