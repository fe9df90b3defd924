"""任务进展: one row for each task of the unit, with last month's words beside this month's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QPushButton

from rongchang_desk.app import record as app_record
from rongchang_desk.app.fields import blank, fields_of
from rongchang_desk.domain.finding import Finding, Severity, Where
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.plan import Task
from rongchang_desk.domain.records import Progress, State, Status
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.page import Context
from rongchang_desk.ui.tables import Align, Cell, Column, Table
from rongchang_desk.ui.theme import Tone
from rongchang_desk.ui.unit.cards import Card
from rongchang_desk.ui.unit.editing_page import EditingPage
from rongchang_desk.ui.unit.findings import heaviest
from rongchang_desk.ui.unit.form import RecordForm

STATUS_WORDS = {
    Status.NOT_STARTED: "○ 未启动",
    Status.UNDER_WAY: "→ 进行中",
    Status.DONE: "✓ 已完成",
    Status.BEHIND: "! 滞后",
    Status.NOT_APPLICABLE: "— 不涉及",
    None: "未报",
}
STATUS_TONES = {
    Status.NOT_STARTED: Tone.QUIET,
    Status.UNDER_WAY: Tone.BUSY,
    Status.DONE: Tone.GOOD,
    Status.BEHIND: Tone.BAD,
    Status.NOT_APPLICABLE: Tone.QUIET,
    None: Tone.WARN,
}

STATE_TONES = {Severity.ERROR: Tone.BAD, Severity.WARNING: Tone.WARN, None: Tone.GOOD}
STATE_WORDS = {Severity.ERROR: "! 有误", Severity.WARNING: "! 提醒", None: "✓"}


@dataclass(frozen=True)
class TaskRow:
    """One task with what was said about it this month and last month."""

    task: Task
    is_lead: bool
    record: Progress | None
    earlier: Progress | None
    findings: tuple[Finding, ...]

    @property
    def status(self) -> Status | None:
        return self.record.status if self.record else None

    @property
    def state(self) -> Severity | None:
        if self.record is None:
            return Severity.WARNING if self.is_lead else None
        return heaviest(self.findings)


def percent_of(row: TaskRow) -> float | None:
    """The bar's length; None draws no bar."""
    number = row.record.percent.number if row.record else None
    return float(number) if number is not None else None


def percent_text(row: TaskRow) -> str:
    """`80%`, or which kind of nothing it is."""
    if row.record is None:
        return "—"
    value = row.record.percent
    return f"{value}%" if value.state in (State.VALUE, State.ZERO) else str(value)


class ProgressPage(EditingPage):
    """Progress of the unit's tasks in a month; lead tasks first."""

    title = "任务进展"
    help_topic = "progress"
    search_hint = "搜索任务、工作情况"

    def __init__(self, context: Context) -> None:
        super().__init__(context, "progress", "progress")
        self._blanks: dict[tuple[Month, int], Progress] = {}
        self._next = self.new_action(
            "下一项未报(&N)", self._go_to_next, name="progress_next", shortcut="F8",
            tip="跳到下一项还没有填的任务（F8）", primary=True,
        )  # fmt: skip
        self.listen(self._next)
        table = Table(
            (
                Column("任务", lambda row: row.task.no, align=Align.CENTER, width=54, key="no"),
                Column(
                    "名称",
                    lambda row: row.task.title,
                    stretch=True,
                    tip=lambda row: row.task.text,
                ),
                Column(
                    "身份",
                    lambda row: "主办" if row.is_lead else "协办",
                    cell=Cell.PILL,
                    tone=lambda row: Tone.BUSY if row.is_lead else Tone.QUIET,
                    align=Align.CENTER,
                    width=66,
                ),
                Column(
                    "状态",
                    lambda row: STATUS_WORDS[row.status],
                    cell=Cell.PILL,
                    tone=lambda row: STATUS_TONES[row.status],
                    width=98,
                ),
                Column(
                    "完成比例", percent_of, text=percent_text, cell=Cell.BAR, width=136,
                    tone=lambda row: STATUS_TONES[row.status],
                ),
                _words("本月工作情况", "done", 190),
                _words("下一步打算", "next", 130),
                Column(
                    "检查",
                    lambda row: STATE_WORDS[row.state],
                    cell=Cell.PILL,
                    tone=lambda row: STATE_TONES[row.state],
                    align=Align.CENTER,
                    width=82,
                    tip=lambda row: "\n".join(finding.message for finding in row.findings),
                ),
            ),
            name="progress_table",
            accessible="任务进展",
            empty="方案没有给本单位分配任务。",
            settings=context.settings,
            identity=lambda row: row.task.no,
        )  # fmt: skip
        table.row_chosen.connect(self._row_chosen)
        table.row_activated.connect(lambda _: self.form.focus_field("status"))
        form = RecordForm(
            "progress_form",
            empty="选择一项任务，在这里填写进展。",
            obstacle=self.obstacle,
            columns=2,
            flat=True,
        )
        self._as_before = named(QPushButton("沿用上月(&U)"), "progress_as_before")
        self._as_before.setToolTip("把上月的状态、比例和文字抄到本月，再作修改")
        self._as_before.clicked.connect(self._copy_earlier)
        form.buttons.addWidget(self._as_before)
        form.set_fields(fields_of(context.desk.plan, "progress"))
        self.put_table_together(table, form, "progress", below=True)
        self._fields = fields_of(context.desk.plan, "progress")

    # Page

    def page_actions(self) -> list[QAction]:
        return [self._next, self.undo_action, self.redo_action]

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
        self._show(self._shown_task())

    def show_target(self, target: object) -> None:
        if not isinstance(target, Where):
            return
        wanted = target.field if not target.record else ""
        for row in self.table.table_model.rows:
            held = (row.record or self._blank(row.task.no)).id
            if str(row.task.no) == wanted or held == target.record:
                self._show(row.task.no)
                self.form.focus_field(target.field if target.record else "status")
                return

    def narrowed(self, *, is_wide: bool) -> None:
        for number, column in enumerate(self.table.table_model.columns):
            if column.name in ("本月工作情况", "下一步打算"):
                self.table.setColumnHidden(number, not is_wide)

    # Showing

    def reload(self, *, keep: bool = True) -> None:
        shown = self._shown_task() if keep else 0
        rows = self._rows()
        self._showing += 1
        self.table.set_rows(rows)
        self._showing -= 1
        self.cards.set_cards(self._card_values(rows))
        self._next.setEnabled(any(row.record is None for row in rows))
        self._show(shown)

    def _rows(self) -> tuple[TaskRow, ...]:
        desk, month = self.context.desk, self.context.month
        plan, unit = desk.plan, desk.unit_code
        # The last of a month's records wins where there are several; the checks tell of them.
        now = {p.task: p for p in app_record.of_month(desk, month).progress}
        before = {p.task: p for p in app_record.of_month(desk, month.previous).progress}
        asked = {task.no: task for task in plan.tasks_of(unit, month)}
        asked |= {no: plan.task(no) for no in now if plan.has_task(no)}
        tasks = sorted(asked.values(), key=lambda task: task.lead != unit)
        return tuple(
            TaskRow(
                task,
                task.lead == unit,
                now.get(task.no),
                before.get(task.no),
                app_record.judge(desk, now[task.no]) if task.no in now else (),
            )
            for task in tasks
        )

    def _card_values(self, rows: Sequence[TaskRow]) -> Sequence[Card]:
        def count(*statuses: Status | None) -> int:
            return sum(row.status in statuses for row in rows)

        missing = count(None)
        return (
            Card(str(len(rows)), f"任务总数，其中主办 {sum(row.is_lead for row in rows)}"),
            Card(str(count(Status.DONE)), "已完成", Tone.GOOD),
            Card(str(count(Status.UNDER_WAY, Status.NOT_STARTED)), "进行中、未启动", Tone.BUSY),
            Card(str(count(Status.BEHIND)), "滞后", Tone.BAD if count(Status.BEHIND) else None),
            Card(str(missing), "本月未报", Tone.WARN if missing else None),
        )

    def _shown_task(self) -> int:
        record = self.form.record
        return record.task if isinstance(record, Progress) else 0

    def _show(self, task: int) -> None:
        """Choose a task and show its form; the first of the table when it is not there."""
        rows = self.table.table_model.rows
        row = next((r for r in rows if r.task.no == task), next(iter(rows), None))
        if row is None:
            self.form.bind(None)
            return
        self._showing += 1
        self.table.choose(row.task.no, max(self.table.currentIndex().column(), 0))
        self._showing -= 1
        role = "主办" if row.is_lead else "协办"
        self.form.bind(
            row.record or self._blank(row.task.no),
            row.findings,
            heading=f"任务 {row.task.no}　{row.task.title}（{role}）",
            earlier=row.earlier,
            stored=row.record is not None,
        )
        self._as_before.setEnabled(row.earlier is not None)

    def _row_chosen(self, row: TaskRow | None) -> None:
        if self._showing or row is None or row.task.no == self._shown_task():
            return
        self.form.commit()
        self._show(row.task.no)

    # What the person does

    def _blank(self, task: int) -> Progress:
        key = (self.context.month, task)
        if key not in self._blanks:
            record_id = self.drafts.begun(str(task)) or self.context.desk.new_id()
            made: Any = blank("progress", record_id, self.context.month.first_day, str(task))
            self._blanks[key] = made
        return self._blanks[key]

    def _edited(self, before: Progress, after: Progress, title: str) -> None:
        stored = app_record.get(self.context.desk, before.id) is not None
        text = f"任务 {after.task} 的“{title}”"
        self.push(text, (before,) if stored else (), (after,))

    def _copy_earlier(self) -> None:
        self.form.commit()
        row = self.table.current_row()
        if row is None or row.earlier is None:
            return
        now = row.record or self._blank(row.task.no)
        after = replace(
            now,
            status=row.earlier.status,
            done=row.earlier.done,
            next=row.earlier.next,
            percent=row.earlier.percent,
        )
        if after != row.record:
            self.push(f"任务 {row.task.no} 沿用上月", (row.record,) if row.record else (), (after,))
            self.context.notify("已沿用上月，请按本月情况修改；按 Ctrl+Z 撤销。")

    def _go_to_next(self) -> None:
        self.form.commit()
        rows = self.table.table_model.rows
        at = next((n for n, r in enumerate(rows) if r.task.no == self._shown_task()), -1)
        for row in (*rows[at + 1 :], *rows[: at + 1]):
            if row.record is None:
                self._show(row.task.no)
                self.form.focus_field("status")
                return
        self.context.notify("本月各项任务都已填写。")


def _words(title: str, code: str, width: int) -> Column:
    def shown(row: TaskRow) -> str:
        return " ".join(str(getattr(row.record, code)).split()) if row.record else "—"

    return Column(
        title,
        lambda row: getattr(row.record, code) if row.record else None,
        text=shown,
        tone=lambda row: None if row.record else Tone.QUIET,
        width=width,
        tip=lambda row: getattr(row.record, code) if row.record else "",
    )
