"""单位与密钥: the directory of units, the life of their keys, and receipts a person must check."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLabel,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from rongchang_desk.app import enrol, key_register, receipt_checks
from rongchang_desk.app.desk import Desk
from rongchang_desk.app.district import grouped
from rongchang_desk.app.key_register import Member
from rongchang_desk.app.receipt_checks import Doubt
from rongchang_desk.domain.parcel import OFFICE
from rongchang_desk.domain.plan import Unit
from rongchang_desk.ui.action_button import ActionButton
from rongchang_desk.ui.messages import Banner
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.office import (
    key_dialogs,
    key_exports,
    kit_making,
    receipt_dialogs,
    unit_rows,
)  # fmt: skip
from rongchang_desk.ui.office.contact_edits import ContactEdits
from rongchang_desk.ui.office.matrix_page import answers_to
from rongchang_desk.ui.office.newest_read import NewestRead
from rongchang_desk.ui.office.unit_rows import CheckRow, KeyRow
from rongchang_desk.ui.page import Context, Page
from rongchang_desk.ui.tables import Column, Table
from rongchang_desk.ui.theme import Tone


class UnitsPage(Page):
    """Three tabs; what is done to a key is done to the units chosen in the first."""

    title = "单位与密钥"
    help_topic = "office-units"
    has_month = False
    search_hint = "搜索单位，支持拼音首字母"

    shown = Signal()  # the lists were filled
    made = Signal(object)  # the kits written
    written = Signal(object)  # what an action on keys brought about

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._read = NewestRead(context, "读取单位")
        self._text = ""
        self._some = self.new_action(
            "制作入网包(&K)…", self._make_for_selected, name="kits_selected", primary=True,
            tip="为选中的单位制作入网包",
        )  # fmt: skip
        self._actions = [
            self._some,
            self.new_action("全部制作(&A)…", self._make_for_all, name="kits_all",
                            tip="为方案中的全部单位制作入网包"),
            self.new_action("导出根证书(&X)…", self._export_root, name="export_root",
                            tip="导出根证书和吊销列表（同一文件），供核验单位月报"),
        ]  # fmt: skip
        self._on_keys = (
            self.new_action("登记交付(&H)…", self._ask_handed, name="note_handed",
                            tip="登记选中单位已领取入网包"),
            self.new_action("更新证书(&E)…", self._ask_renew, name="renew_keys",
                            tip="为选中单位现有密钥换发新证书"),
            self.new_action("交接换钥(&J)…", self._ask_handover, name="hand_over",
                            tip="经办人变动：换用新密钥，旧密钥到期停用"),
            self.new_action("挂失吊销(&L)…", self._ask_revoke, name="revoke_keys",
                            tip="密钥遗失、泄露或不再使用"),
        )  # fmt: skip
        self._export = self.new_action("导出登记簿(&R)…", self._ask_document,
                                       name="export_register", primary=True,
                                       tip="导出签名的密钥登记簿（PDF）")  # fmt: skip
        self._issue = self.new_action("签发申请(&G)…", self._choose_request, name="issue_request",
                                      tip="为单位的证书申请文件签发证书")  # fmt: skip
        self._judge = self.new_action("核实(&C)…", self._ask_check, name="check_receipt",
                                      primary=True, tip="写下核实情况")  # fmt: skip
        self._refuse = self.new_action(
            "不收(&B)…", self._ask_refuse, name="refuse_expired",
            tip="不接收这份过期证书签名的月报",
        )  # fmt: skip
        self.banner = Banner()
        self._table = self._new_table("units", "报送单位", unit_rows.UNITS, "方案里没有报送单位。",
                                      lambda member: member.unit.code)  # fmt: skip
        self._table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self._table.selectionModel().selectionChanged.connect(self._enable)
        edits = ContactEdits(self, self._table, self.banner)
        self._table.addActions([edits.paste, *self._on_keys])
        self._keys = self._new_table("key_register", "密钥登记簿", unit_rows.KEYS,
                                     "还没有签发过证书。", lambda row: row.key.serial)  # fmt: skip
        self._checks = self._new_table(
            "receipt_checks", "待核实的收文", unit_rows.CHECKS,
            "没有需要核实的收文。\n密钥挂失以后收到的月报，和证书过期以后报来的月报，列在这里。",
            lambda row: (row.kind, row.about, row.unit),
        )  # fmt: skip
        self._checks.row_chosen.connect(self._enable)
        self._checks.row_activated.connect(lambda _: self._judge.trigger())
        self._tabs = named(QTabWidget(), "unit_tabs")
        self._tabs.setDocumentMode(True)
        self._tabs.tabBar().setDrawBase(False)
        self._tabs.addTab(self._tab(self._table, *self._on_keys, self._issue), "单位名录(&U)")
        self._tabs.addTab(self._tab(self._keys, self._export), "密钥登记簿(&T)")
        self._tabs.addTab(self._tab(self._checks, self._judge, self._refuse), "待核实(&Q)")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.banner)
        column.addWidget(self._new_card())
        column.addWidget(self._tabs, 1)
        self._enable()

    def _new_table(
        self, name: str, spoken: str, columns: tuple[Column, ...], empty: str, identity: Any
    ) -> Table:
        return Table(columns, name=name, accessible=spoken, empty=empty,
                     settings=self.context.settings, identity=identity)  # fmt: skip

    def _tab(self, table: Table, *actions: QAction) -> QWidget:
        tab = QWidget()
        column = QVBoxLayout(tab)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        if actions:
            line = QHBoxLayout()
            line.setSpacing(8)
            for action in actions:
                line.addWidget(ActionButton(action, self))
            line.addStretch()
            column.addLayout(line)
        column.addWidget(table, 1)
        return tab

    def _new_card(self) -> QWidget:
        """The root's fingerprint, which units compare with paper."""
        self._root = named(QLabel(), "root_fingerprint")
        self._root.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._root.setWordWrap(True)
        caption = QLabel("根证书指纹")
        caption.setProperty("role", "muted")
        caption.setToolTip("印在纸上随入网包发给单位，单位据此核对")
        card = QFrame()
        card.setProperty("role", "card")
        inside = QHBoxLayout(card)
        inside.setContentsMargins(16, 10, 16, 10)
        inside.setSpacing(14)
        inside.addWidget(caption, 0, Qt.AlignmentFlag.AlignTop)
        inside.addWidget(self._root, 1)
        return card

    # Page

    def subtitle(self) -> str:
        return "入网包与口令条分开交给单位"

    def page_actions(self) -> list[QAction]:
        return self._actions

    def refresh(self) -> None:
        def work(desk: Desk, _: object) -> tuple[Any, ...]:
            return (
                key_register.members(desk), key_register.keys_of(desk),
                receipt_checks.doubts(desk), receipt_checks.expired(desk),
                enrol.root_fingerprint(desk), desk.now(),
            )  # fmt: skip

        self._read.run(work, self._arrived)

    def search(self, text: str) -> None:
        self._text = text
        self._table.set_filter("", self._is_kept if text.strip() else None)
        for table in (self._keys, self._checks):
            table.set_filter(text)

    def _is_kept(self, member: Member) -> bool:
        return answers_to(member.unit, self._text)

    def _arrived(self, read: tuple[Any, ...]) -> None:
        members, every, doubts, expired, fingerprint, now = read
        names = {OFFICE: "办公室"}
        plan = self.context.desk.plan
        self._table.set_rows(members)
        self._keys.set_rows(
            KeyRow(key, names.get(key.unit) or plan.name_of(key.unit), now) for key in every
        )
        self._checks.set_rows(
            CheckRow(what, plan.name_of(what.unit)) for what in (*doubts, *expired)
        )
        self._root.setText(grouped(fingerprint))
        count = sum(row.is_open for row in self._checks.table_model.all_rows)
        self._tabs.setTabText(1, f"密钥登记簿 {len(every)}(&T)")
        self._tabs.setTabText(2, f"待核实 {count}(&Q)" if count else "待核实(&Q)")
        self.context.set_badge("units", str(count) if count else "")
        self._enable()
        self.shown.emit()

    def _enable(self, _a: object = None, _b: object = None) -> None:
        chosen = self._table.chosen_rows()
        for action in (self._some, *self._on_keys):
            action.setEnabled(bool(chosen))
        self._on_keys[2].setEnabled(len(chosen) == 1)
        self._on_keys[3].setEnabled(len(chosen) == 1)
        self._some.setToolTip(
            f"为选中的 {len(chosen)} 个单位制作入网包"
            if chosen
            else "请先选中单位（Ctrl、Shift 可多选）"
        )
        row = self._checks.current_row()
        is_open = row is not None and row.is_open
        self._judge.setEnabled(is_open)
        self._refuse.setEnabled(is_open and not isinstance(row.what, Doubt))

    # What is done: asked for and carried out in modules of their own

    def _chosen_units(self) -> tuple[Unit, ...]:
        return tuple(member.unit for member in self._table.chosen_rows())

    def _make_for_selected(self) -> None:
        kit_making.prepare(self, self._table.chosen_rows())

    def _make_for_all(self) -> None:
        here, left = enrol.those_here(self.context.desk)
        members = [m for m in self._table.table_model.all_rows if m.unit in here]
        kit_making.prepare(self, members, left)

    def _ask_handed(self) -> None:
        key_dialogs.ask_handed(self, self._table.chosen_rows())

    def _ask_renew(self) -> None:
        key_dialogs.ask_renew(self, self._chosen_units())

    def _ask_handover(self) -> None:
        key_dialogs.ask_handover(self, *self._chosen_units())

    def _ask_revoke(self) -> None:
        key_dialogs.ask_revoke(self, *self._chosen_units())

    def _choose_request(self) -> None:
        key_dialogs.choose_request(self)

    def _export_root(self) -> None:
        key_exports.export_root(self)

    def _ask_document(self) -> None:
        key_exports.ask_register(self)

    def cancelled(self) -> None:
        """Work was cancelled: say so; the lists follow."""
        self.banner.show_message("已取消，先前做好的保留。")
        self.refresh()

    def tell(self, text: str, hint: str = "") -> None:
        """Say what was done; every list follows."""
        self.banner.show_message(text, hint, Tone.GOOD)
        self.context.changed()
        self.refresh()

    # Checking receipts

    def _ask_check(self) -> None:
        row: CheckRow | None = self._checks.current_row()
        if row is not None and row.is_open:
            receipt_dialogs.ask_check(self, row, self._checked)

    def _ask_refuse(self) -> None:
        row: CheckRow | None = self._checks.current_row()
        if row is not None and row.is_open:
            receipt_dialogs.ask_expired(self, row, self._checked, accept=False)

    def _checked(self, words: str, outcomes: object) -> None:
        self.tell(words)
        self.written.emit(outcomes)
