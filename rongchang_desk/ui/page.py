"""What a page of the window is, and what it gets from the window.

A page shows values and calls one `app` function for each thing a person does. It never opens
files or the store by itself, never blocks, and never sees another page.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from PySide6.QtCore import QSettings
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from rongchang_desk.app.desk import Desk
from rongchang_desk.domain.month import Month
from rongchang_desk.ui.jobs import Job, Work


class Context(Protocol):
    """The window, as a page sees it."""

    @property
    def desk(self) -> Desk:
        """The desk of the window's thread: for quick reads and saves, never in a job."""
        ...

    @property
    def month(self) -> Month:
        """The month in the header's switcher."""
        ...

    @property
    def settings(self) -> QSettings:
        """Remembered view settings of this desk (an ini file in its folder)."""
        ...

    def run_job(
        self,
        title: str,
        work: Work,
        done: Callable[[Any], None] | None = None,
        *,
        failed: Callable[[Exception], bool] | None = None,
        cancelled: Callable[[], None] | None = None,
        quiet: bool = False,
        cancel_text: str = "取消",
    ) -> Job:
        """Run `work(desk, running)` beside the window; see `Jobs.run`."""
        ...

    def go_to(self, page: str, target: object = None) -> None:
        """Show another page; `target` is handed to its `show_target`."""
        ...

    def show_month(self, month: Month) -> None:
        """Switch the whole window to a month (kept within the plan)."""
        ...

    def notify(self, text: str) -> None:
        """A short word in the status bar that passes by itself."""
        ...

    def present(self, error: BaseException) -> None:
        """Tell the person about an error that was caught."""
        ...

    def saved(self) -> None:
        """A record was stored just now: the status bar shows when."""
        ...

    def changed(self) -> None:
        """Data changed: other pages refresh when next shown, badges and backup state now."""
        ...

    def show_backup_time(self, at: datetime | None) -> None:
        """Tell in the status bar when the last backup was made."""
        ...

    def choose_look(self, palette: str, scale: int) -> None:
        """Put a palette and a text size (per cent) in force, now and from now on."""
        ...

    def open_desk(self, folder: Path) -> None:
        """Show another desk's window instead of this one."""
        ...

    def take_up_plan(self) -> None:
        """A plan was put in force in a job: the month range and every other page follow it."""
        ...

    def set_badge(self, page: str, text: str) -> None:
        """A small count behind a page's name in the navigation; empty takes it away."""
        ...


class Page(QWidget):
    """One page a noun. Subclasses set the class attributes and override what they need.

    The window makes a page on its first visit and keeps it. It calls, on the window's thread:
    `refresh` after creation and whenever the page is shown with data changed since;
    `show_month` when the month changes while the page is shown (by default: `refresh`).
    """

    title = ""
    help_topic = ""  # resources/manual/<help_topic>.md, shown by F1
    has_month = True  # shows the month switcher
    search_hint = ""  # placeholder of the search field; empty: no search field
    accepts_files = False  # files may be dropped anywhere on the window

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.setAccessibleName(self.title)

    def subtitle(self) -> str:
        """The line under the title; asked again after each `refresh`."""
        return ""

    def page_actions(self) -> list[QAction]:
        """The header's buttons, most important first; made once with `new_action`."""
        return []

    def refresh(self) -> None:
        """Show the data as it is now. Quick reads only; anything longer is a quiet job."""

    def show_month(self, month: Month) -> None:
        """The month in the switcher changed."""
        del month
        self.refresh()

    def search(self, text: str) -> None:
        """The text in the search field changed."""

    def dropped(self, paths: tuple[Path, ...]) -> None:
        """Files or folders were dropped on the window."""

    def show_target(self, target: object) -> None:
        """Another page sent the person here to look at `target` (a record id, a unit code…)."""

    def may_leave(self) -> bool:
        """Save what is being typed; False keeps the person here (and says why itself)."""
        return True

    def new_action(
        self,
        text: str,
        triggered: Callable[[], object],
        *,
        name: str,
        primary: bool = False,
        shortcut: str = "",
        tip: str = "",
    ) -> QAction:
        """An action for `page_actions`: `text` with its mnemonic (`导出(&E)`), `name` is the
        object name of its button."""
        action = QAction(text, self)
        action.setObjectName(name)
        action.setProperty("primary", primary)
        if shortcut:
            action.setShortcut(QKeySequence(shortcut))
        action.setToolTip(tip or text.split("(", maxsplit=1)[0])
        action.triggered.connect(triggered)
        return action


class PageEntry(NamedTuple):
    """A page's place in the navigation; `create(context)` runs on the first visit."""

    name: str
    label: str
    create: Callable[[Context], Page]
    catches: bool = False  # gets the files dropped on a page that accepts none


def later(module: str, page: str) -> partial[Page]:
    """Makes a page of a module that is imported only then: a start must not wait for it."""
    return partial(_make, module, page)


def _make(module: str, page: str, context: Context) -> Page:
    made: Page = getattr(importlib.import_module(module), page)(context)
    return made
