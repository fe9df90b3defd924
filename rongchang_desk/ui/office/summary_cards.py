"""A row of cards, each with one number and what it counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from rongchang_desk.ui import theme
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.theme import Tone

_PRESSED = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


@dataclass(frozen=True)
class Card:
    """What one card counts; without a tone its number has the text's colour."""

    name: str
    label: str
    tone: Tone | None = None


class SummaryCards(QWidget):
    """The cards, in a fixed order; `show_numbers` fills them.

    With a `tip`, which says where they lead, cards can be clicked, or reached with Tab and
    pressed with Enter or space.
    """

    chosen = Signal(str)  # the name of the card

    def __init__(
        self, cards: Sequence[Card], parent: QWidget | None = None, *, tip: str = ""
    ) -> None:
        super().__init__(parent)
        self._cards = tuple(cards)
        self._numbers: dict[str, QLabel] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        for card in self._cards:
            frame = named(QFrame(), f"card_{card.name}")
            frame.setProperty("role", "card")
            if tip:
                frame.setToolTip(tip)
                frame.setFocusPolicy(Qt.FocusPolicy.TabFocus)
                frame.setCursor(Qt.CursorShape.PointingHandCursor)
                frame.installEventFilter(self)
            number = named(QLabel("—"), f"card_{card.name}_number")
            number.setProperty("role", "figure")
            label = QLabel(card.label)
            label.setProperty("role", "muted")
            label.setWordWrap(True)
            inner = QHBoxLayout(frame)
            inner.setContentsMargins(12, 8, 12, 8)
            inner.setSpacing(8)
            inner.addWidget(number)
            inner.addWidget(label, 1)
            row.addWidget(frame, 1)
            self._numbers[card.name] = number
        self._colour()

    def show_numbers(self, **numbers: int) -> None:
        """Put numbers on the cards, by name."""
        for card in self._cards:
            if card.name in numbers:
                label = self._numbers[card.name]
                label.setText(f"{numbers[card.name]:,}")
                label.setAccessibleName(f"{card.label}：{numbers[card.name]}")
                label.setProperty("zero", not numbers[card.name])
        self._colour()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        pressed = isinstance(event, QKeyEvent) and event.key() in _PRESSED
        is_key = event.type() == QEvent.Type.KeyPress and pressed
        if is_key or event.type() == QEvent.Type.MouseButtonRelease:
            self.chosen.emit(watched.objectName().removeprefix("card_"))
            return True
        return False

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_numbers"):
            self._colour()

    def _colour(self) -> None:
        palette = theme.current().palette
        for card in self._cards:
            label = self._numbers[card.name]
            plain = card.tone is None or label.property("zero")
            colour = palette.text if plain or card.tone is None else palette.ink(card.tone).name()
            label.setStyleSheet(f"color: {colour};")
