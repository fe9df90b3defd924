"""The grid of units × months: colour and glyph for each, the missing ones strongest.

The units stand in the vertical header and the months' totals in the horizontal one, so both
stay in sight while the grid scrolls.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QGuiApplication, QKeyEvent, QKeySequence, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from rongchang_desk.app.chasing import UnitYear, Year
from rongchang_desk.app.district import Cell, Reported
from rongchang_desk.domain.month import Month
from rongchang_desk.ui import theme
from rongchang_desk.ui.theme import Tone

Index = QModelIndex | QPersistentModelIndex
Shown = Qt.ItemDataRole

GLYPHS = {
    Reported.ON_TIME: "✓", Reported.LATE: "△", Reported.DISPUTED: "≠", Reported.HELD: "…",
    Reported.MISSING: "×", Reported.NOT_DUE: "·",
}  # fmt: skip
TONES = {
    Reported.ON_TIME: Tone.GOOD, Reported.LATE: Tone.WARN, Reported.DISPUTED: Tone.BAD,
    Reported.HELD: Tone.BUSY, Reported.MISSING: Tone.BAD, Reported.NOT_DUE: None,
}  # fmt: skip
ZERO, REVISED, DOUBTFUL, REFUSED, REOPENED = "零", "改", "疑", "退", "开"
NAME_WIDTH, MONTH_WIDTH, TOTAL_WIDTH, HEADER_HEIGHT, ROW_HEIGHT = 132, 50, 74, 52, 30


def glyph(cell: Cell) -> str:
    """What stands in a cell: how it was reported, and whether zero or amended."""
    return (
        GLYPHS[cell.reported]
        + (ZERO if cell.zero else "")
        + (REVISED if cell.revision > 1 else "")
        + (DOUBTFUL if cell.doubtful else "")
        + (REFUSED if cell.refused else "")
        + (REOPENED if cell.reopened else "")
    )


NOT_ASKED = "按方案不需报送"


def in_words(cell: Cell) -> str:
    """A cell for the ear and for copying."""
    words = [cell.reported.label]
    if cell.zero:
        words.append("零报告")
    if cell.revision > 1:
        words.append("更正过")
    if cell.doubtful:
        words.append("待核实")
    if cell.refused:
        words.append("退回过")
    if cell.reopened:
        words.append("已准予补报")
    return "、".join(words)


class MatrixModel(QAbstractTableModel):
    """Rows are units, columns the twelve months and a total."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.year: Year | None = None
        self.month: Month | None = None
        self.rows: tuple[UnitYear, ...] = ()

    @property
    def months(self) -> tuple[Month, ...]:
        """The columns' months: always the whole year, so that columns keep their places."""
        if self.year is None:
            return ()
        return tuple(Month(self.year.year, number) for number in range(1, 13))

    def show_rows(self, year: Year, rows: Sequence[UnitYear], month: Month) -> None:
        """Show these units of a year; `month` is the one in the window's header."""
        self.beginResetModel()
        self.year, self.rows, self.month = year, tuple(rows), month
        self.endResetModel()

    def cell(self, index: Index) -> Cell | None:
        """The cell at an index; None for a month not begun or not asked for, and the total."""
        if not index.isValid() or index.column() >= len(self.months):
            return None
        return self.rows[index.row()].cells.get(self.months[index.column()])

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent and parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if (parent and parent.isValid()) or self.year is None else 13

    def data(self, index: Index, role: int = Shown.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if role == Shown.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignCenter
        if index.column() == 12:
            if role in (Shown.DisplayRole, Shown.AccessibleTextRole):
                return f"{row.counted()}/{row.expected()}"
            return None
        cell = self.cell(index)
        if cell is None:
            return self._of_none(row, self.months[index.column()], role)
        if role == Shown.DisplayRole:
            return glyph(cell)
        if role == Shown.AccessibleTextRole:
            return f"{row.unit.name}，{cell.month.label}：{in_words(cell)}"
        if role == Shown.ToolTipRole:
            return self._tip(row, cell)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Shown.DisplayRole
    ) -> Any:
        if self.year is None:
            return None
        if orientation == Qt.Orientation.Vertical:
            if role in (Shown.DisplayRole, Shown.ToolTipRole):
                return self.rows[section].unit.name
            return None
        if section == 12:
            return "已报/应报" if role == Shown.DisplayRole else None
        month = self.months[section]
        if role == Shown.DisplayRole:
            if month not in self.year.months:
                return f"{month.month}月"
            lock = "锁" if month in self.year.locked else ""
            expected = len(self.year.expected(month))
            return f"{month.month}月{lock}\n{self.year.counted(month)}/{expected}"
        if role == Shown.ToolTipRole and month in self.year.due:
            lock = "，已锁定" if month in self.year.locked else ""
            return f"{month.label}，报送截止 {self.year.due[month]}{lock}"
        return None

    def _of_none(self, row: UnitYear, month: Month, role: int) -> str | None:
        """An empty cell tells why: the plan expects no return of the unit for that month."""
        if self.year is None or month not in self.year.months:
            return None
        if role in (Shown.AccessibleTextRole, Shown.ToolTipRole):
            return f"{row.unit.name}，{month.label}：{NOT_ASKED}"
        return None

    def _tip(self, row: UnitYear, cell: Cell) -> str:
        assert self.year is not None
        lines = [f"{row.unit.name}　{cell.month.label}", in_words(cell)]
        if cell.digest:
            lines.append(f"第 {cell.revision} 版")
            received = self.year.received.get(cell.digest)
            if received:
                lines.append(f"收到 {received:%Y-%m-%d %H:%M}")
        lines.append(f"截止 {self.year.due[cell.month]}")
        if cell.doubtful:
            lines.append("密钥挂失以后收到，请在“单位与密钥”的“待核实”里核实")
        if cell.digest:
            lines.append("双击打开原件")
        return "\n".join(lines)


class _Delegate(QStyledItemDelegate):
    """Paints a cell in its tone; a missing return as a filled patch, the strongest of all."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        plain: Any = QStyleOptionViewItem(option)  # its fields are not in the stubs
        rect: QRect = plain.rect
        if not isinstance(model, MatrixModel):
            return
        palette = theme.current().palette
        cell = model.cell(index)
        painter.save()
        painter.setFont(plain.font)
        text = str(index.data(Shown.DisplayRole) or "")
        if index.column() == 12:
            row = model.rows[index.row()]
            short = row.counted() < row.expected()
            painter.setPen(palette.ink(Tone.BAD) if short else QColor(palette.text))
        elif cell is None:
            painter.fillRect(rect, QColor(palette.header))
        else:
            paint_patch(painter, rect, cell.reported, doubtful=cell.doubtful)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)
        if plain.state & QStyle.StateFlag.State_Selected:
            painter.setPen(QPen(QColor(palette.focus), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(rect.adjusted(1, 1, -1, -1))
        painter.restore()


def paint_patch(
    painter: QPainter, rect: QRect, reported: Reported, *, doubtful: bool = False
) -> None:
    """Fill a patch for a standing and set the pen for its glyph."""
    palette = theme.current().palette
    tone = Tone.WARN if doubtful else TONES[reported]
    if tone is None:
        painter.setPen(palette.ink(Tone.QUIET))
    elif reported is Reported.MISSING:
        painter.fillRect(rect, palette.ink(tone))
        painter.setPen(QColor(palette.card))
    else:
        painter.fillRect(rect, palette.wash(tone))
        painter.setPen(palette.ink(tone))


class _Header(QHeaderView):
    """A header that draws its texts itself: names in the text's colour, the month chosen bold."""

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        model = self.model()
        if not isinstance(model, MatrixModel) or not rect.isValid():
            return
        palette = theme.current().palette
        down = self.orientation() == Qt.Orientation.Vertical
        text = str(model.headerData(section, self.orientation()) or "")
        painter.save()
        painter.fillRect(rect, QColor(palette.header))
        painter.setPen(QColor(palette.line))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        font = QFont(self.font())
        chosen = not down and section < 12 and model.months[section] == model.month
        font.setWeight(QFont.Weight.Bold if chosen else QFont.Weight.Normal)
        painter.setFont(font)
        if chosen:
            painter.fillRect(
                QRect(rect.left() + 6, rect.bottom() - 2, rect.width() - 12, 3),
                QColor(palette.primary),
            )
        painter.setPen(QColor(palette.text if down or chosen else palette.muted))
        room = rect.adjusted(12 if down else 2, 0, -4, 0)
        side = Qt.AlignmentFlag.AlignLeft if down else Qt.AlignmentFlag.AlignHCenter
        if down:
            text = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, side | Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()


class MatrixView(QTableView):
    """The grid itself; `activated_cell` carries a `Cell` on double click or Enter."""

    activated_cell = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("matrix")
        self.setAccessibleName("报送情况：单位和月份")
        self.matrix = MatrixModel(self)
        self.setModel(self.matrix)
        self.setItemDelegate(_Delegate(self))
        self.setVerticalHeader(_Header(Qt.Orientation.Vertical, self))
        self.setHorizontalHeader(_Header(Qt.Orientation.Horizontal, self))
        for header in (self.verticalHeader(), self.horizontalHeader()):
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setCornerButtonEnabled(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.doubleClicked.connect(self._activate)
        self.matrix.modelReset.connect(self.lay_out)

    def lay_out(self) -> None:
        """Give rows and columns their sizes, grown with the text; spare width goes to months."""
        look = theme.current()
        name, total = look.px(NAME_WIDTH), look.px(TOTAL_WIDTH)
        self.verticalHeader().setFixedWidth(name)
        self.verticalHeader().setDefaultSectionSize(look.px(ROW_HEIGHT))
        self.horizontalHeader().setFixedHeight(look.px(HEADER_HEIGHT))
        if not self.matrix.columnCount():
            return
        room = self.viewport().width() - total
        month = max(look.px(MONTH_WIDTH), room // 12)
        for column in range(12):
            self.setColumnWidth(column, month)
        self.setColumnWidth(12, max(total, self.viewport().width() - 12 * month))
        if self.matrix.month is not None and self.matrix.rows:
            # With large text not all months fit: the one being worked on comes into view.
            index = self.matrix.index(0, self.matrix.month.month - 1)
            place = self.verticalScrollBar().value()
            self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)
            self.verticalScrollBar().setValue(place)

    def copy_selection(self) -> None:
        """Put the selected part on the clipboard, with units and months."""
        indexes = self.selectedIndexes()
        if not indexes:
            return
        columns = sorted({index.column() for index in indexes})
        lines = ["\t".join(["单位", *(self._head(column) for column in columns)])]
        for number in sorted({index.row() for index in indexes}):
            row = self.matrix.rows[number]
            texts = []
            for column in columns:
                index = self.matrix.index(number, column)
                cell = self.matrix.cell(index)
                total = str(index.data() or "") if column == 12 else ""
                texts.append(in_words(cell) if cell else total)
            lines.append("\t".join([row.unit.name, *texts]))
        QGuiApplication.clipboard().setText("\n".join(lines))

    def _head(self, column: int) -> str:
        return "已报/应报" if column == 12 else self.matrix.months[column].label

    def _activate(self, index: QModelIndex) -> None:
        cell = self.matrix.cell(index)
        if cell is not None:
            self.activated_cell.emit(cell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_selection()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._activate(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self.lay_out()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "matrix"):
            self.lay_out()
