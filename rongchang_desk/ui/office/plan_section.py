"""One part of the plan's editor: the records of a kind in a table, the chosen one in a form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from rongchang_desk.app import plan_fields
from rongchang_desk.app.plan_draft import Draft
from rongchang_desk.app.plan_fields import Place
from rongchang_desk.domain.finding import Finding, Where, hint
from rongchang_desk.domain.plan import TO_CONFIRM, Plan
from rongchang_desk.ui import theme
from rongchang_desk.ui.action_button import ActionButton
from rongchang_desk.ui.office.plan_rows import PlanRow
from rongchang_desk.ui.page import Context
from rongchang_desk.ui.tables import Column, Table
from rongchang_desk.ui.unit.form import RecordForm

FORM_WIDTH = 420
NARROW_FORM = 330
ALL_COLUMNS = 820  # pixels at 100 % from which the table has room for all its columns


@dataclass(frozen=True)
class Unread:
    """What was typed into a field of the plan and cannot be taken, and why."""

    title: str
    text: str
    reason: str


class UnreadTexts(QObject):
    """Texts that cannot be taken, as long as the window is open; the form asks for them."""

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._texts: dict[tuple[str, str], Unread] = {}

    def every(self) -> tuple[Unread, ...]:
        return tuple(self._texts.values())

    def of(self, path: str, field: str) -> Unread | None:
        return self._texts.get((path, field))

    def of_record(self, path: str) -> tuple[Unread, ...]:
        return tuple(text for (held, _), text in self._texts.items() if held == path)

    def keep(self, place: Place, field: str, text: str, reason: str) -> None:
        title = plan_fields.field_title(place.id, field)
        self._texts[place.id, field] = Unread(title, text, reason)
        self.changed.emit()

    def typing(self, _place: Place, _field: str, _text: str) -> None:
        """What is still being typed is nobody's affair."""

    def drop(self, paths: Sequence[str], field: str = "") -> None:
        gone = [key for key in self._texts if key[0] in paths and field in ("", key[1])]
        for key in gone:
            del self._texts[key]
        if gone:
            self.changed.emit()

    def clear(self) -> None:
        self._texts.clear()
        self.changed.emit()


class PlanSection(QWidget):
    """Tells of each change; the page keeps it and shows the section the draft again."""

    edited = Signal(object, str)  # the changed plan, and what was changed in words

    def __init__(
        self,
        context: Context,
        name: str,
        accessible: str,
        columns: Sequence[Column],
        rows: Callable[[Draft], Sequence[PlanRow]],
        actions: Sequence[QAction] = (),
    ) -> None:
        super().__init__()
        self._rows = rows
        self._draft: Draft | None = None
        self._is_stale = False
        self._path = ""
        self._made_for: object = None
        self._showing = 0
        self.table = Table(
            columns, name=f"plan_{name}", accessible=accessible, empty="没有符合条件的内容。",
            settings=context.settings, identity=lambda row: row.path,
        )  # fmt: skip
        self.table.row_chosen.connect(self._row_chosen)
        self.form = RecordForm(
            f"plan_{name}_form", empty="选中一行，在这里修改。", obstacle=lambda _: "", columns=2
        )
        self.unread = UnreadTexts(self)
        self.form.keep_drafts_in(self.unread)  # type: ignore[arg-type]  # all that a form asks for
        self.form.edited.connect(self._form_edited)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        if actions:
            line = QHBoxLayout()
            for action in actions:
                line.addWidget(ActionButton(action, self))
                self.table.addAction(action)
            line.addStretch()
            column.addLayout(line)
        column.addWidget(self.table, 1)
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setObjectName(f"plan_{name}_split")
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(14)
        self._splitter.addWidget(left)
        self._splitter.addWidget(self.form)
        self._splitter.setStretchFactor(0, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 8, 0, 0)
        whole.addWidget(self._splitter)
        self._is_wide: bool | None = None

    @property
    def path(self) -> str:
        """The record shown in the form; empty when none is."""
        return self._path

    def take(self, draft: Draft) -> None:
        """Have another draft; it is shown at once where this section can be seen."""
        self._draft, self._is_stale = draft, True
        if self.isVisible():
            self.show_draft()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.show_draft()

    def show_draft(self) -> None:
        """Show the newest draft; the chosen row stays where it can."""
        draft = self._draft
        if draft is None or not self._is_stale:
            return
        self._is_stale = False
        self._showing += 1
        self.table.set_rows(self._rows(draft))
        self._showing -= 1
        if self.table.current_row() is None and self.table.table_model.rows:
            self.table.choose(self.table.table_model.rows[0].path)
        self._show(self.table.current_row())

    def choose(self, path: str) -> bool:
        """Show the record at a path; False when this section has none."""
        self.show_draft()
        self.table.set_filter("")
        return self.table.choose(path)

    def _row_chosen(self, row: PlanRow | None) -> None:
        if not self._showing and (row.path if row else "") != self._path:
            self.form.commit()
            self._show(self.table.current_row())

    def _show(self, row: PlanRow | None) -> None:
        """Show a row's record with its mistakes, what is published, and what is assumed."""
        draft = self._draft
        if row is None or draft is None:
            self._path = ""
            self.form.bind(None)
            return
        self._path = row.path
        self._fit_fields(draft.plan, row.path)
        findings = (*draft.findings_at(row.path), *marks(draft.plan, row.path))
        try:
            plan_fields.at(draft.published, row.path)
            before = Place(row.path, draft.published, draft.plan)
        except KeyError:
            before = None
        self.form.bind(
            Place(row.path, draft.plan),  # type: ignore[arg-type]  # a form asks for `id` only
            findings,
            heading=plan_fields.title_at(draft.plan, row.path),
            earlier=before,  # type: ignore[arg-type]
            earlier_label="现行",
        )

    def _fit_fields(self, plan: Plan, path: str) -> None:
        """Make the form's fields anew where the kind of record, or what is offered, changed."""
        kind = ".fields." in path or path.partition(".")[0]
        offered = (tuple(u.name for u in plan.units), tuple(t.title for t in plan.targets))
        if self._made_for != (kind, offered):
            self._made_for = (kind, offered)
            tasks = [(str(t.no), f"{t.no}　{t.title}") for t in plan.tasks]
            self.form.set_fields(plan_fields.fields_at(plan, path), tasks)

    def _form_edited(self, _before: Place, after: Place, title: str) -> None:
        name = plan_fields.title_at(after.plan, after.id)
        self.edited.emit(after.plan, f"{name}的{title.partition('（')[0]}")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        look = theme.current()
        is_wide = self.width() >= look.px(ALL_COLUMNS)
        if is_wide == self._is_wide or self.width() < 300:
            return
        self._is_wide = is_wide
        form = look.px(FORM_WIDTH if is_wide else NARROW_FORM)
        columns = self.table.table_model.columns
        for number, column in enumerate(columns[:-1]):
            self.table.setColumnHidden(number, not is_wide and not column.stretch)
        self._splitter.setSizes([max(self.width() - form - 14, 1), form])


def marks(plan: Plan, path: str) -> tuple[Finding, ...]:
    """What is assumed of a record, or was confirmed, as hints at its fields."""
    found = [
        hint("plan-assumed", _where(mark.path), f"？ {TO_CONFIRM}：{mark.note}")
        for mark in plan.assumed
        if mark.path.rpartition(".")[0] == path
    ]
    found += [
        hint("plan-confirmed", _where(mark.path), f"✓ {mark.by} {mark.on} 确认：{mark.note}")
        for mark in plan.confirmed
        if mark.path.rpartition(".")[0] == path
    ]
    return tuple(found)


def _where(path: str) -> Where:
    record, _, field = path.rpartition(".")
    return Where("", record, field)
