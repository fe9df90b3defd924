"""The two headers of a grid: titles with a line of filters below, and row numbers with marks."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QHeaderView, QLineEdit, QTableView, QWidget

from rongchang_desk.app.fields import Entry, EntryField
from rongchang_desk.ui import theme
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.theme import Tone
from rongchang_desk.ui.unit.grid_model import GridModel

TITLE_HEIGHT = 36
FILTER_HEIGHT = 34
NUMBER_WIDTH = 58
FILTER_AFTER = 250  # ms without a key
HINTS = {
    Entry.DATE: "如 2026-10、>=2026-10-08",
    Entry.NUMBER: "如 >100",
    Entry.VALUE: "如 >100、空",
}


class FilterHeader(QHeaderView):
    """Column titles; Ctrl+Shift+L shows a line to type into below each."""

    filtered = Signal()  # somebody typed; see `texts`

    def __init__(self, parent: QTableView) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._lines: list[FilterLine] = []
        self._is_open = False
        self.setObjectName("grid_titles")
        self.setSectionsMovable(True)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setSortIndicatorShown(True)
        self.setSortIndicatorClearable(True)
        self.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(FILTER_AFTER)
        self._pause.timeout.connect(self.filtered)
        self.sectionResized.connect(self._place)
        self.sectionMoved.connect(self._place)
        parent.horizontalScrollBar().valueChanged.connect(self._place)
        self.fit()

    @property
    def is_open(self) -> bool:
        """Whether the lines are shown."""
        return self._is_open

    def set_fields(self, fields: tuple[EntryField, ...]) -> None:
        """Have a line for each of other fields; all are empty."""
        for line in self._lines:
            line.hide()
            line.deleteLater()
        self._lines = []
        for field in fields:
            line = named(FilterLine(self), f"filter_{field.code}", f"筛选：{field.title}")
            line.setPlaceholderText("筛选")
            line.setToolTip(f"{HINTS.get(field.entry, '含有的文字')}；空、非空。Esc 清除")
            line.textEdited.connect(self._pause.start)
            line.cleared.connect(self.filtered)
            line.setVisible(self._is_open)
            self._lines.append(line)
        self._place()

    def texts(self) -> tuple[str, ...]:
        """What was typed for each field."""
        return tuple(line.text() for line in self._lines) if self._is_open else ()

    def mark(self, column: int, reason: str) -> None:
        """Turn a line red, with the reason as its tip, or back."""
        line = self._lines[column]
        if bool(line.property("wrong")) != bool(reason):
            line.setProperty("wrong", bool(reason))
            line.style().unpolish(line)
            line.style().polish(line)
        if reason:
            line.setToolTip(reason)

    def show_lines(self, is_open: bool, column: int = 0) -> None:
        """Show the lines and go to the one of a column, or hide them: nothing is filtered then."""
        had = any(self.texts())
        self._is_open = is_open
        for line in self._lines:
            line.setVisible(is_open)
            if not is_open:
                line.clear()
        self.fit()
        self._place()
        if is_open and column < len(self._lines):
            self._lines[column].setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif had:
            self.filtered.emit()

    def fit(self) -> None:
        """Take the height that titles and lines need at this size of text."""
        look = theme.current()
        self.setFixedHeight(look.px(TITLE_HEIGHT + (FILTER_HEIGHT if self._is_open else 0)))
        self.setMinimumSectionSize(look.px(40))

    def updateGeometries(self) -> None:
        below = theme.current().px(FILTER_HEIGHT) if self._is_open else 0
        self.setViewportMargins(0, 0, 0, below)
        super().updateGeometries()
        self._place()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.maximumHeight())

    def _place(self) -> None:
        look = theme.current()
        top = look.px(TITLE_HEIGHT)
        for column, line in enumerate(self._lines):
            left = self.sectionViewportPosition(column)
            line.setGeometry(
                left + 2, top + 2, self.sectionSize(column) - 4, look.px(FILTER_HEIGHT) - 5
            )


class FilterLine(QLineEdit):
    """One filter. Esc empties it; Enter and Down go to the rows."""

    cleared = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Escape if self.text():
                self.clear()
                self.cleared.emit()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Down | Qt.Key.Key_Escape:
                header = self.parentWidget()
                grid = header.parentWidget() if header else None
                if grid:
                    grid.setFocus(Qt.FocusReason.OtherFocusReason)
            case _:
                super().keyPressEvent(event)


class RowHeader(QHeaderView):
    """Row numbers; those of rows with mistakes in colour with a glyph. Double click: 详细."""

    asked = Signal(int)  # the row that was double-clicked

    def __init__(self, model: GridModel, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self.setObjectName("grid_numbers")
        self.setAccessibleName("行号")
        self._model = model
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.fit()

    def fit(self) -> None:
        """Take the width that numbers need at this size of text."""
        self.setFixedWidth(theme.current().px(NUMBER_WIDTH))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        row = self.logicalIndexAt(event.position().toPoint())
        if row >= 0:
            self.asked.emit(row)

    def paintSection(self, painter: QPainter, rect: QRect, row: int) -> None:
        palette = theme.current().palette
        table = self.parentWidget()
        assert isinstance(table, QTableView)
        is_current = table.currentIndex().row() == row
        painter.fillRect(rect, QColor(palette.chosen if is_current else palette.header))
        painter.setPen(QColor(palette.line))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.drawLine(rect.topRight(), rect.bottomRight())
        mark = self._model.row_mark(row)
        text = str(self._model.headerData(row, Qt.Orientation.Vertical))
        ink = palette.ink(mark.tone) if mark else QColor(palette.muted)
        if self._model.is_fresh(row):
            ink = palette.ink(Tone.BUSY)
        painter.setPen(ink)
        room = rect.adjusted(6, 0, -7, 0)
        middle = Qt.AlignmentFlag.AlignVCenter
        if mark:
            painter.drawText(room, Qt.AlignmentFlag.AlignLeft | middle, "!")
        painter.drawText(room, Qt.AlignmentFlag.AlignRight | middle, text)
