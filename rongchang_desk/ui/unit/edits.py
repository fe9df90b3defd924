"""Undoable changes of records: what was there before, what is there after, in one step."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtGui import QUndoCommand

from rongchang_desk.app import record as app_record
from rongchang_desk.app.entering import Entered, Wrong
from rongchang_desk.domain.records import Record
from rongchang_desk.errors import DeskError
from rongchang_desk.ui.page import Context
from rongchang_desk.ui.unit.drafts import Drafts

Records = tuple[Record, ...]


class Shown(Protocol):
    """What an edit needs of its page."""

    context: Context
    drafts: Drafts

    def after_edit(self, records: Records) -> None:
        """Records were stored or binned: show them as they are now."""


class Edit(QUndoCommand):
    """Puts `after` in the place of `before`; undoing puts `before` back.

    Undoing is refused when one of the records was changed elsewhere (an import) since. One that
    a job `stored` already is only shown when it is pushed.
    """

    def __init__(
        self, page: Shown, text: str, before: Records, after: Records, *, stored: bool = False
    ) -> None:
        super().__init__(text)
        self._is_stored = stored
        self._page = page
        self._before = before
        self._after = after

    def redo(self) -> None:
        if self._is_stored:
            self._show(self._after)
        else:
            self._replace(self._before, self._after)

    def undo(self) -> None:
        self._is_stored = False
        self._replace(self._after, self._before)

    def _replace(self, old: Records, new: Records) -> None:
        context = self._page.context
        if not (old or new):
            return
        kept = {record.id for record in new}
        try:
            if any(app_record.get(context.desk, record.id) != record for record in old):
                context.notify("这项内容后来在别处改过，没有撤销，以免覆盖新的内容。")
                self.setObsolete(True)
                return
            app_record.change(
                context.desk, new, [record.id for record in old if record.id not in kept]
            )
        except DeskError as problem:
            context.present(problem)
            self.setObsolete(True)
            return
        self._show(new or old)

    def _show(self, records: Records) -> None:
        if records:
            self._page.context.saved()
            self._page.context.changed()
            self._page.after_edit(records)


class CellsEdit(Edit):
    """The same for what was typed into cells, with the texts that could not be taken."""

    def __init__(self, page: Shown, text: str, entered: Entered, *, stored: bool = False) -> None:
        super().__init__(page, text, entered.before, entered.after, stored=stored)
        self._right = entered.right
        self._wrong = entered.wrong
        touched = {*entered.right, *((wrong.record.id, wrong.field) for wrong in entered.wrong)}
        of = {record.id: record for record in (*entered.before, *entered.after)}
        of |= {wrong.record.id: wrong.record for wrong in entered.wrong}
        self._wrong_before = tuple(
            Wrong(of[record_id], field, draft.text, draft.reason)
            for record_id, field in sorted(touched)
            if (draft := page.drafts.of(record_id, field)) and record_id in of
        )

    def redo(self) -> None:
        super().redo()
        if not self.isObsolete():
            # Each record with a wrong text is stored by now, with what could be taken.
            self._page.drafts.exchange(
                self._right, self._wrong, of_stored=True, written=self._is_stored
            )

    def undo(self) -> None:
        super().undo()
        if not self.isObsolete():
            gone = ((wrong.record.id, wrong.field) for wrong in self._wrong)
            self._page.drafts.exchange(gone, self._wrong_before)
