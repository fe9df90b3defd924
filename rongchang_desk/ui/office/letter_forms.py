"""Forms of the office's letters: each asks for what the letter says, and writes it.

`written(made)` follows on the window's thread when the letter is there.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from PySide6.QtWidgets import QComboBox, QWidget

from rongchang_desk.app import parcels
from rongchang_desk.app.parcels import Written
from rongchang_desk.app.sending_back import Candidate
from rongchang_desk.domain.month import Month
from rongchang_desk.ui.dialogs.fields import day_of
from rongchang_desk.ui.dialogs.letter import LetterDialog
from rongchang_desk.ui.dialogs.passphrase import OFFICES_ADVICE
from rongchang_desk.ui.letters import Write, write_from
from rongchang_desk.ui.page import Context
from rongchang_desk.ui.theme import Tone

USUAL_TIME = timedelta(days=7)  # proposed for answering an order or mending a return

Done = Callable[[Written], None]


def _dialog(context: Context, title: str, what: str) -> LetterDialog:
    assert isinstance(context, QWidget)  # the window itself
    return LetterDialog(context, title, what, "签发(&S)", advice=OFFICES_ADVICE)


def _units(context: Context) -> list[tuple[str, object]]:
    return [(f"{unit.name}（{unit.code}）", unit.code) for unit in context.desk.plan.units]


def _months(context: Context) -> list[Month]:
    """The plan's months up to now, newest first."""
    plan = context.desk.plan
    last = min(Month.of(context.desk.today()), plan.last_month)
    return list(reversed(plan.first_month.until(last)))


def ask_reopening(
    context: Context, month: Month, written: Done, *, unit_code: object = None
) -> None:
    """Ask for a slip 补报许可 for a closed month; `unit_code` is chosen beforehand."""
    dialog = _dialog(context, "补报许可", f"准予一个单位补报或更正{month.label}月报。")
    unit = dialog.add_choice("单位(&U)", "letter_unit", _units(context), chosen=unit_code)
    reason = dialog.add_text("准予理由(&T)", "letter_text")

    def prepare() -> Write:
        code, words = unit.currentData(), reason.toPlainText()
        return lambda desk, passphrase: parcels.write_reopening(
            desk, code, month, words, desk.identity(passphrase)
        )

    write_from(context, dialog, prepare, written)


def ask_supervision(context: Context, written: Done) -> None:
    """Ask for a supervision order 督办单."""
    today = context.desk.today()
    dialog = _dialog(context, "督办", "就一件事督办一个单位，单位在期限前反馈。")
    unit = dialog.add_choice("单位(&U)", "letter_unit", _units(context))
    title = dialog.add_line("事项(&I)", "letter_title", hint="例如：培训场次落后于计划")
    text = dialog.add_text("要求(&T)", "letter_text")
    due = dialog.add_day("反馈期限(&D)", "letter_due", today + USUAL_TIME, today)

    def prepare() -> Write:
        code, about, words, day = (
            unit.currentData(), title.text(), text.toPlainText(), day_of(due)
        )  # fmt: skip
        return lambda desk, passphrase: parcels.write_supervision(
            desk, code, about, words, day, desk.identity(passphrase)
        )

    write_from(context, dialog, prepare, written)


def ask_bulletin(context: Context, month: Month, written: Done) -> None:
    """Draft a bulletin 通报 on a month and ask for it."""

    def drafted(text: str) -> None:
        dialog = _dialog(context, "通报", f"向各单位通报{month.label}月报报送情况。")
        title = dialog.add_line("标题(&I)", "letter_title", f"关于{month.label}月报报送情况的通报")
        body = dialog.add_text("正文(&T)", "letter_text", text)
        dialog.add_fact(
            f"签发后{month.label}随即锁定：此后补报或更正须有补报许可，以前发的许可不再有效。",
            Tone.WARN,
        )

        def prepare() -> Write:
            head, words = title.text(), body.toPlainText()
            return lambda desk, passphrase: parcels.write_bulletin(
                desk, month, words, desk.identity(passphrase), title=head
            )

        write_from(context, dialog, prepare, written)

    context.run_job(
        "读取报送情况", lambda desk, _: parcels.bulletin_draft(desk, month), drafted, quiet=True
    )


def ask_returned(context: Context, found: tuple[Candidate, ...], written: Done) -> None:
    """Ask for a slip 退回单 for one of these files; the first is chosen beforehand."""
    dialog = _dialog(context, "退回单", "退回一份没有收下或需要更正的月报，单位据此更正后再报。")
    which = dialog.add_choice(
        "退回哪份(&W)", "letter_file",
        [(f"{c.entry.label}　{c.entry.file}", c) for c in found], chosen=found[0],
    )  # fmt: skip
    unit = dialog.add_choice("单位(&U)", "letter_unit", _units(context))
    month = dialog.add_choice(
        "月份(&M)", "letter_month",
        [(at.label, at) for at in _months(context)],
    )  # fmt: skip
    reasons = dialog.add_text("退回理由(&T)", "letter_text", hint="每行一条")
    remark = dialog.add_fact("")

    def show(_index: int = 0) -> None:
        chosen: Candidate = which.currentData()
        for box, value in ((unit, chosen.unit), (month, chosen.month)):
            box.setCurrentIndex(place_of(box, value))
            box.setEnabled(not chosen.is_sure)
        reasons.setPlainText("\n".join(chosen.entry.reasons))
        remark.say(
            "单位和月份以查验过的月报为准。"
            if chosen.is_sure
            else "没有收下的文件不可信，单位和月份按文件名推测，请核对后选定。"
        )

    def prepare() -> Write:
        chosen: Candidate = which.currentData()
        code, at = unit.currentData(), month.currentData()
        said = tuple(reasons.toPlainText().splitlines())
        return lambda desk, passphrase: parcels.write_returned(
            desk, code, said, desk.identity(passphrase), month=at, digest=chosen.digest
        )

    which.currentIndexChanged.connect(show)
    show()
    write_from(context, dialog, prepare, written)


def place_of(box: QComboBox, value: object) -> int:
    """Where a value stands in a list; -1 when it does not."""
    return next((n for n in range(box.count()) if box.itemData(n) == value), -1)
