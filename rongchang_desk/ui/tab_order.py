"""Where the keyboard goes: the order of Tab in the window, and F6, which leaves grids, too."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QApplication, QWidget


def chain(widgets: Sequence[QWidget]) -> None:
    """Let Tab go through these one after the other."""
    for one, other in pairwise(widgets):
        QWidget.setTabOrder(one, other)


def takers(within: QWidget) -> list[QWidget]:
    """The widgets inside another that Tab may reach, in their order."""
    return [widget for widget in within.findChildren(QWidget) if _takes_tab(widget)]


def go_on(window: QWidget, *, forward: bool) -> None:
    """Put the keyboard on the next control, or the one before: as Tab does outside of grids,
    in which Tab goes from cell to cell."""
    now = QApplication.focusWidget() or window
    around = now.parentWidget()
    while around is not None and now is not window:
        now = around if isinstance(around, QAbstractItemView) else now
        around = around.parentWidget()
    at = now
    while True:
        at = at.nextInFocusChain() if forward else at.previousInFocusChain()
        if at is now:
            return
        is_there = at.isVisible() and at.isEnabled() and at.focusProxy() is None
        if _takes_tab(at) and is_there and not now.isAncestorOf(at):
            at.setFocus(Qt.FocusReason.TabFocusReason)
            return


def _takes_tab(widget: QWidget) -> bool:
    return Qt.FocusPolicy.TabFocus in Qt.FocusPolicy(widget.focusPolicy())
