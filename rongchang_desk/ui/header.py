"""The line above a page: its title, the month, the search field and the page's buttons.

It gives each of them what room the window and the size of the text leave; it knows nothing of
what a page shows.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from rongchang_desk.domain.month import Month
from rongchang_desk.ui import theme
from rongchang_desk.ui.action_button import ActionButton
from rongchang_desk.ui.elided_label import ElidedLabel
from rongchang_desk.ui.month_switcher import MonthSwitcher
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.page import Page
from rongchang_desk.ui.tab_order import chain

# Pixels at 100 % text.
GAP, BUTTON_GAP = 14, 10
SEARCH_LEAST, SEARCH_MOST = 80, 300
SUBTITLE_LEAST = 170
BUTTONS_MOST = 3  # others go into 更多
SEARCH_AFTER = 200  # ms after the last key


class Header(QWidget):
    """Shows the current page's title, subtitle and buttons, and the window's month."""

    month_chosen = Signal(object)  # Month, by the person
    searched = Signal(str)

    def __init__(self, first: Month, last: Month, month: Month, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("page_header")
        self._page: Page | None = None
        self._room = 0
        self._title = named(QLabel(), "page_title")
        self._subtitle = named(ElidedLabel(), "page_subtitle")
        self.months = MonthSwitcher(first, last, month)
        self.months.show_icons()
        self.months.chosen.connect(self.month_chosen)
        self._search = self._new_search()
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(BUTTON_GAP)
        self._shown_buttons = 0
        titles = QVBoxLayout()
        titles.setSpacing(4)
        titles.addWidget(self._title)
        titles.addWidget(self._subtitle)
        tools = QHBoxLayout()
        tools.setSpacing(GAP)
        tools.addWidget(self.months)
        tools.addWidget(self._search, 1)
        tools.addStretch()
        tools.addLayout(self._buttons)
        self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(GAP)
        self._line.addLayout(titles, 1)
        self._line.addLayout(tools)

    def show_page(self, page: Page) -> None:
        """Another page is current: its buttons, and nothing searched for."""
        self._page = page
        self._search.blockSignals(True)
        self._search.clear()
        self._search.blockSignals(False)
        self._search_timer.stop()
        self._fill_buttons(page)

    def refresh(self) -> None:
        """Show the current page's title, subtitle and buttons again."""
        page = self._page
        if page is None:
            return
        self._title.setText(page.title)
        self._subtitle.show_text(page.subtitle())
        self.months.setVisible(page.has_month)
        self._search.setVisible(bool(page.search_hint))
        self._search.setPlaceholderText(f"{page.search_hint}（Ctrl+F）")
        self._search.setToolTip(page.search_hint)
        self._arrange()

    def fit(self, room: int) -> None:
        """Use this many pixels well: fewer buttons, or a second line, where there are too few."""
        self._room = room
        self._search.setMinimumWidth(theme.current().px(SEARCH_LEAST))
        self._arrange()

    def focus_search(self) -> None:
        """Put the keyboard into the search field, where the page has one."""
        if self._search.isVisible():
            self._search.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self._search.selectAll()

    def _new_search(self) -> QLineEdit:
        field = named(SearchField(), "search", "搜索")
        field.setMaximumWidth(SEARCH_MOST)
        field.setClearButtonEnabled(True)
        self._search_timer = QTimer(self)
        self._search_timer.setSingleShot(True)
        self._search_timer.setInterval(SEARCH_AFTER)
        self._search_timer.timeout.connect(self._search_now)
        field.textChanged.connect(self._search_timer.start)
        return field

    def _search_now(self) -> None:
        if self._page and self._page.search_hint:
            self.searched.emit(self._search.text())

    def _arrange(self) -> None:
        page = self._page
        if page is None:
            return
        words = self._subtitle.fontMetrics().horizontalAdvance(self._subtitle.text())
        self._subtitle.setMinimumWidth(min(words + 2, theme.current().px(SUBTITLE_LEAST)))
        count, direction = self._what_fits(page)
        self._line.setDirection(direction)
        if count != self._shown_buttons:
            self._fill_buttons(page)

    def _fill_buttons(self, page: Page) -> None:
        while self._buttons.count():
            widget = self._buttons.takeAt(0).widget()
            if isinstance(widget, ActionButton):
                widget.let_go()
            elif widget:
                widget.hide()
                widget.deleteLater()
        actions = page.page_actions()
        self._shown_buttons, _ = self._what_fits(page)
        shown, further = actions[: self._shown_buttons], actions[self._shown_buttons :]
        if further:
            menu_button = named(QPushButton("更多(&M)", self), "more_actions")
            menu = QMenu(menu_button)
            menu.addActions(further)
            menu_button.setMenu(menu)
            self._buttons.addWidget(menu_button)
        # The most important action stands at the right edge.
        for action in reversed(shown):
            # With a parent from the start: a button shown without one is a window for a moment
            # and takes the keyboard away from ours.
            self._buttons.addWidget(ActionButton(action, self))
        items = (self._buttons.itemAt(place).widget() for place in range(self._buttons.count()))
        chain([self._search, *(button for button in items if button is not None)])

    def _what_fits(self, page: Page) -> tuple[int, QBoxLayout.Direction]:
        """How many buttons to show, and whether beside the title or on a line of their own."""
        titles = max(self._title.sizeHint().width(), self._subtitle.minimumWidth()) + GAP
        for left, direction in (
            (self._room - titles, QBoxLayout.Direction.LeftToRight),
            (self._room, QBoxLayout.Direction.TopToBottom),
        ):
            for count in range(BUTTONS_MOST, 0, -1):
                if self._tools_width(page, count) <= left:
                    return count, direction
        return 1, QBoxLayout.Direction.TopToBottom

    def _tools_width(self, page: Page, count: int) -> int:
        """The least pixels for month, search and this many buttons, with 更多 for the others."""
        look, metrics = theme.current(), self.fontMetrics()
        parts = [self.months.sizeHint().width()] if page.has_month else []
        parts += [look.px(SEARCH_LEAST)] if page.search_hint else []
        actions = page.page_actions()
        texts = [action.text() for action in actions[:count] if action.isVisible()]
        texts += ["更多(M)  "] if actions[count:] else []
        parts += [metrics.horizontalAdvance(text.replace("&", "")) + 34 for text in texts]
        return sum(parts) + GAP * (len(parts) - 1)


class SearchField(QLineEdit):
    """Takes its full width where there is room for it."""

    def sizeHint(self) -> QSize:
        return QSize(SEARCH_MOST, super().sizeHint().height())
