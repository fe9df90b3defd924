"""What is done to a block of a grid's cells: copied, cut, pasted, cleared, filled down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

from rongchang_desk.app.paste import MOST_ROWS, cells_of, html_of, titles_of, tsv_of

if TYPE_CHECKING:
    from rongchang_desk.ui.unit.grid import Grid

MOST_COPIED = 5000  # rows


class GridBlocks:
    """Moves blocks between a grid and the clipboard; each becomes one step of the grid."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid

    def copy(self) -> bool:
        """Put the chosen cells on the clipboard, as text and as a table; False when too many."""
        rows, columns = self._grid.block()
        if len(rows) > MOST_COPIED:
            self._grid.told.emit(f"一次最多复制 {MOST_COPIED:,} 行，请分几次复制；更多的请用导出。")
            return False
        texts = [
            [self._grid.grid_model.text(row, column) for column in columns]
            for row in rows
            if not self._grid.grid_model.is_fresh(row)
        ]
        if texts:
            self._put_on_clipboard(texts)
        return bool(texts)

    def copy_rows(self) -> None:
        """The rows touched by the selection as a whole, under a row of titles."""
        rows = self._grid.rows_touched()
        if len(rows) > MOST_COPIED:
            self._grid.told.emit(f"一次最多复制 {MOST_COPIED:,} 行，请分几次复制；更多的请用导出。")
        elif rows:
            fields = self._grid.grid_model.fields
            columns = range(len(fields))
            titles = [field.heading for field in fields]
            self._put_on_clipboard(
                [titles, *([self._grid.grid_model.text(row, n) for n in columns] for row in rows)]
            )

    def paste(self) -> None:
        """Lay the clipboard's cells over the grid, from the chosen cell on; one cell fills all
        that is chosen; rows under titles go to their columns."""
        self._grid.delegate.finish()
        text = QGuiApplication.clipboard().text()
        cells = cells_of(text)
        if not text.strip() or not self._grid.currentIndex().isValid():
            self._grid.told.emit("剪贴板是空的。")
        elif len(cells) > MOST_ROWS:
            self._grid.told.emit(f"一次最多粘贴 {MOST_ROWS:,} 行，请分几次粘贴。")
        elif len(cells) > 1 and len(titles_of(cells[0], self._grid.grid_model.fields)) > 1:
            self._grid.pasted.emit(text)
        else:
            self._lay(cells)

    def _lay(self, cells: Sequence[Sequence[str]]) -> None:
        rows, columns = self._grid.block()
        if len(cells) == 1 and len(cells[0]) == 1:
            text = cells[0][0]
            stored = range(rows.start, min(rows.stop, rows.start + MOST_ROWS))
            self._grid.enter("粘贴", [(row, n, text) for row in stored for n in columns])
            return
        shown = self._grid.visual_columns()
        shown = shown[shown.index(columns[0]) :]
        width = max(len(row) for row in cells)
        beyond = [cell for row in cells for cell in row[len(shown) :] if cell.strip()]
        self._grid.enter(
            f"粘贴 {len(cells)} 行",
            [
                (rows.start + down, column, cell)
                for down, row in enumerate(cells)
                for column, cell in zip(shown, row, strict=False)
            ],
        )
        if beyond:
            more = width - len(shown)
            self._grid.told.emit(
                f"右边多出 {more} 列放不下，没有粘贴；请从更靠左的单元格开始粘贴。"
            )

    def clear(self) -> None:
        """Empty the chosen cells; rows chosen from end to end go to the recycle bin."""
        whole = self._grid.whole_rows()
        if whole:
            self._grid.binned.emit(whole)
            return
        rows, columns = self._grid.block()
        self._grid.enter(
            "清除",
            [
                (row, n, "")
                for row in rows[: MOST_ROWS + 1]
                for n in columns
                if self._grid.selectionModel().isSelected(self._grid.grid_model.index(row, n))
            ],
        )

    def fill_down(self) -> None:
        """Put the top row of what is chosen into the rows below; into one row, the row above."""
        rows, columns = self._grid.block()
        if len(rows) == 1:
            rows = range(rows.start - 1, rows.stop)
        if rows.start < 0 or len(rows) < 2 or len(rows) > MOST_ROWS:
            return
        top = {n: self._grid.grid_model.text(rows.start, n) for n in columns}
        below = rows[1:]
        self._grid.enter(
            f"向下填充 {len(below)} 行", [(row, n, top[n]) for row in below for n in columns]
        )

    def _put_on_clipboard(self, texts: list[list[str]]) -> None:
        data = QMimeData()
        data.setText(tsv_of(texts))
        data.setHtml(html_of(texts))
        QGuiApplication.clipboard().setMimeData(data)

    def cut(self) -> None:
        """Copy and clear."""
        if self.copy():
            self.clear()
