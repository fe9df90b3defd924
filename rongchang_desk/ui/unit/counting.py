"""What a page of records counts after each edit, beside the window: cards, badges, and the words
that records are searched by.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rongchang_desk.app import rows as app_rows
from rongchang_desk.app.desk import Desk
from rongchang_desk.app.overview import Overview, overview, year_to_date
from rongchang_desk.app.running import Running
from rongchang_desk.domain.monthly_return import Totals, total
from rongchang_desk.ui.page import Context

MOST_CHECKED = 3000  # records of a month that are checked anew after each edit, in about 0.3 s


@dataclass(frozen=True)
class Digest:
    """What cards and badges count, worked out beside the window."""

    seen: Overview
    month: Totals
    year: Totals


@dataclass(frozen=True)
class Counted:
    """How many records of a kind there are by register; `digest` is None for months so long that
    checking them all after each edit would keep the machine busy for nothing: the return does."""

    by_register: dict[str, int]
    digest: Digest | None
    has_more_words: bool


class Counting:
    """One count at a time; asked for meanwhile, it counts once more."""

    def __init__(
        self, context: Context, kind: str, noun: str, show: Callable[[Counted], None]
    ) -> None:
        self._context = context
        self._kind = kind
        self._noun = noun
        self._show = show
        self._is_running = False
        self._is_stale = False

    def start(self) -> None:
        """Count the month in the switcher; `show` comes on the window's thread."""
        self._is_stale = True
        if self._is_running:
            return
        self._is_running, self._is_stale = True, False
        month, kind = self._context.month, self._kind

        def work(desk: Desk, running: Running) -> Counted:
            running.step(0, 0, "汇总")
            counts = app_rows.counts(desk, kind, month)
            digest = None
            if sum(counts.values()) <= MOST_CHECKED:
                seen = overview(desk, month)
                digest = Digest(seen, total(desk.plan, seen.records), year_to_date(desk, month))
            return Counted(counts, digest, app_rows.work_out_words(desk, running))

        def done(counted: Counted) -> None:
            self._is_running = False
            if month == self._context.month:
                self._show(counted)
            if self._is_stale or counted.has_more_words:
                self.start()

        self._context.run_job(
            f"汇总{self._noun}",
            work,
            done,
            failed=self._failed,
            cancelled=self._stopped,
            quiet=True,
        )

    def _stopped(self) -> None:
        self._is_running = False

    def _failed(self, _problem: Exception) -> bool:
        self._is_running = False
        return False  # the window's presenter tells of it
