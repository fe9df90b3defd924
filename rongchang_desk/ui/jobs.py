"""Long work beside the window: one function on a worker thread, with its own Desk.

`Jobs.run` starts it and returns a `Job`; callbacks come on the window's thread. Work that the
person waits for goes one after another and shows in the job strip; quiet work (reading what a
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

from PySide6.QtCore import QObject, Signal

from rongchang_desk.app.running import Running
from rongchang_desk.errors import Cancelled

log = logging.getLogger(__name__)


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
        self._over.connect(self._finish)  # from another thread: Qt queues it

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
        try:
            self._over.emit(result, problem)
        except RuntimeError:  # the window went without waiting: nobody is left to be told
            log.info("job %s ended after its window", threading.current_thread().name)

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
