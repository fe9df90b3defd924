"""外观: the menu for light or dark and the size of the text."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from rongchang_desk.ui import theme
from rongchang_desk.ui.naming import named

PALETTES = (("light", "浅色(&L)"), ("dark", "深色(&D)"))
SCALES = ((100, "字号 100%(&1)"), (125, "字号 125%(&2)"), (150, "字号 150%(&3)"))


class LookButton(QToolButton):
    """A small button with the menu; `chosen` carries the palette's name and the text size."""

    chosen = Signal(str, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "look_button", "外观")
        self.setText("外观(&V)")
        self.setToolTip("浅色或深色，字号大小")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = named(QMenu(self), "look_menu")
        self._palettes = [(name, self._choice(menu, name, text)) for name, text in PALETTES]
        menu.addSeparator()
        self._scales = [(scale, self._choice(menu, str(scale), text)) for scale, text in SCALES]
        for choices in (self._palettes, self._scales):
            group = QActionGroup(self)
            for _, action in choices:
                group.addAction(action)
        menu.aboutToShow.connect(self._mark)
        self.setMenu(menu)

    def sizeHint(self) -> QSize:
        """Wide enough for the text, whatever Qt thinks a menu's button needs."""
        hint = super().sizeHint()
        words = self.fontMetrics().horizontalAdvance(self.text())
        return QSize(max(hint.width(), words + theme.current().px(16)), hint.height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _choice(self, menu: QMenu, name: str, text: str) -> QAction:
        action = menu.addAction(text)
        action.setObjectName(f"look_{name}")
        action.setCheckable(True)
        action.triggered.connect(self._choose)
        return action

    def _mark(self) -> None:
        """Check what is in force now; another window may have changed it."""
        look = theme.current()
        for name, action in self._palettes:
            action.setChecked(name == look.palette.name)
        for scale, action in self._scales:
            action.setChecked(scale == look.scale)

    def _choose(self) -> None:
        look = theme.current()
        palette = next((n for n, a in self._palettes if a.isChecked()), look.palette.name)
        scale = next((s for s, a in self._scales if a.isChecked()), look.scale)
        self.chosen.emit(palette, scale)
