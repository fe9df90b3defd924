"""办公室来件: what the office sent and what opening it did, and the orders to be answered."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from rongchang_desk.app import correspondence, parcels, supervision
from rongchang_desk.app.correspondence import Inbox, Outcome, Row, Seen
from rongchang_desk.app.desk import Desk
from rongchang_desk.app.parcels import Written
from rongchang_desk.app.running import Running
from rongchang_desk.app.standing import Matter
from rongchang_desk.domain.finding import Where
from rongchang_desk.domain.parcel import ParcelKind
from rongchang_desk.errors import WrongPassphrase
from rongchang_desk.ui import files
from rongchang_desk.ui.action_button import ActionButton
from rongchang_desk.ui.dialogs.fields import day_of
from rongchang_desk.ui.dialogs.letter import LetterDialog
from rongchang_desk.ui.dialogs.passphrase import UNITS_ADVICE, ask_passphrase
from rongchang_desk.ui.letters import (
    KIND_TONES,
    LIGHT_TONES,
    Write,
    light_text,
    show_outcomes,
    write_from,
)
from rongchang_desk.ui.messages import Banner
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.office.newest_read import NewestRead
from rongchang_desk.ui.page import Context, Page
from rongchang_desk.ui.tables import Cell, Column, Table
from rongchang_desk.ui.theme import Tone, current
from rongchang_desk.ui.unit.preview import show_in_dialog

COLUMNS = (
    Column("打开日期", lambda r: r.at, lambda r: f"{r.at:%Y-%m-%d}", width=104,
           tip=lambda r: f"{r.at:%Y-%m-%d %H:%M} 打开，编号 {r.parcel.sequence}"),
    Column("种类", lambda r: r.parcel.kind.label, cell=Cell.PILL,
           tone=lambda r: KIND_TONES[r.parcel.kind], width=102),
    Column("标题", lambda r: r.parcel.title, stretch=True, tip=lambda r: r.parcel.title),
    Column("月份", lambda r: str(r.parcel.month or ""),
           lambda r: r.parcel.month.label if r.parcel.month else "", width=98),
    Column("打开后", lambda r: r.state, width=204, tip=lambda r: r.state),
)  # fmt: skip

ORDERS_SHOWN = 4  # rows before the list of orders scrolls


class InboxPage(Page):
    """Above: orders that wait for an answer; below: everything that was opened."""

    title = "办公室来件"
    help_topic = "inbox"
    has_month = False
    search_hint = "搜索来件"
    accepts_files = True

    shown = Signal()  # the lists were filled
    opened = Signal(object)  # the outcomes of a batch
    written = Signal(object)  # Written: a feedback

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._read = NewestRead(context, "读取来件")
        self._today = context.desk.today()
        self._wanted = ""  # the id of a parcel to choose when the lists are filled
        self._choose = self.new_action(
            "打开来件(&O)…", self._choose_files, name="open_parcels", primary=True,
            shortcut="Ctrl+O", tip="打开办公室发来的签名文件（Ctrl+O），也可直接拖入",
        )  # fmt: skip
        self._answer = self.new_action("反馈(&B)…", self._ask_feedback, name="write_feedback",
                                       tip="向办公室反馈所选督办事项的办理情况")  # fmt: skip
        self._more_time = self.new_action("申请延期(&X)…", self._ask_for_time, name="ask_for_time",
                                          tip="为所选督办事项向办公室申请延期")  # fmt: skip
        self.addAction(self._choose)  # a button alone would not hear the shortcut
        self._banner = Banner()
        self._matters = Table(
            (
                Column("反馈期限", lambda m: m.due, width=116),
                Column("状态", lambda m: m.light(self._today).label,
                       lambda m: light_text(m.light(self._today)), cell=Cell.PILL,
                       tone=lambda m: LIGHT_TONES[m.light(self._today)], width=130),
                Column("督办事项", lambda m: m.order.title, stretch=True,
                       tip=lambda m: m.order.text),
                Column("进展", lambda m: m.stage.label, width=112),
            ),
            name="matters", accessible="待反馈的督办事项", empty="没有待反馈的督办事项。",
            settings=context.settings, identity=lambda m: m.order.id,
        )  # fmt: skip
        self._matters.row_chosen.connect(self._enable)
        self._matters.row_activated.connect(self._show_order)
        self._matters.addAction(self._answer)
        self._matters.addAction(self._more_time)
        self._orders = self._new_orders()
        self._table = Table(
            COLUMNS,
            name="parcels",
            accessible="打开过的来件",
            empty="还没有打开过来件。\n把办公室发来的回执、退回单、督办单、通报等 PDF 拖到窗口里。",
            empty_action=self._choose,
            settings=context.settings,
            identity=lambda row: row.parcel.id,
        )
        self._table.row_activated.connect(self._show_row)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self._banner)
        column.addWidget(self._orders)
        column.addWidget(self._table, 1)
        self._enable()

    def subtitle(self) -> str:
        return "可拖入文件"

    def page_actions(self) -> list[QAction]:
        return [self._choose]

    def refresh(self) -> None:
        self._read.run(lambda desk, _: correspondence.inbox(desk), self._arrived)

    def search(self, text: str) -> None:
        self._table.set_filter(text)

    def dropped(self, paths: tuple[Path, ...]) -> None:
        self.open_files(paths)

    def show_target(self, target: object) -> None:
        if isinstance(target, Where) and target.record:
            self._wanted = target.record
            self._choose_wanted()

    def _choose_wanted(self) -> None:
        """Choose the parcel the person was sent here for, once the lists are filled."""
        if self._matters.choose(self._wanted):
            self._wanted = ""
            self._matters.setFocus()
        elif self._table.choose(self._wanted):
            self._wanted = ""
            self._table.setFocus()

    def _new_orders(self) -> QWidget:
        """The orders to be answered, under their heading; hidden while there are none."""
        card = named(QFrame(), "orders")
        heading = named(QLabel("待反馈的督办事项"), "orders_heading")
        heading.setProperty("role", "heading")
        row = QHBoxLayout()
        row.addWidget(heading, 1)
        row.addWidget(ActionButton(self._more_time, self))
        row.addWidget(ActionButton(self._answer, self))
        column = QVBoxLayout(card)
        column.setContentsMargins(0, 0, 0, 6)
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(self._matters)
        card.hide()
        return card

    # Showing

    def _arrived(self, seen: Inbox) -> None:
        self._today = seen.today
        self._table.set_rows(seen.rows)
        self._matters.set_rows(seen.open)
        look = current()
        rows = min(max(len(seen.open), 1), ORDERS_SHOWN)
        self._matters.setFixedHeight(look.px(40) + rows * look.px(38) + 4)
        self._orders.setVisible(bool(seen.open))
        if seen.open and self._matters.current_row() is None:
            self._matters.choose(seen.open[0].order.id)
        self._enable()
        if self._wanted:
            self._choose_wanted()
        self.context.set_badge("inbox", str(len(seen.open)) if seen.open else "")
        self.shown.emit()

    def _enable(self, _row: object = None) -> None:
        matter: Matter | None = self._matters.current_row()
        self._answer.setEnabled(matter is not None)
        self._more_time.setEnabled(matter is not None and matter.request is None)

    def _show_row(self, row: Row) -> None:
        self.context.run_job(
            "打开文件",
            lambda desk, _: correspondence.pdf_of(desk, row),
            lambda pdf: self._show_pages(row.parcel.title, pdf),
            quiet=True,
        )

    def _show_order(self, matter: Matter) -> None:
        rows = self._table.table_model.all_rows
        found = next((row for row in rows if row.parcel.id == matter.order.id), None)
        if found is not None:
            self._show_row(found)

    def _show_pages(self, title: str, pdf: bytes) -> None:
        show_in_dialog(self.window(), title, pdf)

    # Opening

    def _choose_files(self) -> None:
        files.choose_files(self, "打开办公室来件", "来往件 (*.pdf)", self.open_files)

    def open_files(self, paths: tuple[Path, ...]) -> None:
        """Look at the files beside the window, ask for the passphrase if one needs it, open."""
        self._banner.hide()
        self.context.run_job(
            "正在核验来件",
            lambda desk, running: correspondence.look_at(desk, paths, running),
            self._looked,
            cancelled=self._cancelled,
        )

    def _looked(self, batch: tuple[Seen, ...]) -> None:
        if any(seen.wants_passphrase for seen in batch):
            self._ask_for(batch)
        else:
            self._open(batch, "")

    def _ask_for(self, batch: tuple[Seen, ...], problem: str = "") -> None:
        """Ask for the passphrase of a renewal; without it, the others are still opened."""
        dialog = ask_passphrase(
            self.window(),
            "来件中有证书更新，需要本单位的签名口令。",
            "打开(&O)",
            lambda passphrase: self._open(batch, passphrase),
            advice=UNITS_ADVICE,
            problem=problem,
        )
        others = tuple(seen for seen in batch if not seen.wants_passphrase)
        dialog.rejected.connect(lambda: self._open_without(others))

    def _open_without(self, others: tuple[Seen, ...]) -> None:
        if others:
            self._open(others, "")
        else:
            self._banner.show_message("证书更新没有打开。", "需要更换证书时，再打开一次这份文件。")

    def _open(self, batch: tuple[Seen, ...], passphrase: str) -> None:
        def work(desk: Desk, running: Running) -> tuple[Outcome, ...]:
            return correspondence.open_seen(desk, batch, passphrase, running)

        self.context.run_job(
            "正在打开来件", work, self._opened, cancelled=self._cancelled,
            cancel_text="取消（已打开的保留）",
        )  # fmt: skip

    def _opened(self, outcomes: tuple[Outcome, ...]) -> None:
        again = tuple(o.seen for o in outcomes if isinstance(o.refusal, WrongPassphrase))
        told = [o for o in outcomes if not isinstance(o.refusal, WrongPassphrase)]
        if told:
            show_outcomes(self._banner, told)
            if any(_brings_plan(outcome) for outcome in told):
                self.context.take_up_plan()
            self.context.changed()
            self.refresh()
        if again:
            problem = next(o.refusal for o in outcomes if isinstance(o.refusal, WrongPassphrase))
            self._ask_for(again, problem.message)
        self.opened.emit(outcomes)

    def _cancelled(self) -> None:
        self._banner.show_message("已取消，先前打开的来件保留。")
        self.refresh()

    # Answering

    def _ask_feedback(self) -> None:
        matter: Matter | None = self._matters.current_row()
        if matter is None:
            return
        order = matter.order
        dialog = LetterDialog(
            self.window(), "督办反馈", f"{order.title}\n{order.text}", "签名反馈(&S)",
            advice=UNITS_ADVICE,
        )  # fmt: skip
        text = dialog.add_text("办理情况(&T)", "feedback_text", hint="办理过程、结果和下一步打算")

        def prepare() -> Write:
            words = text.toPlainText()
            return lambda desk, passphrase: parcels.write_feedback(
                desk, order.id, words, desk.identity(passphrase)
            )

        write_from(self.context, dialog, prepare, self._answered)

    def _ask_for_time(self) -> None:
        matter: Matter | None = self._matters.current_row()
        if matter is None:
            return
        order, today = matter.order, self.context.desk.today()
        dialog = LetterDialog(
            self.window(), "延期申请", f"{order.title}\n现在的期限：{matter.due or '无'}",
            "签名申请(&S)", advice=UNITS_ADVICE,
        )  # fmt: skip
        earliest = max(matter.due or today, today) + timedelta(days=1)
        due = dialog.add_day("延至(&D)", "extension_due", earliest + timedelta(days=6), earliest)
        text = dialog.add_text("理由(&T)", "extension_text", hint="为什么来不及，准备怎么办")

        def prepare() -> Write:
            words, day = text.toPlainText(), day_of(due)
            return lambda desk, passphrase: supervision.ask_for_time(
                desk, order.id, words, day, desk.identity(passphrase)
            )

        write_from(self.context, dialog, prepare, self._answered)

    def _answered(self, made: Written) -> None:
        self._banner.show_message(
            f"✓ {made.parcel.kind.label}已签名，请把文件报送办公室。",
            f"文件：{made.file}",
            Tone.GOOD,
        )
        self.context.changed()
        self.refresh()
        files.show_with_system(self.context, made.file.parent)
        self.written.emit(made)


def _brings_plan(outcome: Outcome) -> bool:
    applied = outcome.applied
    return bool(applied and not applied.again and applied.parcel.kind is ParcelKind.PLAN)
