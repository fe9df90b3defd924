"""Letters 来往件 in tables: their kinds and lights as pills, and work done from their dialog."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from rongchang_desk.app.correspondence import Outcome
from rongchang_desk.app.desk import Desk
from rongchang_desk.app.parcels import Written
from rongchang_desk.app.running import Running
from rongchang_desk.app.standing import Light
from rongchang_desk.domain.parcel import ParcelKind
from rongchang_desk.errors import DeskError
from rongchang_desk.ui.dialogs.letter import LetterDialog
from rongchang_desk.ui.jobs import Work
from rongchang_desk.ui.messages import Banner
from rongchang_desk.ui.page import Context
from rongchang_desk.ui.theme import Tone

KIND_TONES = {
    ParcelKind.RECEIPT: Tone.GOOD, ParcelKind.RETURNED: Tone.BAD,
    ParcelKind.SUPERVISION: Tone.WARN, ParcelKind.FEEDBACK: Tone.BUSY,
    ParcelKind.REOPENING: Tone.BUSY, ParcelKind.BULLETIN: Tone.QUIET,
    ParcelKind.PLAN: Tone.QUIET, ParcelKind.RENEWAL: Tone.QUIET,
    ParcelKind.EXTENSION: Tone.BUSY, ParcelKind.EXTENDED: Tone.BUSY,
    ParcelKind.ONCE_MORE: Tone.WARN, ParcelKind.CLOSED: Tone.GOOD,
    ParcelKind.ANSWER: Tone.BUSY, ParcelKind.EVIDENCE: Tone.BUSY,
}  # fmt: skip

LIGHT_TONES = {
    Light.OPEN: Tone.QUIET, Light.NEAR: Tone.BUSY, Light.BEHIND: Tone.WARN,
    Light.OVERDUE: Tone.BAD, Light.ANSWERED: Tone.GOOD, Light.CLOSED: Tone.QUIET,
}  # fmt: skip

LIGHT_GLYPHS = {
    Light.OPEN: "○", Light.NEAR: "●", Light.BEHIND: "△", Light.OVERDUE: "!",
    Light.ANSWERED: "✓", Light.CLOSED: "✓",
}  # fmt: skip


def light_text(light: Light) -> str:
    """A light as a pill says it: `● 临近到期`."""
    return f"{LIGHT_GLYPHS[light]} {light.label}"


def show_outcomes(banner: Banner, outcomes: Sequence[Outcome]) -> None:
    """What opening each file did, or why it was refused, in one banner."""
    applied = [outcome.applied for outcome in outcomes if outcome.applied]
    refused = [outcome.refusal for outcome in outcomes if outcome.refusal]
    fresh = [one for one in applied if not one.again]
    lines = [f"✓ {one.what}" for one in fresh]
    lines += [f"＝ {one.what}" for one in applied if one.again]
    lines += [f"× {refusal.message}" for refusal in refused]
    advice = dict.fromkeys(refusal.hint for refusal in refused if refusal.hint)
    hints = [one for one in advice if not any(o != one and one.endswith(o) for o in advice)]
    tone = Tone.BAD if refused else Tone.GOOD if fresh else Tone.QUIET
    banner.show_message("\n".join(lines), "\n".join(hints), tone)


Write = Callable[[Desk, str], Written]


def work_from(
    context: Context,
    dialog: LetterDialog,
    title: str,
    prepare: Callable[[str], Work],
    done: Callable[[Any], None],
) -> None:
    """Open a dialog and do its work each time it is wanted; the dialog closes when it is done.

    `prepare(passphrase)` reads the dialog's fields on the window's thread and returns what the
    job `title` does; a DeskError that it or the job raises is shown in the dialog.
    """

    def failed(error: Exception) -> bool:
        if not isinstance(error, DeskError):
            dialog.set_idle()
            return False
        dialog.show_problem(error)
        return True

    def finished(result: Any) -> None:
        dialog.accept()
        done(result)

    def want(passphrase: str) -> None:
        try:
            work = prepare(passphrase)
        except DeskError as error:
            dialog.show_problem(error)
            return
        context.run_job(title, work, finished, failed=failed, cancelled=dialog.set_idle)

    dialog.wanted.connect(want)
    dialog.show_it()


def write_from(
    context: Context,
    dialog: LetterDialog,
    prepare: Callable[[], Write],
    written: Callable[[Written], None],
) -> None:
    """Write a letter from its dialog; `prepare()` reads the fields and returns what writes it."""

    def work_with(passphrase: str) -> Work:
        write = prepare()

        def work(desk: Desk, running: Running) -> Written:
            running.step(0, 1, "签名")
            return write(desk, passphrase)

        return work

    work_from(context, dialog, "正在签发", work_with, written)
