"""下发与来件: what the office writes to units, their feedback, and the month's lock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QTabBar, QVBoxLayout, QWidget

from rongchang_desk.app import correspondence, originals, parcels, sending_back, standing
from rongchang_desk.app.correspondence import Letters, Row
from rongchang_desk.app.desk import Desk
from rongchang_desk.app.parcels import Written
from rongchang_desk.app.running import Running
from rongchang_desk.app.sending_back import Candidate
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.parcel import ON_ORDERS, ParcelKind
from rongchang_desk.errors import DeskError, WrongPassphrase
from rongchang_desk.ui import files
from rongchang_desk.ui.action_button import ActionButton
from rongchang_desk.ui.dialogs.passphrase import OFFICES_ADVICE, ask_passphrase
from rongchang_desk.ui.letters import (
    KIND_TONES,
    LIGHT_TONES,
    light_text,
)
from rongchang_desk.ui.messages import Banner, ask
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.office import letter_forms
from rongchang_desk.ui.office.feedback import open_feedback
from rongchang_desk.ui.office.newest_read import NewestRead
from rongchang_desk.ui.page import Context, Page
from rongchang_desk.ui.tables import Cell, Column, Table
from rongchang_desk.ui.theme import Tone
from rongchang_desk.ui.tone_label import ToneLabel
from rongchang_desk.ui.unit.preview import show_in_dialog


def state_text(row: Row) -> str:
    """How a letter stands, with its glyph."""
    if row.light is not None:
        return light_text(row.light)
    return f"{'←' if row.incoming else '→'} {row.state}"


def state_tone(row: Row) -> Tone:
    """The colour that goes with `state_text`."""
    if row.light is not None:
        return LIGHT_TONES[row.light]
    return Tone.GOOD if row.incoming else Tone.QUIET


COLUMNS = (
    Column("日期", lambda r: r.at, lambda r: f"{r.at:%Y-%m-%d}", width=104,
           tip=lambda r: f"{r.at:%Y-%m-%d %H:%M}，编号 {r.parcel.sequence}"),
    Column("种类", lambda r: r.parcel.kind.label, cell=Cell.PILL,
           tone=lambda r: KIND_TONES[r.parcel.kind], width=102),
    Column("状态", lambda r: r.state, state_text, cell=Cell.PILL, tone=state_tone, width=124),
    Column("对方单位", lambda r: r.who, width=128),
    Column("标题", lambda r: r.parcel.title, stretch=True, tip=lambda r: r.parcel.title),
    Column("期限", lambda r: r.parcel.due, width=104),
    Column("月份", lambda r: str(r.parcel.month or ""),
           lambda r: r.parcel.month.label if r.parcel.month else "", width=98),
)  # fmt: skip


@dataclass(frozen=True)
class Scope:
    """One side of the list: which letters it keeps."""

    label: str
    keep: Callable[[Row], bool] | None


_MATTERS = (
    ParcelKind.SUPERVISION, *ON_ORDERS, ParcelKind.EXTENDED, ParcelKind.ONCE_MORE,
    ParcelKind.CLOSED,
)  # fmt: skip

SCOPES = (
    Scope("全部", None),
    Scope("回执", lambda row: row.parcel.kind is ParcelKind.RECEIPT),
    Scope("督办与反馈", lambda row: row.parcel.kind in _MATTERS),
    Scope("其他", lambda row: row.parcel.kind not in (ParcelKind.RECEIPT, *_MATTERS)),
)


class ParcelsPage(Page):
    """The month's state and what can be written, over the list of everything sent and received."""

    title = "下发与来件"
    help_topic = "office-parcels"
    search_hint = "搜索单位、标题"
    accepts_files = True

    shown = Signal()  # state and list were filled
    written = Signal(object)  # the letters written
    opened = Signal(object)  # the outcomes of a batch of feedback

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._seen: Letters | None = None
        self._text = ""
        self._read = NewestRead(context, "读取来往件")
        self._receipts = self.new_action("发回执(&R)…", self._ask_receipts, name="write_receipts",
            primary=True, tip="给本月已收、还没有回执的单位出具回执")  # fmt: skip
        self._choose = self.new_action("打开反馈(&O)…", self._choose_files, name="open_feedback",
            shortcut="Ctrl+O", tip="打开单位报来的督办反馈（Ctrl+O），也可直接拖入")  # fmt: skip
        self._folder = self.new_action("打开文件夹(&F)", self._open_folder, name="open_folder",
                                       tip="打开存放来往件的文件夹")  # fmt: skip
        self.addAction(self._choose)  # a button alone would not hear the shortcut
        self._lock = self.new_action("锁定本月(&L)", self._turn_lock, name="lock_month")
        self._returned = self.new_action("退回单(&B)…", self._ask_returned, name="write_returned",
                                         tip="退回一份没有收下或需要更正的月报")  # fmt: skip
        self._letters = (
            self._returned,
            self.new_action("补报许可(&P)…", self._ask_reopening, name="write_reopening",
                            tip="准予一个单位补报或更正已锁定的月份"),
            self.new_action("督办(&S)…", self._ask_supervision, name="write_supervision",
                            tip="给一个单位下发督办单"),
            self.new_action("通报(&T)…", self._ask_bulletin, name="write_bulletin",
                            tip="向各单位通报本月报送情况，本月随即锁定"),
        )  # fmt: skip
        self._banner = Banner()
        self._lock_said = named(ToneLabel(), "lock_said")
        self._receipts_said = named(ToneLabel(), "receipts_said")
        self._scope = named(QTabBar(), "letter_scope", "按种类筛选")
        self._scope.setDrawBase(False)
        self._scope.setExpanding(False)
        for scope in SCOPES:
            self._scope.addTab(scope.label)
        self._scope.currentChanged.connect(self._filter)
        self._table = Table(
            COLUMNS,
            name="letters",
            accessible="下发和收到的来往件",
            empty="还没有下发过文件。\n先接收月报，再点“发回执”；单位的督办反馈拖到窗口里即可。",
            settings=context.settings,
            identity=lambda row: row.parcel.id,
        )
        self._table.row_activated.connect(self._show_row)
        self._again = self.new_action("再次写出(&W)…", self._write_again, name="write_again",
                                      tip="把所选的下发文件原样再写出一次")  # fmt: skip
        self._table.addAction(self._again)
        self._table.row_chosen.connect(self._chosen)
        tabs = QHBoxLayout()
        tabs.addWidget(self._scope)
        tabs.addStretch()
        tabs.addWidget(ActionButton(self._again, self))
        tabs.addWidget(ActionButton(self._folder, self))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self._banner)
        column.addWidget(self._new_card())
        column.addLayout(tabs)
        column.addWidget(self._table, 1)
        self._chosen(None)

    def subtitle(self) -> str:
        return "可拖入督办反馈、佐证材料包"

    def page_actions(self) -> list[QAction]:
        return [self._receipts, self._choose]

    def refresh(self) -> None:
        month = self.context.month
        self._read.run(lambda desk, _: correspondence.letters(desk, month), self._arrived)

    def show_month(self, month: Month) -> None:
        del month
        self._banner.hide()
        self.refresh()

    def search(self, text: str) -> None:
        self._text = text
        self._filter()

    def dropped(self, paths: tuple[Path, ...]) -> None:
        self.open_files(paths)

    def _new_card(self) -> QWidget:
        """How the month stands, and the letters to one unit or to all."""
        card = QFrame()
        card.setProperty("role", "card")
        buttons = QHBoxLayout()
        buttons.setSpacing(10)
        for action in self._letters:
            buttons.addWidget(ActionButton(action, self))
        buttons.addStretch()
        buttons.addWidget(ActionButton(self._lock, self))
        column = QVBoxLayout(card)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addWidget(self._lock_said)
        column.addWidget(self._receipts_said)
        column.addLayout(buttons)
        return card

    # Showing

    def _arrived(self, seen: Letters) -> None:
        self._seen = seen
        month, lock = seen.month.label, seen.lock
        if lock is None:
            self._lock_said.say(f"○ {month}没有锁定，各单位可以补报和更正。", Tone.QUIET)
        else:
            names = "、".join(correspondence.who(self.context.desk, u) for u in lock.reopened)
            since = f"{lock.since.month}月{lock.since.day}日"
            but = f"，已准予补报：{names}" if names else ""
            self._lock_said.say(f"● {month}已于{since}锁定{but}。", Tone.BUSY)
        count = seen.without_receipt
        self._receipts_said.say(
            f"○ {count} 个单位的{month}月报已收，还没有回执。"
            if count
            else f"✓ {month}已收的月报都有回执。",
            Tone.WARN if count else Tone.GOOD,
        )
        self._receipts.setEnabled(count > 0)
        self._lock.setText("解除锁定(&L)" if lock else "锁定本月(&L)")
        self._lock.setToolTip(
            "允许各单位再报本月" if lock else "不再接收本月的月报，持补报许可的除外"
        )
        self._table.set_rows(seen.rows)
        for number, scope in enumerate(SCOPES):
            kept = sum(scope.keep is None or scope.keep(row) for row in seen.rows)
            self._scope.setTabText(number, f"{scope.label} {kept}")
        self.context.set_badge("parcels", str(seen.open) if seen.open else "")
        self.shown.emit()

    def _filter(self) -> None:
        self._table.set_filter(self._text, SCOPES[self._scope.currentIndex()].keep)

    def _chosen(self, row: Row | None) -> None:
        self._again.setEnabled(row is not None and not row.incoming)

    def _show_row(self, row: Row) -> None:
        def show(pdf: bytes) -> None:
            show_in_dialog(self.window(), row.parcel.title, pdf)

        self.context.run_job(
            "打开文件", lambda desk, _: correspondence.pdf_of(desk, row), show, quiet=True
        )

    # Receipts

    def _ask_receipts(self) -> None:
        self._ask_for_receipts(self.context.month)

    def _ask_for_receipts(self, month: Month, problem: str = "") -> None:
        count = self._seen.without_receipt if self._seen else 0
        ask_passphrase(
            self.window(),
            f"用办公室工作台的密钥签发{month.label}月报回执 {count} 份，每单位一份。",
            "签名(&S)",
            lambda passphrase: self._write_receipts(month, passphrase),
            advice=OFFICES_ADVICE,
            problem=problem,
        )

    def _write_receipts(self, month: Month, passphrase: str) -> None:
        def work(desk: Desk, running: Running) -> tuple[Written, ...]:
            identity = desk.identity(passphrase)
            digests = parcels.without_receipt(desk, month)
            return parcels.write_receipt(
                desk, month, identity, parcels.outbox(desk), digests=digests, running=running
            )

        def failed(error: Exception) -> bool:
            if isinstance(error, WrongPassphrase):
                self._ask_for_receipts(month, error.message)
                return True
            self.refresh()  # some may have been written before it failed
            return False

        def cancelled() -> None:
            self._banner.show_message("已取消，先前写好的回执保留。")
            self.refresh()

        self._banner.hide()
        self.context.run_job(
            "正在出具回执", work,
            lambda made: self._done(f"✓ 已出具{month.label}月报回执 {len(made)} 份。", made),
            failed=failed, cancelled=cancelled, cancel_text="取消（已写好的保留）",
        )  # fmt: skip

    # Letters to one unit, or to all

    def _ask_reopening(self) -> None:
        self._banner.hide()
        letter_forms.ask_reopening(self.context, self.context.month, self._one_done)

    def _ask_supervision(self) -> None:
        self._banner.hide()
        letter_forms.ask_supervision(self.context, self._one_done)

    def _ask_bulletin(self) -> None:
        self._banner.hide()
        letter_forms.ask_bulletin(self.context, self.context.month, self._one_done)

    def _ask_returned(self) -> None:
        self._banner.hide()
        self.context.run_job(
            "读取收文记录", lambda desk, _: sending_back.candidates(desk), self._choose_returned,
            quiet=True,
        )  # fmt: skip

    def _choose_returned(self, found: tuple[Candidate, ...]) -> None:
        if found:
            letter_forms.ask_returned(self.context, found, self._one_done)
        else:
            self._banner.show_message(
                "收文记录里没有可以退回的月报。", "请先在“接收月报”页接收文件。", Tone.WARN
            )

    def _one_done(self, made: Written) -> None:
        whom = correspondence.who(self.context.desk, made.parcel.addressee)
        self._done(f"✓ 已签发{made.parcel.name}，请发给{whom}。", (made,))

    def _done(self, text: str, made: tuple[Written, ...]) -> None:
        place = made[0].file if len(made) == 1 else made[0].file.parent
        self._banner.show_message(text, f"文件：{place}", Tone.GOOD)
        self.context.changed()
        self.refresh()
        files.show_with_system(self.context, made[0].file.parent)
        self.written.emit(made)

    def _write_again(self) -> None:
        row: Row | None = self._table.current_row()
        if row is None or row.incoming:
            return

        def save(path: Path) -> None:
            self.context.run_job(
                "写出文件",
                lambda desk, _: parcels.write_again(desk, row.parcel.id, path),
                lambda out: self._banner.show_message("✓ 已再次写出。", f"文件：{out}", Tone.GOOD),
            )

        name = parcels.file_name(self.context.desk, row.parcel)
        files.choose_target(self, "再次写出", name, ["来往件 (*.pdf)"], save)

    # The lock

    def _turn_lock(self) -> None:
        month, is_locked = self.context.month, bool(self._seen and self._seen.lock)
        if is_locked:
            ask(
                self.window(),
                f"解除{month.label}的锁定？",
                "办公室将重新接收各单位该月的月报。打开过通报的单位仍须有补报许可。",
                "解除锁定(&U)",
                lambda: self._set_lock(month, is_locked=False),
            )
        else:
            ask(
                self.window(),
                f"锁定{month.label}？",
                "此后不再接收该月的月报，持补报许可的单位除外。可以随时解除。",
                "锁定(&L)",
                lambda: self._set_lock(month, is_locked=True),
            )

    def _set_lock(self, month: Month, *, is_locked: bool) -> None:
        turn = standing.lock_month if is_locked else standing.unlock_month
        try:
            turn(self.context.desk, month)
        except DeskError as error:
            self._banner.show_error(error)
            return
        self._banner.show_message(
            f"✓ {month.label}{'已锁定' if is_locked else '已解除锁定'}。", tone=Tone.GOOD
        )
        self.context.changed()
        self.refresh()

    # Feedback

    def _choose_files(self) -> None:
        files.choose_files(self, "打开督办反馈", "来往件 (*.pdf)", self.open_files)

    def open_files(self, paths: tuple[Path, ...]) -> None:
        """Open units' feedback and requests beside the window."""
        open_feedback(self.context, self._banner, paths, self.opened.emit, self.refresh)

    def _open_folder(self) -> None:
        folder = parcels.outbox(self.context.desk)
        files.open_copy(self.context, lambda _desk, _running: originals.made_folder(folder))
