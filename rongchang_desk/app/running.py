"""How long work tells its progress and learns that it was cancelled."""

from __future__ import annotations

from rongchang_desk.errors import Cancelled


class Running:
    """Progress of one piece of work; the window and the command line show it their own way."""

    def __init__(self) -> None:
        self._cancelled = False

    def cancel(self) -> None:
        """Ask the work to stop at its next step; safe from any thread."""
        self._cancelled = True

    def step(self, done: int, total: int, what: str) -> None:
        """`done` of `total` steps are finished, `what` comes next; raises Cancelled."""
        if self._cancelled:
            raise Cancelled
        self.show(done, total, what)

    def show(self, done: int, total: int, what: str) -> None:
        """Show the progress; silent here."""
