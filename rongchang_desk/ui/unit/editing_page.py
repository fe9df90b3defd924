"""What every page with a table and a form has in common: saving at once, undo and redo, drafts
that may not be lost, and room for both on a small screen.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent, QShortcut, QUndoStack
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from rongchang_desk.app import evidence
from rongchang_desk.app import record as app_record
from rongchang_desk.domain.records import Evidence
from rongchang_desk.ui import theme
from rongchang_desk.ui.page import Context, Page
from rongchang_desk.ui.tables import Table
from rongchang_desk.ui.unit.badges import show_badges
from rongchang_desk.ui.unit.cards import CardRow
from rongchang_desk.ui.unit.drafts import Drafts
from rongchang_desk.ui.unit.edits import Edit, Records
from rongchang_desk.ui.unit.evidence_strip import EvidenceStrip
from rongchang_desk.ui.unit.form import RecordForm

FORM_WIDTH = 404
LIST_WIDTH = 196
SIDE_BY_SIDE = 760  # page width, at 100 % text size, from which the form stands beside the table
# Of a form below its table: two rows of fields with last month's words, and the evidence.
BELOW_HEIGHT = 352
GAP = 14


class EditingPage(Page):
    """A table, a form of the chosen row, and cards above. Subclasses fill them."""

    def __init__(self, context: Context, name: str, kind: str) -> None:
        super().__init__(context)
        self.drafts = Drafts(context, kind, self)
        self.undo_stack = QUndoStack(self)
        self.cards = CardRow(f"{name}_cards")
        self._showing = 0  # while the page itself changes the table
        self.is_held = False
        self._is_wide: bool | None = None
        self.undo_action = self.new_action(
            "撤销(&Z)", self._undo, name=f"{name}_undo", shortcut="Ctrl+Z",
            tip="撤销上一步（Ctrl+Z）",
        )  # fmt: skip
        self.redo_action = self.new_action(
            "重做(&Y)", self._redo, name=f"{name}_redo", shortcut="Ctrl+Y", tip="重做（Ctrl+Y）"
        )
        self.redo_action.setShortcuts([QKeySequence("Ctrl+Y"), QKeySequence("Ctrl+Shift+Z")])
        self.listen(self.undo_action, self.redo_action)
        # A bound method: Qt drops the connection before it deletes the stack.
        self.undo_stack.indexChanged.connect(self._enable_undo)
        self._enable_undo()

    def put_together(
        self,
        table: QWidget,
        form: RecordForm,
        name: str,
        *,
        beside: Sequence[QWidget] = (),
        above: QWidget | None = None,
        below: bool = False,
    ) -> None:
        """Lay out the parts; the form stands beside the table where there is room, unless it
        is to stand `below` it always."""
        self.form = form
        form.keep_drafts_in(self.drafts)
        self._below = below
        form.edited.connect(self._edited)
        strip = EvidenceStrip(self.context, f"{name}_evidence")
        strip.added.connect(self._evidence_added)
        strip.removed.connect(self._evidence_removed)
        form.put_below(strip)
        self._inner = _splitter(f"{name}_split")
        self._inner.addWidget(table)
        self._inner.addWidget(form)
        self._inner.setStretchFactor(0, 1)
        self._outer = _splitter(f"{name}_outer")
        for widget in (*beside, self._inner):
            self._outer.addWidget(widget)
        self._outer.setStretchFactor(self._outer.count() - 1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        if above:
            column.addWidget(above)
        column.addWidget(self.cards)
        column.addWidget(self._outer, 1)

    def put_table_together(
        self, table: Table, form: RecordForm, name: str, *, below: bool = False
    ) -> None:
        """The same for a table whose rows are edited in the form only; F2 goes there."""
        self.table = table
        self.put_together(table, form, name, below=below)
        edit = QShortcut(QKeySequence("F2"), table)
        edit.setContext(Qt.ShortcutContext.WidgetShortcut)
        edit.activated.connect(self._edit_row)

    # What a subclass says

    def reload(self, *, keep: bool = True) -> None:
        """Show the records as they are stored now; `keep` the row that is shown."""
        raise NotImplementedError

    def narrowed(self, *, is_wide: bool) -> None:
        """The page became wide enough for form and table side by side, or no longer is."""

    def _edited(self, before: Any, after: Any, title: str) -> None:
        """The field of that title was changed in the form: store it as one step."""
        raise NotImplementedError

    # Page

    def subtitle(self) -> str:
        due = self.context.desk.due(self.context.month)
        return f"{due.month}月{due.day}日截止报送"

    def may_leave(self) -> bool:
        # What cannot be taken stays as a draft, on disk and in red, whenever one comes back.
        self.form.commit()
        self.drafts.flush()
        return True

    # Edits

    def push(self, text: str, before: Records, after: Records) -> None:
        """Store `after` in the place of `before`, as one step that can be undone."""
        self.undo_stack.push(Edit(self, text, before, after))

    def after_edit(self, records: Records) -> None:
        """Show what an edit or its undoing changed; see `edits.Shown`."""
        self.reload()
        show_badges(self.context)
        self.tell_moved(records)

    def tell_moved(self, records: Records) -> None:
        """Say where records went whose day is in another month."""
        moved = sorted({r.month for r in records if r.month != self.context.month})
        if moved:
            labels = "、".join(month.label for month in moved)
            self.context.notify(f"日期在 {labels}，已归入该月。")

    def _evidence_added(self, record_id: str, files: Sequence[Evidence]) -> None:
        record = self._committed(record_id)
        if record is None:
            self.context.notify("要添加材料的这一条已经不在，没有添加；请选中后再添加一次。")
            return
        after = evidence.attached(record, files)
        if after == record:
            self.context.notify("这份材料已经在这一条里，没有重复添加。")
            return
        self._edited(record, after, "佐证材料")
        count = len(after.evidence) - len(record.evidence)
        self.context.notify(f"已添加 {count} 份佐证材料，按 Ctrl+Z 撤销。")

    def _evidence_removed(self, record_id: str, files: Sequence[Evidence]) -> None:
        record = self._committed(record_id)
        if record is not None:
            self._edited(record, evidence.detached(record, files), "佐证材料")
            self.context.notify(f"已移除 {len(files)} 份佐证材料，按 Ctrl+Z 撤销。")

    def _committed(self, record_id: str) -> Any:
        """A record with what is being typed into it; as it is stored when another is shown."""
        self.form.commit()
        shown = self.form.record
        if shown is not None and shown.id == record_id:
            return shown
        return app_record.get(self.context.desk, record_id)

    def obstacle(self, record: Any) -> str:
        """Why a record cannot be kept; empty when it can."""
        return app_record.obstacle(self.context.desk, record)

    def new_day(self) -> date:
        """The day a new record begins with: today, or the nearest day of the month shown."""
        month = self.context.month
        return min(max(self.context.desk.today(), month.first_day), month.last_day)

    def listen(self, *actions: QAction) -> None:
        """Let the actions' keys work in the whole window while this page is shown."""
        self.addActions(actions)

    def _edit_row(self) -> None:
        if self.table.current_row() is not None:
            self.table.row_activated.emit(self.table.current_row())

    def hold(self, *, is_held: bool) -> None:
        """While a job stores records of this page, nobody else changes them here."""
        self.is_held = is_held
        self.form.setEnabled(not is_held)
        self._enable_undo()

    def _enable_undo(self, _index: int = 0) -> None:
        self.undo_action.setEnabled(self.undo_stack.canUndo() and not self.is_held)
        self.redo_action.setEnabled(self.undo_stack.canRedo() and not self.is_held)

    def _undo(self) -> None:
        self.form.commit()
        text = self.undo_stack.undoText()
        if text:
            self.context.notify(f"已撤销：{text}")
            self.undo_stack.undo()

    def _redo(self) -> None:
        self.form.commit()
        text = self.undo_stack.redoText()
        if text:
            self.context.notify(f"已重做：{text}")
            self.undo_stack.redo()

    # Room

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        look = theme.current()
        is_wide = self.width() >= look.px(SIDE_BY_SIDE)
        if self._below or not is_wide:
            self.form.setMinimumHeight(min(look.px(BELOW_HEIGHT), round(self.height() * 0.55)))
        if is_wide == self._is_wide or self.width() < 300:
            return
        self._is_wide = is_wide
        self.share_room()

    def share_room(self) -> None:
        """Give list, table and form their parts of the page."""
        look, is_wide = theme.current(), bool(self._is_wide)
        self.cards.setVisible(is_wide)
        outer = look.px(LIST_WIDTH) if self._outer.count() > 1 else 0
        if outer:
            self._outer.setSizes([outer, max(self.width() - outer - GAP, 1)])
        if is_wide and not self._below:
            self._inner.setOrientation(Qt.Orientation.Horizontal)
            self._inner.setStretchFactor(1, 0)
            self.form.setMinimumHeight(0)
            rest = self.width() - outer - (GAP if outer else 0) - GAP - look.px(FORM_WIDTH)
            self._inner.setSizes([max(rest, 1), look.px(FORM_WIDTH)])
        else:
            self._inner.setOrientation(Qt.Orientation.Vertical)
            self._inner.setStretchFactor(1, 1)
        self.narrowed(is_wide=is_wide)


def _splitter(name: str) -> QSplitter:
    splitter = QSplitter(Qt.Orientation.Horizontal)
    splitter.setObjectName(name)
    splitter.setChildrenCollapsible(False)
    splitter.setHandleWidth(GAP)
    return splitter
