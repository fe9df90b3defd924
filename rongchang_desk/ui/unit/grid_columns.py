"""The widths and places of a grid's columns: by what the fields take, until somebody drags one;
from then on as they were left, also the next time.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, QSettings, QTimer
from PySide6.QtWidgets import QTableView

from rongchang_desk.app.fields import Entry, EntryField
from rongchang_desk.ui import theme
from rongchang_desk.ui.unit.grid_headers import FilterHeader, RowHeader

ROW_HEIGHT = 32
SAVE_AFTER = 400  # ms of peace after dragging a column
WIDTHS = {
    Entry.DATE: 104, Entry.VALUE: 72, Entry.NUMBER: 84, Entry.CHOICE: 92, Entry.CHOICES: 132,
    Entry.TASKS: 80, Entry.BODY: 132, Entry.BODIES: 144, Entry.TEXT: 124, Entry.LONG: 180,
}  # fmt: skip
TITLE_FIELD = 220  # the first required text: what the record is called


class GridColumns(QObject):
    """Lays out the columns of one grid and remembers what was dragged."""

    def __init__(
        self, grid: QTableView, titles: FilterHeader, numbers: RowHeader, settings: QSettings
    ) -> None:
        super().__init__(grid)
        self._grid = grid
        self._titles = titles
        self._numbers = numbers
        self._settings = settings
        self._fields: tuple[EntryField, ...] = ()
        self._key = ""
        self._is_own_layout = True  # nobody dragged a column yet
        self._is_laying_out = False
        self._save = QTimer(self)
        self._save.setSingleShot(True)
        self._save.setInterval(SAVE_AFTER)
        self._save.timeout.connect(self._save_columns)
        titles.sectionResized.connect(self._dragged)
        titles.sectionMoved.connect(self._dragged)

    def set_fields(self, fields: tuple[EntryField, ...], key: str) -> None:
        """Lay out the columns of other fields; `key` names them in the settings."""
        self._save.stop()  # the columns that were dragged are gone
        self._fields, self._key = fields, key
        self.lay_out()

    def lay_out(self) -> None:
        """Give rows and columns their sizes: remembered, else by what the fields take."""
        look = theme.current()
        self._titles.fit()
        self._numbers.fit()
        self._numbers.setDefaultSectionSize(look.px(ROW_HEIGHT))
        remembered = self._remembered()
        self._is_own_layout = not remembered
        title = next((f for f in self._fields if f.required and f.entry is Entry.TEXT), None)
        self._is_laying_out = True
        for column, field in enumerate(self._fields):
            width = remembered.get(field.code) or look.px(WIDTHS[field.entry])
            if field.code not in remembered:
                heading = self._grid.fontMetrics().horizontalAdvance(field.heading) + look.px(22)
                width = max(width, heading, look.px(TITLE_FIELD) if field is title else 0)
            self._grid.setColumnWidth(column, width)
        codes = [field.code for field in self._fields]
        known = [code for code in remembered if code in codes]
        for place, code in enumerate(known or codes):
            self._titles.moveSection(self._titles.visualIndex(codes.index(code)), place)
        self._is_laying_out = False
        self.fill_room()

    def fill_room(self) -> None:
        """Give the room to the right of the last column to those for texts."""
        left = self._grid.viewport().width() - self._titles.length()
        wide = [
            n
            for n, field in enumerate(self._fields)
            if field.entry is Entry.LONG or (field.entry is Entry.TEXT and field.required)
        ] or [n for n, field in enumerate(self._fields) if field.entry is Entry.TEXT]
        if not self._is_own_layout or left <= 0 or not wide:
            return
        self._is_laying_out = True
        for column in wide:
            self._grid.setColumnWidth(column, self._grid.columnWidth(column) + left // len(wide))
        self._is_laying_out = False

    def _dragged(self) -> None:
        if not self._is_laying_out and self._grid.isVisible():
            self._is_own_layout = False
            self._save.start()

    def _save_columns(self) -> None:
        scale = theme.current().scale
        shown = [self._titles.logicalIndex(n) for n in range(self._titles.count())]
        self._settings.setValue(
            self._key,
            [
                f"{self._fields[n].code}={round(self._grid.columnWidth(n) * 100 / scale)}"
                for n in shown
                if n < len(self._fields)
            ],
        )

    def _remembered(self) -> dict[str, int]:
        """Widths in pixels by field, in the order of the columns."""
        found: Any = self._settings.value(self._key) or []
        look = theme.current()
        pairs = [str(one).rpartition("=") for one in ([found] if isinstance(found, str) else found)]
        return {code: look.px(int(width)) for code, _, width in pairs if width.isdigit()}
