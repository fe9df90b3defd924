"""Quiet reads of a page, of which only the newest may arrive."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rongchang_desk.ui.jobs import Job, Work
from rongchang_desk.ui.page import Context


class NewestRead:
    """Reads what a page shows; an answer to an older question is dropped."""

    def __init__(self, context: Context, title: str) -> None:
        self._context = context
        self._title = title
        self._number = 0
        self._job: Job | None = None

    def run(self, work: Work, done: Callable[[Any], None]) -> None:
        """Ask; `done(result)` comes unless something newer was asked meanwhile."""
        self.drop()
        number = self._number

        def arrived(result: Any) -> None:
            if number == self._number:
                self._job = None
                done(result)

        self._job = self._context.run_job(self._title, work, arrived, quiet=True)

    def drop(self) -> None:
        """Want no answer any more."""
        self._number += 1
        if self._job is not None:
            self._job.cancel()
            self._job = None
