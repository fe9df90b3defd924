"""What the pages of trainings, events, registers and problems have in common: a table of the
month's records, a form, new, copy, delete, and paste from a spreadsheet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QWidget

from rongchang_desk.app import record as app_record
from rongchang_desk.app.fields import EntryField, blank, fields_of
from rongchang_desk.app.paste import block_of, read_block
from rongchang_desk.domain.finding import Finding, Severity, Where
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.records import Record
from rongchang_desk.ui.dialogs.troubles import show_troubles
from rongchang_desk.ui.page import Context
from rongchang_desk.ui.tables import Align, Cell, Column, Table
from rongchang_desk.ui.theme import Tone
from rongchang_desk.ui.unit.cards import Card
from rongchang_desk.ui.unit.editing_page import EditingPage
from rongchang_desk.ui.unit.edits import Records
from rongchang_desk.ui.unit.form import RecordForm


@dataclass(frozen=True)
class Line:
    """One row of the table: a record and what is wrong with it."""

    record: Any
    findings: tuple[Finding, ...]

    @property
    def state(self) -> Severity | None:
        """The heaviest finding that matters, or None."""
        return heaviest(self.findings)


def heaviest(findings: Sequence[Finding]) -> Severity | None:
    """Error before warning; hints do not count."""
    found = {finding.severity for finding in findings}
    return next((s for s in (Severity.ERROR, Severity.WARNING) if s in found), None)


STATE_TONES = {Severity.ERROR: Tone.BAD, Severity.WARNING: Tone.WARN, None: Tone.GOOD}
STATE_WORDS = {Severity.ERROR: "! 有误", Severity.WARNING: "! 提醒", None: "✓"}

STATE = Column(
    "检查",
    lambda line: STATE_WORDS[line.state],
    cell=Cell.PILL,
    tone=lambda line: STATE_TONES[line.state],
    align=Align.CENTER,
    width=82,
    tip=lambda line: "\n".join(finding.message for finding in line.findings),
)


class RecordTable(Table):
    """Copies whole records with a row of titles, so that they paste into a workbook."""

    fields: tuple[EntryField, ...] = ()

    def copy_selection(self) -> None:
        lines = self.chosen_rows()
        if lines:
            QGuiApplication.clipboard().setText(
                block_of([line.record for line in lines], self.fields)
            )


class RecordsPage(EditingPage):
    """A table with a form. Subclasses say which kind of record and which columns."""

    kind = ""
    noun = ""  # what one record is called: 培训
    measure = "条"
    empty = ""
    single_task = False
    table: RecordTable

    def __init__(self, context: Context) -> None:
        super().__init__(context, self.kind)
        self.fields: tuple[EntryField, ...] = ()
        self._fresh: Record | None = None  # made by Ctrl+N, not stored before a field is filled
        self._make_actions()
        table = RecordTable(
            (STATE,),
            name=f"{self.kind}_table",
            accessible=self.title,
            empty=self.empty,
            empty_action=self._new,
            settings=context.settings,
            identity=lambda line: line.record.id,
        )
        table.row_chosen.connect(self._row_chosen)
        table.row_activated.connect(self._enter_form)
        table.addActions([self._copy, self._paste, self._double, self._delete])
        form = RecordForm(
            f"{self.kind}_form",
            empty=f"选择一{self.measure}在这里修改；\n按 Ctrl+N 新增一{self.measure}。",
            obstacle=self.obstacle,
        )
        self.put_together(table, form, self.kind, beside=self.beside(), above=self.above())

    # What a subclass says

    def beside(self) -> Sequence[QWidget]:
        """What stands to the left of the table."""
        return ()

    def above(self) -> QWidget | None:
        """What stands above everything."""
        return None

    def code(self) -> str:
        """The register shown, for the page of registers."""
        return ""

    def columns(self) -> Sequence[Column]:
        """The table's columns over `Line`."""
        raise NotImplementedError

    def records(self) -> Records:
        """The month's records that the table shows."""
        raise NotImplementedError

    def card_values(self, lines: Sequence[Line]) -> Sequence[Card]:
        """The cards above the table."""
        raise NotImplementedError

    # Page

    def page_actions(self) -> list[QAction]:
        return [
            self._new, self.undo_action, self._paste, self._copy, self._double, self._delete,
            self.redo_action,
        ]  # fmt: skip

    def refresh(self) -> None:
        if not self.fields:
            self.show_fields()
        self.reload()

    def show_month(self, month: Month) -> None:
        del month
        self._put_fresh_away()
        self.reload(keep=False)

    def search(self, text: str) -> None:
        self._showing += 1
        self.table.set_filter(text)
        self._showing -= 1
        self._show_record(self.form.record)

    def show_target(self, target: object) -> None:
        if isinstance(target, Where) and target.record and self.table.choose(target.record):
            self.form.focus_field(target.field)

    # Showing

    def show_fields(self) -> None:
        """Make table and form for the fields of what is shown."""
        plan = self.context.desk.plan
        self.fields = fields_of(plan, self.kind, self.code())
        self.table.fields = self.fields
        tasks = [
            (str(task.no), f"{task.no}　{task.title}")
            for task in plan.tasks_of(self.context.desk.unit_code)
        ]
        self._showing += 1
        self.table.set_columns((*self.columns(), STATE))
        self._showing -= 1
        self.form.set_fields(self.fields, tasks, single_task=self.single_task)

    def reload(self, *, keep: bool = True) -> None:
        shown = self.form.record if keep else None
        if shown is None and self._fresh and self._fresh.month == self.context.month:
            shown = self._fresh
        lines = [
            Line(record, app_record.judge(self.context.desk, record)) for record in self.records()
        ]
        self._showing += 1
        self.table.set_rows(lines)
        self._showing -= 1
        self.cards.set_cards(self.card_values(lines))
        if self._fresh and any(line.record.id == self._fresh.id for line in lines):
            self._fresh = None
        self._show_record(shown)

    def _show_record(self, record: Record | None) -> None:
        """Choose and show a record; the first of the table when it is not there."""
        if self._fresh is not None and record is not None and record.id == self._fresh.id:
            self.form.bind(self._fresh, heading=f"新增{self.noun}", stored=False)
            self._enable()
            return
        rows = self.table.table_model.rows
        line = next((row for row in rows if record and row.record.id == record.id), None)
        line = line or next(iter(rows), None)
        if line is None:
            self.form.bind(None)
        else:
            self._showing += 1
            self.table.choose(line.record.id, max(self.table.currentIndex().column(), 0))
            self._showing -= 1
            self.form.bind(line.record, line.findings, heading=f"修改{self.noun}")
        self._enable()

    def _row_chosen(self, line: Line | None) -> None:
        if self._showing or line is None:
            return
        shown = self.form.record
        if shown is None or shown.id != line.record.id:
            # May reload the table; what cannot be taken stays as a draft.
            if self._put_fresh_away():
                self._show_record(line.record)
            else:
                self.context.notify("新增的内容有误，还没有保存：请先改正，或按 Esc 恢复。")
                self._show_record(self._fresh)

    def _put_fresh_away(self) -> bool:
        """Be done with the record begun by Ctrl+N; False when it holds what cannot be stored
        and would be seen nowhere else."""
        self.form.commit()
        if self._fresh is not None and self.form.has_draft(self._fresh):
            return False
        self._fresh = None
        return True

    def _enable(self) -> None:
        chosen = bool(self.table.chosen_rows()) and self._fresh is None
        for action in (self._double, self._delete, self._copy):
            action.setEnabled(chosen)

    # What the person does

    def _make_actions(self) -> None:
        def action(
            text: str, does: Any, name: str, keys: str, tip: str, *, primary: bool = False
        ) -> QAction:
            return self.new_action(
                text, does, name=f"{self.kind}_{name}", shortcut=keys, tip=tip, primary=primary
            )

        self._new = action(
            "新增(&N)", self._start_new, "new", "Ctrl+N", f"新增{self.noun}（Ctrl+N）", primary=True
        )
        self._double = action(
            "照此再建(&D)", self._duplicate, "duplicate", "Ctrl+D", "照选中的内容再建（Ctrl+D）"
        )
        self._delete = action(
            "删除(&L)", self._delete_chosen, "delete", "Del", "移入回收站，可撤销（Delete）"
        )
        self._paste = action(
            "粘贴(&P)",
            self._paste_block,
            "paste",
            "Ctrl+V",
            "粘贴从 Excel、WPS 复制的行（Ctrl+V）",
        )
        self._copy = action(
            "复制所选行(&C)", self._copy_rows, "copy", "", "复制后可粘贴到 Excel、WPS（Ctrl+C）"
        )
        self.listen(self._new)
        for inside in (self._double, self._delete, self._paste):
            inside.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)

    def _enter_form(self, _line: Line) -> None:
        self.form.focus_field(self.fields[0].code)

    def _blank(self) -> Record:
        return blank(self.kind, self.context.desk.new_id(), self.new_day(), self.code())

    def _start_new(self) -> None:
        if not self._put_fresh_away():
            self._show_record(self._fresh)
            return
        if not self.fields:
            return
        self._fresh = self._blank()
        self._showing += 1
        self.table.clearSelection()
        self._showing -= 1
        self._show_record(self._fresh)
        self.form.focus_field(self.fields[1].code)

    def _edited(self, before: Record, after: Record, title: str) -> None:
        is_new = self._fresh is not None and before.id == self._fresh.id
        text = f"新增{self.noun}" if is_new else f"修改“{title}”"
        self.push(text, () if is_new else (before,), (after,))

    def _duplicate(self) -> None:
        self.form.commit()
        copies = tuple(
            replace(line.record, id=self.context.desk.new_id(), evidence=())
            for line in self.table.chosen_rows()
        )
        if copies:
            self.push(f"照此再建 {len(copies)} {self.measure}", (), copies)
            self._show_record(copies[0])

    def _delete_chosen(self) -> None:
        self.form.commit()
        chosen = tuple(line.record for line in self.table.chosen_rows())
        if chosen:
            self.form.forget_drafts(chosen)
            self.push(f"删除 {len(chosen)} {self.measure}", chosen, ())
            self.context.notify(f"已移入回收站 {len(chosen)} {self.measure}，按 Ctrl+Z 撤销。")

    def _copy_rows(self) -> None:
        self.table.copy_selection()

    def _paste_block(self) -> None:
        self.form.commit()
        text = QGuiApplication.clipboard().text()
        block = read_block(text, self.fields, self.records(), self._blank, self.obstacle)
        if block.records:
            count = f"新增 {block.added} {self.measure}，更改 {len(block.changed)} {self.measure}"
            self.push(f"粘贴（{count}）", block.changed, block.records)
            self._show_record(block.records[0])
            self.context.notify(f"已粘贴：{count}。按 Ctrl+Z 一步撤销。")
        elif not block.troubles:
            self.context.notify(
                "剪贴板中的内容与已有的相同，没有改动。" if text.strip() else "剪贴板是空的。"
            )
        if block.troubles:
            show_troubles(self.window(), block.troubles, taken=len(block.records))
