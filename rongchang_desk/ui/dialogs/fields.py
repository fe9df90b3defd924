"""A dialog of captioned fields that must be filled in before its button can be pressed.

It shows why what was typed is refused and keeps it; what the button does, its subclasses say.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TypeVar

from PySide6.QtCore import QDate, Qt
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

from rongchang_desk.errors import DeskError
from rongchang_desk.ui import theme
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.theme import Tone
from rongchang_desk.ui.tone_label import ToneLabel

W = TypeVar("W", bound=QWidget)


class FieldsDialog(QDialog):
    """What it is about, the fields from top to bottom, a refusal, two buttons.

    `name` begins the object names: `letter_dialog`, `letter_accept`.
    """

    def __init__(
        self, parent: QWidget, name: str, title: str, what: str, accept: str, *, width: int
    ) -> None:
        super().__init__(parent)
        self.setObjectName(f"{name}_dialog")
        self.setWindowTitle(title)
        self._complete: list[Callable[[], bool]] = []
        self._captions: list[QLabel] = []
        self._fields: list[QWidget] = []
        words = named(QLabel(what), f"{name}_what")
        words.setTextFormat(Qt.TextFormat.PlainText)
        words.setWordWrap(True)
        self._grid = captioned_grid()
        self._grid.setVerticalSpacing(10)
        self._problem = named(ToneLabel(), f"{name}_problem")
        self._go = named(QPushButton(accept), f"{name}_accept")
        self._go.setProperty("primary", True)
        self._go.setDefault(True)
        self._go.clicked.connect(self._pressed)
        self._stay = named(QPushButton("取消(&C)"), f"{name}_cancel")
        self._stay.setAutoDefault(False)
        self._stay.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(self._stay)
        buttons.addWidget(self._go)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(20, 18, 20, 16)
        self._column.setSpacing(12)
        self._column.addWidget(words)
        self._column.addLayout(self._grid, 1)
        self._column.addWidget(self._problem)
        self._column.addLayout(buttons)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(theme.current().px(width))

    # What a subclass says

    def _pressed(self) -> None:
        """The button was pressed."""
        raise NotImplementedError

    def _is_ready(self) -> bool:
        """Whether the button may be pressed as soon as all fields are filled in."""
        return True

    # Fields, from top to bottom

    def add_choice(
        self,
        caption: str,
        name: str,
        choices: Sequence[tuple[str, object]],
        *,
        chosen: object = None,
    ) -> QComboBox:
        """A list to choose from: (text, value); without `chosen` nothing is chosen yet, unless
        one of the values is None."""
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
        self._fields.append(field)
        return field

    # What comes of it

    def show_problem(self, error: DeskError) -> None:
        """It was refused: say why, keep what was typed."""
        self._problem.say(f"{error.message}\n{error.hint}".strip(), Tone.BAD)
        self._fit()

    def _enable(self) -> None:
        self._go.setEnabled(all(check() for check in self._complete) and self._is_ready())

    def _fit(self) -> None:
        """Never lower than the wrapped texts need: Qt would let fields overlap."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
            self.setMinimumHeight(
                layout.totalHeightForWidth(max(self.width(), self.minimumWidth()))
            )


def captioned_grid() -> QGridLayout:
    """An empty grid of captions and fields; the fields take the room."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(14)
    grid.setColumnStretch(1, 1)
    return grid


def day_of(field: QDateEdit) -> date:
    """The day in a day field."""
    value = field.date()
    return date(value.year(), value.month(), value.day())


def is_empty(field: QWidget) -> bool:
    """Whether nothing was typed or chosen in a field."""
    match field:
        case QLineEdit():
            return not field.text()
        case QPlainTextEdit():
            return not field.toPlainText()
        case QComboBox():
            return field.currentIndex() < 0
        case _:
            return False
