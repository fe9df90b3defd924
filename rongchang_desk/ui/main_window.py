"""The window around the pages: navigation, header, job strip, status bar, and what they share.

It makes a page on its first visit and hands it a `Context`, which is the window itself. It knows
nothing of what a page shows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6 import QtCore
from PySide6.QtCore import QByteArray, QEvent, QMimeData, QSettings, QSize, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QKeySequence,
    QPaintEvent,
    QResizeEvent,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QMainWindow,
    QStackedWidget,
    QStatusBar,
    QVBoxLayout,
    QWidget,
)

from rongchang_desk.app.desk import Desk
from rongchang_desk.domain.month import Month
from rongchang_desk.errors import DeskError
from rongchang_desk.ui import theme
from rongchang_desk.ui.jobs import Job, Jobs, Work
from rongchang_desk.ui.messages import Presenter, ask
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.page import Page, PageEntry

if TYPE_CHECKING:
    from rongchang_desk.ui.header import Header

# Pixels at 100 % text.
NAVIGATION_WIDTH = 208
NAVIGATION_SHARE = 0.27  # of the window at most, however large the text
SIDE = 24  # beside a page
NOTICE_FOR = 5000  # ms
SETTINGS_FILE = "window.ini"
PRODUCT = "荣昌知产强市工作台"


class MainWindow(QMainWindow):
    """The window of one open desk; implements `page.Context`."""

    closed = Signal()
    first_painted = Signal()  # the frame stands: what takes time may begin
    desk_changed = Signal()  # after `changed()`: badges and backup state may be stale
    look_chosen = Signal(str, int)  # a palette's name and a text size in per cent
    desk_wanted = Signal(object)  # Path: another desk is to be shown instead

    def __init__(
        self, desk: Desk, pages: Sequence[PageEntry], presenter: Presenter | None = None
    ) -> None:
        super().__init__()
        self.setObjectName("main_window")
        self.setWindowTitle(f"{desk.title}　{PRODUCT}")
        self.setAcceptDrops(True)
        self.setMinimumSize(960, 600)
        self._desk = desk
        # Not the registry: the settings travel with the desk's folder.
        self._is_painted = False
        self._settings = QSettings(str(desk.folder / SETTINGS_FILE), QSettings.Format.IniFormat)
        self._entries = {entry.name: entry for entry in pages}
        self._names = [entry.name for entry in pages]  # by their row in the navigation
        self._pages: dict[str, Page] = {}
        self._stale: set[str] = set()
        self._now = ""
        self._is_closing = False
        self._leaves_at_once = False
        # Work to do once before the window closes; it calls what it is given when it is over.
        self.before_closing: Callable[[Callable[[], None]], None] | None = None
        self._presenter = presenter or Presenter(self)
        self._jobs = Jobs(desk, self._presenter.present, self)
        self._jobs.all_ended.connect(self._close_when_asked)
        self._navigation = self._new_navigation(pages)
        self._desk_name = named(QLabel(desk.title), "desk_name")
        self._panel = named(QFrame(), "navigation_panel")
        self._area = named(QFrame(), "page_area")
        self._stack = named(QStackedWidget(), "page_stack")
        self._saved_at = named(QLabel(), "status_saved")
        self._backup = named(QLabel(), "status_backup")
        self._folder = named(QLabel(), "status_folder")
        self._put_together()
        self._restore()

    # What a page may use (page.Context)

    @property
    def desk(self) -> Desk:
        return self._desk

    @property
    def month(self) -> Month:
        return self._header.months.month

    @property
    def settings(self) -> QSettings:
        return self._settings

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
        return self._jobs.run(
            title,
            work,
            done,
            failed=failed,
            cancelled=cancelled,
            quiet=quiet,
            cancel_text=cancel_text,
        )

    def go_to(self, page: str, target: object = None) -> None:
        if page not in self._entries:
            raise KeyError(page)
        if page != self._now and not self._may_leave():
            self._mark_in_navigation(self._now)
            return
        self._show_page(page)
        if target is not None:
            self._pages[page].show_target(target)

    def show_month(self, month: Month) -> None:
        before = self.month
        self._header.months.set_month(month)
        if self.month != before:
            self._month_chosen(self.month)

    def notify(self, text: str) -> None:
        self.statusBar().showMessage(text, NOTICE_FOR)

    def present(self, error: BaseException) -> None:
        self._presenter.present(error)

    def saved(self) -> None:
        self._saved_at.setText(f"已自动保存 {self._desk.now():%H:%M}")

    def changed(self) -> None:
        self._stale = set(self._pages) - {self._now}
        self.desk_changed.emit()

    def choose_look(self, palette: str, scale: int) -> None:
        self.look_chosen.emit(palette, scale)

    def open_desk(self, folder: Path) -> None:
        self.desk_wanted.emit(folder)

    def take_up_plan(self) -> None:
        """The page shown stays, with what it tells; the others are made anew when next shown."""
        self._desk.read_plan_again()
        self.setWindowTitle(f"{self._desk.title}　{PRODUCT}")
        self._desk_name.setText(self._desk.title)
        before = self.month
        self._header.months.set_range(*self._desk.months)
        for name in [name for name in self._pages if name != self._now]:
            page = self._pages.pop(name)
            self._stack.removeWidget(page)
            # A job of its own may still call it: it goes with the last of them.
            page.setParent(self)
            page.hide()
            if self._jobs.is_busy():
                self._jobs.all_ended.connect(page.deleteLater)
            else:
                page.deleteLater()
        self.changed()
        if self.month != before:
            self._month_chosen(self.month)
        self.refresh_header()

    def set_badge(self, page: str, text: str) -> None:
        label = self._entries[page].label
        item = self._navigation.item(self._names.index(page))
        item.setText(f"{label}（{text}）" if text else label)

    # For the application

    def open_first_page(self) -> None:
        """Show the page that was last shown, else the first; called after the first paint."""
        self._header.months.set_month(self._desk.current_month())
        name = str(self._settings.value("window/page", ""))
        if self._entries and not self._now:
            self._show_page(name if name in self._entries else next(iter(self._entries)))

    def show_backup_time(self, at: datetime | None) -> None:
        """Tell in the status bar when the last backup was made."""
        self._backup.setText(f"上次备份：{past(at, self._desk.now())}" if at else "尚未备份")
        self._backup.setToolTip("")
        self._paint_backup(is_bad=False)

    def show_backup_problem(self, error: DeskError) -> None:
        """Tell in the status bar that no backup could be made, and why."""
        self._backup.setText("自动备份失败")
        self._backup.setToolTip(str(error))
        self._paint_backup(is_bad=True)
        self.notify(f"自动备份失败：{error.message}")

    def close_at_once(self) -> None:
        """Close without waiting for anything that still goes on."""
        self._leaves_at_once = True
        self.close()

    def current_page(self) -> Page | None:
        """The page shown now."""
        return self._pages.get(self._now)

    def refresh_header(self) -> None:
        """Show the current page's title, subtitle and buttons again."""
        self._header.refresh()

    # Qt's side

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._catcher() and local_paths(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        name, paths = self._catcher(), local_paths(event.mimeData())
        if not (name and paths):
            return
        event.acceptProposedAction()
        self.go_to(name)
        if name == self._now:  # the page shown may have kept the person there
            self._pages[name].dropped(paths)

    def _catcher(self) -> str:
        """The page that gets what is dropped: the one shown, else one for all; empty if none."""
        page = self.current_page()
        if page and page.accepts_files:
            return self._now
        return next((entry.name for entry in self._entries.values() if entry.catches), "")

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_backup"):
            self._paint_backup(is_bad=bool(self._backup.styleSheet()))
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_panel"):
            QTimer.singleShot(0, self, self._fit)  # Qt is still styling its children

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._is_painted:
            self._is_painted = True
            self.first_painted.emit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # The first page was chosen before the style sheet was at work: measure the rows again.
        self._navigation.scheduleDelayedItemsLayout()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._leaves_at_once and not self._may_close():
            event.ignore()
            return
        self._settings.setValue("window/geometry", self.saveGeometry())
        self._settings.setValue("window/page", self._now)
        self._settings.sync()
        event.accept()
        self.closed.emit()

    # Making the window

    def _new_navigation(self, pages: Sequence[PageEntry]) -> QListWidget:
        listing = named(QListWidget(), "navigation")
        listing.setAccessibleName("导航")
        listing.addItems([entry.label for entry in pages])
        listing.currentRowChanged.connect(self._navigation_chosen)
        return listing

    def _put_together(self) -> None:
        whole = QWidget()
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._new_panel())
        row.addWidget(self._area, 1)
        self.setCentralWidget(whole)
        bar = named(QStatusBar(), "status_bar")
        self._folder.setText(f"工作台文件夹：{self._desk.folder}")
        self._folder.setToolTip(str(self._desk.folder))
        self._folder.setMaximumWidth(theme.current().px(460))
        bar.addWidget(self._saved_at)
        bar.addPermanentWidget(self._backup)
        bar.addPermanentWidget(self._folder)
        self.setStatusBar(bar)

    def _new_panel(self) -> QWidget:
        panel = self._panel
        self._desk_name.setWordWrap(True)
        words = QVBoxLayout()
        words.setContentsMargins(22, 20, 12, 20)
        words.setSpacing(9)
        words.addWidget(self._desk_name)
        words.addWidget(named(QLabel(PRODUCT), "desk_detail"))
        left = QVBoxLayout(panel)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(0)
        left.addLayout(words)
        left.addWidget(self._navigation, 1)
        return panel

    @cached_property
    def _header(self) -> Header:
        from rongchang_desk.ui.header import Header

        header = Header(*self._desk.months, Month.of(self._desk.today()).previous, self._area)
        header.fit(self._room())
        header.month_chosen.connect(self._month_chosen)
        header.searched.connect(self._search)
        return header

    def _complete(self) -> None:
        """Add what the frame can do without until it is painted: each of these costs some ms.

        The first use of the namespace `Qt` alone costs 13 ms; so what runs before the first
        paint, here and in the modules imported for it, does not import it.
        """
        from rongchang_desk.ui.job_strip import JobStrip
        from rongchang_desk.ui.look_menu import LookButton
        from rongchang_desk.ui.tab_order import chain, takers

        column = QVBoxLayout(self._area)
        column.setContentsMargins(SIDE, 22, SIDE, 16)
        column.setSpacing(14)
        column.addWidget(self._header)
        column.addWidget(self._stack, 1)
        column.addWidget(JobStrip(self._jobs))
        look = LookButton()
        look.chosen.connect(self.look_chosen)
        self.statusBar().addPermanentWidget(look)
        # Tab goes round: the menu of the look comes last, after the page.
        chain([look, self._navigation, *takers(self._header)])
        self._add_shortcuts()
        policy = QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self._navigation.setHorizontalScrollBarPolicy(policy)
        by_mouse = QtCore.Qt.TextInteractionFlag.TextSelectableByMouse
        self._folder.setTextInteractionFlags(by_mouse)
        self._desk_name.setTextFormat(QtCore.Qt.TextFormat.PlainText)
        # Into a window that is shown already: at once, not with the next event.
        self._header.show()
        self._stack.show()

    def _add_shortcuts(self) -> None:
        does: dict[str, Callable[[], None]] = {
            "Ctrl+F": self._header.focus_search,
            "F1": self._help,
            "F5": self._refresh_now,
            "F6": partial(self._go_on, forward=True),
            "Shift+F6": partial(self._go_on, forward=False),
        }
        for number in range(min(len(self._entries), 9)):
            does[f"Ctrl+{number + 1}"] = partial(self._navigation.setCurrentRow, number)
        for keys, action in does.items():
            QShortcut(QKeySequence(keys), self).activated.connect(action)

    def _restore(self) -> None:
        geometry = self._settings.value("window/geometry")
        if not (isinstance(geometry, QByteArray) and self.restoreGeometry(geometry)):
            self.resize(QSize(1280, 800))

    # Pages

    def _show_page(self, name: str) -> None:
        if not self._pages:
            self._complete()
        page = self._pages.get(name)
        is_new = page is None
        if page is None:
            page = self._entries[name].create(self)
            page.setObjectName(f"page_{name}")
            self._pages[name] = page
            self._stack.addWidget(page)
        is_other = name != self._now
        self._now = name
        self._mark_in_navigation(name)
        if is_other:
            self._header.show_page(page)
            if not is_new:
                page.search("")
        self._stack.setCurrentWidget(page)
        if is_new or name in self._stale:
            self._stale.discard(name)
            page.refresh()
        self.refresh_header()

    def _fit(self) -> None:
        """Give navigation and header what the window and the size of the text leave them."""
        share = int(self.width() * NAVIGATION_SHARE)
        self._panel.setFixedWidth(min(theme.current().px(NAVIGATION_WIDTH), share))
        if self._pages:
            self._header.fit(self._room())

    def _room(self) -> int:
        """Pixels beside the navigation for a page and its header."""
        return self.width() - self._panel.width() - 2 * SIDE

    def _mark_in_navigation(self, name: str) -> None:
        self._navigation.blockSignals(True)
        self._navigation.setCurrentRow(self._names.index(name))
        self._navigation.blockSignals(False)

    def _navigation_chosen(self, row: int) -> None:
        if row < 0:  # nothing is chosen: the list lost its rows
            return
        name = self._names[row]
        # Before the first page is open, only the list itself chose (it got the focus).
        if self._now and name != self._now:
            # After the list has finished its own event, so that it can be set back.
            QTimer.singleShot(0, self, lambda: self.go_to(name))

    def _may_leave(self) -> bool:
        page = self.current_page()
        return page is None or page.may_leave()

    def _month_chosen(self, month: Month) -> None:
        self._stale = set(self._pages) - {self._now}
        page = self.current_page()
        if page:
            page.show_month(month)
            self.refresh_header()

    def _refresh_now(self) -> None:
        page = self.current_page()
        if page:
            page.refresh()
            self.refresh_header()

    def _search(self, text: str) -> None:
        self._pages[self._now].search(text)

    def _go_on(self, *, forward: bool) -> None:
        from rongchang_desk.ui.tab_order import go_on

        go_on(self, forward=forward)

    def _help(self) -> None:
        from rongchang_desk.ui.manual import show_manual

        page = self.current_page()
        topic = page.help_topic if page else ""
        if not (topic and show_manual(self, topic)) and not show_manual(self, "index"):
            self.notify("没有找到使用手册。")

    def _paint_backup(self, *, is_bad: bool) -> None:
        colour = theme.current().palette.bad
        self._backup.setStyleSheet(f"color: {colour};" if is_bad else "")

    # Closing while work goes on

    def _may_close(self) -> bool:
        """Whether nothing is left to do; otherwise it is done or asked for, and closes later."""
        if not self._may_leave():
            return False
        if self._jobs.is_busy():
            self._ask_to_cancel_jobs()
            return False
        # When the person logs off, the system waits for nobody.
        if self.before_closing and not is_logging_off():
            work, self.before_closing = self.before_closing, None
            work(self._close_now)
            return False
        return True

    def _ask_to_cancel_jobs(self) -> None:
        if self._is_closing:
            return
        job = self._jobs.shown()
        if job is None:  # quiet reads only: nobody waits for them
            self._cancel_and_close()
            return
        ask(
            self,
            f"{job.title}，还没有做完。",
            "取消后再退出：已经完成的部分保留，没有完成的部分不改动数据。",
            "取消并退出(&Q)",
            self._cancel_and_close,
            refuse="继续等待(&W)",
        )

    def _cancel_and_close(self) -> None:
        if not self._jobs.is_busy():
            self.close()
            return
        self._is_closing = True
        self._jobs.cancel_all()

    def _close_now(self) -> None:
        self.close()

    def _close_when_asked(self) -> None:
        if self._is_closing:
            self._is_closing = False
            self.close()


def is_logging_off() -> bool:
    """Whether the windows are closed because the person leaves the desktop session."""
    application = QGuiApplication.instance()
    return isinstance(application, QGuiApplication) and application.isSavingSession()


def local_paths(data: QMimeData) -> tuple[Path, ...]:
    """The local files and folders among dragged things."""
    return tuple(Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile())


def past(at: datetime, now: datetime) -> str:
    """A past time as people say it: `今天 10:32`, `昨天 17:05`, `2026-10-03`."""
    days = (now.date() - at.date()).days
    if days == 0:
        return f"今天 {at:%H:%M}"
    if days == 1:
        return f"昨天 {at:%H:%M}"
    return f"{at:%Y-%m-%d}"
