"""设置: the names for new months, backups, the look, the calendar's corrections, and what is what.

For both kinds of desk. What is changed holds at once; names and corrections can be undone.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent, QUndoCommand, QUndoStack
from PySide6.QtWidgets import QBoxLayout, QScrollArea, QVBoxLayout, QWidget

from rongchang_desk.app.desk import Role
from rongchang_desk.domain.month import Month
from rongchang_desk.errors import DeskError
from rongchang_desk.ui import theme
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.page import Context, Page
from rongchang_desk.ui.settings.about import AboutCard
from rongchang_desk.ui.settings.backups import BackupCard
from rongchang_desk.ui.settings.card import Card
from rongchang_desk.ui.settings.holidays import HolidayCard
from rongchang_desk.ui.settings.look import LookCard
from rongchang_desk.ui.settings.names import NamesCard
from rongchang_desk.ui.settings.paper_fonts import PaperFontsCard

SIDE_BY_SIDE = 860  # pixels at 100 % from which the cards stand in two columns


class SettingsPage(Page):
    """Cards in two columns, one a matter."""

    title = "设置"
    help_topic = "settings"
    has_month = False

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.undo_stack = QUndoStack(self)
        self._undo = self.new_action(
            "撤销(&Z)", self._undo_last, name="settings_undo", shortcut="Ctrl+Z",
            tip="撤销上一步（Ctrl+Z）",
        )  # fmt: skip
        self._redo = self.new_action(
            "重做(&Y)", self._redo_last, name="settings_redo", shortcut="Ctrl+Y",
            tip="重做（Ctrl+Y）",
        )  # fmt: skip
        self._redo.setShortcuts([QKeySequence("Ctrl+Y"), QKeySequence("Ctrl+Shift+Z")])
        self.addActions([self._undo, self._redo])
        # A bound method: Qt drops the connection before it deletes the stack.
        self.undo_stack.indexChanged.connect(self._enable)
        is_unit = context.desk.role is Role.UNIT
        left: list[Card] = [BackupCard(context), LookCard(context)]
        self._names: NamesCard | None = None
        if is_unit:
            self._names = NamesCard(context, self._push)
            left.insert(0, self._names)
        else:  # a unit's returns always have the shipped fonts
            left.append(PaperFontsCard(context))
        self._cards = (*left, HolidayCard(context, self._push), AboutCard(context))
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setContentsMargins(0, 0, 6, 0)
        self._columns.setSpacing(14)
        for cards in (left, self._cards[len(left) :]):
            column = QVBoxLayout()
            column.setSpacing(14)
            for card in cards:
                column.addWidget(card)
            column.addStretch()
            self._columns.addLayout(column, 1)
        inside = QWidget()
        inside.setLayout(self._columns)
        area = named(QScrollArea(), "settings_area")
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area)
        self._enable()

    # Page

    def subtitle(self) -> str:
        return "改动立即生效"

    def page_actions(self) -> list[QAction]:
        return [self._undo, self._redo]

    def refresh(self) -> None:
        for card in self._cards:
            card.refresh()

    def show_month(self, month: Month) -> None:
        """Settings are of no month."""

    def may_leave(self) -> bool:
        self._keep_names()
        return True

    def _keep_names(self) -> None:
        """A shortcut takes the focus from no line: what was typed is kept first."""
        if self._names is not None:
            self._names.keep()

    # Undo

    def _push(self, text: str, does: Callable[[], None], undoes: Callable[[], None]) -> None:
        self.undo_stack.push(_Change(self, text, does, undoes))

    def after_change(self) -> None:
        """A setting was stored: show it here, and let the others know."""
        self.context.saved()
        self.context.changed()
        self.refresh()

    def _undo_last(self) -> None:
        self._keep_names()
        self.undo_stack.undo()

    def _redo_last(self) -> None:
        self._keep_names()
        self.undo_stack.redo()

    def _enable(self, _index: int = 0) -> None:
        self._undo.setEnabled(self.undo_stack.canUndo())
        self._redo.setEnabled(self.undo_stack.canRedo())

    # Room

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_wide = self.width() >= theme.current().px(SIDE_BY_SIDE)
        self._columns.setDirection(
            QBoxLayout.Direction.LeftToRight if is_wide else QBoxLayout.Direction.TopToBottom
        )


class _Change(QUndoCommand):
    """A setting, and the way back."""

    def __init__(
        self, page: SettingsPage, text: str, does: Callable[[], None], undoes: Callable[[], None]
    ) -> None:
        super().__init__(text)
        self._page = page
        self._does = does
        self._undoes = undoes

    def redo(self) -> None:
        self._carry_out(self._does)

    def undo(self) -> None:
        self._carry_out(self._undoes)

    def _carry_out(self, work: Callable[[], None]) -> None:
        try:
            work()
        except DeskError as problem:
            self._page.context.present(problem)
            self.setObsolete(True)
            return
        self._page.after_change()
