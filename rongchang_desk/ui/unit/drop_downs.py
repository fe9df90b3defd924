"""What opens below a field to pick from, in forms and in cells: a calendar, a list to tick."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import QDate, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QTextCharFormat
from PySide6.QtWidgets import (
    QCalendarWidget,
    QCompleter,
    QLineEdit,
    QMenu,
    QToolButton,
    QWidget,
    QWidgetAction,
)

from rongchang_desk.app.fields import Entry, EntryField
from rongchang_desk.app.initials import initials_at_hand
from rongchang_desk.domain.checks import CHOICE_MARK
from rongchang_desk.ui import theme
from rongchang_desk.ui.completing import NameCompleter
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.theme import Tone

SEARCHED_FROM = 8
"""So many lines of a list are too many to look through."""

Offered = Sequence[tuple[str, str]]
"""What may be picked: the text that goes into the field, and how the menu shows it."""


class CalendarMenu(QMenu):
    """A calendar for a line; `picked` is called when a day was put into it."""

    def __init__(
        self, field: EntryField, line: QLineEdit, picked: Callable[[], object], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._line = line
        self._picked = picked
        self._calendar = named(QCalendarWidget(), f"calendar_{field.code}", "日历")
        self._calendar.setVerticalHeaderFormat(
            QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader
        )
        _dress(self._calendar)
        self._calendar.clicked.connect(self._pick)
        self._calendar.activated.connect(self._pick)
        holder = QWidgetAction(self)
        holder.setDefaultWidget(self._calendar)
        self.addAction(holder)
        self.aboutToShow.connect(self._fill)

    def _fill(self) -> None:
        try:
            shown = date.fromisoformat(self._line.text())
        except ValueError:
            return
        self._calendar.setSelectedDate(QDate(shown.year, shown.month, shown.day))

    def _pick(self, day: QDate) -> None:
        self.close()
        self._line.setText(day.toString(Qt.DateFormat.ISODate))
        self._picked()


class PickMenu(QMenu):
    """A list to tick for a line that holds one thing, or several joined by `mark`.

    A long one is searched by what a line contains or by its pinyin initials, as names are:
    typing narrows the list, Enter ticks the first that is left, Down goes into the list.
    """

    def __init__(
        self,
        offered: Offered,
        mark: str,
        line: QLineEdit,
        picked: Callable[[], object],
        parent: QWidget,
        *,
        single: bool = False,
    ) -> None:
        super().__init__(parent)
        self._offered = tuple(offered)
        self._mark = mark
        self._line = line
        self._picked = picked
        self._single = single
        self._search: QLineEdit | None = None
        self.setToolTipsVisible(True)
        self.aboutToShow.connect(self._fill)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        text = event.text()
        if self._search is not None and text.isprintable() and text.strip():
            self._search.setFocus(Qt.FocusReason.PopupFocusReason)
            self._search.insert(text)
            return
        super().keyPressEvent(event)

    def _parts(self) -> list[str]:
        return [part.strip() for part in self._line.text().split(self._mark) if part.strip()]

    def _fill(self) -> None:
        self.clear()
        self._search = self._add_search() if len(self._offered) >= SEARCHED_FROM else None
        chosen = self._parts()
        for text, shown in self._offered:
            action = self.addAction(shown.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(text in chosen)
            action.triggered.connect(lambda is_on, text=text: self._toggle(text, is_on))

    def _add_search(self) -> QLineEdit:
        search = named(QLineEdit(), "pick_search", "搜索")
        search.setPlaceholderText("搜索名称或拼音首字母")
        search.setClearButtonEnabled(True)
        search.textChanged.connect(self._narrow)
        search.returnPressed.connect(self._pick_first)
        holder = QWidgetAction(self)
        holder.setDefaultWidget(search)
        self.addAction(holder)
        search.setFocus(Qt.FocusReason.PopupFocusReason)
        return search

    def _items(self) -> list[QAction]:
        return [action for action in self.actions() if action.isCheckable()]

    def _narrow(self, typed: str) -> None:
        """Leave the lines in which every word stands, or in whose pinyin initials it does."""
        words = typed.casefold().split()
        for action, (_, shown) in zip(self._items(), self._offered, strict=True):
            whole = f"{shown}\n{initials_at_hand(shown)}".casefold()
            action.setVisible(all(word in whole for word in words))

    def _pick_first(self) -> None:
        left = [action for action in self._items() if action.isVisible()]
        if left and self._search is not None and self._search.text().strip():
            self.close()
            left[0].trigger()

    def _toggle(self, text: str, is_on: bool) -> None:
        chosen = [] if self._single else [part for part in self._parts() if part != text]
        order = [offer for offer, _ in self._offered]
        if is_on:
            chosen.append(text)
            chosen.sort(key=lambda part: order.index(part) if part in order else len(order))
        self._line.setText(self._mark.join(chosen))
        self._picked()


def drop_down(
    field: EntryField,
    line: QLineEdit,
    tasks: Offered,
    picked: Callable[[], object],
    parent: QWidget,
    *,
    single_task: bool = False,
) -> QMenu | None:
    """What opens below a field's line; None for a field that is only typed."""
    match field.entry:
        case Entry.DATE:
            return CalendarMenu(field, line, picked, parent)
        case Entry.CHOICES:
            offered: Offered = [(choice, choice) for choice in field.choices]
            return PickMenu(offered, CHOICE_MARK, line, picked, parent)
        case Entry.TASKS:
            return PickMenu(tasks, "、", line, picked, parent, single=single_task)
        case Entry.BODIES:
            offered = [(body, body) for body in field.known]
            return PickMenu(offered, "、", line, picked, parent)
        case _:
            return None


def completer(field: EntryField, parent: QObject) -> QCompleter:
    """Offers the known texts that contain what is being typed, or whose initials do."""
    return NameCompleter(field.known, parent, "、" if field.entry is Entry.BODIES else "")


def _dress(calendar: QCalendarWidget) -> None:
    """Our own arrows, and weekends in a colour of our own."""
    calendar.setStyleSheet("#qt_calendar_navigationbar { background: transparent; }")
    for name, icon in (("prev", "chevron-left"), ("next", "chevron-right")):
        button: Any = calendar.findChild(QToolButton, f"qt_calendar_{name}month")
        if button is not None:  # Qt's own name for it, not promised to stay
            button.setIcon(theme.icon(icon))
    weekend = QTextCharFormat()
    weekend.setForeground(theme.current().palette.ink(Tone.BAD))
    for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
        calendar.setWeekdayTextFormat(day, weekend)
