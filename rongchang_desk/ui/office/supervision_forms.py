"""Forms of supervision: closing a matter, asking for more, answering requests and problems."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from rongchang_desk.app import supervision
from rongchang_desk.app.parcels import Written
from rongchang_desk.app.supervision import Case
from rongchang_desk.ui.dialogs.fields import day_of
from rongchang_desk.ui.dialogs.letter import LetterDialog
from rongchang_desk.ui.dialogs.passphrase import OFFICES_ADVICE
from rongchang_desk.ui.letters import Write, write_from
from rongchang_desk.ui.office.letter_forms import USUAL_TIME
from rongchang_desk.ui.page import Context

Done = Callable[[Written], None]


def _dialog(context: Context, case: Case, title: str, what: str) -> LetterDialog:
    assert isinstance(context, QWidget)  # the window itself
    words = f"{context.desk.plan.name_of(case.unit)}：{case.title}\n{what}"
    return LetterDialog(context, title, words, "签发(&S)", advice=OFFICES_ADVICE)


def _newest(case: Case, what: str) -> str:
    """The text of the newest event of this sort."""
    return next((event.text for event in reversed(case.history) if event.what == what), "")


def ask_close(context: Context, case: Case, written: Done) -> None:
    """Ask for a notice 销号通知."""
    dialog = _dialog(context, case, "销号", f"单位反馈：{_newest(case, '反馈办理情况')}")
    text = dialog.add_line("审核意见(&T)", "letter_text", "经审核，已按要求办结。")

    def prepare() -> Write:
        words = text.text()
        return lambda desk, passphrase: supervision.close(
            desk, case.id, words, desk.identity(passphrase)
        )

    write_from(context, dialog, prepare, written)


def ask_once_more(context: Context, case: Case, written: Done) -> None:
    """Ask for a notice 续办通知."""
    today = context.desk.today()
    dialog = _dialog(context, case, "续办", f"单位反馈：{_newest(case, '反馈办理情况')}")
    text = dialog.add_text("还要办什么(&T)", "letter_text")
    due = dialog.add_day("反馈期限(&D)", "letter_due", today + USUAL_TIME, today)

    def prepare() -> Write:
        words, day = text.toPlainText(), day_of(due)
        return lambda desk, passphrase: supervision.ask_again(
            desk, case.id, words, day, desk.identity(passphrase)
        )

    write_from(context, dialog, prepare, written)


def ask_extended(context: Context, case: Case, written: Done) -> None:
    """Ask for the answer 延期答复 to a unit's request."""
    assert case.matter is not None
    request = case.matter.request
    if request is None or request.due is None:
        return
    reason = request.text.partition("\n")[2]
    dialog = _dialog(context, case, "延期答复", f"单位申请延至 {request.due}：{reason}")
    verdict = dialog.add_choice(
        "答复(&V)", "letter_verdict", [("同意延期", True), ("不同意延期", False)], chosen=True
    )
    today = context.desk.today()
    due = dialog.add_day("延至(&D)", "letter_due", max(request.due, today), today)
    text = dialog.add_line("意见(&T)", "letter_text", "情况属实。")
    verdict.currentIndexChanged.connect(lambda _: due.setEnabled(bool(verdict.currentData())))

    def prepare() -> Write:
        words, day = text.text(), day_of(due) if verdict.currentData() else None
        return lambda desk, passphrase: supervision.answer_request(
            desk, case.id, words, day, desk.identity(passphrase)
        )

    write_from(context, dialog, prepare, written)


def ask_answer(context: Context, case: Case, written: Done) -> None:
    """Ask for the answer 事项答复 to a unit's problem."""
    dialog = _dialog(context, case, "答复协调事项", case.history[0].text)
    text = dialog.add_text("答复内容(&T)", "letter_text")

    def prepare() -> Write:
        words = text.toPlainText()
        return lambda desk, passphrase: supervision.answer_problem(
            desk, case.id, words, desk.identity(passphrase)
        )

    write_from(context, dialog, prepare, written)
