"""Dialogs about what the office does to units' keys; each asks, signs in a job, and tells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rongchang_desk.app import key_register, parcels
from rongchang_desk.app.desk import Desk
from rongchang_desk.app.district import grouped
from rongchang_desk.app.enrol import Kit
from rongchang_desk.app.key_register import Member, Revocation
from rongchang_desk.app.parcels import Written
from rongchang_desk.app.running import Running
from rongchang_desk.domain.plan import Unit
from rongchang_desk.ui import files
from rongchang_desk.ui.dialogs.fields import day_of
from rongchang_desk.ui.dialogs.letter import LetterDialog
from rongchang_desk.ui.dialogs.passphrase import OFFICES_ADVICE
from rongchang_desk.ui.jobs import Work
from rongchang_desk.ui.letters import work_from
from rongchang_desk.ui.theme import Tone

if TYPE_CHECKING:
    from rongchang_desk.ui.office.units_page import UnitsPage

OVERLAP = timedelta(days=14)  # proposed until an earlier key ends


def signing_dialog(page: UnitsPage, title: str, what: str, accept: str) -> LetterDialog:
    """A dialog for what the office's key signs."""
    return LetterDialog(page.window(), title, what, accept, advice=OFFICES_ADVICE)


def sign_from(
    page: UnitsPage,
    dialog: LetterDialog,
    prepare: Callable[[str], Work],
    done: Callable[[Any], None],
) -> None:
    """Do signed work from its dialog; the page says `written` after `done`."""

    def finished(result: Any) -> None:
        done(result)
        page.written.emit(result)

    work_from(page.context, dialog, "正在签发", prepare, finished)


def ask_handed(page: UnitsPage, rows: Sequence[Member]) -> None:
    """Ask who took the kits that are still to be handed over."""
    serials = [m.key.serial for m in rows if m.key and m.key.handed_over_at is None]
    if not serials:
        page.banner.show_message("选中的单位没有待交付的入网包。", "请先制作入网包。")
        return
    dialog = LetterDialog(
        page.window(), "登记交付", f"登记 {len(serials)} 个单位今天领取了入网包和口令条。",
        "登记(&S)", signed=False,
    )  # fmt: skip
    to = dialog.add_line("领取人(&M)", "handed_to", rows[0].contact.person if len(rows) == 1
                         else "各单位联系人")  # fmt: skip

    def note(_: str) -> None:
        key_register.note_handed_over(page.context.desk, serials, to.text())
        dialog.accept()
        page.tell(f"✓ 已登记 {len(serials)} 个单位领取入网包。")

    dialog.wanted.connect(note)
    dialog.show_it()


def ask_renew(page: UnitsPage, units: Sequence[Unit]) -> None:
    """New certificates for the keys that units have."""
    dialog = signing_dialog(
        page, "更新证书", f"为 {len(units)} 个单位的现有密钥换发新证书，每单位一份签名文件。",
        "签发(&S)",
    )  # fmt: skip

    def prepare(passphrase: str) -> Work:
        def work(desk: Desk, running: Running) -> tuple[Written, ...]:
            made = []
            for index, unit in enumerate(units):
                running.step(index, len(units), unit.name)
                made.append(parcels.write_renewal(desk, unit.code, passphrase))
            return tuple(made)

        return work

    sign_from(page, dialog, prepare, partial(_sent, page, "证书更新"))


def _sent(page: UnitsPage, what: str, made: tuple[Written, ...] | Written) -> None:
    every = made if isinstance(made, tuple) else (made,)
    page.tell(
        f"✓ 已签发{what} {len(every)} 份：{every[-1].file.parent}",
        "请把文件发给单位，单位在“办公室来件”里打开并输入口令。",
    )


def ask_handover(page: UnitsPage, unit: Unit) -> None:
    """A new key for another person; the old one ends on a day."""
    today = page.context.desk.today()

    def chosen(folder: Path) -> None:
        dialog = signing_dialog(
            page, "交接换钥",
            f"为“{unit.name}”的新经办人制作新入网包，旧密钥到日子停用。\n"
            "新经办人在原工作台的“本单位密钥”页换用，数据不变。",
            "制作(&S)",
        )  # fmt: skip
        start = dialog.add_day("旧密钥停用日(&D)", "replace_from", today + OVERLAP, today)

        def prepare(passphrase: str) -> Work:
            day = day_of(start)
            return lambda desk, running: key_register.hand_over(
                desk, unit.code, passphrase, folder, day, running
            )

        def done(result: tuple[Kit, int]) -> None:
            kit, number = result
            page.tell(
                f"✓ 已制作新入网包：{kit.path}",
                f"旧密钥写入第 {number} 号吊销列表，到停用日自动失效。口令条请分开交付。",
            )

        sign_from(page, dialog, prepare, done)

    files.choose_folder(page, "选择存放新入网包的文件夹", chosen)


def ask_revoke(page: UnitsPage, unit: Unit) -> None:
    """End all keys of a unit."""
    today = page.context.desk.today()
    dialog = signing_dialog(
        page, "挂失吊销",
        f"吊销“{unit.name}”的全部密钥，并发布新的吊销列表。此后须重新制作入网包。",
        "吊销(&S)",
    )  # fmt: skip
    kind = dialog.add_choice(
        "情形(&K)", "revoke_kind",
        [("遗失或泄露", True), ("不再使用", False)], chosen=True,
    )  # fmt: skip
    since = dialog.add_day("自哪天起(&D)", "lost_since", today, today - timedelta(days=3660))
    since.setMaximumDate(since.date())
    kind.currentIndexChanged.connect(lambda _: since.setEnabled(bool(kind.currentData())))
    because = dialog.add_line("原因(&T)", "revoke_because", hint="例如：U盘遗失")
    dialog.add_fact("自这一天起收到的该单位月报标为“待核实”；以前收到的不受影响。", Tone.WARN)

    def prepare(passphrase: str) -> Work:
        lost, words = (day_of(since) if kind.currentData() else None), because.text()
        return lambda desk, _: key_register.revoke(
            desk, unit.code, passphrase, words, lost_since=lost
        )

    def done(result: Revocation) -> None:
        page.tell(
            f"✓ 已吊销“{unit.name}”的 {len(result.keys)} 张证书，"
            f"发布第 {result.list_number} 号吊销列表。",
            "吊销列表随下一份发给单位的文件带出；请重新“导出根证书”给外部核验方。",
        )

    sign_from(page, dialog, prepare, done)


def choose_request(page: UnitsPage) -> None:
    """A certificate for a key that a unit made on its own computer."""
    files.choose_files(
        page, "打开证书申请", "证书申请 (*.csr)", lambda paths: _read_request(page, paths[0])
    )


def _read_request(page: UnitsPage, file: Path) -> None:
    page.context.run_job(
        "读取证书申请", lambda _desk, _: key_register.read_request(file),
        lambda seen: _ask_issue(page, file, seen), quiet=True,
    )  # fmt: skip


def _ask_issue(page: UnitsPage, file: Path, seen: Any) -> None:
    """Show who asks and the key's fingerprint; what the unit reads out is typed in."""
    plan, today = page.context.desk.plan, page.context.desk.today()
    known = plan.name_of(seen.unit_code) if plan.has_unit(seen.unit_code) else "名册中没有"
    dialog = signing_dialog(
        page, "签发证书申请",
        f"申请单位：{seen.unit_name}（{seen.unit_code}）　名册：{known}\n密钥：{seen.key}\n"
        f"公钥指纹：{grouped(seen.fingerprint).upper()}",
        "签发(&S)",
    )  # fmt: skip
    if seen.unit_name != known:
        dialog.add_fact("× 申请中的单位与名册不一致，不能签发。", Tone.BAD)
    heard = dialog.add_line("单位报来的指纹(&F)", "heard_fingerprint",
                            hint="电话核对，至少前 16 位")  # fmt: skip
    start = dialog.add_day("旧密钥停用日(&D)", "replace_from", today + OVERLAP, today)

    def prepare(passphrase: str) -> Work:
        words, day = heard.text(), day_of(start)
        return lambda desk, _: key_register.issue(desk, file, words, passphrase, day)

    sign_from(page, dialog, prepare, partial(_sent, page, "证书"))
