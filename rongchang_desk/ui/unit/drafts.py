"""Drafts of a page, at hand and on disk: written at once when a field was left, a moment after
the last key while it is open. They judge nothing and show nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from rongchang_desk.app import drafts
from rongchang_desk.app import record as app_record
from rongchang_desk.app.drafts import Draft, key_of
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.records import Record, kind_of
from rongchang_desk.errors import DeskError
from rongchang_desk.ui.page import Context

Cell = tuple[str, str]
"""A record's id and a field's code."""

Wrong = tuple[Record, str, str, str]
"""A record, a field's code, the text that cannot be taken into it, and why."""

PAUSE = 700  # ms without a key after which the open text is written


class Drafts(QObject):
    """The drafts of one kind of record in a month. What cannot be written is told once, not at
    each key."""

    changed = Signal()  # a draft came, went or became another

    def __init__(self, context: Context, kind: str, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._kind = kind
        self._open: dict[Cell, Draft] = {}
        self._typing: tuple[Record, str, str] | None = None  # not written yet
        self._typed: tuple[str, str] | None = None  # the field that is open
        self._has_failed = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE)
        self._pause.timeout.connect(self.flush)

    def load(self, month: Month | None, key: str = "") -> None:
        """Have those that were kept for a month, or for all, and one task, target or register."""
        self.flush()
        kept = drafts.kept(self._context.desk, self._kind, month, key)
        self._open = {(draft.record, draft.field): draft for draft in kept}
        self.changed.emit()

    def of(self, record_id: str, field: str) -> Draft | None:
        """The draft of a field."""
        return self._open.get((record_id, field))

    def cells(self) -> frozenset[Cell]:
        """The cells that have drafts."""
        return frozenset(self._open)

    def of_record(self, record_id: str) -> tuple[Draft, ...]:
        """All drafts of a record."""
        return tuple(draft for (held, _), draft in self._open.items() if held == record_id)

    def begun(self, key: str = "") -> str:
        """The id of a record of a task, target or register that is only begun: it has drafts
        and is not stored. Empty when there is none."""
        return next((d.record for d in self._open.values() if d.is_new and d.key == key), "")

    def typing(self, record: Record, field: str, text: str) -> None:
        """A text is being typed into a field: write it when the keys rest."""
        if self._typing is not None and self._typing[:2] != (record, field):
            self.flush()
        self._typing, self._typed = (record, field, text), (record.id, field)
        self._pause.start()

    def flush(self) -> None:
        """Write the text being typed now."""
        self._pause.stop()
        typing, self._typing = self._typing, None
        if typing is not None:
            self._do(lambda: drafts.keep(self._context.desk, *typing))

    def keep(self, record: Record, field: str, text: str, reason: str) -> None:
        """A field was left with a text that cannot be taken."""
        self.exchange((), [(record, field, text, reason)])

    def exchange(
        self,
        gone: Iterable[Cell],
        come: Sequence[Wrong],
        *,
        of_stored: bool = False,
        written: bool = False,
    ) -> None:
        """The texts of some cells were stored or given up, those of others cannot be taken: one
        step of a person. The records of `come` are known to be stored with `of_stored`; a job
        has put it all on disk with `written`."""
        over = [cell for cell in gone if cell in self._open or self._forget_typing(*cell)]
        for record, field, _, _ in come:
            self._forget_typing(record.id, field)
        if not (over or come):
            return
        if not written:
            self._do(lambda: drafts.exchange(self._context.desk, over, come))
        for cell in over:
            self._open.pop(cell, None)
        at = self._context.desk.now()
        for record, field, text, reason in come:
            cell = record.id, field
            before = self._open.get(cell)
            is_new = before.is_new if before else not (of_stored or self._is_stored(record))
            self._open[cell] = Draft(
                kind_of(record), record.id, field, record.month, key_of(record), text, reason,
                at, is_new,
            )  # fmt: skip
        self.changed.emit()

    def drop(self, record_ids: Iterable[str], field: str = "") -> None:
        """A field's text was stored or given up, or all of some records' were."""
        gone = set(record_ids)
        written = {held for held, of in self._open if held in gone and field in ("", of)}
        for record_id in gone:
            if self._forget_typing(record_id, field):
                written.add(record_id)
        if not written:
            return
        self._do(lambda: drafts.drop(self._context.desk, sorted(written), field))
        self._open = {
            cell: draft
            for cell, draft in self._open.items()
            if cell[0] not in gone or field not in ("", cell[1])
        }
        self.changed.emit()

    def _forget_typing(self, record_id: str, field: str) -> bool:
        """Whether that field's text was being typed, and may have been written at a pause."""
        if self._typed is None or self._typed[0] != record_id or field not in ("", self._typed[1]):
            return False
        self._typing = self._typed = None
        self._pause.stop()
        return True

    def _is_stored(self, record: Record) -> bool:
        return app_record.get(self._context.desk, record.id) is not None

    def _do(self, write: Callable[[], None]) -> None:
        try:
            write()
        except DeskError as problem:
            if not self._has_failed:
                self._context.present(problem)
            self._has_failed = True
        else:
            self._has_failed = False


def said_of(draft: Draft) -> str:
    """Why a text is a draft, and what can be done."""
    return f"{draft.reason or '上次没有填完'}（还没有保存，按 Esc 恢复原值）"
