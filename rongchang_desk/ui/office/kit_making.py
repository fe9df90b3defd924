"""Making kits 入网包 for units: a warning, a folder, the office's passphrase, then the work."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rongchang_desk.app import enrol
from rongchang_desk.app.enrol import Kit
from rongchang_desk.app.key_register import Member
from rongchang_desk.domain.plan import Unit
from rongchang_desk.errors import WrongPassphrase
from rongchang_desk.ui import files, messages
from rongchang_desk.ui.dialogs.passphrase import OFFICES_ADVICE, ask_passphrase
from rongchang_desk.ui.theme import Tone

if TYPE_CHECKING:
    from rongchang_desk.ui.office.units_page import UnitsPage


def prepare(page: UnitsPage, members: Sequence[Member], left_out: Sequence[Unit] = ()) -> None:
    """Warn where a unit has a certificate already, then ask where to and under which key.

    `left_out` are units that no longer report, for which kits are made only when chosen.
    """
    if left_out:
        page.banner.show_message(
            f"已不再报送的单位不在其中：{'、'.join(unit.name for unit in left_out)}。",
            "确需为其制作入网包的，请在表中选中后点“制作入网包”。",
            Tone.WARN,
        )
    units = tuple(member.unit for member in members)
    again = [member.unit.name for member in members if member.count]
    if not units:
        return
    if not again:
        choose_folder(page, units)
        return
    names = "、".join(again[:5]) + (f" 等 {len(again)} 个单位" if len(again) > 5 else "")
    messages.ask(
        page,
        f"{names}已经有证书，还要再制作入网包吗？",
        "新入网包带一张新证书，旧证书在吊销前继续有效。",
        "继续制作(&G)",
        lambda: choose_folder(page, units),
    )


def choose_folder(page: UnitsPage, units: tuple[Unit, ...]) -> None:
    """Ask where to, then for the passphrase, then make."""
    files.choose_folder(page, "选择存放入网包的文件夹", lambda folder: ask(page, units, folder))


def ask(page: UnitsPage, units: tuple[Unit, ...], folder: Path, problem: str = "") -> None:
    """Ask for the passphrase; `problem` is why it is asked again."""
    ask_passphrase(
        page.window(),
        f"用办公室工作台的密钥为 {len(units)} 个单位签发证书，制作入网包。",
        "制作(&M)",
        lambda passphrase: make(page, units, folder, passphrase),
        advice=OFFICES_ADVICE,
        problem=problem,
    )


def make(page: UnitsPage, units: tuple[Unit, ...], folder: Path, passphrase: str) -> None:
    """Make the kits beside the window; those made before a cancel stay."""

    def failed(error: Exception) -> bool:
        if isinstance(error, WrongPassphrase):
            ask(page, units, folder, error.message)
            return True
        page.refresh()  # some may have been made before it failed
        return False

    page.banner.hide()
    codes = [unit.code for unit in units]
    page.context.run_job(
        "正在制作入网包",
        lambda desk, running: enrol.enrol(desk, codes, passphrase, folder, running),
        lambda kits: _made(page, kits, folder),
        failed=failed,
        cancelled=page.cancelled,
        cancel_text="取消（已制作的保留）",
    )


def _made(page: UnitsPage, kits: tuple[Kit, ...], folder: Path) -> None:
    page.tell(
        f"✓ 已制作 {len(kits)} 个入网包：{folder}",
        f"口令条在“口令条”文件夹里，可打印 {kits[-1].sheet.name} 裁开；"
        "请与入网包分开交给单位，交付后点“登记交付”。",
    )
    page.made.emit(kits)
