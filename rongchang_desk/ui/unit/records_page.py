"""What the pages of trainings, events, registers and problems have in common: a grid of records
that is typed into, a form at its side for one of them in full, and cards that count.

Which rows there are is in `grid_rows`, how what is typed is stored in `grid_entry`, the buttons
in `records_buttons`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from rongchang_desk.app import fields as app_fields
from rongchang_desk.app import record as app_record
from rongchang_desk.app import rows as app_rows
from rongchang_desk.app.fields import EntryField
from rongchang_desk.app.names import fields_with_names
from rongchang_desk.domain.finding import Where
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.records import Record
from rongchang_desk.ui.page import Context
from rongchang_desk.ui.unit.badges import show_badges
from rongchang_desk.ui.unit.cards import Card
from rongchang_desk.ui.unit.counting import Counted, Counting, Digest
from rongchang_desk.ui.unit.editing_page import EditingPage
from rongchang_desk.ui.unit.edits import Records
from rongchang_desk.ui.unit.form import RecordForm
from rongchang_desk.ui.unit.grid import Grid
from rongchang_desk.ui.unit.grid_entry import GridEntry
from rongchang_desk.ui.unit.grid_model import GridModel
from rongchang_desk.ui.unit.grid_panel import GridPanel
from rongchang_desk.ui.unit.grid_rows import GridRows
from rongchang_desk.ui.unit.records_buttons import RecordsButtons

FORM_SHOWN = "records/form_shown"


class RecordsPage(EditingPage):
    """A grid with a form. Subclasses say which kind of record."""

    kind = ""
    noun = ""  # what one record is called: 培训
    measure = "条"
    empty = ""
    single_task = False

    def __init__(self, context: Context) -> None:
        super().__init__(context, self.kind, self.kind)
        self.fields: tuple[EntryField, ...] = ()
        self._has_form_fields = False
        self.counting = Counting(context, self.kind, self.noun, self.counted)
        self.model = GridModel(
            lambda row_ids: app_rows.read(context.desk, row_ids),
            lambda record: app_record.judge(context.desk, record),
            self.drafts,
            self,
        )
        self.grid = Grid(
            self.model,
            name=f"{self.kind}_grid",
            accessible=self.title,
            hint=self.empty,
            settings=context.settings,
        )
        self.panel = GridPanel(self.grid, self.kind)
        self.rows = GridRows(self)
        self.buttons = RecordsButtons(self)
        self._entry = GridEntry(self)
        self.grid.entered.connect(self._entry.enter)
        self.grid.pasted.connect(self._entry.paste)
        self.grid.given_up.connect(self._give_up)
        self.grid.binned.connect(self.bin_rows)
        self.grid.asked.connect(self._show_details)
        self.grid.arranged.connect(self.reload)
        self.grid.typing.connect(self.drafts.typing)
        self.grid.told.connect(context.notify)
        self.grid.cell_changed.connect(self.cell_changed)
        self.grid.chosen_changed.connect(self._chosen_changed)
        form = RecordForm(
            f"{self.kind}_form",
            empty=f"选择一{self.measure}在这里修改；\n按 Ctrl+N 新增一{self.measure}。",
            obstacle=self.obstacle,
        )
        self.put_together(self.panel, form, self.kind, beside=self.beside(), above=self.above())
        form.setVisible(context.settings.value(FORM_SHOWN) in (True, "true"))
        self.buttons.details.setChecked(not form.isHidden())

    # What a subclass says

    def beside(self) -> Sequence[QWidget]:
        """What stands to the left of the grid."""
        return ()

    def above(self) -> QWidget | None:
        """What stands above everything."""
        return None

    def code(self) -> str:
        """The register shown, for the page of registers."""
        return ""

    def card_values(self, digest: Digest) -> Sequence[Card]:
        """The cards above the grid."""
        raise NotImplementedError

    def goal(self) -> str:
        """The goal of the target that counts this kind of record; empty without one."""
        targets = self.context.desk.plan.targets
        target = next((target for target in targets if target.counts == self.kind), None)
        return f"{target.goal:,}" if target and target.goal else ""

    # Page

    def page_actions(self) -> list[QAction]:
        return self.buttons.in_order()

    def refresh(self) -> None:
        if not self.fields:
            self.show_fields()
        self.drafts.load(self.context.month, self.code())
        self.model.set_fresh(self.blank())
        self.reload()
        self.counting.start()

    def show_month(self, month: Month) -> None:
        del month
        self.form.commit()
        self.form.bind(None)
        self._offer_tasks()
        self.refresh()

    def search(self, text: str) -> None:
        self.rows.search(text)

    def show_target(self, target: object) -> None:
        if isinstance(target, Where) and target.record:
            self.rows.go_to(target)

    def may_leave(self) -> bool:
        self.grid.delegate.finish()
        return super().may_leave()

    # Showing

    def show_fields(self) -> None:
        """Make grid and form for the fields of what is shown."""
        self.fields = fields_with_names(self.context.desk, self.kind, self.code())
        self._offer_tasks()
        self.grid.delegate.single_task = self.single_task
        self.model.set_fields(self.fields, None)
        self.grid.set_columns(self.fields, self.code())
        self.form.bind(None)
        self._has_form_fields = False  # made when the form is shown: they take a while

    def _offer_tasks(self) -> None:
        """Offer the tasks that are asked for in the month shown."""
        desk = self.context.desk
        offered = [
            (str(task.no), f"{task.no}　{task.title}")
            for task in desk.plan.tasks_of(desk.unit_code, self.context.month)
        ]
        if offered != self.grid.delegate.tasks:
            self.grid.delegate.tasks = offered
            self._has_form_fields = False

    def reload(self, *, keep: bool = True) -> None:
        self.rows.ask(keep=keep)

    @contextmanager
    def showing(self) -> Iterator[None]:
        """While the page itself changes the grid, nothing is said about the current cell."""
        self._showing += 1
        try:
            yield
        finally:
            self._showing -= 1

    def cell_changed(self) -> None:
        """Say about the current cell, and show its record in the form."""
        if self._showing:
            return
        self._chosen_changed()
        if not self.form.isHidden():
            self._show_in_form()

    def _chosen_changed(self) -> None:
        if not self._showing:
            self.panel.say()
            self._enable()

    def _show_in_form(self) -> None:
        if not self._has_form_fields:
            self._has_form_fields = True
            tasks = self.grid.delegate.tasks
            self.form.set_fields(self.fields, tasks, single_task=self.single_task)
        index = self.grid.currentIndex()
        record = self.model.record(index.row()) if index.isValid() else None
        shown = self.form.record
        if shown is not None and (record is None or shown.id != record.id):
            self.form.commit()  # may store, and so change rows
            record = self.model.record(index.row()) if index.isValid() else None
        is_fresh = index.isValid() and self.model.is_fresh(index.row())
        findings = app_record.judge(self.context.desk, record) if record and not is_fresh else ()
        heading = f"新增{self.noun}" if is_fresh else f"修改{self.noun}"
        self.form.bind(record, findings, heading=heading, stored=not is_fresh)

    def _enable(self) -> None:
        self.buttons.enable(is_held=self.is_held)

    def hold(self, *, is_held: bool) -> None:
        super().hold(is_held=is_held)
        self.grid.setEnabled(not is_held)
        self._enable()

    def counted(self, counted: Counted) -> None:
        """Show what was counted."""
        if counted.digest:
            self.cards.set_cards(self.card_values(counted.digest))
            show_badges(self.context, counted.digest.seen)

    # Storing

    def after_edit(self, records: Records) -> None:
        places = app_rows.places(self.context.desk, [r.id for r in records], self.rows.all())
        with self.showing():
            if self.model.fresh is not None and any(r.id == self.model.fresh.id for r in records):
                self.model.set_fresh(self.blank(begun=False))
            is_shown = self.model.apply(places)
        if is_shown:
            self.panel.count(len(self.model.row_ids))
            self.cell_changed()
        else:
            self.reload()
        self.counting.start()
        self.tell_moved(records)

    def _edited(self, before: Record, after: Record, title: str) -> None:
        is_new = self.model.fresh is not None and before.id == self.model.fresh.id
        text = f"新增{self.noun}" if is_new else f"修改“{title}”"
        self.push(text, () if is_new else (before,), (after,))

    def blank(self, *, begun: bool = True) -> Record:
        """A new record; the one that was only begun when there is such."""
        record_id = (self.drafts.begun(self.code()) if begun else "") or self.context.desk.new_id()
        return app_fields.blank(self.kind, record_id, self.new_day(), self.code())

    def export_title(self) -> str:
        """What the exported sheet is called: as the page, or as the register shown."""
        return self.title

    # What the person does

    def finish_typing(self) -> None:
        """Take what is being typed into the grid or the form."""
        self.grid.delegate.finish()
        self.form.commit()

    def toggle_form(self) -> None:
        """Show the form of the current row, or put it away."""
        is_shown = self.form.isHidden()
        self.form.commit()
        self.form.setVisible(is_shown)
        self.buttons.details.setChecked(is_shown)
        self.context.settings.setValue(FORM_SHOWN, is_shown)
        if is_shown:
            self.share_room()
            self._show_in_form()
            self.form.focus_field(self.fields[0].code if self.fields else "")
        else:
            self.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_details(self, row: int) -> None:
        self.grid.go_to(row, max(self.grid.currentIndex().column(), 0))
        if self.form.isHidden():
            self.toggle_form()
        else:
            self._show_in_form()

    def _give_up(self, row: int, column: int) -> None:
        record = self.model.record(row)
        if record is not None:
            self.drafts.drop([record.id], self.fields[column].code)

    def bin_rows(self, rows: Sequence[int]) -> None:
        """Put the records of some rows into the recycle bin."""
        self.finish_typing()
        chosen = self.records_at(rows)
        if chosen:
            self.push(f"删除 {len(chosen)} {self.measure}", chosen, ())
            self.context.notify(f"已移入回收站 {len(chosen)} {self.measure}，按 Ctrl+Z 撤销。")

    def records_at(self, rows: Sequence[int]) -> tuple[Any, ...]:
        """The records of some rows; those that are gone meanwhile are left out."""
        return tuple(record for row in rows if (record := self.model.record(row)) is not None)
