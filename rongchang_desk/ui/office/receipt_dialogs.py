"""Dialogs that ask a person about a receipt in doubt, or a return whose certificate had expired."""

from __future__ import annotations

from collections.abc import Callable

from rongchang_desk.app import expired, receipt_checks
from rongchang_desk.app.outcome import Outcome
from rongchang_desk.app.receipt_checks import Doubt
from rongchang_desk.errors import DeskError
from rongchang_desk.ui.dialogs.letter import LetterDialog
from rongchang_desk.ui.office.unit_rows import CheckRow
from rongchang_desk.ui.page import Page

LAST_NAME = "units/checked_by"  # the name given last
WORDS = {"accepted": "已收", "held": "待处理", "refused": "没有收下"}

Told = Callable[[str, object], None]
"""Is told in words what was done, and the outcomes where there are any."""


def ask_check(page: Page, row: CheckRow, told: Told) -> None:
    """Ask who has checked a receipt and how; what came after expiry is asked about its own way."""
    doubt = row.what
    if not isinstance(doubt, Doubt):
        ask_expired(page, row, told, accept=True)
        return
    dialog = LetterDialog(
        page.window(), "核实收文",
        f"{row.unit} {row.about}\n数据摘要前八位 {doubt.digest[:8].upper()}，"
        "请与该单位留存的月报核对。不是该单位报的，请到“下发与来件”退回。",
        "核实无误(&S)", signed=False,
    )  # fmt: skip
    by = dialog.add_line("核实人(&M)", "checked_by", _usual_name(page))
    note = dialog.add_line("核实情况(&T)", "check_note", hint="例如：与王同志电话核对一致")

    def check(_: str) -> None:
        try:
            receipt_checks.check(page.context.desk, doubt.digest, by.text(), note.text())
        except DeskError as problem:
            dialog.show_problem(problem)
            return
        _remember(page, by.text())
        dialog.accept()
        told(f"✓ 已登记核实：{row.unit} {row.about}。", ())

    dialog.wanted.connect(check)
    dialog.show_it()


def ask_expired(page: Page, row: CheckRow, told: Told, *, accept: bool) -> None:
    """Ask who decides, and why, that a return after expiry is taken in or not."""
    late = row.what
    if isinstance(late, Doubt):
        return
    dialog = LetterDialog(
        page.window(), "证书过期后报来的月报",
        f"{row.unit}：{late.file_name}\n签名证书 {late.expired_at[:10]} 到期，"
        f"{late.offered_at[:16].replace('T', ' ')} 收到。接收后再查验其他各项，照常判定。",
        "接收(&S)" if accept else "不收(&S)", signed=False,
    )  # fmt: skip
    by = dialog.add_line("认定人(&M)", "checked_by", _usual_name(page))
    reason = dialog.add_line("理由(&T)", "check_note", hint="例如：已电话核实，证书正在更新")

    def decide(_: str) -> None:
        name, words = by.text(), reason.text()
        page.context.run_job(
            "处理月报",
            lambda desk, _: expired.decide(
                desk, late.sha256, accept=accept, by=name, reason=words
            ),
            decided, failed=failed, quiet=True,
        )  # fmt: skip

    def decided(outcomes: tuple[Outcome, ...]) -> None:
        _remember(page, by.text())
        dialog.accept()
        lines = [
            f"{row.unit}：{WORDS.get(one.outcome, '重复')}。"
            + "；".join(why.message for why in one.reasons)
            for one in outcomes
        ]
        told("\n".join(lines), outcomes)

    def failed(error: Exception) -> bool:
        if not isinstance(error, DeskError):
            dialog.set_idle()
            return False
        dialog.show_problem(error)
        return True

    dialog.wanted.connect(decide)
    dialog.show_it()


def _usual_name(page: Page) -> str:
    return str(page.context.settings.value(LAST_NAME, ""))


def _remember(page: Page, name: str) -> None:
    page.context.settings.setValue(LAST_NAME, name.strip())
