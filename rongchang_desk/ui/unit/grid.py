"""A table that is typed into like a sheet of Excel or WPS.

It turns keys, mouse and clipboard into texts for cells and tells its page of them, a paste or a
fill as one step. It stores nothing and asks the store for nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QItemSelectionRange,
    QKeyCombination,
    QModelIndex,
    QSettings,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QGuiApplication,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QMenu, QTableView

from rongchang_desk.app.fields import Entry, EntryField
from rongchang_desk.ui import theme
from rongchang_desk.ui.unit.grid_blocks import GridBlocks
from rongchang_desk.ui.unit.grid_cells import ChoiceCell, GridDelegate
from rongchang_desk.ui.unit.grid_columns import GridColumns
from rongchang_desk.ui.unit.grid_headers import FilterHeader, RowHeader
from rongchang_desk.ui.unit.grid_model import GridModel, Index

MOST_ADDED_UP = 2000  # cells


class Change(NamedTuple):
    """A text for a cell. Rows from the empty one on are new records."""

    row: int
    field: EntryField
    text: str


class Block(NamedTuple):
    """A rectangle of cells: rows, and columns in the order shown."""

    rows: range
    columns: tuple[int, ...]


class Grid(QTableView):
    """A view of a `GridModel`.

    `entered(changes, title)` asks to store texts as one step; `pasted(rows)` hands on cells
    under a row of titles; `given_up(row, column)` a draft to forget; `binned(rows)` rows for the
    recycle bin; `asked(row)` to show a row in full; `arranged` that order or filters changed.
    """

    entered = Signal(object, str)
    pasted = Signal(object)
    given_up = Signal(int, int)
    binned = Signal(object)
    asked = Signal(int)
    arranged = Signal()
    cell_changed = Signal()  # another cell is current, or its content changed
    chosen_changed = Signal()  # other cells are chosen
    typing = Signal(object, str, str)  # record, field and text, while it is being typed
    told = Signal(str)  # a short word for the status bar

    def __init__(
        self, model: GridModel, *, name: str, accessible: str, hint: str, settings: QSettings
    ) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(accessible)
        self.grid_model = model
        self.setModel(model)
        self._hint = hint
        self._tabbed_from: int | None = None  # where a run of Tab began: Enter goes back there
        self.blocks = GridBlocks(self)
        self._hands = self._make_hands()
        self.delegate = GridDelegate(model, self._typed, self._step, self)
        self.setItemDelegate(self.delegate)
        self.delegate.typing.connect(self._typing)
        self.titles = FilterHeader(self)
        self.setHorizontalHeader(self.titles)
        self.numbers = RowHeader(model, self)
        self.setVerticalHeader(self.numbers)
        self.setSortingEnabled(True)  # after the header: it brings the click
        self.setShowGrid(True)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
        )
        self._columns = GridColumns(self, self.titles, self.numbers, settings)
        self.titles.sortIndicatorChanged.connect(lambda *_: self.arranged.emit())
        self.titles.filtered.connect(self.arranged)
        self.numbers.asked.connect(self.asked)
        self.selectionModel().currentChanged.connect(self._current_changed)
        self.selectionModel().selectionChanged.connect(lambda *_: self.chosen_changed.emit())
        model.dataChanged.connect(lambda *_: self.cell_changed.emit())

    # Columns

    def set_columns(self, fields: tuple[EntryField, ...], key: str) -> None:
        """Give the columns of other fields their remembered widths and places; nothing is
        sorted or filtered then. `key` names them in the settings."""
        self.titles.blockSignals(True)
        self.titles.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.titles.blockSignals(False)
        self.titles.set_fields(fields)
        self._columns.set_fields(fields, f"grids/{self.objectName()}/{key}".rstrip("/"))

    def visual_columns(self) -> list[int]:
        """The columns in the order shown."""
        return [self.titles.logicalIndex(n) for n in range(self.titles.count())]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() > event.oldSize().width():
            self._columns.fill_room()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_columns"):
            self._columns.lay_out()

    # Which cells

    def block(self) -> Block:
        """The smallest rectangle around what is chosen."""
        ranges = self._ranges()
        rows = [row for one in ranges for row in (one.top(), one.bottom())]
        columns = {n for one in ranges for n in range(one.left(), one.right() + 1) if one.isValid()}
        if not rows:
            return Block(range(0), ())
        shown = tuple(n for n in self.visual_columns() if n in columns)
        return Block(range(min(rows), max(rows) + 1), shown)

    def _ranges(self) -> list[QItemSelectionRange]:
        chosen: Any = self.selectionModel().selection()  # a list, which the stubs do not know
        return list(chosen)

    def whole_rows(self) -> list[int]:
        """The rows chosen from end to end, without the empty one."""
        width = self.grid_model.columnCount()
        stored = len(self.grid_model.row_ids)
        return sorted(
            row
            for one in self._ranges()
            if one.width() == width
            for row in range(one.top(), min(one.bottom() + 1, stored))
        )

    def rows_touched(self) -> list[int]:
        """The rows in which something is chosen, without the empty one."""
        stored = len(self.grid_model.row_ids)
        return sorted(
            {
                row
                for one in self._ranges()
                for row in range(one.top(), min(one.bottom() + 1, stored))
            }
        )

    def go_to(self, row: int, column: int) -> None:
        """Make a cell current and visible."""
        index = self.grid_model.index(row, column)
        if index.isValid():
            # Not setCurrentIndex: that looks at the keys held now, and Shift+Enter would extend.
            self.selectionModel().setCurrentIndex(
                index, QItemSelectionModel.SelectionFlag.ClearAndSelect
            )
            self.scrollTo(index)

    def enter(self, title: str, texts: Iterable[tuple[int, int, str]]) -> None:
        """Ask to store texts for cells (row, column, text), as one step."""
        fields = self.grid_model.fields
        changes = [Change(row, fields[column], text) for row, column, text in texts]
        if changes:
            self.entered.emit(changes, title)

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.currentIndex().isValid() or not self._hand(event):
            super().keyPressEvent(event)
            if event.key() not in (Qt.Key.Key_Shift, Qt.Key.Key_Control):
                self._tabbed_from = self._tabbed_from if self.delegate.editor else None

    def _hand(self, event: QKeyEvent) -> bool:
        """What Excel's hands expect of a key; False leaves it to the table."""
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        keys = QKeySequence(QKeyCombination(modifiers, Qt.Key(event.key()))).toString()
        does = self._hands.get(keys)
        if does:
            does()
        return does is not None

    def _make_hands(self) -> dict[str, Callable[[], object]]:
        return {
            "Return": lambda: self._step(1, 0),
            "Enter": lambda: self._step(1, 0),
            "Shift+Return": lambda: self._step(-1, 0),
            "Shift+Enter": lambda: self._step(-1, 0),
            "Tab": lambda: self._step(0, 1),
            "Shift+Tab": lambda: self._step(0, -1),
            "Shift+Backtab": lambda: self._step(0, -1),
            "F2": self._go_on_writing,
            "Backspace": self._write_anew,
            "Alt+Down": lambda: self._edit_with_list(self.currentIndex()),
            "Del": self.blocks.clear,
            "Esc": lambda: self.given_up.emit(
                self.currentIndex().row(), self.currentIndex().column()
            ),
            "Ctrl+C": self.blocks.copy,
            "Ctrl+X": self.blocks.cut,
            "Ctrl+V": self.blocks.paste,
            "Ctrl+D": self.blocks.fill_down,
            "Shift+Space": lambda: self.selectRow(self.currentIndex().row()),
        }

    def _go_on_writing(self) -> None:
        self.edit(self.currentIndex())
        if self.delegate.editor:
            self.delegate.editor.go_to_end()

    def _write_anew(self) -> None:
        self.edit(self.currentIndex())
        if self.delegate.editor:
            self.delegate.editor.show_text("")

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        # Qt hands a composition on to the cell, but loses text that comes without one (Chinese
        # punctuation, handwriting), and leaves the cell empty when a composition is given up.
        editor = self.delegate.editor
        is_text, is_composing = bool(event.commitString()), bool(event.preeditString())
        index = self.currentIndex()
        if editor is None and is_text and not is_composing and index.isValid():
            self.edit(index)
            QGuiApplication.sendEvent(self.delegate.editor, event)
            return
        super().inputMethodEvent(event)
        if editor is not None and not is_text and not is_composing:
            editor.show_text(self.grid_model.text(index.row(), index.column()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._tabbed_from = None
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        if isinstance(self.delegate.editor, ChoiceCell):
            self._open_list()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        for text, does in (
            ("复制(&C)\tCtrl+C", self.blocks.copy),
            ("剪切(&X)\tCtrl+X", self.blocks.cut),
            ("粘贴(&V)\tCtrl+V", self.blocks.paste),
            ("向下填充(&F)\tCtrl+D", self.blocks.fill_down),
            ("清除内容(&E)\tDelete", self.blocks.clear),
        ):
            menu.addAction(text, does)
        menu.addSeparator()
        menu.addActions(self.actions())
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def _edit_with_list(self, index: QModelIndex) -> None:
        self.edit(index)
        self._open_list()

    def _open_list(self) -> None:
        editor = self.delegate.editor
        if editor is not None:  # when the event that made the editor is over
            QTimer.singleShot(0, editor, editor.offer)

    def _typed(self, index: Index, text: str) -> None:
        field = self.grid_model.fields[index.column()]
        self.enter(f"填写“{field.title}”", [(index.row(), index.column(), text)])

    def _typing(self, index: Index, text: str) -> None:
        record = self.grid_model.record(index.row())
        if record is not None:
            self.typing.emit(record, self.grid_model.fields[index.column()].code, text)

    def _step(self, rows: int, columns: int) -> None:
        """Go to the next cell: Tab remembers where it began, and Enter goes below that."""
        index = self.currentIndex()
        shown = self.visual_columns()
        place = shown.index(index.column())
        row = index.row()
        if columns:
            if self._tabbed_from is None:
                self._tabbed_from = place
            place += columns
            row += place // len(shown)
            place %= len(shown)
        else:
            if self._tabbed_from is not None:
                place = self._tabbed_from
            self._tabbed_from = None
            row += rows
        self.go_to(min(max(row, 0), self.grid_model.rowCount() - 1), shown[place])

    # Showing

    def summary(self) -> str:
        """How many cells are chosen, and the sum of the numbers among them, as Excel tells it."""
        rows, columns = self.block()
        count = len(rows) * len(columns)
        if count < 2:
            return ""
        told = f"选中 {len(rows):,} 行 × {len(columns)} 列"
        if count > MOST_ADDED_UP:
            return told
        numbers = [
            number
            for row in rows
            for n in columns
            if self.grid_model.fields[n].entry in (Entry.VALUE, Entry.NUMBER)
            and (number := _number(self.grid_model.text(row, n))) is not None
        ]
        return f"{told}，合计 {round(sum(numbers), 6):,g}" if numbers else told

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if len(self.grid_model.row_ids) == 0 and self._hint:
            painter = QPainter(self.viewport())
            painter.setPen(QColor(theme.current().palette.muted))
            top = self.numbers.defaultSectionSize() * self.grid_model.rowCount()
            room = self.viewport().rect().adjusted(20, top, -20, 0)
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(room, int(flags), self._hint)
            painter.end()

    def set_hint(self, text: str) -> None:
        """What an empty grid says."""
        self._hint = text
        self.viewport().update()

    def _current_changed(self, _now: QModelIndex, _before: QModelIndex) -> None:
        self.cell_changed.emit()
        self.numbers.viewport().update()


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", ""))
    except ValueError:
        return None
