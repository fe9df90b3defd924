"""A form made from a list of fields and bound to one record.

It shows the record, tells of each field that was changed when the person leaves it, and keeps
what it cannot understand as a draft in red with the reason. It saves nothing: the page does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from rongchang_desk.app.drafts import Draft
from rongchang_desk.app.fields import GROUP_CODES, Entry, EntryField, Unreadable
from rongchang_desk.domain.finding import Finding, Severity
from rongchang_desk.domain.records import Record
from rongchang_desk.ui import theme
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.theme import Tone
from rongchang_desk.ui.tone_label import ToneLabel
from rongchang_desk.ui.unit.drafts import Drafts, said_of
from rongchang_desk.ui.unit.drop_downs import Offered
from rongchang_desk.ui.unit.editors import Editor, editor_for
from rongchang_desk.ui.unit.evidence_strip import EvidenceStrip

TONES = {Severity.ERROR: Tone.BAD, Severity.WARNING: Tone.WARN, Severity.HINT: Tone.QUIET}
TALL = 460  # pixels at 100 % from which several rows of evidence leave the fields room
WIDE = (Entry.LONG, Entry.CHOICES, Entry.BODIES, Entry.TASKS)


@dataclass(frozen=True)
class _Place:
    """Where a field stands in the grid; `opens` is the group whose heading stands above."""

    field: EntryField
    row: int
    column: int
    span: int
    opens: str


class RecordForm(QFrame):
    """The form of one record.

    `edited(before, after, title)`: the field of that title was changed; the page saves `after`
    and binds it again. `obstacle(record)` says why a record cannot be kept; empty when it can.
    """

    edited = Signal(object, object, str)

    def __init__(
        self,
        name: str,
        *,
        empty: str,
        obstacle: Callable[[Any], str],
        columns: int = 2,
        flat: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setProperty("role", "card")
        self._obstacle = obstacle
        self._columns = columns
        self._is_flat = flat  # below its table: wide enough for long texts side by side
        self._fields: tuple[EntryField, ...] = ()
        self._record: Any = None
        self._is_stored = True
        self._findings: tuple[Finding, ...] = ()
        self._drafts: Drafts | None = None
        self._editors: dict[str, Editor] = {}
        self._words: dict[str, ToneLabel] = {}
        self._earlier: dict[str, ToneLabel] = {}
        self._heading = named(QLabel(), f"{name}_heading")
        self._heading.setProperty("role", "heading")
        self._heading.setWordWrap(True)
        self._heading.setTextFormat(Qt.TextFormat.PlainText)
        self.buttons = QHBoxLayout()  # the page may put a button beside the heading
        self._whole = named(ToneLabel(), f"{name}_findings")
        self._area = named(QScrollArea(), f"{name}_area")
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        nothing = named(QLabel(empty), f"{name}_empty")
        nothing.setProperty("role", "muted")
        nothing.setWordWrap(True)
        nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        nothing.setContentsMargins(24, 12, 24, 12)
        line = QHBoxLayout()
        line.addWidget(self._heading, 1)
        line.addLayout(self.buttons)
        filled = QWidget()
        column = QVBoxLayout(filled)
        column.setContentsMargins(16, 12, 6, 8)
        column.setSpacing(8)
        column.addLayout(line)
        column.addWidget(self._whole)
        column.addWidget(self._area, 1)
        self._below = QVBoxLayout()
        self._below.setContentsMargins(0, 0, 10, 2)
        column.addLayout(self._below)
        self._evidence: EvidenceStrip | None = None
        self._stack = QStackedLayout(self)
        self._stack.addWidget(nothing)
        self._stack.addWidget(filled)

    @property
    def record(self) -> Any:
        """The record shown now, or None."""
        return self._record

    def keep_drafts_in(self, drafts: Drafts) -> None:
        """Where texts go that cannot be taken, and those still being typed."""
        self._drafts = drafts
        drafts.changed.connect(self._drafts_changed)

    def put_below(self, strip: EvidenceStrip) -> None:
        """Have a strip below the fields that shows the record's evidence."""
        self._evidence = strip
        self._below.addWidget(strip)

    def set_fields(
        self, fields: Sequence[EntryField], tasks: Offered = (), *, single_task: bool = False
    ) -> None:
        """Have other fields; no record is shown until `bind`."""
        self._record = None
        self._stack.setCurrentIndex(0)
        self._fields = tuple(fields)
        self._editors, self._words, self._earlier = {}, {}, {}
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setContentsMargins(0, 0, 10, 8)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(10)
        below = 0
        for place in self._places():
            if place.opens:
                grid.addWidget(self._group_heading(place.opens), place.row - 1, 0, 1, self._columns)
            grid.addLayout(
                self._cell(place.field, tasks, single_task),
                place.row,
                place.column,
                1,
                place.span,
                Qt.AlignmentFlag.AlignTop,
            )
            below = place.row + 1
        for number in range(self._columns):
            grid.setColumnStretch(number, 1)
        grid.setRowStretch(below, 1)
        self._area.setWidget(inside)
        inside.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)

    def bind(
        self,
        record: Record | None,
        findings: Sequence[Finding] = (),
        *,
        heading: str = "",
        earlier: Record | None = None,
        earlier_label: str = "上月",
        stored: bool = True,
    ) -> None:
        """Show a record with its findings, and beside each field what `earlier` says.

        What is being typed into the same record stays. A record not `stored` yet is told of
        even when what is chosen equals what it begins with.
        """
        same = record is not None and self._record is not None and record.id == self._record.id
        self._record = record
        self._findings = tuple(findings)
        self._is_stored = stored
        self._stack.setCurrentIndex(0 if record is None else 1)
        if self._evidence is not None:
            self._evidence.show_record(record)
        if record is None:
            return
        self._heading.setText(heading)
        self._heading.setVisible(bool(heading))
        for field in self._fields:
            editor = self._editors[field.code]
            if not (same and editor.is_touched()):
                self._show_field(field)
            before = field.read(earlier) if earlier is not None else ""
            self._earlier[field.code].say(f"{earlier_label}：{before}" if before else "")
        self._show_findings()
        if not same:
            self._area.verticalScrollBar().setValue(0)

    def commit(self) -> bool:
        """Take what is being typed now; False when some field of this record cannot be."""
        if self._record is None:
            return True
        for field in self._fields:
            if self._editors[field.code].is_touched():
                self._take(field)
        return not (self._drafts and self._drafts.of_record(self._record.id))

    def focus_field(self, code: str) -> bool:
        """Put the cursor into a field; the first one when there is no such field."""
        editor = self._editors.get(code)
        if editor is None:
            named_group = next((g for g, c in GROUP_CODES.items() if c == code), None)
            editor = next(
                (
                    self._editors[f.code]
                    for f in self._fields
                    if named_group is None or f.group == named_group
                ),
                None,
            )
        if editor is None:
            return False
        editor.inner.setFocus(Qt.FocusReason.OtherFocusReason)
        self._area.ensureWidgetVisible(editor)
        return code in self._editors

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._evidence is not None:
            is_tall = self.height() >= theme.current().px(TALL)
            self._evidence.chips.allow_rows(2 if is_tall else 1)

    # Making it

    def _places(self) -> list[_Place]:
        """Where each field goes: in their order, but no hole stays open that one could fill.

        In the order of reading, so that Tab follows the eye.
        """
        places: list[_Place] = []
        hole: tuple[int, int] | None = None
        row, group = 0, ""
        for field in self._fields:
            opens = ""
            if field.group != group:
                hole, group, opens = None, field.group, field.group
                row += 1 if opens else 0
            is_wide = field.entry in WIDE or (field.required and field.entry is Entry.TEXT)
            if self._is_flat or not is_wide:
                at = hole or (row, 0)
                places.append(_Place(field, *at, 1, opens))
                if hole is None:
                    row += 1
                hole = (at[0], at[1] + 1) if at[1] + 1 < self._columns else None
            else:
                places.append(_Place(field, row, 0, self._columns, opens))
                row += 1
        return sorted(places, key=lambda place: (place.row, place.column))

    def _group_heading(self, group: str) -> QWidget:
        holder = QWidget()
        label = named(QLabel(group), f"group_{GROUP_CODES.get(group, group)}")
        label.setProperty("role", "heading")
        words = named(ToneLabel(), f"message_{GROUP_CODES.get(group, group)}")
        self._words[GROUP_CODES.get(group, group)] = words
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 6, 0, 0)
        column.setSpacing(3)
        column.addWidget(label)
        column.addWidget(words)
        return holder

    def _cell(self, field: EntryField, tasks: Offered, single_task: bool) -> QVBoxLayout:
        editor = editor_for(field, tasks, single_task=single_task)
        editor.left.connect(lambda: self._take(field))
        editor.typing.connect(lambda: self._typing(field))
        label = named(
            QLabel(f"{field.title}{' *' if field.required else ''}"), f"label_{field.code}"
        )
        label.setProperty("role", "muted")
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.setBuddy(editor.inner)
        words = named(ToneLabel(), f"message_{field.code}")
        earlier = named(ToneLabel(), f"earlier_{field.code}")
        self._editors[field.code] = editor
        self._words[field.code] = words
        self._earlier[field.code] = earlier
        column = QVBoxLayout()
        column.setSpacing(3)
        for widget in (label, editor, words, earlier):
            column.addWidget(widget)
        column.addStretch()
        return column

    # What the person does

    def _take(self, field: EntryField) -> None:
        """A field was left: tell of its new text, or keep it as a draft with the reason."""
        record = self._record
        if record is None:
            return
        editor = self._editors[field.code]
        text = editor.text()
        draft = self._draft_of(field)
        if draft and draft.reason and draft.text == text:
            return
        if text == field.read(record):
            self._forget_draft(field)
            editor.set_stored(text)
            return
        try:
            after = field.write(record, text)
            problem = "" if after == record else self._obstacle(after)
        except Unreadable as wrong:
            after, problem = record, str(wrong)
        if problem:
            if self._drafts:
                self._drafts.keep(record, field.code, text, problem)
            return
        self._record = after
        editor.set_stored(field.read(after))
        self._forget_draft(field)
        if after == record and self._is_stored:
            self._show_findings()
        else:
            self.edited.emit(record, after, field.title)

    def _typing(self, field: EntryField) -> None:
        """A key was pressed in a field: what stands there must outlive a crash."""
        editor = self._editors[field.code]
        if self._record is not None and self._drafts and editor.is_touched():
            self._drafts.typing(self._record, field.code, editor.text())

    def _draft_of(self, field: EntryField) -> Draft | None:
        if self._drafts is None or self._record is None:
            return None
        return self._drafts.of(self._record.id, field.code)

    def _forget_draft(self, field: EntryField) -> None:
        if self._drafts and self._record is not None:
            self._drafts.drop([self._record.id], field.code)

    def _drafts_changed(self) -> None:
        """Show what was kept, and the stored text where a draft is gone."""
        if self._record is None:
            return
        for field in self._fields:
            editor = self._editors[field.code]
            if editor.is_touched() and not editor.inner.hasFocus():
                self._show_field(field)
        self._show_findings()

    def _show_field(self, field: EntryField) -> None:
        """Show a field's draft, or its stored text."""
        editor = self._editors[field.code]
        editor.set_stored(field.read(self._record))
        draft = self._draft_of(field)
        if draft:
            editor.show_text(draft.text)

    def _show_findings(self) -> None:
        """Each finding at its field; those of the whole record on top."""
        if self._record is None:
            return
        worst = {severity: number for number, severity in enumerate(Severity)}
        by_field: dict[str, list[Finding]] = {}
        for finding in self._findings:
            place = finding.where.field if finding.where.field in self._words else ""
            by_field.setdefault(place, []).append(finding)
        for code, words in self._words.items():
            found = sorted(by_field.get(code, ()), key=lambda f: worst[f.severity])
            draft = self._drafts.of(self._record.id, code) if self._drafts else None
            texts = [said_of(draft)] if draft else []
            texts += [finding.message for finding in found]
            is_wrong = bool(draft) or any(f.severity is Severity.ERROR for f in found)
            tone = Tone.BAD if is_wrong else TONES[found[0].severity] if found else Tone.QUIET
            words.say("\n".join(texts), tone)
            if code in self._editors:
                self._editors[code].mark(is_wrong)
        general = sorted(by_field.get("", ()), key=lambda f: worst[f.severity])
        self._whole.say(
            "\n".join(finding.message for finding in general),
            TONES[general[0].severity] if general else Tone.QUIET,
        )
