"""What is typed or pasted into a grid of records is stored as one step: a few cells at once, many
by a job that holds the page meanwhile. It reads no keys and shows no rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QApplication

from rongchang_desk.app.desk import Desk
from rongchang_desk.app.entering import Entered, Typed, enter
from rongchang_desk.app.fields import EntryField, blank
from rongchang_desk.app.laying import Line, lay, lay_under_titles
from rongchang_desk.app.paste import Block
from rongchang_desk.app.running import Running
from rongchang_desk.domain.records import Record
from rongchang_desk.errors import DeskError
from rongchang_desk.ui.dialogs.troubles import show_troubles
from rongchang_desk.ui.jobs import Work
from rongchang_desk.ui.unit.edits import CellsEdit, Edit
from rongchang_desk.ui.unit.grid import Change

if TYPE_CHECKING:
    from rongchang_desk.ui.unit.records_page import RecordsPage

CELLS_AT_ONCE = 150  # more are stored beside the window: one takes up to 0.2 ms

Texts = Mapping[int, Sequence[tuple[EntryField, str]]]
"""What was typed into the cells of each row."""


class GridEntry:
    """Stores what comes out of the grid of a page."""

    def __init__(self, page: RecordsPage) -> None:
        self._page = page

    def enter(self, changes: Sequence[Change], title: str) -> None:
        """Texts were typed, pasted, filled or cleared: store what can be, as one step."""
        by_row: dict[int, list[tuple[EntryField, str]]] = {}
        for change in changes:
            by_row.setdefault(change.row, []).append((change.field, change.text))
        texts = dict(sorted(by_row.items()))
        if len(changes) > CELLS_AT_ONCE:
            self._enter_beside(texts, title)
        else:
            self._enter_at_once(texts, title, is_told=len(changes) > 1)

    def paste(self, text: str) -> None:
        """Rows under titles: those that repeat day and title change the record that is there."""
        page, new = self._page, self._new_maker()
        fields, month = page.fields, page.context.month

        def work(desk: Desk, running: Running) -> Block:
            return lay_under_titles(desk, text, fields, month, lambda: new(desk), running)

        if text.count("\n") * len(fields) > CELLS_AT_ONCE:
            self._carry_out("正在粘贴", work, self._laid_under_titles)
            return
        try:
            self._laid_under_titles(work(page.context.desk, Running()))
        except DeskError as problem:
            page.context.present(problem)

    def _enter_at_once(self, texts: Texts, title: str, *, is_told: bool) -> None:
        page = self._page
        typed = []
        for row, some in texts.items():
            is_new = row >= len(page.model.row_ids)
            is_further = row > len(page.model.row_ids)
            record = page.blank(begun=False) if is_further else page.model.record(row)
            if record is not None:
                typed.append(Typed(record, is_new, tuple(some)))
        entered = enter(typed, page.obstacle)
        if entered.is_nothing:
            page.drafts.exchange(entered.right, ())
            return
        page.undo_stack.push(CellsEdit(page, title, entered))
        if is_told:
            self._tell(title, entered)

    def _enter_beside(self, texts: Texts, title: str) -> None:
        """Many cells: understood and stored beside the window, as one step all the same."""
        page, new = self._page, self._new_maker()
        row_ids, fresh = page.model.row_ids, page.model.fresh
        lines = [
            Line(tuple(some), row_ids[row])
            if row < len(row_ids)
            else Line(tuple(some), record=fresh if row == len(row_ids) else None)
            for row, some in texts.items()
        ]
        drafted = page.drafts.cells()

        def work(desk: Desk, running: Running) -> Entered:
            return lay(desk, lines, lambda: new(desk), drafted, running)

        def done(entered: Entered) -> None:
            if entered.is_nothing:
                page.drafts.exchange(entered.right, ())
                return
            page.undo_stack.push(CellsEdit(page, title, entered, stored=True))
            self._tell(title, entered)

        self._carry_out(f"正在{title}", work, done)

    def _laid_under_titles(self, block: Block) -> None:
        page = self._page
        if block.records:
            added, changed = f"新增 {block.added} {page.measure}", len(block.changed)
            count = f"{added}，更改 {changed} {page.measure}"
            words = f"粘贴（{count}）"
            page.undo_stack.push(Edit(page, words, block.changed, block.records, stored=True))
            page.context.notify(f"已粘贴：{count}。按 Ctrl+Z 一步撤销。")
        elif not block.troubles:
            page.context.notify("剪贴板中的内容与已有的相同，没有改动。")
        if block.troubles:
            show_troubles(page.window(), block.troubles, taken=len(block.records))

    def _carry_out(self, title: str, work: Work, done: Callable[[Any], None]) -> None:
        """Run work that stores rows of the grid: nothing else is changed there meanwhile."""
        page = self._page
        had_focus = page.grid.hasFocus()
        page.hold(is_held=True)
        beside = QApplication.focusWidget()  # where Qt put the keys for now

        def over() -> None:
            page.hold(is_held=False)
            if had_focus and page.isVisible() and QApplication.focusWidget() in (None, beside):
                page.grid.setFocus()

        def cancelled() -> None:
            page.context.notify("已取消，什么也没有改动。")

        page.context.run_job(title, work, done, cancelled=cancelled).ended.connect(over)

    def _tell(self, title: str, entered: Entered) -> None:
        wrong = len(entered.wrong)
        if wrong:
            words = f"{title}：{wrong} 格的内容有误，已标红并保留原文，请逐格改正。"
        else:
            words = f"{title}，按 Ctrl+Z 一步撤销。"
        self._page.context.notify(words)

    def _new_maker(self) -> Callable[[Desk], Record]:
        """Makes new records of what is shown now, also on another thread."""
        kind, day, code = self._page.kind, self._page.new_day(), self._page.code()
        return lambda desk: blank(kind, desk.new_id(), day, code)
