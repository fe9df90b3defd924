"""Tables of frozen rows: columns are declared, the rest (sorting, filtering, copying, pills, bars,
empty states, remembered widths) is here once.

For what fits on a screen or a few thousand rows; sorting and filtering run in Python. A table
never changes a row and never reads the store.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QCollator,
    QEvent,
    QItemSelectionModel,
    QLocale,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSettings,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QAction,
    QColor,
    QContextMenuEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QMenu,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from rongchang_desk.app.initials import initials_at_hand
from rongchang_desk.ui import theme
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.theme import Tone

Index = QModelIndex | QPersistentModelIndex
Shown = Qt.ItemDataRole

ROW_HEIGHT = 38
STRETCH_LEAST = 96  # pixels at 100 % of a column that takes the room left over
PADDING = 9  # as the header's, so that titles stand above their text
LONGEST_NAME = 60  # characters of a cell that is also found by its pinyin initials
SAVE_AFTER = 400  # ms of peace after dragging a column edge


class Align(Enum):
    """Where a column's text stands."""

    START = Qt.AlignmentFlag.AlignLeft
    CENTER = Qt.AlignmentFlag.AlignHCenter
    END = Qt.AlignmentFlag.AlignRight


class Cell(Enum):
    """How a column's cells are drawn."""

    TEXT = "text"
    PILL = "pill"  # the text in a rounded patch of its tone
    BAR = "bar"  # a number 0–100 as a bar with its per cent
    FILL = "fill"  # the whole cell in its tone (the units × months matrix)


@dataclass(frozen=True)
class Column:
    """One column over rows of any frozen type.

    `value(row)` is what is sorted by: text, a number, a date or None (sorted last). `text(row)` is
    what is shown, copied and searched; without it the value is written out. `tone(row)` colours
    pills, bars and fills; None draws plain text. `width` is in pixels at 100 % text size; a
    `stretch` column takes the room left over, but not less than can be read. `key` names the
    column in remembered widths.
    """

    title: str
    value: Callable[[Any], object]
    text: Callable[[Any], str] | None = None
    cell: Cell = Cell.TEXT
    tone: Callable[[Any], Tone | None] | None = None
    align: Align = Align.START
    width: int = 120
    stretch: bool = False
    tip: Callable[[Any], str] | None = None
    key: str = ""
    editable: bool = False
    """Whether its cells can be typed into; the page is told and changes the row."""

    def shown(self, row: object) -> str:
        """The text of a row's cell."""
        if self.text:
            return self.text(row)
        return written(self.value(row))

    @property
    def name(self) -> str:
        return self.key or self.title


def written(value: object) -> str:
    """A value as a cell shows it; None is empty, never `None`."""
    match value:
        case None:
            return ""
        case datetime():
            return value.strftime("%Y-%m-%d %H:%M")
        case date():
            return value.isoformat()
        case bool():
            return "是" if value else "否"
        case int() | Decimal():
            return f"{value:,}"
        case _:
            return str(value)


class TableModel(QAbstractTableModel):
    """Frozen rows seen through columns; sorting and filtering change only what is shown."""

    typed = Signal(object, object, str)  # the row, its column, the text typed into the cell

    def __init__(self, columns: Sequence[Column], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._all: tuple[Any, ...] = ()
        self._rows: tuple[Any, ...] = ()
        self._words: tuple[str, ...] = ()
        self._keep: Callable[[Any], bool] | None = None
        self._sorted_by = -1
        self._order = Qt.SortOrder.AscendingOrder

    @property
    def rows(self) -> tuple[Any, ...]:
        """The rows shown now, in the order shown."""
        return self._rows

    @property
    def all_rows(self) -> tuple[Any, ...]:
        """All rows, as given."""
        return self._all

    @property
    def is_filtered(self) -> bool:
        return bool(self._words or self._keep)

    def row(self, index: Index) -> Any:
        """The row value at an index."""
        return self._rows[index.row()]

    def set_rows(self, rows: Iterable[Any]) -> None:
        """Show these rows instead, under the sorting and filter in force."""
        self._all = tuple(rows)
        self._arrange()

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Show other columns (a matrix whose months change)."""
        self.beginResetModel()
        self.columns = tuple(columns)
        self._sorted_by = -1
        self.endResetModel()
        self._arrange()

    def set_filter(self, text: str, keep: Callable[[Any], bool] | None = None) -> None:
        """Show rows in which every word of `text` stands in some cell, or in the pinyin initials
        of a short one, and that `keep` keeps."""
        self._words = tuple(_plain(text).split())
        self._keep = keep
        self._arrange()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._sorted_by = column if 0 <= column < len(self.columns) else -1
        self._order = order
        self._arrange()

    def _arrange(self) -> None:
        self.beginResetModel()
        rows = [row for row in self._all if self._is_kept(row)]
        if self._sorted_by >= 0:
            value = self.columns[self._sorted_by].value
            pairs = [(value(row), row) for row in rows]
            filled = [pair for pair in pairs if pair[0] is not None]
            filled.sort(
                key=lambda pair: _sort_key(pair[0]),
                reverse=self._order == Qt.SortOrder.DescendingOrder,
            )
            rows = [row for _, row in filled] + [row for v, row in pairs if v is None]
        self._rows = tuple(rows)
        self.endResetModel()

    def _is_kept(self, row: Any) -> bool:
        if self._keep and not self._keep(row):
            return False
        if not self._words:
            return True
        cells = [column.shown(row) for column in self.columns]
        text = _plain("\n".join(cells))
        missing = [word for word in self._words if word not in text]
        if not missing or not all(word.isascii() for word in missing):
            return not missing
        text = "\n".join(initials_at_hand(cell) for cell in cells if len(cell) <= LONGEST_NAME)
        return all(word in text for word in missing)

    # Qt's side

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent and parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent and parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Shown.DisplayRole) -> Any:
        if not index.isValid():
            return None
        column, row = self.columns[index.column()], self._rows[index.row()]
        if role in (Shown.DisplayRole, Shown.EditRole):
            return column.shown(row)
        if role == Shown.TextAlignmentRole:
            return column.align.value | Qt.AlignmentFlag.AlignVCenter
        if role == Shown.ToolTipRole:
            return column.tip(row) if column.tip else None
        if role == Shown.AccessibleTextRole:
            return f"{column.title}：{column.shown(row)}"
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        own = super().flags(index)
        if index.isValid() and self.columns[index.column()].editable:
            return own | Qt.ItemFlag.ItemIsEditable
        return own

    def setData(self, index: Index, value: Any, role: int = Shown.EditRole) -> bool:
        if role != Shown.EditRole or not index.isValid():
            return False
        column, row = self.columns[index.column()], self._rows[index.row()]
        if str(value) != column.shown(row):
            self.typed.emit(row, column, str(value))
        return True

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Shown.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and section < len(self.columns):
            column = self.columns[section]
            if role == Shown.DisplayRole:
                return column.title
            if role == Shown.TextAlignmentRole:
                return column.align.value | Qt.AlignmentFlag.AlignVCenter
        return None


class CellDelegate(QStyledItemDelegate):
    """Draws pills, bars and filled cells; plain text is Qt's own."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        if not isinstance(model, TableModel):
            super().paint(painter, option, index)
            return
        column, row = model.columns[index.column()], model.row(index)
        tone = column.tone(row) if column.tone else None
        plain: Any = QStyleOptionViewItem(option)  # its fields are not in the stubs
        self.initStyleOption(plain, index)
        text, plain.text = plain.text, ""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        plain.widget.style().drawControl(
            QStyle.ControlElement.CE_ItemViewItem, plain, painter, plain.widget
        )
        painter.setFont(plain.font)
        rect = plain.rect
        is_chosen = bool(plain.state & QStyle.StateFlag.State_Selected)
        match column.cell:
            case Cell.TEXT:
                _paint_text(painter, rect, text, tone, column.align)
            case Cell.PILL if text:
                _paint_pill(painter, rect, text, tone or Tone.QUIET, column.align, is_chosen)
            case Cell.BAR:
                _paint_bar(painter, rect, column.value(row), text, tone or Tone.BUSY)
            case Cell.FILL:
                _paint_fill(painter, rect, text, tone, is_chosen)
        painter.restore()


def _paint_text(painter: QPainter, rect: QRect, text: str, tone: Tone | None, align: Align) -> None:
    palette = theme.current().palette
    painter.setPen(palette.ink(tone) if tone else QColor(palette.text))
    room = rect.adjusted(PADDING, 0, -PADDING, 0)
    words = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width())
    painter.drawText(room, align.value | Qt.AlignmentFlag.AlignVCenter, words)


def _paint_pill(
    painter: QPainter, rect: QRect, text: str, tone: Tone, align: Align, is_chosen: bool
) -> None:
    look = theme.current()
    width = min(painter.fontMetrics().horizontalAdvance(text) + look.px(20), rect.width() - 8)
    height = look.px(24)
    left = {
        Align.START: rect.left() + 8,
        Align.CENTER: rect.center().x() - width // 2,
        Align.END: rect.right() - 8 - width,
    }[align]
    pill = QRect(left, rect.center().y() - height // 2 + 1, width, height)
    painter.setPen(Qt.PenStyle.NoPen)
    wash = look.palette.wash(tone)
    if is_chosen:  # the soft colours are too near to that of a chosen row
        wash = look.palette.ink(tone)
        wash.setAlpha(45)
    painter.setBrush(wash)
    painter.drawRoundedRect(pill, height / 2, height / 2)
    painter.setPen(look.palette.ink(tone))
    painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)


def _paint_bar(painter: QPainter, rect: QRect, value: object, text: str, tone: Tone) -> None:
    look = theme.current()
    painter.setPen(look.palette.ink(Tone.QUIET) if value is None else QPen(look.palette.text))
    if not isinstance(value, int | float | Decimal):
        painter.drawText(
            rect.adjusted(8, 0, -8, 0),
            Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft,
            text or "—",
        )
        return
    share = max(0.0, min(float(value) / 100, 1.0))
    words = text if text.endswith("%") else f"{text}%"
    room = look.px(46)
    track = QRect(rect.left() + 8, rect.center().y() - 3, rect.width() - room - 16, 7)
    painter.drawText(
        QRect(track.right() + 2, rect.top(), room + 6, rect.height()),
        Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight,
        words,
    )
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(look.palette.track))
    painter.drawRoundedRect(track, 3.5, 3.5)
    if share > 0:
        painter.setBrush(look.palette.ink(tone))
        track.setWidth(max(7, round(track.width() * share)))
        painter.drawRoundedRect(track, 3.5, 3.5)


def _paint_fill(
    painter: QPainter, rect: QRect, text: str, tone: Tone | None, is_chosen: bool
) -> None:
    look = theme.current()
    if tone:
        painter.fillRect(rect, look.palette.wash(tone))
        painter.setPen(look.palette.ink(tone))
    else:
        painter.setPen(look.palette.ink(Tone.QUIET))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)
    if is_chosen:
        painter.setPen(QPen(QColor(look.palette.focus), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(rect.adjusted(1, 1, -1, -1))


class Table(QTableView):
    """A table view over a `TableModel`, ready to put into a page.

    `name` is its object name and its name in remembered widths; `accessible` is what a screen
    reader says. `identity(row)` lets the chosen row stay chosen when new rows come.
    """

    row_activated = Signal(object)  # double click or Enter: the row
    row_chosen = Signal(object)  # the current row, or None

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        name: str,
        accessible: str,
        empty: str,
        empty_action: QAction | None = None,
        settings: QSettings | None = None,
        identity: Callable[[Any], Hashable] | None = None,
        whole_rows: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(accessible)
        self._settings = settings
        self._identity = identity
        self._is_laying_out = False
        self._dragged: set[int] = set()
        self.table_model = TableModel(columns, self)
        self.setModel(self.table_model)
        self.setItemDelegate(CellDelegate(self))
        self.setAlternatingRowColors(whole_rows)
        self.setShowGrid(not whole_rows)
        self.setWordWrap(False)
        self.setSelectionBehavior(
            QAbstractItemView.SelectionBehavior.SelectRows
            if whole_rows
            else QAbstractItemView.SelectionBehavior.SelectItems
        )
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        trigger = QAbstractItemView.EditTrigger
        self.setEditTriggers(
            trigger.EditKeyPressed | trigger.AnyKeyPressed | trigger.SelectedClicked
            if any(column.editable for column in columns)
            else trigger.NoEditTriggers
        )
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.setSortIndicatorClearable(True)
        self.setSortingEnabled(True)
        self._empty = _EmptyState(self.viewport(), empty, empty_action)
        self._save = QTimer(self)
        self._save.setSingleShot(True)
        self._save.setInterval(SAVE_AFTER)
        self._save.timeout.connect(self._save_widths)
        header.sectionResized.connect(self._section_resized)
        self.table_model.modelReset.connect(self._rows_changed)
        self.doubleClicked.connect(lambda index: self.row_activated.emit(self.row(index)))
        self.selectionModel().currentRowChanged.connect(
            lambda index, _: self.row_chosen.emit(self.row(index) if index.isValid() else None)
        )
        self.lay_out()
        self._rows_changed()

    def row(self, index: Index) -> Any:
        """The row value at an index."""
        return self.table_model.row(index)

    def current_row(self) -> Any:
        """The current row's value, or None."""
        index = self.currentIndex()
        return self.row(index) if index.isValid() else None

    def chosen_rows(self) -> tuple[Any, ...]:
        """The values of all selected rows, from top to bottom."""
        numbers = sorted({index.row() for index in self.selectedIndexes()})
        return tuple(self.table_model.rows[number] for number in numbers)

    def set_rows(self, rows: Iterable[Any]) -> None:
        """Show other rows; the chosen row and the scroll position stay where they can."""
        chosen = self.current_row()
        column = max(self.currentIndex().column(), 0)
        position = self.verticalScrollBar().value()
        self.table_model.set_rows(rows)
        if chosen is not None and self._identity:
            self.choose(self._identity(chosen), column)
        self.verticalScrollBar().setValue(position)

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Show other columns."""
        self._dragged.clear()
        self.table_model.set_columns(columns)
        self.lay_out()

    def set_filter(self, text: str, keep: Callable[[Any], bool] | None = None) -> None:
        """See `TableModel.set_filter`."""
        self.table_model.set_filter(text, keep)

    def choose(self, identity: Hashable, column: int = 0) -> bool:
        """Make the row with this identity current and visible; False when it is not shown."""
        if self._identity is None:
            return False
        for number, row in enumerate(self.table_model.rows):
            if self._identity(row) == identity:
                index = self.table_model.index(number, column)
                self.selectionModel().setCurrentIndex(
                    index,
                    QItemSelectionModel.SelectionFlag.ClearAndSelect
                    | (
                        QItemSelectionModel.SelectionFlag.Rows
                        if self.selectionBehavior()
                        == QAbstractItemView.SelectionBehavior.SelectRows
                        else QItemSelectionModel.SelectionFlag.NoUpdate
                    ),
                )
                self.scrollTo(index)
                return True
        return False

    def selection_as_tsv(self) -> str:
        """The selected cells as lines of tab-separated text, as spreadsheets paste them."""
        indexes = self.selectedIndexes()
        if not indexes:
            return ""
        columns = sorted({index.column() for index in indexes})
        chosen = {(index.row(), index.column()) for index in indexes}
        lines = [
            "\t".join(
                " ".join(self.table_model.columns[c].shown(self.table_model.rows[r]).split())
                if (r, c) in chosen
                else ""
                for c in columns
            )
            for r in sorted({index.row() for index in indexes})
        ]
        return "\n".join(lines)

    def copy_selection(self) -> None:
        """Put the selected cells on the clipboard."""
        text = self.selection_as_tsv()
        if text:
            QGuiApplication.clipboard().setText(text)

    def lay_out(self) -> None:
        """Give rows and columns their sizes: remembered, else declared, grown with the text."""
        look = theme.current()
        header = self.horizontalHeader()
        header.setFixedHeight(look.px(40))
        header.setMinimumSectionSize(look.px(32))
        self.verticalHeader().setDefaultSectionSize(look.px(ROW_HEIGHT))
        self.verticalHeader().setMinimumSectionSize(look.px(24))
        self._is_laying_out = True
        for number, column in enumerate(self.table_model.columns):
            if column.stretch:
                continue
            header.setSectionResizeMode(number, QHeaderView.ResizeMode.Interactive)
            width = column.width
            if self._settings:
                width = int(str(self._settings.value(self._width_key(column), width)))
            header.resizeSection(number, look.px(width))
        self._is_laying_out = False
        self._fit_stretched()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_stretched()

    def _fit_stretched(self) -> None:
        """Give the stretched columns the room left over, or their least and a scroll bar."""
        header = self.horizontalHeader()
        columns = self.table_model.columns
        stretched = [number for number, column in enumerate(columns) if column.stretch]
        taken = sum(self.columnWidth(n) for n in range(len(columns)) if n not in stretched)
        least = theme.current().px(STRETCH_LEAST)
        fits = self.viewport().width() - taken >= least * len(stretched)
        mode = QHeaderView.ResizeMode.Stretch if fits else QHeaderView.ResizeMode.Fixed
        self._is_laying_out = True
        for number in stretched:
            header.setSectionResizeMode(number, mode)
            if not fits:
                header.resizeSection(number, least)
        self._is_laying_out = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_selection()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.currentIndex().isValid():
                self.row_activated.emit(self.current_row())
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.addActions(self.actions())
        copy = menu.addAction("复制(&C)\tCtrl+C", self.copy_selection)
        copy.setEnabled(bool(self.selectedIndexes()))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_empty"):
            self.lay_out()

    def _rows_changed(self) -> None:
        is_empty = self.table_model.rowCount() == 0
        self._empty.show_for(is_empty, self.table_model.is_filtered)
        self.row_chosen.emit(None)

    def _section_resized(self, section: int, _old: int, _new: int) -> None:
        column = self.table_model.columns[section]
        if not self._is_laying_out and self.isVisible() and not column.stretch:
            self._dragged.add(section)
            self._save.start()
            self._fit_stretched()

    def _save_widths(self) -> None:
        if not self._settings:
            return
        for number in self._dragged:
            width = round(self.columnWidth(number) * 100 / theme.current().scale)
            column = self.table_model.columns[number]
            self._settings.setValue(self._width_key(column), width)
        self._dragged.clear()

    def _width_key(self, column: Column) -> str:
        return f"tables/{self.objectName()}/{column.name}"


class _EmptyState(QWidget):
    """Says in the middle of an empty table why it is empty and what to do."""

    def __init__(self, viewport: QWidget, text: str, action: QAction | None) -> None:
        super().__init__(viewport)
        self.setObjectName("empty_state")
        self._text = text
        self._label = named(QLabel(alignment=Qt.AlignmentFlag.AlignCenter), "empty_text")
        self._label.setProperty("role", "muted")
        self._label.setWordWrap(True)
        column = QVBoxLayout(self)
        column.addStretch()
        column.addWidget(self._label)
        self._button: QPushButton | None = None
        if action:
            # The mnemonic belongs to the header's button of the same action.
            words = re.sub(r"\(&.\)", "", action.text())
            self._button = named(QPushButton(words), "empty_action")
            self._button.clicked.connect(action.trigger)
            column.addSpacing(8)
            column.addWidget(self._button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch()
        viewport.installEventFilter(self)

    def show_for(self, is_empty: bool, is_filtered: bool) -> None:
        self._label.setText("没有符合条件的内容。" if is_filtered else self._text)
        if self._button:
            self._button.setVisible(not is_filtered)
        self.setVisible(is_empty)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self.setGeometry(watched.rect())
        return False


@cache
def _collator() -> QCollator:
    collator = QCollator(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
    collator.setNumericMode(True)
    return collator


def _sort_key(value: object) -> tuple[int, Any]:
    """Numbers before days before text, so that mixed columns still sort."""
    match value:
        case bool() | int() | float() | Decimal():
            return 0, value
        case datetime():
            return 1, value.isoformat()
        case date():
            return 1, value.isoformat()
        case _:
            return 2, _collator().sortKey(str(value))


def _plain(text: str) -> str:
    """Text for comparing: full-width and half-width, upper and lower case are the same."""
    return unicodedata.normalize("NFKC", text).casefold()
