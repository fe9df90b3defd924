"""The backups a window makes by itself: once a day at opening, and whenever it closes. After the
day's first one, what has lain in the recycle bin for too long goes.

Nobody is asked anything. A failure is told in the status bar and tried again at the next
opening; it never keeps a window open.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QToolButton, QWidget

from rongchang_desk.app import backup, recycled
from rongchang_desk.errors import DeskDamaged, DeskError
from rongchang_desk.ui.main_window import MainWindow
from rongchang_desk.ui.naming import named

log = logging.getLogger(__name__)

FIRST_AFTER = 1500  # ms after opening: the first page comes before
STRIP_AFTER = 1000  # ms after which a closing window says what it waits for
LONGEST = 120_000  # ms a closing window waits at most (a network drive that has gone)
PROBLEM = "backup/problem"  # in the desk's window settings: the last backup failed


class AutomaticBackup(QObject):
    """Looks after one window's backups; belongs to the window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        window.before_closing = self._back_up_and
        window.show_backup_time(backup.newest_backup(window.desk))
        QTimer.singleShot(FIRST_AFTER, self, self._first)

    def _first(self) -> None:
        """The day's backup, unless there is one."""
        newest = backup.newest_backup(self._window.desk)
        is_made = newest is not None and newest.date() == self._window.desk.today()
        closing = self._window.before_closing is None
        if not closing and (not is_made or self._window.settings.contains(PROBLEM)):
            self._run(self._purge)

    def _purge(self) -> None:
        """Empty the recycle bin of what is too old, unless the backup before it failed."""
        if not self._window.settings.contains(PROBLEM):
            self._window.run_job(
                "正在清理回收站",
                lambda desk, _running: recycled.purge(desk),
                failed=_left_for_later,
                quiet=True,
            )

    def _back_up_and(self, leave: Callable[[], None]) -> None:
        """A last backup, then `leave()`, whatever became of it."""
        strip = self._new_strip()
        waits, limit = QTimer(self), QTimer(self)
        for timer in (waits, limit):
            timer.setSingleShot(True)
        waits.timeout.connect(lambda: self._window.statusBar().addPermanentWidget(strip))
        waits.timeout.connect(strip.show)
        waits.start(STRIP_AFTER)
        limit.timeout.connect(self._window.close_at_once)
        limit.start(LONGEST)

        def ended() -> None:
            waits.stop()
            limit.stop()
            leave()

        self._run(ended)

    def _run(self, ended: Callable[[], None]) -> None:
        job = self._window.run_job(
            "正在备份",
            lambda desk, _running: backup.back_up_by_itself(desk),
            self._made,
            failed=self._failed,
            quiet=True,
        )
        job.ended.connect(ended)

    def _made(self, _made: backup.BackedUp) -> None:
        self._window.settings.remove(PROBLEM)
        self._window.show_backup_time(backup.newest_backup(self._window.desk))

    def _failed(self, error: Exception) -> bool:
        self._window.settings.setValue(PROBLEM, True)
        if isinstance(error, DeskError):
            log.warning("automatic backup failed: %s", type(error).__name__)
            self._window.show_backup_problem(error)
            # A window that closes is not kept: the next opening finds the same.
            if isinstance(error, DeskDamaged) and self._window.before_closing is not None:
                self._window.present(error)
        else:
            log.error("automatic backup failed", exc_info=error)
            self._window.show_backup_problem(DeskError("自动备份时程序出错。"))
        return True

    def _new_strip(self) -> QWidget:
        strip = named(QWidget(), "closing_strip", "正在备份")
        bar = QProgressBar()
        bar.setRange(0, 0)
        bar.setTextVisible(False)
        bar.setFixedWidth(120)
        behind = named(QToolButton(), "closing_hide")
        behind.setText("在后台完成(&H)")
        behind.setToolTip("窗口先关闭，备份完成后程序自动退出")
        behind.clicked.connect(self._window.hide)
        row = QHBoxLayout(strip)
        row.setContentsMargins(6, 0, 6, 0)
        for widget in (QLabel("正在备份，完成后自动关闭"), bar, behind):
            row.addWidget(widget)
        strip.hide()
        return strip


def _left_for_later(error: Exception) -> bool:
    """Old records that cannot be removed now harm nobody; the next day tries again."""
    log.warning("the recycle bin cannot be purged: %s", type(error).__name__, exc_info=error)
    return True
