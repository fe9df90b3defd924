"""The header's month switcher: one month back, a menu of the plan's months, one month on."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QSizePolicy, QToolButton, QWidget

from rongchang_desk.domain.month import Month
from rongchang_desk.ui import theme
from rongchang_desk.ui.naming import named


class MonthSwitcher(QFrame):
    """Shows one month between a first and a last one; `chosen` tells that the person changed it."""

    chosen = Signal(object)  # Month

    def __init__(
        self, first: Month, last: Month, month: Month, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("month_switcher")
        self.setAccessibleName("月份")
        self._first, self._last = first, last
        self._month = month
        self._back = self._arrow("month_back", "上一月", "chevron-left", "Ctrl+PgUp")
        self._on = self._arrow("month_on", "下一月", "chevron-right", "Ctrl+PgDown")
        self._back.clicked.connect(lambda: self._choose(self._month.previous))
        self._on.clicked.connect(lambda: self._choose(self._month.next))
        self._name = named(QToolButton(), "month_menu")
        self._name.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._name.setToolTip("选择月份")
        menu = QMenu(self._name)
        menu.setObjectName("month_choices")
        menu.aboutToShow.connect(lambda: self._fill(menu))
        self._name.setMenu(menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(0)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        for button in (self._back, self._name, self._on):
            row.addWidget(button)
        self.set_month(month)

    def show_icons(self) -> None:
        """Draw the arrows; after the window's first paint, since the first icon costs 2 ms."""
        for button in (self._back, self._on):
            button.setIcon(theme.icon(str(button.property("icon_name"))))

    @property
    def month(self) -> Month:
        return self._month

    def set_month(self, month: Month) -> None:
        """Show a month, kept between first and last, without telling anybody."""
        self._month = min(max(month, self._first), self._last)
        self._name.setText(self._month.label)
        self._name.setAccessibleName(f"月份：{self._month.label}")
        self._back.setEnabled(self._month > self._first)
        self._on.setEnabled(self._month < self._last)

    def set_range(self, first: Month, last: Month) -> None:
        """Offer other months; the one shown stays, kept between them."""
        self._first, self._last = first, last
        self.set_month(self._month)

    def _arrow(self, name: str, label: str, icon: str, keys: str) -> QToolButton:
        button = named(QToolButton(), name)
        button.setProperty("icon_name", icon)
        button.setAccessibleName(label)
        button.setToolTip(f"{label}（{keys}）")
        button.setShortcut(keys)
        return button

    def _choose(self, month: Month) -> None:
        if self._first <= month <= self._last and month != self._month:
            self.set_month(month)
            self.chosen.emit(month)

    def _fill(self, menu: QMenu) -> None:
        """One submenu a year, so that four years fit on a small screen."""
        menu.clear()
        for year in range(self._last.year, self._first.year - 1, -1):
            months = QMenu(f"{year}年", menu)
            menu.addMenu(months)
            for month in self._first.until(self._last):
                if month.year == year:
                    action = months.addAction(month.label)
                    action.setCheckable(True)
                    action.setChecked(month == self._month)
                    action.triggered.connect(lambda _=False, m=month: self._choose(m))
