"""Drafts of a page kept on disk: at once when a field was left, a moment after the last key
while it is open. It judges nothing and shows nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, QTimer

from rongchang_desk.app import drafts
from rongchang_desk.app.drafts import Draft
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.records import Record
from rongchang_desk.errors import DeskError
from rongchang_desk.ui.page import Context

PAUSE = 700  # ms without a key after which the open text is written


class Drafts(QObject):
    """The drafts of one kind of record. What cannot be written is told once, not at each key."""

    def __init__(self, context: Context, kind: str, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._kind = kind
        self._typing: tuple[Record, str, str] | None = None
        self._has_failed = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE)
        self._pause.timeout.connect(self.flush)

    def of_month(self, month: Month, key: str = "") -> tuple[Draft, ...]:
        """What was kept for the records of a month and one task, target or register."""
        return drafts.kept(self._context.desk, self._kind, month, key)

    def typing(self, record: Record, field: str, text: str) -> None:
        """A text is being typed into a field: write it when the keys rest."""
        if self._typing is not None and self._typing[:2] != (record, field):
            self.flush()
        self._typing = (record, field, text)
        self._pause.start()

    def flush(self) -> None:
        """Write the text being typed now."""
        self._pause.stop()
        typing, self._typing = self._typing, None
        if typing is not None:
            self._do(lambda: drafts.keep(self._context.desk, *typing))

    def keep(self, record: Record, field: str, text: str, reason: str) -> None:
        """A field was left with a text that cannot be taken."""
        self._forget_typing(record.id, field)
        self._do(lambda: drafts.keep(self._context.desk, record, field, text, reason))

    def drop(self, record_ids: Iterable[str], field: str = "") -> None:
        """A field's text was stored or given up, or all of some records' were."""
        gone = tuple(record_ids)
        for record_id in gone:
            self._forget_typing(record_id, field)
        self._do(lambda: drafts.drop(self._context.desk, gone, field))

    def _forget_typing(self, record_id: str, field: str) -> None:
        if self._typing is None or self._typing[0].id != record_id:
            return
        if field in ("", self._typing[1]):
            self._typing = None
            self._pause.stop()

    def _do(self, write: Callable[[], None]) -> None:
        try:
            write()
        except DeskError as problem:
            if not self._has_failed:
                self._context.present(problem)
            self._has_failed = True
        else:
            self._has_failed = False
