"""Two tables over each other: rows above, and under a heading what the chosen one is made of."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QSplitter, QVBoxLayout, QWidget

from rongchang_desk.ui.naming import named
from rongchang_desk.ui.tables import Table


class TwoTables(QSplitter):
    """Shares the height between them as people drag it; `heading` is for the page to fill."""

    def __init__(
        self, above: Table, below: Table, *, name: str, heading: str, sizes: tuple[int, int]
    ) -> None:
        super().__init__(Qt.Orientation.Vertical)
        self.setObjectName(name)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(8)
        self.heading = named(QLabel(), heading)
        self.heading.setProperty("role", "heading")
        # A long title is cut off rather than widening the window.
        self.heading.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        lower = QWidget()
        inside = QVBoxLayout(lower)
        inside.setContentsMargins(0, 6, 0, 0)
        inside.setSpacing(6)
        inside.addWidget(self.heading)
        inside.addWidget(below, 1)
        self.addWidget(above)
        self.addWidget(lower)
        self.setSizes(list(sizes))
