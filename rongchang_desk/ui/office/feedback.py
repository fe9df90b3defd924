"""Opening what units send back on supervised matters: feedback, and requests for more time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from rongchang_desk.app import correspondence
from rongchang_desk.app.correspondence import Outcome
from rongchang_desk.app.desk import Desk
from rongchang_desk.app.running import Running
from rongchang_desk.ui.letters import show_outcomes
from rongchang_desk.ui.messages import Banner
from rongchang_desk.ui.page import Context


def open_feedback(
    context: Context,
    banner: Banner,
    paths: tuple[Path, ...],
    opened: Callable[[tuple[Outcome, ...]], object],
    refresh: Callable[[], None],
) -> None:
    """Open the files beside the window, those that were issued first first; tell what it did."""

    def work(desk: Desk, running: Running) -> tuple[Outcome, ...]:
        seen = correspondence.look_at(desk, paths, running)
        return correspondence.open_seen(desk, seen, "", running)

    def done(outcomes: tuple[Outcome, ...]) -> None:
        show_outcomes(banner, outcomes)
        context.changed()
        refresh()
        opened(outcomes)

    def cancelled() -> None:
        banner.show_message("已取消，先前打开的反馈保留。")
        refresh()

    banner.hide()
    context.run_job(
        "正在打开反馈", work, done, cancelled=cancelled, cancel_text="取消（已打开的保留）"
    )
