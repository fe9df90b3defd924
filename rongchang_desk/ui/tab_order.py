"""Where the keyboard goes: the order of Tab in the window, and F6, which leaves grids, too."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QApplication, QWidget


def chain(widgets: Sequence[QWidget]) -> None:
    """Let Tab go through these one after the other."""
    for one, other in pairwise(widgets):
        QWidget.setTabOrder(one, other)


def takers(within: QWidget) -> list[QWidget]:
    """The widgets inside another that Tab may reach, in their order."""
    inside: Any = within.findChildren(QWidget)
    return [widget for widget in inside if _takes_tab(widget)]


def go_on(window: QWidget, *, forward: bool) -> None:
    """Put the keyboard on the next control, or the one before: as Tab does outside of grids,
    in which Tab goes from cell to cell."""
    now = QApplication.focusWidget() or window
    around: QWidget | None = now.parentWidget()
    while around is not None and now is not window:
        now = around if isinstance(around, QAbstractItemView) else now
        around = around.parentWidget()
    at: QWidget | None = now
    while at is not None:
        at = at.nextInFocusChain() if forward else at.previousInFocusChain()
        if at is None or at is now:
            return
        is_there = at.isVisible() and at.isEnabled() and at.focusProxy() is None
        if _takes_tab(at) and is_there and not now.isAncestorOf(at):
            at.setFocus(Qt.FocusReason.TabFocusReason)
            return


def _takes_tab(widget: QWidget) -> bool:
    return Qt.FocusPolicy.TabFocus in Qt.FocusPolicy(widget.focusPolicy())
