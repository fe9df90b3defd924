"""What the pages of trainings, events, registers and problems have in common: a grid of records
that is typed into, a form at its side for one of them in full, and cards that count.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from rongchang_desk.app import record as app_record
from rongchang_desk.app import rows as app_rows
from rongchang_desk.app.desk import Desk
from rongchang_desk.app.entering import Entered, Typed, enter
from rongchang_desk.app.fields import GROUP_CODES, EntryField, Unreadable, blank
from rongchang_desk.app.laying import Line, lay, lay_under_titles
from rongchang_desk.app.names import fields_with_names
from rongchang_desk.app.paste import Block
from rongchang_desk.app.rows import Query
from rongchang_desk.app.running import Running
from rongchang_desk.app.table_export import write_records
from rongchang_desk.domain.finding import Where
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.records import Record
from rongchang_desk.errors import DeskError
from rongchang_desk.ui.dialogs.troubles import show_troubles
from rongchang_desk.ui.jobs import Work
from rongchang_desk.ui.office.files import choose_target
from rongchang_desk.ui.page import Context
from rongchang_desk.ui.unit.badges import show_badges
from rongchang_desk.ui.unit.cards import Card
from rongchang_desk.ui.unit.counting import Counted, Counting, Digest
from rongchang_desk.ui.unit.editing_page import EditingPage
from rongchang_desk.ui.unit.edits import CellsEdit, Edit, Records
from rongchang_desk.ui.unit.form import RecordForm
from rongchang_desk.ui.unit.grid import Change, Grid
from rongchang_desk.ui.unit.grid_model import GridModel
from rongchang_desk.ui.unit.grid_panel import GridPanel

CELLS_AT_ONCE = 150  # more are stored beside the window: one takes up to 0.2 ms
FORM_SHOWN = "records/form_shown"
TABLE_FILES = ["Excel 工作簿 (*.xlsx)", "CSV 表格 (*.csv)"]


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
        self._words: tuple[str, ...] = ()
        self._asked = 0  # number of the newest question for rows: older answers come too late
        self.counting = Counting(context, self.kind, self.noun, self.counted)
        self._wanted: Where | None = None  # to go to when the rows are there
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
        self._make_actions()
        self.grid.addActions([self._details, self._double, self._copy, self._bin])
        self.grid.entered.connect(self._entered)
        self.grid.pasted.connect(self._pasted)
        self.grid.given_up.connect(self._give_up)
        self.grid.binned.connect(self._bin_rows)
        self.grid.asked.connect(self._show_details)
        self.grid.arranged.connect(self.reload)
        self.grid.typing.connect(self.drafts.typing)
        self.grid.told.connect(context.notify)
        self.grid.cell_changed.connect(self._cell_changed)
        self.grid.chosen_changed.connect(self._chosen_changed)
        form = RecordForm(
            f"{self.kind}_form",
            empty=f"选择一{self.measure}在这里修改；\n按 Ctrl+N 新增一{self.measure}。",
            obstacle=self.obstacle,
        )
        self.put_together(self.panel, form, self.kind, beside=self.beside(), above=self.above())
        form.setVisible(context.settings.value(FORM_SHOWN) in (True, "true"))
        self._details.setChecked(not form.isHidden())

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
        return [
            self._new, self._details, self.undo_action, self._filter, self._paste, self._copy,
            self._double, self._bin, self.redo_action, self._export,
        ]  # fmt: skip

    def refresh(self) -> None:
        if not self.fields:
            self.show_fields()
        self.drafts.load(self.context.month, self.code())
        self.model.set_fresh(self._blank())
        self.reload()
        self.counting.start()

    def show_month(self, month: Month) -> None:
        del month
        self.form.commit()
        self.form.bind(None)
        self.refresh()

    def search(self, text: str) -> None:
        self._words = app_rows.search_words(text)
        self.reload()

    def show_target(self, target: object) -> None:
        if isinstance(target, Where) and target.record:
            self._wanted = target
            self._go_to_wanted()

    def may_leave(self) -> bool:
        self.grid.delegate.finish()
        return super().may_leave()

    # Showing

    def show_fields(self) -> None:
        """Make grid and form for the fields of what is shown."""
        plan = self.context.desk.plan
        self.fields = fields_with_names(self.context.desk, self.kind, self.code())
        self.grid.delegate.tasks = [
            (str(task.no), f"{task.no}　{task.title}")
            for task in plan.tasks_of(self.context.desk.unit_code)
        ]
        self.grid.delegate.single_task = self.single_task
        self.model.set_fields(self.fields, None)
        self.grid.set_columns(self.fields, self.code())
        self.form.bind(None)
        self._has_form_fields = False  # made when the form is shown: they take a while

    def reload(self, *, keep: bool = True) -> None:
        """Ask for the rows; the first come at once, all of them from beside the window."""
        current = self._current() if keep else None
        query = self._query()
        self._asked += 1
        is_plain = query == self._place()
        if is_plain:
            self._show_rows(app_rows.first(self.context.desk, query), current)
            if len(self.model.row_ids) < app_rows.AT_ONCE:
                return
        self.panel.wait()
        asked = self._asked

        def all_of(desk: Desk, running: Running) -> array[int]:
            running.step(0, 0, "查找")
            return app_rows.all_of(desk, query)

        def show(row_ids: array[int]) -> None:
            if asked != self._asked:
                return
            if is_plain:
                self.model.complete(row_ids)
                self.panel.show_count(len(row_ids), is_all=True)
                self._go_to_wanted()
            else:
                self._show_rows(row_ids, current)

        self.context.run_job(f"查找{self.noun}", all_of, show, quiet=True)

    def _place(self) -> Query:
        return Query(self.kind, self.code(), self.context.month)

    def _query(self) -> Query:
        """What is asked for by search, filters and the sorted column."""
        filters = []
        for column, text in enumerate(self.grid.titles.texts()):
            try:
                one = app_rows.filter_of(self.context.desk.plan, self.fields[column], text)
                reason = ""
            except Unreadable as wrong:
                one, reason = None, str(wrong)
            self.grid.titles.mark(column, reason)
            filters += [one] if one else []
        order = None
        sorted_by = self.grid.titles.sortIndicatorSection()
        if 0 <= sorted_by < len(self.fields):
            is_down = self.grid.titles.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder
            order = app_rows.order_of(self.fields[sorted_by], is_down=is_down)
        return replace(self._place(), words=self._words, filters=tuple(filters), order=order)

    def _show_rows(self, row_ids: array[int], current: tuple[str, int, int] | None) -> None:
        column = max(self.grid.currentIndex().column(), 0)
        self._showing += 1
        self.model.set_rows(row_ids)
        is_all = self._query() == self._place()
        self.panel.show_count(len(row_ids), is_all=is_all)
        self.grid.set_hint(self.empty if is_all else "没有符合条件的内容。")
        row = self.model.row_of(*current[:2]) if current else -1
        self.grid.go_to(max(row, 0), current[2] if current else column)
        self._showing -= 1
        self._go_to_wanted()
        self._cell_changed()

    def _current(self) -> tuple[str, int, int] | None:
        """The record's id, its row id and the column of the current cell."""
        index = self.grid.currentIndex()
        record = self.model.record(index.row()) if index.isValid() else None
        if record is None:
            return None
        is_fresh = self.model.is_fresh(index.row())
        return record.id, 0 if is_fresh else self.model.row_ids[index.row()], index.column()

    def _go_to_wanted(self) -> None:
        """Go to the record that another page sent the person to."""
        wanted = self._wanted
        if wanted is None:
            return
        places = app_rows.places(self.context.desk, [wanted.record], self._place())
        row = -1
        for row_id in places:
            row = self.model.row_of(wanted.record, row_id)
        if not places:
            row = self.model.row_of(wanted.record, 0)
        if row >= 0:
            self._wanted = None
            column = next(
                (
                    n
                    for n, field in enumerate(self.fields)
                    if wanted.field in (field.code, GROUP_CODES.get(field.group))
                ),
                0,
            )
            self.grid.go_to(row, column)
            self.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def _cell_changed(self) -> None:
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
        is_stored = bool(self.grid.rows_touched())
        for action in (self._double, self._bin, self._copy):
            action.setEnabled(is_stored)

    def counted(self, counted: Counted) -> None:
        """Show what was counted."""
        if counted.digest:
            self.cards.set_cards(self.card_values(counted.digest))
            show_badges(self.context, counted.digest.seen)

    # Storing

    def after_edit(self, records: Records) -> None:
        places = app_rows.places(self.context.desk, [r.id for r in records], self._place())
        self._showing += 1
        if self.model.fresh is not None and any(r.id == self.model.fresh.id for r in records):
            self.model.set_fresh(self._blank(begun=False))
        is_shown = self.model.apply(places)
        self._showing -= 1
        if is_shown:
            self.panel.count(len(self.model.row_ids))
            self._cell_changed()
        else:
            self.reload()
        self.counting.start()
        self.tell_moved(records)

    def _entered(self, changes: Sequence[Change], title: str) -> None:
        """Texts were typed, pasted, filled or cleared: store what can be, as one step."""
        by_row: dict[int, list[tuple[EntryField, str]]] = {}
        for change in changes:
            by_row.setdefault(change.row, []).append((change.field, change.text))
        if len(changes) > CELLS_AT_ONCE:
            self._lay_beside(by_row, title)
            return
        typed = []
        for row, texts in sorted(by_row.items()):
            is_new = row >= len(self.model.row_ids)
            is_further = row > len(self.model.row_ids)
            record = self._blank(begun=False) if is_further else self.model.record(row)
            if record is not None:
                typed.append(Typed(record, is_new, tuple(texts)))
        entered = enter(typed, self.obstacle)
        if entered.is_nothing:
            self.drafts.exchange(entered.right, ())
            return
        self.undo_stack.push(CellsEdit(self, title, entered))
        if len(changes) > 1:
            self._tell_entered(title, entered)

    def _tell_entered(self, title: str, entered: Entered) -> None:
        wrong = len(entered.wrong)
        if wrong:
            self.context.notify(f"{title}：{wrong} 格的内容有误，已标红并保留原文，请逐格改正。")
        else:
            self.context.notify(f"{title}，按 Ctrl+Z 一步撤销。")

    def _lay_beside(self, by_row: Mapping[int, list[tuple[EntryField, str]]], title: str) -> None:
        """Many cells: understood and stored beside the window, as one step all the same."""
        row_ids, fresh = self.model.row_ids, self.model.fresh
        lines = [
            Line(tuple(texts), row_ids[row])
            if row < len(row_ids)
            else Line(tuple(texts), record=fresh if row == len(row_ids) else None)
            for row, texts in sorted(by_row.items())
        ]
        drafted, new = self.drafts.cells(), self._new_maker()

        def work(desk: Desk, running: Running) -> Entered:
            return lay(desk, lines, lambda: new(desk), drafted, running)

        def done(entered: Entered) -> None:
            if entered.is_nothing:
                self.drafts.exchange(entered.right, ())
                return
            self.undo_stack.push(CellsEdit(self, title, entered, stored=True))
            self._tell_entered(title, entered)

        self._carry_out(f"正在{title}", work, done)

    def _new_maker(self) -> Callable[[Desk], Record]:
        """Makes new records of what is shown now, also on another thread."""
        kind, day, code = self.kind, self.new_day(), self.code()
        return lambda desk: blank(kind, desk.new_id(), day, code)

    def _carry_out(self, title: str, work: Work, done: Callable[[Any], None]) -> None:
        """Run work that stores rows of the grid: nothing else is typed meanwhile."""
        had_focus = self.grid.hasFocus()
        self._hold(is_held=True)

        def over() -> None:
            self._hold(is_held=False)
            if had_focus and self.isVisible():
                self.grid.setFocus()

        def cancelled() -> None:
            self.context.notify("已取消，什么也没有改动。")

        self.context.run_job(title, work, done, cancelled=cancelled).ended.connect(over)

    def _hold(self, *, is_held: bool) -> None:
        self.grid.setEnabled(not is_held)
        self.form.setEnabled(not is_held)
        self.undo_action.setEnabled(not is_held and self.undo_stack.canUndo())
        self.redo_action.setEnabled(not is_held and self.undo_stack.canRedo())

    def _pasted(self, text: str) -> None:
        """Rows under titles: those that repeat day and title change the record that is there."""
        fields, month, new = self.fields, self.context.month, self._new_maker()

        def work(desk: Desk, running: Running) -> Block:
            return lay_under_titles(desk, text, fields, month, lambda: new(desk), running)

        if text.count("\n") * len(fields) > CELLS_AT_ONCE:
            self._carry_out("正在粘贴", work, self._laid_under_titles)
            return
        try:
            self._laid_under_titles(work(self.context.desk, Running()))
        except DeskError as problem:
            self.context.present(problem)

    def _laid_under_titles(self, block: Block) -> None:
        if block.records:
            count = f"新增 {block.added} {self.measure}，更改 {len(block.changed)} {self.measure}"
            words = f"粘贴（{count}）"
            self.undo_stack.push(Edit(self, words, block.changed, block.records, stored=True))
            self.context.notify(f"已粘贴：{count}。按 Ctrl+Z 一步撤销。")
        elif not block.troubles:
            self.context.notify("剪贴板中的内容与已有的相同，没有改动。")
        if block.troubles:
            show_troubles(self.window(), block.troubles, taken=len(block.records))

    def _edited(self, before: Record, after: Record, title: str) -> None:
        is_new = self.model.fresh is not None and before.id == self.model.fresh.id
        text = f"新增{self.noun}" if is_new else f"修改“{title}”"
        self.push(text, () if is_new else (before,), (after,))

    def _blank(self, *, begun: bool = True) -> Record:
        """A new record; the one that was only begun when there is such."""
        record_id = (self.drafts.begun(self.code()) if begun else "") or self.context.desk.new_id()
        return blank(self.kind, record_id, self.new_day(), self.code())

    # What the person does

    def _ask_where_to_export(self) -> None:
        self.form.commit()
        name = f"{self.context.desk.title}_{self.context.month}_{self.export_title()}.xlsx"
        choose_target(self, "导出表格", name, TABLE_FILES, self._export_to)

    def _export_to(self, out: Path) -> None:
        query, fields, title = self._query(), self.fields, self.export_title()

        def work(desk: Desk, running: Running) -> int:
            return write_records(desk, query, fields, title, out, running)

        self.context.run_job(
            "正在导出表格",
            work,
            lambda number: self.context.notify(f"已导出 {number:,} {self.measure}：{out}"),
        )

    def export_title(self) -> str:
        """What the exported sheet is called: as the page, or as the register shown."""
        return self.title

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
        self._export = action(
            "导出表格(&E)…", self._ask_where_to_export, "export", "Ctrl+E",
            "把表格里列出的各行（按现在的筛选和排序）写成 Excel 或 CSV（Ctrl+E）",
        )  # fmt: skip
        self.listen(self._export)
        self._details = action(
            "详细(&I)", self._toggle_form, "details", "Ctrl+I",
            "在右侧的表单里看全、修改这一条，附佐证材料（Ctrl+I，或双击行号）",
        )  # fmt: skip
        self._details.setCheckable(True)
        self._filter = action(
            "筛选(&F)", self._toggle_filter, "filter", "Ctrl+Shift+L", "按列筛选（Ctrl+Shift+L）"
        )
        self._double = action(
            "照此再建(&D)", self._duplicate, "duplicate", "Ctrl+Shift+D",
            "照选中的行再建（Ctrl+Shift+D）",
        )  # fmt: skip
        self._bin = action(
            "删除行(&L)", self._bin_touched, "delete", "Ctrl+-",
            "选中的行移入回收站，可撤销（Ctrl+减号）",
        )  # fmt: skip
        self._paste = action(
            "粘贴(&P)",
            self.grid.blocks.paste,
            "paste",
            "",
            "粘贴从 Excel、WPS 复制的内容（Ctrl+V）",
        )
        self._copy = action(
            "复制整行(&C)",
            self.grid.blocks.copy_rows,
            "copy",
            "",
            "连同标题复制，可粘贴到 Excel、WPS",
        )
        self.listen(self._new, self._details, self._filter, self._double, self._bin)

    def _start_new(self) -> None:
        self.grid.delegate.finish()
        self.form.commit()
        if not self.fields:
            return
        row = len(self.model.row_ids)
        self.grid.go_to(row, 0)
        if self.form.isHidden():
            self.grid.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self.form.focus_field(self.fields[1].code)

    def _toggle_form(self) -> None:
        is_shown = self.form.isHidden()
        self.form.commit()
        self.form.setVisible(is_shown)
        self._details.setChecked(is_shown)
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
            self._toggle_form()
        else:
            self._show_in_form()

    def _toggle_filter(self) -> None:
        column = max(self.grid.currentIndex().column(), 0)
        self.grid.titles.show_lines(not self.grid.titles.is_open, column)

    def _give_up(self, row: int, column: int) -> None:
        record = self.model.record(row)
        if record is not None:
            self.drafts.drop([record.id], self.fields[column].code)

    def _duplicate(self) -> None:
        self.grid.delegate.finish()
        self.form.commit()
        chosen = self._records_at(self.grid.rows_touched())
        copies = tuple(
            replace(record, id=self.context.desk.new_id(), evidence=()) for record in chosen
        )
        if copies:
            self.push(f"照此再建 {len(copies)} {self.measure}", (), copies)
            self.grid.go_to(len(self.model.row_ids) - len(copies), 0)

    def _bin_touched(self) -> None:
        self._bin_rows(self.grid.rows_touched())

    def _bin_rows(self, rows: Sequence[int]) -> None:
        self.grid.delegate.finish()
        self.form.commit()
        chosen = self._records_at(rows)
        if chosen:
            self.push(f"删除 {len(chosen)} {self.measure}", chosen, ())
            self.context.notify(f"已移入回收站 {len(chosen)} {self.measure}，按 Ctrl+Z 撤销。")

    def _records_at(self, rows: Sequence[int]) -> tuple[Any, ...]:
        return tuple(record for row in rows if (record := self.model.record(row)) is not None)
