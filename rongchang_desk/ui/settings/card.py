"""A card of the settings: a frame with a heading, about one matter."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout

from rongchang_desk.ui.naming import named
from rongchang_desk.ui.page import Context

Step = Callable[[str, Callable[[], None], Callable[[], None]], None]
"""Carries out what can be undone: its name, what does it, what undoes it."""


class Card(QFrame):
    """The frame; what it shows goes into `column`."""

    def __init__(self, context: Context, name: str, title: str, advice: str = "") -> None:
        super().__init__()
        named(self, f"settings_{name}")
        self.context = context
        self.setProperty("role", "card")
        heading = QLabel(title)
        heading.setProperty("role", "heading")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(18, 14, 18, 16)
        self.column.setSpacing(10)
        self.column.addWidget(heading)
        if advice:
            label = QLabel(advice)
            label.setProperty("role", "muted")
            label.setWordWrap(True)
            self.column.addWidget(label)

    def refresh(self) -> None:
        """Show what is stored now."""
