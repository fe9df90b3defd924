"""方案参数: the plan as it is in force; what it assumes is marked for the office to confirm."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QLabel, QTabWidget, QVBoxLayout

from rongchang_desk.app.board import with_unit
from rongchang_desk.app.plan_view import Parameter, parameters
from rongchang_desk.domain.plan import TO_CONFIRM, Plan, Target, Task
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.page import Context, Page
from rongchang_desk.ui.tables import Align, Cell, Column, Table
from rongchang_desk.ui.theme import Tone

MARK = f"？ {TO_CONFIRM}"


@dataclass(frozen=True)
class TargetRow:
    """A target and what about it is assumed."""

    target: Target
    owner: str
    assumed: str


@dataclass(frozen=True)
class TaskRow:
    """A task and what about it is assumed."""

    task: Task
    lead: str
    support: str
    assumed: str


def _goal(target: Target) -> str:
    return with_unit(target.goal, target)


def _mark(row: TargetRow | TaskRow | Parameter) -> str:
    return MARK if row.assumed else "✓ 方案原文"


def _tone(row: TargetRow | TaskRow | Parameter) -> Tone:
    return Tone.WARN if row.assumed else Tone.GOOD


MARK_COLUMN = Column("依据", lambda row: not row.assumed, _mark, cell=Cell.PILL, tone=_tone,
                     width=196, tip=lambda row: row.assumed or "方案原文写明")  # fmt: skip
TARGET_COLUMNS = (
    Column("指标", lambda r: r.target.title, width=276,
           tip=lambda r: "\n".join(filter(None, (r.target.title, r.target.note)))),
    Column("类型", lambda r: r.target.kind.label, width=84),
    Column("目标值", lambda r: r.target.goal, lambda r: _goal(r.target), align=Align.END,
           width=104),
    Column("完成期限", lambda r: str(r.target.by or ""),
           lambda r: r.target.by.label if r.target.by else "—", width=104),
    Column("责任单位", lambda r: r.owner, lambda r: r.owner or "—", width=108),
    Column("出处", lambda r: r.target.section, stretch=True, tip=lambda r: r.target.section),
    MARK_COLUMN,
)  # fmt: skip
TASK_COLUMNS = (
    Column("序号", lambda r: r.task.no, align=Align.CENTER, width=60),
    Column("重点任务", lambda r: r.task.title, width=250, tip=lambda r: _wrapped(r.task.text)),
    Column("主办单位", lambda r: r.lead, width=130),
    Column("协办单位", lambda r: r.support, stretch=True, tip=lambda r: r.support),
    MARK_COLUMN,
)  # fmt: skip
PARAMETER_COLUMNS = (
    Column("参数", lambda p: p.title, width=180),
    Column("现行取值", lambda p: p.value, stretch=True, tip=lambda p: _wrapped(p.value)),
    MARK_COLUMN,
)
ASSUMED_COLUMNS = (
    Column("参数", lambda p: p.title, width=290, tip=lambda p: p.title),
    Column("现行取值", lambda p: p.value, width=190, tip=lambda p: _wrapped(p.value)),
    Column("为什么要确认", lambda p: p.assumed, stretch=True, tip=lambda p: p.assumed),
)


def _wrapped(text: str, width: int = 40) -> str:
    """A long text in lines, for a tooltip."""
    return "\n".join(text[at : at + width] for at in range(0, len(text), width))


class PlanPage(Page):
    """Four tables: targets, tasks, other parameters, and all that wants confirming."""

    title = "方案参数"
    help_topic = "office-plan"
    has_month = False
    search_hint = "搜索指标、任务、单位"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._about = named(QLabel(), "plan_about")
        self._about.setTextFormat(Qt.TextFormat.PlainText)
        self._about.setWordWrap(True)
        self._about.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        card = QFrame()
        card.setProperty("role", "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(16, 10, 16, 10)
        inside.addWidget(self._about)
        settings = context.settings
        self._targets = Table(TARGET_COLUMNS, name="plan_targets", accessible="指标",
                              empty="方案没有指标。", settings=settings)  # fmt: skip
        self._tasks = Table(TASK_COLUMNS, name="plan_tasks", accessible="重点任务",
                            empty="方案没有任务。", settings=settings)  # fmt: skip
        self._parameters = Table(PARAMETER_COLUMNS, name="plan_parameters", accessible="期限和分类",
                                 empty="方案没有其他参数。", settings=settings)  # fmt: skip
        self._assumed = Table(ASSUMED_COLUMNS, name="plan_assumed", accessible="待确认的参数",
                              empty="没有待确认的参数。", settings=settings)  # fmt: skip
        self._tabs = named(QTabWidget(), "plan_tabs")
        self._tabs.setDocumentMode(True)
        self._tabs.tabBar().setDrawBase(False)
        for table, label in (
            (self._targets, "指标(&T)"),
            (self._tasks, "重点任务(&K)"),
            (self._parameters, "期限与分类(&D)"),
            (self._assumed, "待确认(&Q)"),
        ):
            self._tabs.addTab(table, label)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(card)
        column.addWidget(self._tabs, 1)

    def subtitle(self) -> str:
        count = len(self.context.desk.plan.assumed)
        return f"方案没有写明的 {count} 处参数{TO_CONFIRM}" if count else "全部参数依方案原文"

    def page_actions(self) -> list[QAction]:
        return []

    def refresh(self) -> None:
        plan = self.context.desk.plan
        self._about.setText(
            f"{plan.title}\n{plan.issued_by}，{plan.issued_on} 印发；"
            f"实施期 {plan.first_month.label}至{plan.last_month.label}；"
            f"任务包第 {plan.version} 版，指纹 {self.context.desk.plan_digest[:16]}…"
        )
        self._targets.set_rows(
            TargetRow(t, plan.name_of(t.owner), _assumed(plan, f"targets.{t.code}."))
            for t in plan.targets
        )
        self._tasks.set_rows(
            TaskRow(
                t,
                plan.name_of(t.lead),
                "、".join(map(plan.name_of, t.support)),
                _assumed(plan, f"tasks.{t.no}."),
            )
            for t in plan.tasks
        )
        every = parameters(plan)
        self._parameters.set_rows(p for p in every if p.path.startswith("plan."))
        self._assumed.set_rows(p for p in every if p.assumed)
        self._tabs.setTabText(3, f"待确认 {len(plan.assumed)}(&Q)")

    def search(self, text: str) -> None:
        for table in (self._targets, self._tasks, self._parameters, self._assumed):
            table.set_filter(text)


def _assumed(plan: Plan, prefix: str) -> str:
    """Why parts of a target or task are assumed, each reason once; empty when none is."""
    notes: Iterable[str] = (a.note for a in plan.assumed if a.path.startswith(prefix))
    return "；".join(dict.fromkeys(notes))
