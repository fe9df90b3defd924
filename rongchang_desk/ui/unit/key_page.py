"""本单位密钥: the key this desk signs with, a certificate for one's own, a new kit's key."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFormLayout, QFrame, QLabel, QLineEdit, QVBoxLayout

from rongchang_desk.app import enrol, own_key
from rongchang_desk.app.desk import Desk
from rongchang_desk.app.district import grouped
from rongchang_desk.app.own_key import OwnKey, Requested
from rongchang_desk.domain.key_state import NEAR_END
from rongchang_desk.errors import WrongPassphrase
from rongchang_desk.ui import files
from rongchang_desk.ui.dialogs.letter import LetterDialog
from rongchang_desk.ui.dialogs.passphrase import UNITS_ADVICE, ask_passphrase
from rongchang_desk.ui.jobs import Work
from rongchang_desk.ui.letters import work_from
from rongchang_desk.ui.messages import Banner
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.office.newest_read import NewestRead
from rongchang_desk.ui.page import Context, Page
from rongchang_desk.ui.theme import Tone
from rongchang_desk.ui.tone_label import ToneLabel

ABOUT = (
    "办公室发的入网包里，密钥由办公室生成。需要时，本单位可以在这台电脑上另生成一把密钥，"
    "向办公室申请证书；密钥不离开本机，办公室签发后在“办公室来件”里打开即启用。\n"
    "经办人变动、忘记口令或密钥遗失时，向办公室要新入网包，在这里换用，填报的数据不变。"
)


class KeyPage(Page):
    """Facts about the key, and the two ways to another one."""

    title = "本单位密钥"
    help_topic = "key"
    has_month = False

    shown = Signal()  # the facts were filled in
    requested = Signal(object)  # Requested: a request was written
    taken_over = Signal()  # a new kit's key is in use

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._read = NewestRead(context, "读取密钥信息")
        self._actions = [
            self.new_action("用自有密钥申请证书(&R)…", self._choose_target, name="request_key",
                            primary=True, tip="在本机生成密钥，写出证书申请文件"),
            self.new_action("换用新入网包(&K)…", self._choose_kit, name="take_over_key",
                            tip="换用办公室新发的入网包里的密钥"),
        ]  # fmt: skip
        self._banner = Banner()
        self._state = named(ToneLabel(), "key_state")
        self._facts = {
            name: named(QLabel(), f"key_{name}")
            for name in ("unit", "until", "fingerprint", "root")
        }
        form = QFormLayout()
        form.setHorizontalSpacing(18)
        form.setVerticalSpacing(10)
        for (_, label), caption in zip(
            self._facts.items(), ("单位", "有效期至", "证书指纹", "根证书指纹"), strict=True
        ):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            title = QLabel(caption)
            title.setProperty("role", "muted")
            form.addRow(title, label)
        about = QLabel(ABOUT)
        about.setProperty("role", "muted")
        about.setWordWrap(True)
        card = QFrame()
        card.setProperty("role", "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(20, 16, 20, 18)
        inside.setSpacing(14)
        inside.addWidget(self._state)
        inside.addLayout(form)
        inside.addWidget(about)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self._banner)
        column.addWidget(card)
        column.addStretch()

    def subtitle(self) -> str:
        return "月报用它签名"

    def page_actions(self) -> list[QAction]:
        return self._actions

    def refresh(self) -> None:
        def work(desk: Desk, _: object) -> tuple[OwnKey, str, datetime]:
            return own_key.own_key(desk), enrol.root_fingerprint(desk), desk.now()

        self._read.run(work, self._arrived)

    def _arrived(self, read: tuple[OwnKey, str, datetime]) -> None:
        own, root, now = read
        left = (own.not_after - now).days
        self._facts["unit"].setText(f"{own.unit_name}（{own.unit_code}）")
        self._facts["until"].setText(f"{own.not_after:%Y-%m-%d}，还有 {max(left, 0)} 天")
        self._facts["fingerprint"].setText(grouped(own.sha256).upper())
        self._facts["root"].setText(grouped(root).upper())
        if own.waiting:
            self._state.say("● 证书申请已写出，等办公室签发；此前照常用现有密钥签名。", Tone.BUSY)
        elif left < 0:
            self._state.say("× 证书已过期，请向办公室索取证书更新或新入网包。", Tone.BAD)
        elif left <= NEAR_END:
            self._state.say(f"! 证书还有 {left} 天到期，请向办公室索取证书更新。", Tone.WARN)
        else:
            self._state.say("✓ 密钥可以使用。", Tone.GOOD)
        self.shown.emit()

    # A certificate for one's own key

    def _choose_target(self) -> None:
        name = f"{self.context.desk.title}_证书申请.csr"
        files.choose_target(self, "证书申请写到", name, ["证书申请 (*.csr)"], self._ask_request)

    def _ask_request(self, path: Path, problem: str = "") -> None:
        ask_passphrase(
            self.window(),
            "在本机生成一把新密钥，用本单位现有口令保护。",
            "生成申请(&G)",
            lambda passphrase: self._request(path, passphrase),
            advice=UNITS_ADVICE,
            problem=problem,
        )

    def _request(self, path: Path, passphrase: str) -> None:
        def failed(error: Exception) -> bool:
            if isinstance(error, WrongPassphrase):
                self._ask_request(path, error.message)
                return True
            return False

        self.context.run_job(
            "生成密钥和申请",
            lambda desk, _: own_key.make_request(desk, passphrase, path),
            self._requested,
            failed=failed,
        )

    def _requested(self, made: Requested) -> None:
        again = "先前的申请还在等候，仍是同一把密钥。\n" if made.again else ""
        self._banner.show_message(
            f"✓ 证书申请已写出：{made.file}",
            f"{again}把文件送办公室，并电话报公钥指纹：{grouped(made.fingerprint).upper()}",
            Tone.GOOD,
        )
        self.refresh()
        self.requested.emit(made)

    # A new kit's key

    def _choose_kit(self) -> None:
        files.choose_files(
            self, "选择办公室新发的入网包", "入网包 (*.kit)", lambda paths: self._ask_kit(paths[0])
        )

    def _ask_kit(self, kit: Path) -> None:
        dialog = LetterDialog(
            self.window(), "换用新入网包",
            f"换用“{kit.name}”里的密钥。工作台的数据不变，原密钥不再使用。", "换用(&S)",
            signed=False,
        )  # fmt: skip
        password = dialog.add_line("一次性口令(&O)", "kit_password", enrol.slip_beside(kit),
                                   "口令条上的口令")  # fmt: skip
        first = dialog.add_line("新口令(&N)", "new_passphrase", hint="至少 8 个字符")
        second = dialog.add_line("再输一次(&A)", "new_passphrase_again")
        for line in (first, second):
            line.setEchoMode(QLineEdit.EchoMode.Password)

        def prepare(_: str) -> Work:
            if first.text() != second.text():
                raise WrongPassphrase("两次输入的新口令不一致。", "请重新输入。")
            given, chosen = password.text().strip(), first.text()
            return lambda desk, _: enrol.take_over(desk, kit, given, chosen)

        work_from(self.context, dialog, "换用密钥", prepare, self._taken_over)

    def _taken_over(self, _: object) -> None:
        self._banner.show_message("✓ 已换用新密钥，以后用新口令签名。", "请销毁口令条。", Tone.GOOD)
        self.refresh()
        self.taken_over.emit()
