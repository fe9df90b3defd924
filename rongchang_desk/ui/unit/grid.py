"""A table that is typed into like a sheet of Excel or WPS.

It turns keys, mouse and clipboard into texts for cells and tells its page of them, a paste or a
fill as one step. It stores nothing and asks the store for nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QItemSelectionRange,
    QKeyCombination,
    QMimeData,
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
from rongchang_desk.app.paste import MOST_ROWS, cells_of, html_of, titles_of, tsv_of
from rongchang_desk.ui import theme
from rongchang_desk.ui.unit.grid_cells import ChoiceCell, GridDelegate
from rongchang_desk.ui.unit.grid_headers import FilterHeader, RowHeader
from rongchang_desk.ui.unit.grid_model import GridModel, Index

ROW_HEIGHT = 32
SAVE_AFTER = 400  # ms of peace after dragging a column
MOST_COPIED = 5000  # rows
MOST_ADDED_UP = 2000  # cells
WIDTHS = {
    Entry.DATE: 104, Entry.VALUE: 72, Entry.NUMBER: 84, Entry.CHOICE: 92, Entry.CHOICES: 132,
    Entry.TASKS: 80, Entry.BODY: 132, Entry.BODIES: 144, Entry.TEXT: 124, Entry.LONG: 180,
}  # fmt: skip
TITLE_FIELD = 220  # the first required text: what the record is called


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
        self._settings = settings
        self._key = ""
        self._tabbed_from: int | None = None  # where a run of Tab began: Enter goes back there
        self._is_own_layout = True  # nobody dragged a column yet
        self._is_laying_out = False
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
        self._save = QTimer(self)
        self._save.setSingleShot(True)
        self._save.setInterval(SAVE_AFTER)
        self._save.timeout.connect(self._save_columns)
        self.titles.sectionResized.connect(self._dragged)
        self.titles.sectionMoved.connect(self._dragged)
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
        self._key = f"grids/{self.objectName()}/{key}".rstrip("/")
        self.titles.blockSignals(True)
        self.titles.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.titles.blockSignals(False)
        self.titles.set_fields(fields)
        self.lay_out()

    def lay_out(self) -> None:
        """Give rows and columns their sizes: remembered, else by what the fields take."""
        look = theme.current()
        self.titles.fit()
        self.numbers.fit()
        self.numbers.setDefaultSectionSize(look.px(ROW_HEIGHT))
        fields = self.grid_model.fields
        remembered = self._remembered()
        self._is_own_layout = not remembered
        title = next((f for f in fields if f.required and f.entry is Entry.TEXT), None)
        self._is_laying_out = True
        for column, field in enumerate(fields):
            width = remembered.get(field.code) or look.px(WIDTHS[field.entry])
            if field.code not in remembered:
                heading = self.fontMetrics().horizontalAdvance(field.heading) + look.px(22)
                width = max(width, heading, look.px(TITLE_FIELD) if field is title else 0)
            self.setColumnWidth(column, width)
        order = [code for code in remembered if any(f.code == code for f in fields)]
        for place, code in enumerate(order):
            column = next(n for n, field in enumerate(fields) if field.code == code)
            self.titles.moveSection(self.titles.visualIndex(column), place)
        self._is_laying_out = False
        self._fill_room()

    def visual_columns(self) -> list[int]:
        """The columns in the order shown."""
        return [self.titles.logicalIndex(n) for n in range(self.titles.count())]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._is_own_layout and event.size().width() > event.oldSize().width():
            self._fill_room()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_save"):
            self.lay_out()

    def _fill_room(self) -> None:
        """Give the room to the right of the last column to those for texts."""
        fields = self.grid_model.fields
        left = self.viewport().width() - self.titles.length()
        wide = [
            n
            for n, field in enumerate(fields)
            if field.entry is Entry.LONG or (field.entry is Entry.TEXT and field.required)
        ] or [n for n, field in enumerate(fields) if field.entry is Entry.TEXT]
        if not self._is_own_layout or left <= 0 or not wide:
            return
        self._is_laying_out = True
        for column in wide:
            self.setColumnWidth(column, self.columnWidth(column) + left // len(wide))
        self._is_laying_out = False

    def _dragged(self) -> None:
        if not self._is_laying_out and self.isVisible():
            self._is_own_layout = False
            self._save.start()

    def _save_columns(self) -> None:
        fields = self.grid_model.fields
        scale = theme.current().scale
        self._settings.setValue(
            self._key,
            [
                f"{fields[n].code}={round(self.columnWidth(n) * 100 / scale)}"
                for n in self.visual_columns()
            ],
        )

    def _remembered(self) -> dict[str, int]:
        """Widths in pixels by field, in the order of the columns."""
        found: Any = self._settings.value(self._key) or []
        look = theme.current()
        pairs = [str(one).rpartition("=") for one in ([found] if isinstance(found, str) else found)]
        return {code: look.px(int(width)) for code, _, width in pairs if width.isdigit()}

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

    # Clipboard

    def copy(self) -> bool:
        """Put the chosen cells on the clipboard, as text and as a table; False when too many."""
        rows, columns = self.block()
        if len(rows) > MOST_COPIED:
            self.told.emit(f"一次最多复制 {MOST_COPIED:,} 行，请分几次复制；更多的请用导出。")
            return False
        texts = [
            [self.grid_model.text(row, column) for column in columns]
            for row in rows
            if not self.grid_model.is_fresh(row)
        ]
        if texts:
            self._put_on_clipboard(texts)
        return bool(texts)

    def copy_rows(self) -> None:
        """The rows touched by the selection as a whole, under a row of titles."""
        rows = self.rows_touched()
        if len(rows) > MOST_COPIED:
            self.told.emit(f"一次最多复制 {MOST_COPIED:,} 行，请分几次复制；更多的请用导出。")
        elif rows:
            fields = self.grid_model.fields
            columns = range(len(fields))
            titles = [field.heading for field in fields]
            self._put_on_clipboard(
                [titles, *([self.grid_model.text(row, n) for n in columns] for row in rows)]
            )

    def paste(self) -> None:
        """Lay the clipboard's cells over the grid, from the chosen cell on; one cell fills all
        that is chosen; rows under titles go to their columns."""
        self.delegate.finish()
        text = QGuiApplication.clipboard().text()
        cells = cells_of(text)
        if not text.strip() or not self.currentIndex().isValid():
            self.told.emit("剪贴板是空的。")
        elif len(cells) > MOST_ROWS:
            self.told.emit(f"一次最多粘贴 {MOST_ROWS:,} 行，请分几次粘贴。")
        elif len(cells) > 1 and len(titles_of(cells[0], self.grid_model.fields)) > 1:
            self.pasted.emit(text)
        else:
            self._lay(cells)

    def _lay(self, cells: Sequence[Sequence[str]]) -> None:
        rows, columns = self.block()
        if len(cells) == 1 and len(cells[0]) == 1:
            text = cells[0][0]
            stored = range(rows.start, min(rows.stop, rows.start + MOST_ROWS))
            self._enter("粘贴", [(row, n, text) for row in stored for n in columns])
            return
        shown = self.visual_columns()
        shown = shown[shown.index(columns[0]) :]
        width = max(len(row) for row in cells)
        beyond = [cell for row in cells for cell in row[len(shown) :] if cell.strip()]
        self._enter(
            f"粘贴 {len(cells)} 行",
            [
                (rows.start + down, column, cell)
                for down, row in enumerate(cells)
                for column, cell in zip(shown, row, strict=False)
            ],
        )
        if beyond:
            more = width - len(shown)
            self.told.emit(f"右边多出 {more} 列放不下，没有粘贴；请从更靠左的单元格开始粘贴。")

    def clear(self) -> None:
        """Empty the chosen cells; rows chosen from end to end go to the recycle bin."""
        whole = self.whole_rows()
        if whole:
            self.binned.emit(whole)
            return
        rows, columns = self.block()
        self._enter(
            "清除",
            [
                (row, n, "")
                for row in rows[: MOST_ROWS + 1]
                for n in columns
                if self.selectionModel().isSelected(self.grid_model.index(row, n))
            ],
        )

    def fill_down(self) -> None:
        """Put the top row of what is chosen into the rows below; into one row, the row above."""
        rows, columns = self.block()
        if len(rows) == 1:
            rows = range(rows.start - 1, rows.stop)
        if rows.start < 0 or len(rows) < 2 or len(rows) > MOST_ROWS:
            return
        top = {n: self.grid_model.text(rows.start, n) for n in columns}
        below = rows[1:]
        self._enter(
            f"向下填充 {len(below)} 行", [(row, n, top[n]) for row in below for n in columns]
        )

    def _put_on_clipboard(self, texts: list[list[str]]) -> None:
        data = QMimeData()
        data.setText(tsv_of(texts))
        data.setHtml(html_of(texts))
        QGuiApplication.clipboard().setMimeData(data)

    def _enter(self, title: str, texts: Iterable[tuple[int, int, str]]) -> None:
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
            "Del": self.clear,
            "Esc": lambda: self.given_up.emit(
                self.currentIndex().row(), self.currentIndex().column()
            ),
            "Ctrl+C": self.copy,
            "Ctrl+X": self._cut,
            "Ctrl+V": self.paste,
            "Ctrl+D": self.fill_down,
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
            ("复制(&C)\tCtrl+C", self.copy),
            ("剪切(&X)\tCtrl+X", self._cut),
            ("粘贴(&V)\tCtrl+V", self.paste),
            ("向下填充(&F)\tCtrl+D", self.fill_down),
            ("清除内容(&E)\tDelete", self.clear),
        ):
            menu.addAction(text, does)
        menu.addSeparator()
        menu.addActions(self.actions())
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def _cut(self) -> None:
        if self.copy():
            self.clear()

    def _edit_with_list(self, index: QModelIndex) -> None:
        self.edit(index)
        self._open_list()

    def _open_list(self) -> None:
        editor = self.delegate.editor
        if editor is not None:  # when the event that made the editor is over
            QTimer.singleShot(0, editor, editor.offer)

    def _typed(self, index: Index, text: str) -> None:
        field = self.grid_model.fields[index.column()]
        self._enter(f"填写“{field.title}”", [(index.row(), index.column(), text)])

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
