"""Which rows the grid of a page shows: those of its month, narrowed by search and filters, in the
order of the sorted column; and the way to one record among them. It changes no record.
"""

from __future__ import annotations

from array import array
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt

from rongchang_desk.app import rows as app_rows
from rongchang_desk.app.desk import Desk
from rongchang_desk.app.fields import GROUP_CODES, Unreadable
from rongchang_desk.app.rows import Query
from rongchang_desk.app.running import Running
from rongchang_desk.domain.finding import Where

if TYPE_CHECKING:
    from rongchang_desk.ui.unit.records_page import RecordsPage


class _Place(NamedTuple):
    """Where the cursor stands: a record's id, its row id (0 of the empty row) and a column."""

    record_id: str
    row_id: int
    column: int


class GridRows:
    """Asks for the rows of a page's grid and puts them there."""

    def __init__(self, page: RecordsPage) -> None:
        self._page = page
        self._words: tuple[str, ...] = ()
        self._asked = 0  # number of the newest question for rows: older answers come too late
        self._wanted: Where | None = None  # to go to when the rows are there

    def search(self, text: str) -> None:
        """Show the rows with these words only."""
        self._words = app_rows.search_words(text)
        self.ask()

    def ask(self, *, keep: bool = True) -> None:
        """Ask for the rows; the first come at once, all of them from beside the window."""
        page = self._page
        current = self._current() if keep else None
        query = self.query()
        self._asked += 1
        is_plain = query == self.all()
        if is_plain:
            self._show(app_rows.first(page.context.desk, query), current)
            if len(page.model.row_ids) < app_rows.AT_ONCE:
                return
        page.panel.wait()
        asked = self._asked

        def all_of(desk: Desk, running: Running) -> array[int]:
            running.step(0, 0, "查找")
            return app_rows.all_of(desk, query)

        def show(row_ids: array[int]) -> None:
            if asked != self._asked:
                return
            if is_plain:
                page.model.complete(row_ids)
                page.panel.show_count(len(row_ids), is_all=True)
                self._go_to_wanted()
            else:
                self._show(row_ids, current)

        page.context.run_job(f"查找{page.noun}", all_of, show, quiet=True)

    def go_to(self, wanted: Where) -> None:
        """Go to a record that another page sent the person to, once it is there."""
        self._wanted = wanted
        self._go_to_wanted()

    def all(self) -> Query:
        """All that belongs here: kind, register and month."""
        return Query(self._page.kind, self._page.code(), self._page.context.month)

    def query(self) -> Query:
        """What is asked for by search, filters and the sorted column."""
        page, titles = self._page, self._page.grid.titles
        filters = []
        for column, text in enumerate(titles.texts()):
            try:
                one = app_rows.filter_of(page.context.desk.plan, page.fields[column], text)
                reason = ""
            except Unreadable as wrong:
                one, reason = None, str(wrong)
            titles.mark(column, reason)
            filters += [one] if one else []
        order = None
        sorted_by = titles.sortIndicatorSection()
        if 0 <= sorted_by < len(page.fields):
            is_down = titles.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder
            order = app_rows.order_of(page.fields[sorted_by], is_down=is_down)
        return replace(self.all(), words=self._words, filters=tuple(filters), order=order)

    def _show(self, row_ids: array[int], current: _Place | None) -> None:
        page = self._page
        column = max(page.grid.currentIndex().column(), 0)
        with page.showing():
            page.model.set_rows(row_ids)
            is_all = self.query() == self.all()
            page.panel.show_count(len(row_ids), is_all=is_all)
            page.grid.set_hint(page.empty if is_all else "没有符合条件的内容。")
            row = page.model.row_of(current.record_id, current.row_id) if current else -1
            page.grid.go_to(max(row, 0), current.column if current else column)
        self._go_to_wanted()
        page.cell_changed()

    def _current(self) -> _Place | None:
        page, index = self._page, self._page.grid.currentIndex()
        record = page.model.record(index.row()) if index.isValid() else None
        if record is None:
            return None
        row = index.row()
        row_id = 0 if page.model.is_fresh(row) else page.model.row_ids[row]
        return _Place(record.id, row_id, index.column())

    def _go_to_wanted(self) -> None:
        page, wanted = self._page, self._wanted
        if wanted is None:
            return
        places = app_rows.places(page.context.desk, [wanted.record], self.all())
        row = -1
        for row_id in places:
            row = page.model.row_of(wanted.record, row_id)
        if not places:
            row = page.model.row_of(wanted.record, 0)
        if row < 0:
            return
        self._wanted = None
        column = next(
            (
                n
                for n, field in enumerate(page.fields)
                if wanted.field in (field.code, GROUP_CODES.get(field.group))
            ),
            0,
        )
        page.grid.go_to(row, column)
        page.grid.setFocus(Qt.FocusReason.OtherFocusReason)
