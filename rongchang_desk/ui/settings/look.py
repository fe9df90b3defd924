"""外观: the colours and the size of letters."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QRadioButton

from rongchang_desk.ui import theme
from rongchang_desk.ui.look_menu import PALETTES, SCALES
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.page import Context
from rongchang_desk.ui.settings.card import Card


class LookCard(Card):
    """The same choices as in the menu."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, "look", "外观")
        self._palettes = self._radios("颜色", PALETTES, "palette")
        self._scales = self._radios("字号", SCALES, "scale")

    def refresh(self) -> None:
        """Check what is in force: the menu or another window may have changed it."""
        look = theme.current()
        for name, radio in self._palettes.items():
            radio.setChecked(name == look.palette.name)
        for name, radio in self._scales.items():
            radio.setChecked(name == str(look.scale))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_scales"):
            self.refresh()

    def _radios(
        self,
        title: str,
        choices: tuple[tuple[str, str], ...] | tuple[tuple[int, str], ...],
        name: str,
    ) -> dict[str, QRadioButton]:
        line = QHBoxLayout()
        line.setSpacing(16)
        label = QLabel(title)
        label.setProperty("role", "muted")
        line.addWidget(label)
        group = QButtonGroup(self)
        made: dict[str, QRadioButton] = {}
        for value, text in choices:
            # Mnemonics of the menu would meet those of the page.
            radio = named(QRadioButton(text.split("(")[0].removeprefix("字号 ")), f"{name}_{value}")
            radio.clicked.connect(self._look_chosen)
            group.addButton(radio)
            line.addWidget(radio)
            made[str(value)] = radio
        line.addStretch()
        self.column.addLayout(line)
        return made

    def _look_chosen(self) -> None:
        palette = next((n for n, r in self._palettes.items() if r.isChecked()), "light")
        scale = next((int(n) for n, r in self._scales.items() if r.isChecked()), 100)
        self.context.choose_look(palette, scale)
