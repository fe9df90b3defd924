"""The papers issued so far, and which numbers of the chosen one would be others now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from rongchang_desk.app.district import grouped
from rongchang_desk.app.issued_papers import IssuedRow, Touched, wish_of
from rongchang_desk.ui import theme
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.tables import Cell, Column, Table
from rongchang_desk.ui.theme import Tone


class Listed(NamedTuple):
    """An issued paper and what came after it; `touched` None while nothing did."""

    row: IssuedRow
    touched: Touched | None = None

    @property
    def state(self) -> str:
        if self.touched is None:
            return "—"
        if self.touched.changes:
            return f"{len(self.touched.changes)} 处有变"
        return "更正，数字不变" if self.touched.amended else "有补报"


def _tone(listed: Listed) -> Tone:
    if listed.touched is None:
        return Tone.QUIET
    return Tone.WARN if listed.touched.changes else Tone.BUSY


def in_words(touched: Touched, name_of: Mapping[str, str]) -> str:
    """The changes of a paper as a person reads them, a line each."""
    lines = []
    for unit, month, before, now in touched.amended:
        after = f"第 {now} 版" if now else "版本冲突，未计入"
        lines.append(f"{name_of.get(unit, unit)}{month.label}月报：第 {before} 版 → {after}")
    if touched.changes:
        lines.append(f"{touched.label}中以下 {len(touched.changes)} 处数字有变（原数 → 现数）：")
        lines += [f"· {change.text}" for change in touched.changes]
    elif touched.amended:
        lines.append("所印数字没有变化。")
    if touched.added:
        lines.append(f"印发后另收到 {touched.added} 份补报，没有计入。")
    return "\n".join(lines)


class IssuedList(QWidget):
    """The table with the changes of the chosen paper below it."""

    chosen = Signal(object)  # IssuedRow | None
    opened = Signal(object)  # IssuedRow

    def __init__(self, names: Mapping[str, str], make: QAction, settings: QSettings) -> None:
        super().__init__()
        self._names = names
        self.table = Table(
            (
                Column("报告", lambda r: (r.row.period.first, r.row.kind),
                       lambda r: wish_of(r.row).label, stretch=True,
                       tip=lambda r: f"汇总指纹 {grouped(r.row.fingerprint)}"),
                Column("生成时间", lambda r: r.row.issued_at, width=138),
                Column("更正影响", lambda r: r.state, lambda r: r.state, cell=Cell.PILL,
                       tone=_tone, width=116, tip=self._words),
            ),
            name="reports", accessible="已生成的报告", empty="还没有生成过报告。",
            empty_action=make, settings=settings, identity=lambda r: r.row.digest,
        )  # fmt: skip
        self.table.setMinimumHeight(theme.current().px(150))
        self.table.row_chosen.connect(self._choose)
        self.table.row_activated.connect(lambda r: self.opened.emit(r.row))
        self._caption = QLabel("更正影响")
        self._caption.setProperty("role", "muted")
        self._changes = named(QPlainTextEdit(), "report_changes", "更正影响")
        self._changes.setReadOnly(True)
        self._changes.setTabChangesFocus(True)
        self._changes.setFixedHeight(theme.current().px(96))
        self._changes.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.table, 1)
        column.addWidget(self._caption)
        column.addWidget(self._changes)
        self._choose(None)

    def show_rows(self, rows: Sequence[IssuedRow], touched: Sequence[Touched]) -> None:
        """Fill the table; papers without changes simply stand there."""
        by_digest = {one.row.digest: one for one in touched}
        self.table.set_rows(Listed(row, by_digest.get(row.digest)) for row in rows)
        self._choose(self.table.current_row())

    def current(self) -> IssuedRow | None:
        """The chosen paper."""
        listed: Listed | None = self.table.current_row()
        return listed.row if listed else None

    def clear_choice(self) -> None:
        """Choose nothing."""
        self.table.clearSelection()
        self.table.setCurrentIndex(self.table.rootIndex())

    def _words(self, listed: Listed) -> str:
        return in_words(listed.touched, self._names) if listed.touched else ""

    def _choose(self, listed: Listed | None) -> None:
        touched = listed.touched if listed else None
        for part in (self._caption, self._changes):
            part.setVisible(touched is not None)
        self._changes.setPlainText(in_words(touched, self._names) if touched else "")
        self.chosen.emit(listed.row if listed else None)
