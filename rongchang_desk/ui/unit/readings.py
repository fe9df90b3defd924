"""指标读数: the targets this unit owns, with last month's value and the plan's goal beside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel

from rongchang_desk.app import record as app_record
from rongchang_desk.app.fields import blank, fields_of
from rongchang_desk.domain.finding import Finding, Severity, Where
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.plan import Plan, Target, TargetKind
from rongchang_desk.domain.records import NOT_REPORTED, Reading, State, Value
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.page import Context
from rongchang_desk.ui.tables import Align, Cell, Column, Table
from rongchang_desk.ui.theme import Tone
from rongchang_desk.ui.unit.cards import Card
from rongchang_desk.ui.unit.editing_page import EditingPage
from rongchang_desk.ui.unit.findings import heaviest
from rongchang_desk.ui.unit.form import RecordForm


@dataclass(frozen=True)
class TargetRow:
    """One target with this month's reading and last month's."""

    target: Target
    record: Reading | None
    earlier: Reading | None
    findings: tuple[Finding, ...]

    def value(self, reading: Reading | None) -> Value:
        """The first number of a reading, which the table shows."""
        return reading.get(self.target.columns()[0].code) if reading else NOT_REPORTED

    @property
    def given(self) -> int:
        """How many numbers of this month's reading are filled in or marked 不涉及."""
        return len(self.record.values) if self.record else 0

    @property
    def state(self) -> str:
        if heaviest(self.findings) is Severity.ERROR:
            return "! 有误"
        if self.record is None:
            return "未报"
        return "✓ 已填" if self.given >= len(self.target.columns()) else "→ 未填全"


STATE_TONES = {
    "! 有误": Tone.BAD,
    "未报": Tone.WARN,
    "✓ 已填": Tone.GOOD,
    "→ 未填全": Tone.BUSY,
}
VALUE_TONES = {
    State.VALUE: None,
    State.ZERO: Tone.BUSY,
    State.NOT_APPLICABLE: Tone.QUIET,
    State.NOT_REPORTED: Tone.WARN,
}


def number_text(value: Value) -> str:
    """A number with thousands, 0 for a true zero, 不涉及 or 未报."""
    return f"{value.number:,}" if value.number is not None else str(value)


def goal_text(target: Target) -> str:
    """`900 件，2026年12月前`; what the plan leaves open is said so."""
    if target.goal is None:
        return "未设目标"
    is_percent = target.kind in (TargetKind.GROWTH, TargetKind.RATIO)
    number = f"{target.goal:,}{'%' if is_percent else f' {target.unit}'}"
    return f"{number}，{target.by.label}前" if target.by else number


class ReadingsPage(EditingPage):
    """Readings of the unit's own targets; others are not asked for."""

    title = "指标读数"
    help_topic = "readings"
    search_hint = "搜索指标"

    def __init__(self, context: Context) -> None:
        super().__init__(context, "readings", "reading")
        plan = context.desk.plan
        self._targets = plan.targets_of(context.desk.unit_code)
        self._blanks: dict[tuple[Month, str], Reading] = {}
        self._code = ""
        table = Table(
            (
                Column(
                    "指标", lambda row: row.target.title, stretch=True,
                    tip=lambda row: f"{row.target.title}\n{row.target.note}".strip(),
                ),
                Column(
                    "上月", lambda row: row.value(row.earlier).number,
                    text=lambda row: number_text(row.value(row.earlier)) if row.earlier else "—",
                    tone=lambda _: Tone.QUIET, align=Align.END, width=86,
                ),
                Column(
                    "本月", lambda row: row.value(row.record).number,
                    text=lambda row: number_text(row.value(row.record)),
                    tone=lambda row: VALUE_TONES[row.value(row.record).state],
                    align=Align.END, width=86,
                ),
                Column(
                    "目标", lambda row: goal_text(row.target).split("，")[0], width=104,
                    tip=_goal_tip,
                ),
                Column(
                    "状态", lambda row: row.state, cell=Cell.PILL,
                    tone=lambda row: STATE_TONES[row.state], align=Align.CENTER, width=92,
                    tip=lambda row: "\n".join(finding.message for finding in row.findings),
                ),
            ),
            name="readings_table",
            accessible="指标读数",
            empty=nobody_asks(plan, context.desk.unit_code),
            settings=context.settings,
            identity=lambda row: (row.target.code, row.record.id if row.record else ""),
        )  # fmt: skip
        table.row_chosen.connect(self._row_chosen)
        table.row_activated.connect(self._enter_form)
        form = RecordForm(
            "readings_form", empty="选择一项指标，在这里填写读数。", obstacle=self.obstacle
        )
        self._goal = named(QLabel(), "readings_goal")
        self._goal.setProperty("role", "muted")
        self._goal.setTextFormat(Qt.TextFormat.PlainText)
        form.buttons.addWidget(self._goal)
        self.put_table_together(table, form, "readings")
        if not self._targets:
            form.hide()

    # Page

    def page_actions(self) -> list[QAction]:
        return [self.undo_action, self.redo_action]

    def refresh(self) -> None:
        self.drafts.load(self.context.month)
        self.reload()

    def show_month(self, month: Month) -> None:
        del month
        self.form.commit()
        self.refresh()

    def search(self, text: str) -> None:
        self._showing += 1
        self.table.set_filter(text)
        self._showing -= 1
        self._show(self._code, self._shown_id())

    def show_target(self, target: object) -> None:
        if not isinstance(target, Where):
            return
        for row in self.table.table_model.rows:
            held = (row.record or self._blank(row.target.code)).id
            is_meant = held == target.record if target.record else row.target.code == target.field
            if is_meant:
                self._show(row.target.code, held)
                first = row.target.columns()[0].code
                self.form.focus_field(target.field if target.record else first)
                return

    # Showing

    def reload(self, *, keep: bool = True) -> None:
        shown = self._shown_id() if keep else ""
        rows = self._rows()
        self._showing += 1
        self.table.set_rows(rows)
        self._showing -= 1
        self.cards.set_cards(_card_values(rows))
        self._show(self._code, shown)

    def _rows(self) -> tuple[TargetRow, ...]:
        desk, month = self.context.desk, self.context.month
        now = app_record.of_month(desk, month).readings
        before = {r.target: r for r in app_record.of_month(desk, month.previous).readings}
        rows = []
        for target in self._targets:
            own: tuple[Reading | None, ...] = tuple(r for r in now if r.target == target.code)
            rows += [
                TargetRow(
                    target,
                    reading,
                    before.get(target.code),
                    app_record.judge(desk, reading) if reading else (),
                )
                for reading in own or (None,)
            ]
        return tuple(rows)

    def _shown_id(self) -> str:
        return self.form.record.id if self.form.record is not None else ""

    def _show(self, code: str, record_id: str) -> None:
        """Show a target's reading; the first of the table when it is not there."""
        rows = self.table.table_model.rows
        same = [row for row in rows if row.target.code == code]
        row = next((r for r in same if r.record and r.record.id == record_id), None)
        row = row or next(iter(same), None) or next(iter(rows), None)
        if row is None:
            self.form.bind(None)
            return
        self._showing += 1
        self.table.choose(
            (row.target.code, row.record.id if row.record else ""),
            max(self.table.currentIndex().column(), 0),
        )
        if row.target.code != self._code:
            self._code = row.target.code
            self.form.set_fields(fields_of(self.context.desk.plan, "reading", self._code))
        self._showing -= 1
        self._goal.setText(f"目标 {goal_text(row.target)}" if row.target.goal else "")
        self.form.bind(
            row.record or self._blank(row.target.code),
            row.findings,
            heading=row.target.title,
            earlier=row.earlier,
            stored=row.record is not None,
        )

    def _row_chosen(self, row: TargetRow | None) -> None:
        if self._showing or row is None:
            return
        record_id = row.record.id if row.record else self._blank(row.target.code).id
        if record_id != self._shown_id():
            self.form.commit()
            self._show(row.target.code, record_id)

    # What the person does

    def _enter_form(self, row: TargetRow) -> None:
        self.form.focus_field(row.target.columns()[0].code)

    def _blank(self, code: str) -> Reading:
        key = (self.context.month, code)
        if key not in self._blanks:
            record_id = self.drafts.begun(code) or self.context.desk.new_id()
            made: Any = blank("reading", record_id, self.new_day(), code)
            self._blanks[key] = made
        return self._blanks[key]

    def _edited(self, before: Reading, after: Reading, title: str) -> None:
        stored = app_record.get(self.context.desk, before.id) is not None
        self.push(f"读数“{title}”", (before,) if stored else (), (after,))


def nobody_asks(plan: Plan, unit: str) -> str:
    """What a unit without targets of its own is told: who reports them."""
    owners = dict.fromkeys(
        plan.name_of(target.owner) for target in plan.targets if target.owner and target.columns()
    )
    told = f"本区指标读数由{'、'.join(owners)}填报。" if owners else ""
    return f"{plan.name_of(unit)}没有需要填报读数的指标，这一页不用填写。\n{told}"


def _goal_tip(row: TargetRow) -> str:
    kind = row.target.kind.label
    base = row.target.baseline
    return f"{kind}指标，{goal_text(row.target)}" + (
        f"，基期 {base:,}" if isinstance(base, Decimal) else ""
    )


def _card_values(rows: Sequence[TargetRow]) -> Sequence[Card]:
    if not rows:
        return ()
    states = [row.state for row in rows]
    missing, partly = states.count("未报"), states.count("→ 未填全")
    wrong = states.count("! 有误")
    return (
        Card(str(len({row.target.code for row in rows})), "本单位负责的指标"),
        Card(str(states.count("✓ 已填")), "已填", Tone.GOOD),
        Card(str(partly), "未填全", Tone.BUSY if partly else None),
        Card(str(missing), "本月未报", Tone.WARN if missing else None),
        Card(str(wrong), "填写有误", Tone.BAD if wrong else None),
    )
