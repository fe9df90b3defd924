"""The months of a year side by side, each with its state; a click goes to that month."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from rongchang_desk.app.overview import MonthState
from rongchang_desk.domain.month import Month
from rongchang_desk.ui import theme
from rongchang_desk.ui.theme import Tone

GLYPHS = {
    MonthState.SIGNED: "✓",
    MonthState.CHANGED: "!",
    MonthState.STARTED: "→",
    MonthState.OPEN: "○",
    MonthState.EMPTY: "○",
    MonthState.AHEAD: "·",
    MonthState.BEFORE: "—",
    MonthState.NOT_ASKED: "—",
}
TONES = {
    MonthState.SIGNED: Tone.GOOD,
    MonthState.CHANGED: Tone.WARN,
    MonthState.STARTED: Tone.BUSY,
    MonthState.OPEN: Tone.QUIET,
    MonthState.EMPTY: Tone.BAD,
    MonthState.AHEAD: Tone.QUIET,
    MonthState.BEFORE: Tone.QUIET,
    MonthState.NOT_ASKED: Tone.QUIET,
}
SHORT = {MonthState.CHANGED: "待更正"}


class MonthStrip(QWidget):
    """Shows a year; `chosen` tells which month was clicked."""

    chosen = Signal(object)  # Month

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("month_strip")
        self.setAccessibleName("全年各月")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        self._cells: list[_MonthCell] = []

    def set_year(self, year: Sequence[tuple[Month, MonthState]], shown: Month) -> None:
        """Show these months and mark the one that the window shows."""
        while len(self._cells) < len(year):
            cell = _MonthCell()
            cell.clicked.connect(lambda _=False, cell=cell: self.chosen.emit(cell.month))
            self._cells.append(cell)
            self._row.addWidget(cell)
        while len(self._cells) > len(year):
            self._cells.pop().deleteLater()
        for cell, (month, state) in zip(self._cells, year, strict=True):
            cell.show_state(month, state, is_shown=month == shown)


class _MonthCell(QAbstractButton):
    def __init__(self) -> None:
        super().__init__()
        self.month = Month(2000, 1)
        self._state = MonthState.AHEAD
        self._is_shown = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_state(self, month: Month, state: MonthState, *, is_shown: bool) -> None:
        self.month, self._state, self._is_shown = month, state, is_shown
        self.setObjectName(f"month_{month}")
        self.setAccessibleName(f"{month.label}：{state.label}")
        self.setToolTip(f"{month.label}：{state.label}")
        self.update()

    def sizeHint(self) -> QSize:
        look = theme.current()
        return QSize(look.px(52), look.px(58))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.current().px(34), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look = theme.current()
        palette, tone = look.palette, TONES[self._state]
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inside = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        is_ahead = self._state is MonthState.AHEAD
        painter.setBrush(QColor(palette.card) if is_ahead else palette.wash(tone))
        marked = self._is_shown or self.hasFocus()
        edge = palette.focus if marked else palette.border
        painter.setPen(QPen(QColor(edge), 2 if self._is_shown else 1))
        painter.drawRoundedRect(inside, 6, 6)
        upper = QRectF(inside.left(), inside.top() + look.px(7), inside.width(), look.px(20))
        lower = QRectF(inside.left(), inside.top() + look.px(30), inside.width(), look.px(20))
        font = self.font()
        font.setBold(self._is_shown)
        painter.setFont(font)
        painter.setPen(QColor(palette.text))
        painter.drawText(upper, Qt.AlignmentFlag.AlignCenter, f"{self.month.month}月")
        font.setBold(False)
        font.setPixelSize(look.px(12))
        painter.setFont(font)
        painter.setPen(palette.ink(tone))
        words = f"{GLYPHS[self._state]} {SHORT.get(self._state, self._state.label)}"
        if painter.fontMetrics().horizontalAdvance(words) > lower.width() - 4:
            words = GLYPHS[self._state]
        painter.drawText(lower, Qt.AlignmentFlag.AlignCenter, words)
