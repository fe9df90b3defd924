"""A grid with the line below it: what the current cell holds or why it is red, what is chosen,
and how many rows there are.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout

from rongchang_desk.ui import theme
from rongchang_desk.ui.elided_label import ElidedLabel
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.theme import Tone
from rongchang_desk.ui.unit.grid import Grid


class GridPanel(QFrame):
    """Shows a grid and talks about it."""

    def __init__(self, grid: Grid, name: str) -> None:
        super().__init__()
        self.setObjectName(f"{name}_panel")
        self._grid = grid
        self._is_all = True
        self._tone: Tone | None = None
        self.said = named(ElidedLabel(), f"{name}_said", "当前单元格")
        self._chosen = named(QLabel(), f"{name}_chosen")
        self._count = named(QLabel(), f"{name}_count")
        for label in (self._chosen, self._count):
            label.setProperty("role", "muted")
        line = QHBoxLayout()
        line.setContentsMargins(4, 0, 4, 0)
        line.setSpacing(16)
        line.addWidget(self.said, 1)
        line.addWidget(self._chosen)
        line.addWidget(self._count)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(grid, 1)
        column.addLayout(line)

    def wait(self) -> None:
        """Rows are still being looked for."""
        self._count.setText("正在查找…")

    def show_count(self, rows: int, *, is_all: bool) -> None:
        """Say how many rows there are, or were found."""
        self._is_all = is_all
        self.count(rows)

    def count(self, rows: int) -> None:
        """The same after rows were added or taken away."""
        self._count.setText(f"共 {rows:,} 条" if self._is_all else f"找到 {rows:,} 条")

    def say(self) -> None:
        """Say about the current cell and what is chosen."""
        self._chosen.setText(self._grid.summary())
        index = self._grid.currentIndex()
        model = self._grid.grid_model
        self._tone = None
        text = ""
        if index.isValid():
            field = model.fields[index.column()]
            mark = model.mark(index.row(), index.column())
            text = " ".join(model.text(index.row(), index.column()).split())
            if mark:
                text, self._tone = mark.reason, mark.tone
            elif model.is_fresh(index.row()):
                text = "在此行输入，即新增一条"
            text = f"{field.heading}：{text}"
        self.said.show_text(text)
        self._colour()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_count"):
            self._colour()

    def _colour(self) -> None:
        look = theme.current()
        ink = look.palette.ink(self._tone).name() if self._tone else look.palette.muted
        style = f"color: {ink}; font-size: {look.px(13)}px;"
        if self.said.styleSheet() != style:
            self.said.setStyleSheet(style)
