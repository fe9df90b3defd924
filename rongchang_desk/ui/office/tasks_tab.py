"""The tasks of the district board by light, and every unit's latest report behind a light."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from rongchang_desk.app import task_board
from rongchang_desk.app.task_board import TaskLine, UnitTask
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.task_light import TaskLight
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.office.newest_read import NewestRead
from rongchang_desk.ui.office.original_dialog import show_original
from rongchang_desk.ui.office.two_tables import TwoTables
from rongchang_desk.ui.page import Context
from rongchang_desk.ui.tables import Align, Cell, Column, Table
from rongchang_desk.ui.theme import Tone

LIGHTS = {
    TaskLight.OVERDUE: ("■ 红 逾期", Tone.BAD),
    TaskLight.BEHIND: ("▲ 黄 滞后", Tone.WARN),
    TaskLight.NEAR: ("◆ 蓝 临期", Tone.BUSY),
    TaskLight.STEADY: ("● 正常", Tone.GOOD),
    TaskLight.DONE: ("✓ 已完成", Tone.GOOD),
    TaskLight.SILENT: ("○ 未报", Tone.QUIET),
    TaskLight.NOT_APPLICABLE: ("－ 不涉及", Tone.QUIET),
}
ORDER = list(TaskLight)


def _light_column(title: str = "亮灯") -> Column:
    return Column(title, lambda r: ORDER.index(r.light), lambda r: LIGHTS[r.light][0],
                  cell=Cell.PILL, tone=lambda r: LIGHTS[r.light][1], width=112)  # fmt: skip


def _count(light: TaskLight) -> Column:
    """How many units stand there; a true zero is a quiet 0."""
    sign = LIGHTS[light][0].split(" ")[0]
    return Column(
        f"{sign} {light.label}",
        lambda r: r.counts.get(light, 0),
        tone=lambda r: LIGHTS[light][1] if r.counts.get(light, 0) else Tone.QUIET,
        align=Align.END,
        width=78,
        stretch=light is TaskLight.SILENT,
    )


def _percent(row: UnitTask) -> str:
    """Per cent in its four states: a value, a true zero, 不涉及, 未报."""
    if row.progress is None:
        return "未报"
    percent = row.progress.percent
    return f"{percent}%" if percent.number is not None else str(percent)


TASK_COLUMNS = (
    Column("序号", lambda r: r.task.no, align=Align.CENTER, width=56),
    Column("重点任务", lambda r: r.task.title, width=250,
           tip=lambda r: f"{r.group}\n{r.task.title}"),
    Column("主办单位", lambda r: r.lead, width=122),
    _light_column("主办亮灯"),
    _count(TaskLight.OVERDUE), _count(TaskLight.BEHIND), _count(TaskLight.NEAR),
    _count(TaskLight.DONE), _count(TaskLight.SILENT),
)  # fmt: skip
UNIT_COLUMNS = (
    Column("单位", lambda r: (not r.is_lead, r.name),
           lambda r: f"{r.name}（主办）" if r.is_lead else r.name, width=160),
    _light_column(),
    Column("状态", lambda r: r.progress.status.label if r.progress else "未报", width=76),
    Column("完成", lambda r: r.progress.percent.number if r.progress else None, _percent,
           cell=Cell.BAR, tone=lambda r: LIGHTS[r.light][1], width=112),
    Column("月份", lambda r: str(r.progress.month) if r.progress else "", width=84),
    Column("工作情况", lambda r: r.progress.done if r.progress else "这个单位没有报过这项任务",
           stretch=True, tip=lambda r: r.progress.done if r.progress else ""),
)  # fmt: skip


class TasksTab(QWidget):
    """Tasks above, the chosen one's units below; Enter opens the return at its page."""

    shown = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setObjectName("tasks_tab")
        self._context = context
        self._month: Month | None = None
        self._read = NewestRead(context, "读取任务亮灯")
        settings = context.settings
        self._summary = named(QLabel(), "lights_summary")
        self._summary.setProperty("role", "muted")
        self._summary.setWordWrap(True)
        self._tasks = Table(
            TASK_COLUMNS, name="task_lights", accessible="任务亮灯", empty="正在计算…",
            settings=settings, identity=lambda r: r.task.no,
        )  # fmt: skip
        self._units = Table(
            UNIT_COLUMNS, name="task_units", accessible="各单位进展", empty="请选择一项任务。",
            settings=settings, identity=lambda r: r.unit,
        )  # fmt: skip
        self._tasks.row_chosen.connect(self._show_units)
        self._tasks.row_activated.connect(lambda _: self._units.setFocus())
        self._units.row_activated.connect(self._open)
        split = TwoTables(
            self._tasks, self._units, name="tasks_split", heading="task_units_title",
            sizes=(330, 220),
        )  # fmt: skip
        self._title = split.heading
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._summary)
        column.addWidget(split, 1)

    def show_month(self, month: Month) -> None:
        """Show a month's lights; read at once when the tab is seen, else when it is."""
        self._month = month
        if self.isVisible():
            self._ask()

    def search(self, text: str) -> None:
        self._tasks.set_filter(text)

    def showEvent(self, event: object) -> None:
        del event
        self._ask()

    def _ask(self) -> None:
        month = self._month
        if month is not None:
            self._read.run(
                lambda desk, _: task_board.tasks(desk, month),
                lambda lines: self._arrived(month, lines),
            )

    def _arrived(self, month: Month, lines: tuple[TaskLine, ...]) -> None:
        self._tasks.set_rows(lines)
        if self._tasks.current_row() is None and lines:
            self._tasks.choose(lines[0].task.no)
        counts = {light: sum(line.light is light for line in lines) for light in TaskLight}
        told = "，".join(f"{LIGHTS[one][0]} {n} 项" for one, n in counts.items() if n)
        gone = task_board.expected_share(self._context.desk.plan, month)
        self._summary.setText(f"按主办单位：{told}。方案时间已过 {gone}%。")
        self.shown.emit()

    def _show_units(self, line: TaskLine | None) -> None:
        self._title.setText(f"任务{line.task.no} {line.task.title}" if line else "")
        self._units.set_rows(line.units if line else ())

    def _open(self, row: UnitTask) -> None:
        if row.digest and row.progress:
            show_original(self._context, self, row.digest, row.progress.id)
        else:
            self._context.notify(f"{row.name}没有报过这项任务。")
