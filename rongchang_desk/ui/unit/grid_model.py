"""The rows of a grid: their ids at hand, their records read a page at a time, and below them one
empty row that becomes a new record. Shows drafts in the place of values; changes nothing.
"""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from rongchang_desk.app.fields import GROUP_CODES, Entry, EntryField
from rongchang_desk.domain.finding import Finding, Severity
from rongchang_desk.domain.records import Record
from rongchang_desk.ui.theme import Tone
from rongchang_desk.ui.unit.drafts import Drafts, said_of

Index = QModelIndex | QPersistentModelIndex
Shown = Qt.ItemDataRole
PAGE = 128  # rows read at a time
PAGES_KEPT = 32
NUMBERS = (Entry.VALUE, Entry.NUMBER)
UNREPORTED = "未报"


@dataclass(frozen=True)
class Mark:
    """What is to be said about a cell."""

    tone: Tone
    reason: str
    is_draft: bool = False


@dataclass
class _Row:
    """A record that was read, and what was found about it, once somebody looked."""

    record: Record
    findings: dict[str, list[Finding]] | None = field(default=None)


class GridModel(QAbstractTableModel):
    """Records seen through fields.

    `read(row_ids)` gives the records at row ids; `judge(record)` the findings about one.
    """

    def __init__(
        self,
        read: Callable[[Iterable[int]], Mapping[int, Record]],
        judge: Callable[[Record], tuple[Finding, ...]],
        drafts: Drafts,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._read = read
        self._judge = judge
        self._rows: OrderedDict[int, _Row] = OrderedDict()
        self.fields: tuple[EntryField, ...] = ()
        self.row_ids: array[int] = array("q")
        self.fresh: Record | None = None
        self._drafts = drafts
        drafts.changed.connect(self._refresh_cells)

    # What is shown

    def set_fields(self, fields: tuple[EntryField, ...], fresh: Record | None) -> None:
        """Show other fields, and no row but the empty one."""
        self.beginResetModel()
        self.fields, self.fresh = fields, fresh
        self.row_ids = array("q")
        self._rows.clear()
        self.endResetModel()

    def set_rows(self, row_ids: array[int]) -> None:
        """Show other rows; all are read again."""
        self.beginResetModel()
        self.row_ids = row_ids
        self._rows.clear()
        self.endResetModel()

    def complete(self, row_ids: array[int]) -> None:
        """Show all rows where the first ones are shown already."""
        known = len(self.row_ids)
        if row_ids[:known] != self.row_ids:
            self.set_rows(row_ids)
        elif len(row_ids) > known:
            self._put_behind(row_ids[known:])

    def set_fresh(self, fresh: Record | None) -> None:
        """Another record stands in the empty row."""
        self.fresh = fresh
        self._row_changed(len(self.row_ids))

    def apply(self, places: Mapping[int, bool]) -> bool:
        """Records were stored or taken away: show them as they are now, where they stand.

        `places` tells of each row id whether it belongs here. New rows go to the end. False
        when rows come back that stood in the middle: all must be asked for again.
        """
        positions = self._positions(places)
        gone = sorted((positions[i] for i, is_in in places.items() if not is_in and i in positions))
        new = sorted(i for i, is_in in places.items() if is_in and i not in positions)
        if new and len(self.row_ids) and new[0] < max(self.row_ids):
            return False
        for row_id in places:
            self._rows.pop(row_id, None)
        changed = [positions[i] for i, is_in in places.items() if is_in and i in positions]
        if len(changed) > PAGE:
            self._refresh_cells()
            self.headerDataChanged.emit(Qt.Orientation.Vertical, min(changed), max(changed))
        else:
            for position in changed:
                self._row_changed(position)
        if len(gone) > PAGE:
            lost = set(gone)
            self.set_rows(array("q", (i for n, i in enumerate(self.row_ids) if n not in lost)))
        else:
            for position in reversed(gone):
                self.beginRemoveRows(QModelIndex(), position, position)
                self.row_ids = self.row_ids[:position] + self.row_ids[position + 1 :]
                self.endRemoveRows()
        if new:
            self._put_behind(array("q", new))
        return True

    def _put_behind(self, row_ids: array[int]) -> None:
        """Add rows at the end: the empty row becomes the first of them, so that who types in it
        stays there, and another empty one follows."""
        end = self.rowCount()
        self.beginInsertRows(QModelIndex(), end, end + len(row_ids) - 1)
        self.row_ids = self.row_ids + row_ids
        self.endInsertRows()
        self._row_changed(max(end - 1, 0))

    # What stands where

    def is_fresh(self, row: int) -> bool:
        """Whether this is the empty row at the end."""
        return row == len(self.row_ids)

    def record(self, row: int) -> Record | None:
        """The record of a row; None when it is gone meanwhile."""
        if self.is_fresh(row):
            return self.fresh
        seen = self._seen(row)
        return seen.record if seen else None

    def row_of(self, record_id: str, row_id: int) -> int:
        """The row of a record, -1 when it is not shown."""
        if self.fresh is not None and record_id == self.fresh.id:
            return len(self.row_ids)
        return self._positions((row_id,)).get(row_id, -1)

    def text(self, row: int, column: int) -> str:
        """What a cell holds, as it is typed: its draft, or its value."""
        record = self.record(row)
        if record is None:
            return ""
        field = self.fields[column]
        draft = self._drafts.of(record.id, field.code)
        return draft.text if draft else field.read(record)

    def mark(self, row: int, column: int) -> Mark | None:
        """What is wrong with a cell, the heaviest first."""
        record = self.record(row)
        if record is None:
            return None
        field = self.fields[column]
        draft = self._drafts.of(record.id, field.code)
        if draft:
            return Mark(Tone.BAD, said_of(draft), is_draft=True)
        if self.is_fresh(row):
            return None
        found = self._findings(row)
        of_cell = [*found.get(field.code, ()), *found.get(GROUP_CODES.get(field.group, "-"), ())]
        return _mark_of(of_cell)

    def row_mark(self, row: int) -> Mark | None:
        """What is wrong with a whole row."""
        record = self.record(row)
        if record is None:
            return None
        drafts = self._drafts.of_record(record.id)
        if drafts:
            return Mark(Tone.BAD, "\n".join(map(said_of, drafts)), is_draft=True)
        if self.is_fresh(row):
            return None
        return _mark_of([one for some in self._findings(row).values() for one in some])

    # Qt's side

    def rowCount(self, parent: Index | None = None) -> int:
        if parent and parent.isValid():
            return 0
        return len(self.row_ids) + (self.fresh is not None)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent and parent.isValid() else len(self.fields)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        able = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
        return able | Qt.ItemFlag.ItemIsEditable | Qt.ItemFlag.ItemNeverHasChildren

    def data(self, index: Index, role: int = Shown.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, column = index.row(), index.column()
        field = self.fields[column]
        match role:
            case Shown.DisplayRole:
                text = self.text(row, column)
                if not text and field.entry is Entry.VALUE and not self.is_fresh(row):
                    return UNREPORTED
                return " ".join(text.split("\n")) if "\n" in text else text
            case Shown.EditRole:
                return self.text(row, column)
            case Shown.TextAlignmentRole:
                side = "AlignRight" if field.entry in NUMBERS else "AlignLeft"
                return Qt.AlignmentFlag[side] | Qt.AlignmentFlag.AlignVCenter
            case Shown.ToolTipRole:
                mark = self.mark(row, column)
                return mark.reason if mark else _long(self.text(row, column))
            case Shown.AccessibleTextRole:
                mark = self.mark(row, column)
                said = f"{field.heading}：{self.text(row, column)}"
                return f"{said}（{mark.reason}）" if mark else said
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Shown.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal:
            if section >= len(self.fields):
                return None
            field = self.fields[section]
            if role == Shown.DisplayRole:
                return field.heading
            if role == Shown.ToolTipRole:
                return f"{field.heading}{'（必填）' if field.required else ''}：单击排序，拖动换位"
            if role == Shown.TextAlignmentRole:
                side = "AlignRight" if field.entry in NUMBERS else "AlignLeft"
                return Qt.AlignmentFlag[side] | Qt.AlignmentFlag.AlignVCenter
            return None
        if role == Shown.DisplayRole:
            return "＋" if self.is_fresh(section) else str(section + 1)
        if role == Shown.ToolTipRole:
            mark = self.row_mark(section)
            return mark.reason if mark else None
        return None

    # Reading

    def _seen(self, row: int) -> _Row | None:
        row_id = self.row_ids[row]
        found = self._rows.get(row_id)
        if found is None:
            start = row - row % PAGE
            read = self._read(self.row_ids[start : start + PAGE])
            for read_id, record in read.items():
                self._rows[read_id] = _Row(record)
                self._rows.move_to_end(read_id)
            while len(self._rows) > PAGE * PAGES_KEPT:
                self._rows.popitem(last=False)
            found = self._rows.get(row_id)
        else:
            self._rows.move_to_end(row_id)
        return found

    def _findings(self, row: int) -> dict[str, list[Finding]]:
        seen = self._seen(row)
        if seen is None:
            return {}
        if seen.findings is None:
            seen.findings = {}
            for finding in self._judge(seen.record):
                seen.findings.setdefault(finding.where.field, []).append(finding)
        return seen.findings

    def _positions(self, row_ids: Iterable[int]) -> dict[int, int]:
        """Where row ids stand; those that are not shown are left out."""
        wanted = set(row_ids)
        if len(wanted) > PAGE:
            return {i: n for n, i in enumerate(self.row_ids) if i in wanted}
        found = {}
        for row_id in wanted:
            try:
                found[row_id] = self.row_ids.index(row_id)
            except ValueError:
                continue
        return found

    def _refresh_cells(self) -> None:
        """Paint all cells anew; nothing is read again."""
        if self.rowCount() and self.fields:
            last = self.index(self.rowCount() - 1, len(self.fields) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def _row_changed(self, row: int) -> None:
        if self.fields and row < self.rowCount():
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(self.fields) - 1))
            self.headerDataChanged.emit(Qt.Orientation.Vertical, row, row)


def _mark_of(findings: list[Finding]) -> Mark | None:
    heavy = [f for f in findings if f.severity is not Severity.HINT]
    if not heavy:
        return None
    is_error = any(f.severity is Severity.ERROR for f in heavy)
    heavy.sort(key=lambda f: f.severity is not Severity.ERROR)
    return Mark(Tone.BAD if is_error else Tone.WARN, "\n".join(f.message for f in heavy))


def _long(text: str) -> str | None:
    """A tip for what may be cut off in its cell."""
    return text if len(text) > 8 else None
