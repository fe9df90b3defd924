"""A line of text in the colour of a tone; follows the palette when it changes."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from rongchang_desk.ui import theme
from rongchang_desk.ui.theme import Tone


class ToneLabel(QLabel):
    """Wraps; hidden while it has nothing to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._said = ""
        self._tone = Tone.QUIET
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.RichText)
        # A wrapped text must never make its column wider.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.hide()

    @property
    def said(self) -> str:
        """The plain text shown now."""
        return self._said

    def say(self, text: str, tone: Tone = Tone.QUIET) -> None:
        """Show a plain text in a tone; an empty one hides the label."""
        self._said, self._tone = text, tone
        self._colour()
        self.setAccessibleName(text)
        self.setVisible(bool(text))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_said"):
            self._colour()

    def _colour(self) -> None:
        look = theme.current()
        ink = look.palette.ink(self._tone).name()
        words = escape(self._said).replace("\n", "<br>")
        self.setText(f'<span style="color:{ink}; font-size:{look.px(13)}px">{words}</span>')
