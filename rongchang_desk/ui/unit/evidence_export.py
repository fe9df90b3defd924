"""导出佐证材料包: asks for the passphrase, writes the month's evidence parcels, tells what went."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget

from rongchang_desk.app import evidence_sending
from rongchang_desk.app.desk import Desk
from rongchang_desk.app.evidence_sending import Listed, Sent
from rongchang_desk.app.running import Running
from rongchang_desk.domain.month import Month
from rongchang_desk.errors import WrongPassphrase
from rongchang_desk.ui.dialogs.passphrase import UNITS_ADVICE, ask_passphrase
from rongchang_desk.ui.messages import Banner
from rongchang_desk.ui.page import Context
from rongchang_desk.ui.theme import Tone


def hindrance(what: Listed | None) -> str:
    """Why there is nothing to export; empty when there is."""
    if what is None:
        return "本月还没有签名月报"
    return "" if what.files or what.missing else f"月报第 {what.revision} 版没有列出佐证材料"


def ask_to_export(
    context: Context, parent: QWidget, banner: Banner, what: Listed, problem: str = ""
) -> None:
    """Ask for the passphrase, then write the parcels beside the window."""
    lacking = f"另有 {len(what.missing)} 件不在工作台里。" if what.missing else ""
    ask_passphrase(
        parent.window(),
        f"用本单位的密钥签发{what.month.label}佐证材料包：月报第 {what.revision} 版所列 "
        f"{what.told}。{lacking}",
        "签名(&S)",
        lambda passphrase: _export(context, parent, banner, what, passphrase),
        advice=UNITS_ADVICE,
        problem=problem,
    )


def _export(
    context: Context, parent: QWidget, banner: Banner, what: Listed, passphrase: str
) -> None:
    def work(desk: Desk, running: Running) -> Sent:
        return evidence_sending.send(desk, what.month, desk.identity(passphrase), running=running)

    def failed(error: Exception) -> bool:
        if isinstance(error, WrongPassphrase):
            ask_to_export(context, parent, banner, what, error.message)
        return isinstance(error, WrongPassphrase)

    banner.hide()
    context.run_job(
        "正在导出佐证材料包",
        work,
        lambda sent: _tell(banner, what.month, sent),
        failed=failed,
        cancelled=lambda: banner.show_message("已取消，先前写好的材料包保留。"),
        cancel_text="取消（已写好的保留）",
    )


def _tell(banner: Banner, month: Month, sent: Sent) -> None:
    places: list[Path] = [made.file for made in sent.parcels]
    words = (
        f"✓ 已导出{month.label}佐证材料包 {len(places)} 个，材料 {sent.files} 件，请报送办公室。"
    )
    if sent.missing:
        words += (
            f"\n有 {len(sent.missing)} 件月报所列的材料不在工作台里或已损坏，没有导出："
            f"{'、'.join(sent.missing)}。请重新添加原文件后再导出一次。"
        )
    banner.show_message(
        words,
        "\n".join(f"文件：{place}" for place in places),
        Tone.WARN if sent.missing else Tone.GOOD,
    )
