"""单位与密钥: the directory of units, the life of their keys, and receipts a person must check."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence, QUndoCommand, QUndoStack
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLabel,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from rongchang_desk.app import contacts, enrol, key_document, key_register, parcels, receipt_checks
from rongchang_desk.app.desk import Desk
from rongchang_desk.app.district import grouped
from rongchang_desk.app.enrol import Kit
from rongchang_desk.app.key_register import Member, Revocation
from rongchang_desk.app.parcels import Written
from rongchang_desk.app.receipt_checks import Doubt
from rongchang_desk.app.running import Running
from rongchang_desk.domain.parcel import OFFICE
from rongchang_desk.domain.plan import Unit
from rongchang_desk.errors import DeskError, WrongPassphrase
from rongchang_desk.store.keys import Contact
from rongchang_desk.ui.action_button import ActionButton
from rongchang_desk.ui.dialogs.fields import day_of
from rongchang_desk.ui.dialogs.letter import LetterDialog
from rongchang_desk.ui.dialogs.passphrase import OFFICES_ADVICE, ask_passphrase
from rongchang_desk.ui.messages import Banner, ask
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.office import files, receipt_dialogs, unit_rows
from rongchang_desk.ui.office.matrix_page import answers_to
from rongchang_desk.ui.office.newest_read import NewestRead
from rongchang_desk.ui.office.unit_rows import CheckRow, KeyRow
from rongchang_desk.ui.page import Context, Page
from rongchang_desk.ui.tables import Column, Table
from rongchang_desk.ui.theme import Tone

OVERLAP = timedelta(days=14)  # proposed until an earlier key ends
Known = dict[str, Contact]


class _ContactsStep(QUndoCommand):
    """Contacts before and after one typing or paste."""

    def __init__(self, page: UnitsPage, text: str, before: Known, after: Known) -> None:
        super().__init__(text)
        self._page, self._before, self._after = page, before, after

    def redo(self) -> None:
        self._page.keep_contacts(self._after)

    def undo(self) -> None:
        self._page.keep_contacts(self._before)


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
        self._members: tuple[Member, ...] = ()
        self._text = ""
        self.undo_stack = QUndoStack(self)
        self._some = self.new_action("制作入网包(&K)…", self._for_selected, name="kits_selected",
                                     primary=True, tip="为选中的单位制作入网包")  # fmt: skip
        self._actions = [
            self._some,
            self.new_action("全部制作(&A)…", self._for_all, name="kits_all",
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
        self._paste = self.new_action("粘贴通讯录(&V)", self._paste_block, name="paste_contacts",
                                      tip="粘贴从 Excel 复制的联系人（Ctrl+V）")  # fmt: skip
        self._undo = self.new_action("撤销(&Z)", self.undo_stack.undo, name="contacts_undo",
                                     shortcut="Ctrl+Z", tip="撤销通讯录改动（Ctrl+Z）")  # fmt: skip
        self._redo = self.new_action("重做(&Y)", self.undo_stack.redo, name="contacts_redo",
                                     shortcut="Ctrl+Y", tip="重做（Ctrl+Y）")  # fmt: skip
        self.addActions([self._undo, self._redo])
        self._judge = self.new_action("核实(&C)…", self._ask_check, name="check_receipt",
                                      primary=True, tip="写下核实情况")  # fmt: skip
        self._refuse = self.new_action(
            "不收(&B)…", self._ask_refuse, name="refuse_expired",
            tip="不接收这份过期证书签名的月报",
        )  # fmt: skip
        self._banner = Banner()
        self._table = self._new_table("units", "报送单位", unit_rows.UNITS, "方案里没有报送单位。",
                                      lambda member: member.unit.code)  # fmt: skip
        self._table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self._table.selectionModel().selectionChanged.connect(self._enable)
        self._table.table_model.typed.connect(self._typed)
        self._paste.setShortcut(QKeySequence.StandardKey.Paste)
        self._paste.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self._table.addActions([self._paste, *self._on_keys])
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
        column.addWidget(self._banner)
        column.addWidget(self._new_card())
        column.addWidget(self._tabs, 1)
        self.undo_stack.indexChanged.connect(self._enable)  # a bound method: dropped with the page
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
        self._members, every, doubts, expired, fingerprint, now = read
        names = {OFFICE: "办公室"}
        plan = self.context.desk.plan
        self._table.set_rows(self._members)
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
        self._undo.setEnabled(self.undo_stack.canUndo())
        self._redo.setEnabled(self.undo_stack.canRedo())

    # Contacts

    def _contacts(self) -> Known:
        return {member.unit.code: member.contact for member in self._members}

    def keep_contacts(self, wanted: Known) -> None:
        """Keep these contacts and show them."""
        try:
            key_register.keep_contacts(self.context.desk, wanted.values())
        except DeskError as problem:
            self.context.present(problem)
            return
        self._members = key_register.members(self.context.desk)
        self._table.set_rows(self._members)
        self.context.saved()

    def _typed(self, member: Member, column: Column, text: str) -> None:
        after = contacts.typed(member.contact, column.name, text)
        self._push(f"{member.unit.name}的{column.title}", {member.unit.code: after})

    def _push(self, text: str, after: Known) -> None:
        before = {code: self._contacts()[code] for code in after}
        if before != after:
            self.undo_stack.push(_ContactsStep(self, text, before, after))

    def _paste_block(self) -> None:
        shown = [member.unit for member in self._table.table_model.rows]
        index = self._table.currentIndex()
        column = max(index.column() - unit_rows.FIRST_FIELD, 0) if index.isValid() else 0
        block = contacts.read_block(
            QGuiApplication.clipboard().text(), shown, self._contacts(), max(index.row(), 0), column
        )
        if block.contacts:
            self._push(f"粘贴 {len(block.contacts)} 行", {c.unit: c for c in block.contacts})
            self.context.notify(f"已粘贴 {len(block.contacts)} 个单位的联系人，按 Ctrl+Z 撤销。")
        if block.troubles:
            self._banner.show_message("\n".join(block.troubles[:5]), "其余内容已经粘贴。")
        elif not block.contacts:
            self.context.notify("剪贴板里没有新的联系人。")

    # Kits

    def _chosen_units(self) -> tuple[Unit, ...]:
        return tuple(member.unit for member in self._table.chosen_rows())

    def _for_selected(self) -> None:
        self._prepare(self._chosen_units())

    def _for_all(self) -> None:
        self._prepare(tuple(member.unit for member in self._members))

    def _prepare(self, units: tuple[Unit, ...]) -> None:
        """Warn where a unit has a certificate already, then ask where to and under which key."""
        codes = {unit.code for unit in units}
        again = [m.unit.name for m in self._members if m.unit.code in codes and m.count]
        if not units:
            return
        if not again:
            self._choose_folder(units)
            return
        names = "、".join(again[:5]) + (f" 等 {len(again)} 个单位" if len(again) > 5 else "")
        ask(
            self,
            f"{names}已经有证书，还要再制作入网包吗？",
            "新入网包带一张新证书，旧证书在吊销前继续有效。",
            "继续制作(&G)",
            lambda: self._choose_folder(units),
        )

    def _choose_folder(self, units: tuple[Unit, ...]) -> None:
        files.choose_folder(self, "选择存放入网包的文件夹", lambda folder: self._ask(units, folder))

    def _ask(self, units: tuple[Unit, ...], folder: Path, problem: str = "") -> None:
        ask_passphrase(
            self.window(),
            f"用办公室工作台的密钥为 {len(units)} 个单位签发证书，制作入网包。",
            "制作(&M)",
            lambda passphrase: self._make(units, folder, passphrase),
            advice=OFFICES_ADVICE,
            problem=problem,
        )

    def _make(self, units: tuple[Unit, ...], folder: Path, passphrase: str) -> None:
        def failed(error: Exception) -> bool:
            if isinstance(error, WrongPassphrase):
                self._ask(units, folder, error.message)
                return True
            self.refresh()  # some may have been made before it failed
            return False

        self._banner.hide()
        codes = [unit.code for unit in units]
        self.context.run_job(
            "正在制作入网包",
            lambda desk, running: enrol.enrol(desk, codes, passphrase, folder, running),
            lambda kits: self._kits_made(kits, folder),
            failed=failed,
            cancelled=self._cancelled,
            cancel_text="取消（已制作的保留）",
        )

    def _kits_made(self, kits: tuple[Kit, ...], folder: Path) -> None:
        self._tell(
            f"✓ 已制作 {len(kits)} 个入网包：{folder}",
            f"口令条在“口令条”文件夹里，可打印 {kits[-1].sheet.name} 裁开；"
            "请与入网包分开交给单位，交付后点“登记交付”。",
        )
        self.made.emit(kits)

    def _cancelled(self) -> None:
        self._banner.show_message("已取消，先前做好的保留。")
        self.refresh()

    def _tell(self, text: str, hint: str = "") -> None:
        """Say what was done; every list follows."""
        self._banner.show_message(text, hint, Tone.GOOD)
        self.context.changed()
        self.refresh()

    # What is done to keys

    def _sign(
        self,
        dialog: LetterDialog,
        prepare: Callable[[], Callable[[Desk, str, Running], Any]],
        done: Callable[[Any], None],
    ) -> None:
        """Do signed work each time the dialog wants it; it closes when that is done."""

        def failed(error: Exception) -> bool:
            if not isinstance(error, DeskError):
                dialog.set_idle()
                return False
            dialog.show_problem(error)
            return True

        def finished(result: Any) -> None:
            dialog.accept()
            done(result)
            self.written.emit(result)

        def want(passphrase: str) -> None:
            work = prepare()
            self.context.run_job(
                "正在签发", lambda desk, running: work(desk, passphrase, running), finished,
                failed=failed, cancelled=dialog.set_idle,
            )  # fmt: skip

        dialog.wanted.connect(want)
        dialog.show_it()

    def _dialog(self, title: str, what: str, accept: str) -> LetterDialog:
        return LetterDialog(self.window(), title, what, accept, advice=OFFICES_ADVICE)

    def _ask_handed(self) -> None:
        rows = self._table.chosen_rows()
        serials = [m.key.serial for m in rows if m.key and m.key.handed_over_at is None]
        if not serials:
            self._banner.show_message("选中的单位没有待交付的入网包。", "请先制作入网包。")
            return
        dialog = LetterDialog(
            self.window(), "登记交付", f"登记 {len(serials)} 个单位今天领取了入网包和口令条。",
            "登记(&S)", signed=False,
        )  # fmt: skip
        to = dialog.add_line("领取人(&M)", "handed_to", rows[0].contact.person if len(rows) == 1
                             else "各单位联系人")  # fmt: skip

        def note(_: str) -> None:
            key_register.note_handed_over(self.context.desk, serials, to.text())
            dialog.accept()
            self._tell(f"✓ 已登记 {len(serials)} 个单位领取入网包。")

        dialog.wanted.connect(note)
        dialog.show_it()

    def _ask_renew(self) -> None:
        units = self._chosen_units()
        dialog = self._dialog(
            "更新证书", f"为 {len(units)} 个单位的现有密钥换发新证书，每单位一份签名文件。",
            "签发(&S)",
        )  # fmt: skip

        def prepare() -> Callable[[Desk, str, Running], Any]:
            def work(desk: Desk, passphrase: str, running: Running) -> tuple[Written, ...]:
                made = []
                for index, unit in enumerate(units):
                    running.step(index, len(units), unit.name)
                    made.append(parcels.write_renewal(desk, unit.code, passphrase))
                return tuple(made)

            return work

        self._sign(dialog, prepare, partial(self._sent, "证书更新"))

    def _sent(self, what: str, made: tuple[Written, ...] | Written) -> None:
        every = made if isinstance(made, tuple) else (made,)
        self._tell(
            f"✓ 已签发{what} {len(every)} 份：{every[-1].file.parent}",
            "请把文件发给单位，单位在“办公室来件”里打开并输入口令。",
        )

    def _ask_handover(self) -> None:
        (unit,) = self._chosen_units()
        today = self.context.desk.today()

        def chosen(folder: Path) -> None:
            dialog = self._dialog(
                "交接换钥",
                f"为“{unit.name}”的新经办人制作新入网包，旧密钥到日子停用。\n"
                "新经办人在原工作台的“本单位密钥”页换用，数据不变。",
                "制作(&S)",
            )  # fmt: skip
            start = dialog.add_day("旧密钥停用日(&D)", "replace_from", today + OVERLAP, today)

            def prepare() -> Callable[[Desk, str, Running], Any]:
                day = day_of(start)
                return lambda desk, passphrase, running: key_register.hand_over(
                    desk, unit.code, passphrase, folder, day, running
                )

            def done(result: tuple[Kit, int]) -> None:
                kit, number = result
                self._tell(
                    f"✓ 已制作新入网包：{kit.path}",
                    f"旧密钥写入第 {number} 号吊销列表，到停用日自动失效。口令条请分开交付。",
                )

            self._sign(dialog, prepare, done)

        files.choose_folder(self, "选择存放新入网包的文件夹", chosen)

    def _ask_revoke(self) -> None:
        (unit,) = self._chosen_units()
        today = self.context.desk.today()
        dialog = self._dialog(
            "挂失吊销", f"吊销“{unit.name}”的全部密钥，并发布新的吊销列表。此后须重新制作入网包。",
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

        def prepare() -> Callable[[Desk, str, Running], Any]:
            lost, words = (day_of(since) if kind.currentData() else None), because.text()
            return lambda desk, passphrase, _: key_register.revoke(
                desk, unit.code, passphrase, words, lost_since=lost
            )

        def done(result: Revocation) -> None:
            self._tell(
                f"✓ 已吊销“{unit.name}”的 {len(result.keys)} 张证书，"
                f"发布第 {result.list_number} 号吊销列表。",
                "吊销列表随下一份发给单位的文件带出；请重新“导出根证书”给外部核验方。",
            )

        self._sign(dialog, prepare, done)

    def _choose_request(self) -> None:
        files.choose_files(
            self, "打开证书申请", "证书申请 (*.csr)", lambda paths: self._read_request(paths[0])
        )

    def _read_request(self, file: Path) -> None:
        self.context.run_job(
            "读取证书申请", lambda _desk, _: key_register.read_request(file),
            lambda seen: self._ask_issue(file, seen), quiet=True,
        )  # fmt: skip

    def _ask_issue(self, file: Path, seen: Any) -> None:
        """Show who asks and the key's fingerprint; what the unit reads out is typed in."""
        plan, today = self.context.desk.plan, self.context.desk.today()
        known = plan.name_of(seen.unit_code) if plan.has_unit(seen.unit_code) else "名册中没有"
        dialog = self._dialog(
            "签发证书申请",
            f"申请单位：{seen.unit_name}（{seen.unit_code}）　名册：{known}\n密钥：{seen.key}\n"
            f"公钥指纹：{grouped(seen.fingerprint).upper()}",
            "签发(&S)",
        )  # fmt: skip
        if seen.unit_name != known:
            dialog.add_fact("× 申请中的单位与名册不一致，不能签发。", Tone.BAD)
        heard = dialog.add_line("单位报来的指纹(&F)", "heard_fingerprint",
                                hint="电话核对，至少前 16 位")  # fmt: skip
        start = dialog.add_day("旧密钥停用日(&D)", "replace_from", today + OVERLAP, today)

        def prepare() -> Callable[[Desk, str, Running], Any]:
            words, day = heard.text(), day_of(start)
            return lambda desk, passphrase, _: key_register.issue(
                desk, file, words, passphrase, day
            )

        self._sign(dialog, prepare, partial(self._sent, "证书"))

    # What is exported

    def _export_root(self) -> None:
        def save(path: Path) -> None:
            self.context.run_job(
                "导出根证书",
                lambda desk, _: enrol.export_root(desk, path),
                lambda result: self._banner.show_message(
                    f"根证书已导出：{result[0]}",
                    f"指纹　{grouped(result[1])}",
                    Tone.GOOD,
                ),
            )

        files.choose_target(self, "导出根证书", "根证书.pem", ["证书 (*.pem)"], save)

    def _ask_document(self) -> None:
        name = f"密钥登记簿_{self.context.desk.today()}.pdf"

        def save(path: Path) -> None:
            dialog = self._dialog(
                "导出密钥登记簿",
                "列出全部证书、指纹和状态，由办公室密钥签名；收文账一并签名封存。",
                "签名导出(&S)",
            )  # fmt: skip
            self._sign(
                dialog,
                lambda: (
                    lambda desk, passphrase, _: key_document.export(
                        desk, desk.identity(passphrase), path
                    )
                ),
                lambda file: self._tell(f"✓ 密钥登记簿已导出：{file}"),
            )

        files.choose_target(self, "导出密钥登记簿", name, ["PDF (*.pdf)"], save)

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
        self._tell(words)
        self.written.emit(outcomes)
