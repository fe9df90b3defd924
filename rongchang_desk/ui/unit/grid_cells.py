"""How a grid's cells are painted and typed into: editors in the cell, with Excel's keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, cast

from PySide6.QtCore import QAbstractItemModel, QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen, QTextCursor
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QComboBox,
    QCompleter,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from rongchang_desk.app.fields import Entry, EntryField
from rongchang_desk.domain.records import NOT_APPLICABLE
from rongchang_desk.ui import theme
from rongchang_desk.ui.completing import NameCompleter
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.unit.drop_downs import Offered, completer, drop_down
from rongchang_desk.ui.unit.grid_model import UNREPORTED, GridModel, Index, Mark

PADDING = 8
LINES_OF_LONG = 5
LEAST_OF_LONG = 260  # pixels at 100 % of an editor for long texts
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
NO_HINT = QAbstractItemDelegate.EndEditHint.NoHint


class CellEditor(Protocol):
    """What the delegate needs of an editor, beside its being a widget."""

    def text(self) -> str:
        """What stands in it."""
        ...

    def show_text(self, text: str) -> None:
        """Show a text, all of it selected, so that typing replaces it."""
        ...

    def go_to_end(self) -> None:
        """Put the cursor behind the text, to go on writing (F2)."""
        ...

    def offer(self) -> None:
        """Open what may be picked, where there is such."""
        ...


class LineCell(QLineEdit):
    """One line: texts, numbers, days, several choices."""

    written = Signal()

    def __init__(
        self, field: EntryField, tasks: Offered, parent: QWidget, *, single_task: bool
    ) -> None:
        super().__init__(parent)
        self.setFrame(False)
        self.textEdited.connect(self.written)
        if field.entry in (Entry.VALUE, Entry.NUMBER):
            self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if field.entry is Entry.VALUE:
            self.setCompleter(QCompleter([str(NOT_APPLICABLE)], self))
        if field.known:
            self.setCompleter(completer(field, self))
        self._menu: QMenu | None = drop_down(
            field, self, tasks, self.setFocus, self, single_task=single_task
        )

    def show_text(self, text: str) -> None:
        self.setText(text)
        self.selectAll()

    def go_to_end(self) -> None:
        self.end(False)

    def offer(self) -> None:
        if self._menu:
            self._menu.popup(self.mapToGlobal(self.rect().bottomLeft()))
        elif self.completer():
            self.completer().setCompletionPrefix("")
            self.completer().complete()


class ChoiceCell(QComboBox):
    """One of a few: picked from the list, or typed."""

    written = Signal()

    def __init__(self, field: EntryField, parent: QWidget) -> None:
        super().__init__(parent)
        self.setEditable(True)
        self.line = cast("Any", self.lineEdit())  # there is one: it is editable
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setFrame(False)
        self.addItems(field.choices)
        self.line.textEdited.connect(self.written)
        self.setCompleter(NameCompleter(field.choices, self))

    def text(self) -> str:
        return self.currentText()

    def show_text(self, text: str) -> None:
        self.setCurrentIndex(self.findText(text))
        self.setEditText(text)
        self.line.selectAll()

    def go_to_end(self) -> None:
        self.line.end(False)

    def offer(self) -> None:
        self.showPopup()


class LongCell(QPlainTextEdit):
    """Several lines, over the cells below; Alt+Enter begins a new line."""

    written = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.textChanged.connect(self.written)

    def text(self) -> str:
        return self.toPlainText()

    def show_text(self, text: str) -> None:
        self.blockSignals(True)
        self.setPlainText(text)
        self.blockSignals(False)
        self.selectAll()

    def go_to_end(self) -> None:
        self.moveCursor(QTextCursor.MoveOperation.End)

    def offer(self) -> None:
        pass


class GridDelegate(QStyledItemDelegate):
    """Paints cells, makes their editors and hands on what was typed.

    `typed(index, text)`: a cell was left with another text. `moved(rows, columns)`: a key asks
    for the next cell.
    """

    typing = Signal(object, str)  # index and text: a key was pressed in a cell

    def __init__(
        self,
        model: GridModel,
        typed: Callable[[Index, str], None],
        moved: Callable[[int, int], None],
        parent: QAbstractItemView,
    ) -> None:
        super().__init__(parent)
        self._view = parent
        self._model = model
        self._typed = typed
        self._moved = moved
        self.tasks: Offered = ()
        self.single_task = False
        self.editor: Any = None  # the one that is open, a CellEditor

    # Typing

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        del option
        field = self._model.fields[index.column()]
        editor: QWidget
        match field.entry:
            case Entry.CHOICE:
                editor = ChoiceCell(field, parent)
                editor.activated.connect(self.finish)
                editor.line.returnPressed.connect(self._go_down)
            case Entry.LONG:
                editor = LongCell(parent)
            case _:
                editor = LineCell(field, self.tasks, parent, single_task=self.single_task)
                editor.returnPressed.connect(self._go_down)
        self.editor = named(editor, f"cell_{field.code}", field.heading)
        self.editor.written.connect(lambda: self.typing.emit(index, self.editor.text()))
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        cell: Any = editor
        if not editor.property("filled"):  # later changes must not replace what is being typed
            editor.setProperty("filled", True)
            cell.show_text(self._model.text(index.row(), index.column()))

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        del model
        cell: Any = editor
        text = cell.text()
        if text != self._model.text(index.row(), index.column()):
            self._typed(index, text)

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        del index
        rect: QRect = QRect(option.rect)  # type: ignore[attr-defined]  # not in the stubs
        if isinstance(editor, LongCell):
            room = self._view.viewport().rect()
            rect.setWidth(max(rect.width(), theme.current().px(LEAST_OF_LONG)))
            rect.setHeight(editor.fontMetrics().lineSpacing() * LINES_OF_LONG + 14)
            rect.moveRight(min(rect.right(), room.right()))
            rect.moveBottom(min(rect.bottom(), room.bottom()))
        editor.setGeometry(rect)

    def destroyEditor(self, editor: QWidget, index: Index) -> None:
        if self.editor is editor:
            self.editor = None
        super().destroyEditor(editor, index)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.modifiers() & Qt.KeyboardModifier.AltModifier:
                return self._alt_key(watched, event)
            steps = _steps(event)
            if steps:
                self.finish()
                self._moved(*steps)
                return True
        return bool(super().eventFilter(watched, event))

    def _go_down(self) -> None:
        """Enter came through an open list of completions."""
        self.finish()
        self._moved(1, 0)

    def finish(self, _chosen: int = 0) -> None:
        """Take what is being typed, and close the editor."""
        editor = self.editor
        if editor is not None:
            self.commitData.emit(editor)
            self.closeEditor.emit(editor, NO_HINT)

    def _alt_key(self, editor: QObject, event: QKeyEvent) -> bool:
        """Alt+Down opens the list, Alt+Enter begins a line; whether the key was meant for us."""
        if event.key() == Qt.Key.Key_Down:
            self.editor.offer()
        elif event.key() in ENTER:
            if isinstance(editor, LongCell):
                editor.insertPlainText("\n")
        else:
            return False
        return True

    # Painting

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        # All by hand: the style asks seven things of every cell, and scrolling must not stutter.
        plain: Any = option  # its fields are not in the stubs
        rect: QRect = plain.rect
        palette = theme.current().palette
        row, column = index.row(), index.column()
        mark = self._model.mark(row, column)
        text = str(self._model.data(index))
        if plain.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(palette.chosen))
        elif mark:
            painter.fillRect(rect, palette.wash(mark.tone))
        if mark and mark.is_draft:
            painter.setPen(palette.ink(mark.tone))
            painter.drawRect(rect.adjusted(1, 1, -2, -2))
        if text:
            painter.setPen(self._ink(row, text, mark))
            room = rect.adjusted(PADDING, 0, -PADDING, 0)
            metrics = plain.fontMetrics
            words = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width())
            alignment = self._model.data(index, Qt.ItemDataRole.TextAlignmentRole)
            painter.drawText(room, int(alignment), words)
        if self._view.currentIndex() == index:
            painter.setPen(QPen(QColor(palette.focus), 2))
            painter.drawRect(rect.adjusted(1, 1, -1, -1))

    def _ink(self, row: int, text: str, mark: Mark | None) -> QColor:
        palette = theme.current().palette
        if mark and mark.is_draft:
            return palette.ink(mark.tone)
        if self._model.is_fresh(row) or text == UNREPORTED:
            return QColor(palette.faint)
        return QColor(palette.muted if text == str(NOT_APPLICABLE) else palette.text)


def _steps(event: QKeyEvent) -> tuple[int, int] | None:
    """Where a key that ends the typing goes: rows and columns on."""
    is_back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
    if event.key() in ENTER:
        return (-1 if is_back else 1), 0
    if event.key() == Qt.Key.Key_Tab and not is_back:
        return 0, 1
    if event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
        return 0, -1
    return None
