"""回收站: what was deleted within thirty days, and the way back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence, QShowEvent, QUndoCommand, QUndoStack
from PySide6.QtWidgets import QVBoxLayout

from rongchang_desk.app import recycled
from rongchang_desk.app.recycled import DAYS_KEPT, Recycled
from rongchang_desk.domain.describe import fields_of
from rongchang_desk.domain.month import Month
from rongchang_desk.errors import DeskError
from rongchang_desk.ui.page import Context, Page
from rongchang_desk.ui.tables import Align, Cell, Column, Table
from rongchang_desk.ui.theme import Tone
from rongchang_desk.ui.unit.badges import show_badges

if TYPE_CHECKING:
    from rongchang_desk.domain.records import Record

SOON = 5  # days left from which a record is marked


class RecycledPage(Page):
    """The recycle bin of all months."""

    title = "回收站"
    help_topic = "recycled"
    has_month = False
    search_hint = "搜索名称、类别、月份"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.undo_stack = QUndoStack(self)
        self._restore = self.new_action(
            "恢复所选(&R)", self._restore_chosen, name="recycled_restore", primary=True,
            tip="放回原来的月份和页面（Enter）",
        )  # fmt: skip
        self._all = self.new_action(
            "全选(&A)", self._choose_all, name="recycled_all", tip="选中列出的全部内容（Ctrl+A）"
        )
        self._undo = self.new_action(
            "撤销(&Z)", self._undo_last, name="recycled_undo", shortcut="Ctrl+Z",
            tip="撤销上一步恢复（Ctrl+Z）",
        )  # fmt: skip
        self._redo = self.new_action(
            "重做(&Y)", self.undo_stack.redo, name="recycled_redo", shortcut="Ctrl+Y",
            tip="重做（Ctrl+Y）",
        )  # fmt: skip
        self._redo.setShortcuts([QKeySequence("Ctrl+Y"), QKeySequence("Ctrl+Shift+Z")])
        self.addActions([self._undo, self._redo])
        # A bound method: Qt drops the connection before it deletes the stack.
        self.undo_stack.indexChanged.connect(self._enable)
        self.table = Table(
            (
                Column(
                    "类别", lambda row: row.kind, cell=Cell.PILL, tone=lambda _: Tone.BUSY,
                    width=128,
                ),
                Column(
                    "名称", lambda row: row.name or None,
                    text=lambda row: row.name or "（没有名称）", stretch=True, tip=self._details,
                ),
                Column(
                    "月份", lambda row: str(row.record.month),
                    text=lambda row: row.record.month.label, width=104,
                ),
                Column(
                    "删除日期", lambda row: row.deleted_at, width=108,
                    text=lambda row: f"{row.deleted_at:%Y-%m-%d}",
                    tip=lambda row: f"{row.deleted_at:%Y-%m-%d %H:%M} 删除",
                ),
                Column(
                    "还保留", lambda row: row.days_left, text=lambda row: left_text(row.days_left),
                    cell=Cell.PILL, align=Align.CENTER, width=96,
                    tone=lambda row: Tone.WARN if row.days_left <= SOON else Tone.QUIET,
                ),
            ),
            name="recycled_table",
            accessible="回收站",
            empty=f"回收站是空的。\n删除的内容在这里保留 {DAYS_KEPT} 天，可以随时恢复。",
            settings=context.settings,
            identity=lambda row: row.record.id,
        )  # fmt: skip
        self.table.addAction(self._restore)
        self.table.row_activated.connect(lambda _row: self._restore_chosen())
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._enable())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table)
        self._enable()

    def subtitle(self) -> str:
        return f"删除后保留 {DAYS_KEPT} 天"

    def page_actions(self) -> list[QAction]:
        return [self._restore, self._undo, self._all, self._redo]

    def refresh(self) -> None:
        self.table.set_rows(recycled.recycled(self.context.desk))
        self._choose_one()

    def show_month(self, month: Month) -> None:
        """The bin is of all months."""

    def search(self, text: str) -> None:
        self.table.set_filter(text)
        self._choose_one()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def after_restoring(self, told: str) -> None:
        """Records came back or went again: show it here and in the navigation."""
        self.context.saved()
        self.context.changed()
        self.refresh()
        show_badges(self.context)
        self.context.notify(told)

    def _details(self, row: Recycled) -> str:
        """What a record says, as far as it is filled in."""
        plan = self.context.desk.plan
        filled = [f"{title}：{text[:60]}" for title, text in fields_of(plan, row.record) if text]
        return "\n".join(filled[:14])

    def _restore_chosen(self) -> None:
        chosen = tuple(row.record for row in self.table.chosen_rows())
        if chosen:
            self.undo_stack.push(_Restoring(self, chosen))

    def _choose_one(self) -> None:
        """Have the first row chosen when none is, so that Enter means something."""
        if self.table.table_model.rows and not self.table.chosen_rows():
            self.table.selectRow(0)
        self._enable()

    def _choose_all(self) -> None:
        self.table.selectAll()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _undo_last(self) -> None:
        self.undo_stack.undo()

    def _enable(self, _index: int = 0) -> None:
        self._restore.setEnabled(bool(self.table.chosen_rows()))
        self._all.setEnabled(bool(self.table.table_model.rows))
        self._undo.setEnabled(self.undo_stack.canUndo())
        self._redo.setEnabled(self.undo_stack.canRedo())


class _Restoring(QUndoCommand):
    """Takes records out of the bin; undoing deletes them again."""

    def __init__(self, page: RecycledPage, records: Sequence[Record]) -> None:
        super().__init__(f"恢复 {len(records)} 条")
        self._page = page
        self._records = records

    def redo(self) -> None:
        ids = [record.id for record in self._records]
        self._carry_out(lambda: recycled.restore(self._page.context.desk, ids), "已恢复 {} 条。")

    def undo(self) -> None:
        self._carry_out(
            lambda: recycled.put_back(self._page.context.desk, self._records),
            "已把 {} 条放回回收站。",
        )

    def _carry_out(self, does: Callable[[], int], told: str) -> None:
        try:
            count = does()
        except DeskError as problem:
            self._page.context.present(problem)
            self.setObsolete(True)
            return
        missing = len(self._records) - count
        text = told.format(count)
        if missing:
            text += f"另有 {missing} 条后来在别处改过，没有动。"
        self._page.after_restoring(text)


def left_text(days: int) -> str:
    """How long a record is kept yet."""
    return f"{days} 天" if days else "今天清除"
