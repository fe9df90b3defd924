"""A row of cards, each a figure with a word under it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from rongchang_desk.ui import theme
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.theme import Tone


@dataclass(frozen=True)
class Card:
    """What one card says; `detail` explains it on hovering."""

    figure: str
    label: str
    tone: Tone | None = None
    detail: str = ""


class CardRow(QWidget):
    """Shows cards side by side, all of one width; their number may change."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(14)
        self._frames: list[_CardFrame] = []

    def set_cards(self, cards: Sequence[Card]) -> None:
        """Show these cards."""
        while len(self._frames) < len(cards):
            frame = named(_CardFrame(), f"{self.objectName()}_{len(self._frames)}")
            self._frames.append(frame)
            self._row.addWidget(frame, 1)
        while len(self._frames) > len(cards):
            self._frames.pop().deleteLater()
        for frame, card in zip(self._frames, cards, strict=True):
            frame.show_card(card)


class _CardFrame(QFrame):
    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._card = Card("", "")
        self._figure = named(QLabel(), "card_figure")
        self._figure.setProperty("role", "figure")
        self._figure.setTextFormat(Qt.TextFormat.RichText)
        self._label = named(QLabel(), "card_label")
        self._label.setProperty("role", "muted")
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 9, 16, 10)
        column.setSpacing(2)
        column.addWidget(self._figure)
        column.addWidget(self._label)
        column.addStretch()

    def show_card(self, card: Card) -> None:
        self._card = card
        self._label.setText(card.label)
        self.setToolTip(card.detail)
        self.setAccessibleName(f"{card.label}：{card.figure}")
        self._colour()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_card"):
            self._colour()

    def _colour(self) -> None:
        palette = theme.current().palette
        ink = palette.ink(self._card.tone).name() if self._card.tone else palette.text
        self._figure.setText(f'<span style="color:{ink}">{escape(self._card.figure)}</span>')
