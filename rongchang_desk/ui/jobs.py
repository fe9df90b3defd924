"""Long work beside the window: one function on a worker thread, with its own Desk.

`Jobs.run` starts it and returns a `Job`; callbacks come on the window's thread. Work that the
person waits for goes one after another and shows in the `JobStrip`; quiet work (reading what a
page shows) has its own queue, so that it never waits behind a long import.

The worker never touches a widget: progress is left in one attribute that the strip looks at ten
times a second, so no number of steps can flood the window.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, NamedTuple, Protocol

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from rongchang_desk.app.running import Running
from rongchang_desk.errors import Cancelled
from rongchang_desk.ui.naming import named

log = logging.getLogger(__name__)

LOOK_EVERY = 100  # ms between two looks at a job's progress
BAR_STEPS = 1000


class Sharable(Protocol):
    """What a job needs of a desk: another one on the same folder, for another thread."""

    def again(self) -> Any: ...


Work = Callable[[Any, Running], Any]


class Progress(NamedTuple):
    """Where a job is: `done` of `total`, and what it is at."""

    done: int
    total: int
    what: str


class _Watched(Running):
    """Keeps the newest step for the window to look at."""

    def __init__(self) -> None:
        super().__init__()
        self.newest = Progress(0, 0, "")

    def show(self, done: int, total: int, what: str) -> None:
        self.newest = Progress(done, total, what)  # one assignment: safe to read elsewhere


class Job(QObject):
    """One piece of work, from waiting to its end. Made by `Jobs.run` only."""

    ended = Signal()  # on the window's thread, after the callbacks
    _over = Signal(object, object)  # result, error: from the worker

    def __init__(
        self,
        title: str,
        work: Work,
        desk: Sharable | None,
        *,
        done: Callable[[Any], None] | None,
        failed: Callable[[Exception], bool] | None,
        cancelled: Callable[[], None] | None,
        present: Callable[[Exception], None],
        quiet: bool,
        cancel_text: str,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self.title = title
        self.quiet = quiet
        self.cancel_text = cancel_text
        self.is_cancelled = False
        self._work = work
        self._desk = desk
        self._done = done
        self._failed = failed
        self._cancelled = cancelled
        self._present = present
        self._running = _Watched()
        self._began = 0.0
        self._over.connect(self._finish, Qt.ConnectionType.QueuedConnection)

    def cancel(self) -> None:
        """Ask the work to stop at its next step; the callbacks still come later, as its end."""
        self.is_cancelled = True
        self._running.cancel()

    def progress(self) -> Progress:
        """The newest step; `total` is 0 until the work has said how much there is."""
        return self._running.newest

    def seconds_left(self) -> float | None:
        """A guess from the pace so far; None while it would be worth nothing."""
        done, total, _ = self.progress()
        spent = time.monotonic() - self._began
        if not (self._began and 0 < done <= total) or spent < 1:
            return None
        return spent * (total - done) / done

    def start(self) -> None:
        """Begin on a thread of its own (called by `Jobs`)."""
        self._began = time.monotonic()
        threading.Thread(target=self._carry_out, name=f"job {self.title}", daemon=True).start()

    def _carry_out(self) -> None:
        result: object = None
        problem: Exception | None = None
        try:
            if self.is_cancelled:
                raise Cancelled
            with ExitStack() as stack:
                desk = stack.enter_context(self._desk.again()) if self._desk else None
                result = self._work(desk, self._running)
        except Exception as error:  # noqa: BLE001  the job boundary: all go to one presenter
            problem = error
        self._over.emit(result, problem)

    def _finish(self, result: object, problem: Exception | None) -> None:
        try:
            if problem is None:
                if self._done:
                    self._done(result)
            elif isinstance(problem, Cancelled):
                if self._cancelled:
                    self._cancelled()
            elif not (self._failed and self._failed(problem)):
                self._present(problem)
        finally:
            self.ended.emit()


class Jobs(QObject):
    """All work of one window: at most one visible and one quiet job at a time."""

    changed = Signal()  # a job was queued, began or ended
    all_ended = Signal()

    def __init__(
        self,
        desk: Sharable | None,
        present: Callable[[Exception], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._present = present
        self._waiting: dict[bool, deque[Job]] = {False: deque(), True: deque()}
        self._now: dict[bool, Job | None] = {False: None, True: None}

    def run(
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
        """Run `work(desk, running)` on a worker thread; `done(result)` comes on this thread.

        `failed(error)` may return True when it has told the person itself; otherwise the window's
        one presenter shows the error. `Cancelled` calls `cancelled()` and shows nothing.
        """
        job = Job(
            title,
            work,
            self._desk,
            done=done,
            failed=failed,
            cancelled=cancelled,
            present=self._present,
            quiet=quiet,
            cancel_text=cancel_text,
            parent=self,
        )
        job.ended.connect(lambda: self._next(job))
        self._waiting[quiet].append(job)
        if self._now[quiet] is None:
            self._start(quiet)
        self.changed.emit()
        return job

    def shown(self) -> Job | None:
        """The visible job that is running now."""
        return self._now[False]

    def waiting(self) -> int:
        """How many visible jobs wait for their turn."""
        return len(self._waiting[False])

    def is_busy(self) -> bool:
        """Whether any job, quiet ones too, has not ended."""
        return any(self._now.values())

    def cancel_all(self) -> None:
        """Ask every job to stop; `all_ended` follows when the last has."""
        for quiet in (False, True):
            for job in (self._now[quiet], *self._waiting[quiet]):
                if job:
                    job.cancel()

    def _start(self, quiet: bool) -> None:
        job = self._waiting[quiet].popleft()
        self._now[quiet] = job
        job.start()

    def _next(self, job: Job) -> None:
        self._now[job.quiet] = None
        if self._waiting[job.quiet]:
            self._start(job.quiet)
        self.changed.emit()
        job.deleteLater()
        if not self.is_busy():
            self.all_ended.emit()


class JobStrip(QFrame):
    """A bar above the status bar: what is being done, how far, how long still, and cancel."""

    def __init__(self, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("job_strip")
        self.setAccessibleName("正在进行的工作")
        self._jobs = jobs
        self._text = named(QLabel(), "job_text")
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._left = named(QLabel(), "job_time_left")
        self._bar = named(QProgressBar(), "job_bar")
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("进度")
        self._cancel = named(QPushButton(), "job_cancel")
        self._cancel.clicked.connect(self._cancel_clicked)
        words = QVBoxLayout()
        words.setSpacing(7)
        line = QHBoxLayout()
        line.addWidget(self._text, 1)
        line.addWidget(self._left)
        words.addLayout(line)
        words.addWidget(self._bar)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 10, 8)
        row.setSpacing(12)
        row.addLayout(words, 1)
        row.addWidget(self._cancel)
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY)
        self._timer.timeout.connect(self.look)
        jobs.changed.connect(self._jobs_changed)
        self.hide()

    def look(self) -> None:
        """Show where the running job is now."""
        job = self._jobs.shown()
        if job is None:
            return
        progress = job.progress()
        text = strip_text(job, self._jobs.waiting())
        metrics = self._text.fontMetrics()
        room = max(self._text.width(), 100)
        self._text.setText(metrics.elidedText(text, Qt.TextElideMode.ElideRight, room))
        self._text.setToolTip(text)
        left = job.seconds_left()
        self._left.setText("" if left is None else f"剩余约 {duration(left)}")
        if progress.total > 0:
            self._bar.setRange(0, BAR_STEPS)
            self._bar.setValue(BAR_STEPS * progress.done // progress.total)
        else:
            self._bar.setRange(0, 0)
        self._cancel.setEnabled(not job.is_cancelled)
        self._cancel.setText("正在取消…" if job.is_cancelled else job.cancel_text)

    def _jobs_changed(self) -> None:
        busy = self._jobs.shown() is not None
        self.setVisible(busy)
        if busy:
            self.look()
            self._timer.start()
        else:
            self._timer.stop()

    def _cancel_clicked(self) -> None:
        job = self._jobs.shown()
        if job:
            job.cancel()
            self.look()


def strip_text(job: Job, waiting: int) -> str:
    """`正在导入 212 / 300：某文件.pdf`, and how much work waits behind it."""
    progress = job.progress()
    text = job.title
    if progress.total > 0:
        text += f" {progress.done} / {progress.total}"
    if progress.what:
        text += f"：{progress.what}"
    if waiting:
        text += f"　（后面还有 {waiting} 项）"
    return text


def duration(seconds: float) -> str:
    """A length of time in words, never more exact than is known."""
    if seconds < 1:
        return "1 秒"
    if seconds < 60:
        return f"{round(seconds)} 秒"
    if seconds < 3600:
        return f"{round(seconds / 60)} 分钟"
    return f"{seconds / 3600:.1f} 小时"
