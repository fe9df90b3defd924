"""Contacts in the table of units: typed or pasted into it, kept at once, each a step to undo."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QUndoCommand, QUndoStack

from rongchang_desk.app import contacts, key_register
from rongchang_desk.app.key_register import Member
from rongchang_desk.errors import DeskError
from rongchang_desk.store.keys import Contact
from rongchang_desk.ui.messages import Banner
from rongchang_desk.ui.office import unit_rows
from rongchang_desk.ui.page import Page
from rongchang_desk.ui.tables import Column, Table

Known = dict[str, Contact]


class ContactEdits(QObject):
    """Keeps what is typed and pasted; its actions are for the page's keys and the table's menu."""

    def __init__(self, page: Page, table: Table, banner: Banner) -> None:
        super().__init__(page)
        self._context = page.context
        self._table = table
        self._banner = banner
        self.undo_stack = QUndoStack(self)
        self.paste = page.new_action("粘贴通讯录(&V)", self._paste_block, name="paste_contacts",
                                     tip="粘贴从 Excel 复制的联系人（Ctrl+V）")  # fmt: skip
        self.paste.setShortcut(QKeySequence.StandardKey.Paste)
        self.paste.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self._undo = page.new_action("撤销(&Z)", self.undo_stack.undo, name="contacts_undo",
                                     shortcut="Ctrl+Z", tip="撤销通讯录改动（Ctrl+Z）")  # fmt: skip
        self._redo = page.new_action("重做(&Y)", self.undo_stack.redo, name="contacts_redo",
                                     shortcut="Ctrl+Y", tip="重做（Ctrl+Y）")  # fmt: skip
        page.addActions([self._undo, self._redo])
        table.table_model.typed.connect(self._typed)
        self.undo_stack.indexChanged.connect(self._enable)  # a bound method: dropped with the page
        self._enable()

    def keep(self, wanted: Known) -> None:
        """Keep these contacts and show them."""
        try:
            key_register.keep_contacts(self._context.desk, wanted.values())
        except DeskError as problem:
            self._context.present(problem)
            return
        self._table.set_rows(key_register.members(self._context.desk))
        self._context.saved()

    def _enable(self, _index: int = 0) -> None:
        self._undo.setEnabled(self.undo_stack.canUndo())
        self._redo.setEnabled(self.undo_stack.canRedo())

    def _now(self) -> Known:
        return {member.unit.code: member.contact for member in self._table.table_model.all_rows}

    def _typed(self, member: Member, column: Column, text: str) -> None:
        after = contacts.typed(member.contact, column.name, text)
        self._push(f"{member.unit.name}的{column.title}", {member.unit.code: after})

    def _push(self, text: str, after: Known) -> None:
        now = self._now()
        before = {code: now[code] for code in after}
        if before != after:
            self.undo_stack.push(_Step(self, text, before, after))

    def _paste_block(self) -> None:
        shown = [member.unit for member in self._table.table_model.rows]
        index = self._table.currentIndex()
        column = max(index.column() - unit_rows.FIRST_FIELD, 0) if index.isValid() else 0
        block = contacts.read_block(
            QGuiApplication.clipboard().text(), shown, self._now(), max(index.row(), 0), column
        )
        if block.contacts:
            self._push(f"粘贴 {len(block.contacts)} 行", {c.unit: c for c in block.contacts})
            self._context.notify(f"已粘贴 {len(block.contacts)} 个单位的联系人，按 Ctrl+Z 撤销。")
        if block.troubles:
            self._banner.show_message("\n".join(block.troubles[:5]), "其余内容已经粘贴。")
        elif not block.contacts:
            self._context.notify("剪贴板里没有新的联系人。")


class _Step(QUndoCommand):
    """Contacts before and after one typing or paste."""

    def __init__(self, edits: ContactEdits, text: str, before: Known, after: Known) -> None:
        super().__init__(text)
        self._edits, self._before, self._after = edits, before, after

    def redo(self) -> None:
        self._edits.keep(self._after)

    def undo(self) -> None:
        self._edits.keep(self._before)
