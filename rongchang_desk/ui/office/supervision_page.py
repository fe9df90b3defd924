"""督办: every case with its light, due day and history, and what the office may do about it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSplitter, QTabBar, QVBoxLayout, QWidget

from rongchang_desk.app import correspondence, parcel_opening, parcels, supervision
from rongchang_desk.app.desk import Desk
from rongchang_desk.app.parcels import Written
from rongchang_desk.app.supervision import Case, Event, Sort
from rongchang_desk.domain.matter import Light, Stage
from rongchang_desk.ui import files
from rongchang_desk.ui.action_button import ActionButton
from rongchang_desk.ui.dialogs.parameters import ask_parameters
from rongchang_desk.ui.letters import LIGHT_TONES, light_text
from rongchang_desk.ui.messages import Banner
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.office import letter_forms, supervision_forms
from rongchang_desk.ui.office.feedback import open_feedback
from rongchang_desk.ui.office.newest_read import NewestRead
from rongchang_desk.ui.office.summary_cards import Card, SummaryCards
from rongchang_desk.ui.page import Context, Page
from rongchang_desk.ui.tables import Cell, Column, Table
from rongchang_desk.ui.theme import Tone
from rongchang_desk.ui.unit.preview import show_in_dialog

ORDER = (Light.OVERDUE, Light.BEHIND, Light.NEAR, Light.ANSWERED, Light.OPEN, Light.CLOSED)


class Scope(NamedTuple):
    """One side of the list: which cases it keeps."""

    label: str
    keep: Callable[[Case], bool] | None


def waits_for_office(case: Case) -> bool:
    """Whether the next step is the office's."""
    if case.matter is not None:
        return case.matter.stage in (Stage.REVIEW, Stage.EXTENSION)
    return case.is_open


SCOPES = (
    Scope("未了", lambda case: case.is_open),
    Scope("待办公室", waits_for_office),
    Scope("督办事项", lambda case: case.sort is Sort.ORDER),
    Scope("协调事项", lambda case: case.sort is Sort.PROBLEM),
    Scope("全部", None),
)


def light_of(case: Case) -> str:
    """A case's light as a pill says it; a problem is answered, not fed back."""
    if case.sort is Sort.PROBLEM:
        words = {Light.OPEN: "○ 待答复", Light.CLOSED: "✓ 已答复"}
        return words.get(case.light) or light_text(case.light)
    return light_text(case.light)


class SupervisionPage(Page):
    """The cases, and below them the chosen one's history."""

    title = "督办"
    help_topic = "office-supervision"
    has_month = False
    search_hint = "搜索单位、事项"
    accepts_files = True

    shown = Signal()  # the list was filled
    written = Signal(object)  # Written: a letter
    opened = Signal(object)  # the outcomes of a batch of feedback

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._text = ""
        self._read = NewestRead(context, "读取督办事项")
        plan = context.desk.plan
        self._new = self.new_action(
            "新督办(&N)…", self._ask_new, name="new_order", primary=True, shortcut="Ctrl+N",
            tip="给一个单位下发督办单（Ctrl+N）",
        )  # fmt: skip
        self._choose = self.new_action(
            "打开反馈(&O)…", self._choose_files, name="open_feedback", shortcut="Ctrl+O",
            tip="打开单位报来的反馈和延期申请（Ctrl+O），也可直接拖入",
        )  # fmt: skip
        for action in (self._new, self._choose):
            self.addAction(action)  # a button alone would not hear the shortcut
        self._numbers = self.new_action("参数(&R)…", self._ask_parameters, name="parameters",
                                        tip="临近到期和答复时限的天数，待办公室确认")  # fmt: skip
        self._close = self.new_action("销号(&C)…", self._ask_close, name="close_matter",
                                      tip="反馈已经办到位，予以销号")  # fmt: skip
        self._more = self.new_action("续办(&M)…", self._ask_once_more, name="once_more",
                                     tip="反馈还不够，要求继续办理")  # fmt: skip
        self._time = self.new_action("答复延期(&E)…", self._ask_extended, name="answer_request",
                                     tip="答复单位的延期申请")  # fmt: skip
        self._answer = self.new_action("答复事项(&A)…", self._ask_answer, name="answer_problem",
                                       tip="答复单位在月报里提出的协调事项")  # fmt: skip
        self._banner = Banner()
        self._cards = SummaryCards(
            (
                Card("open", "未了"),
                Card("office", "待办公室", Tone.BUSY),
                Card("near", "临近到期", Tone.BUSY),
                Card("behind", "滞后续办", Tone.WARN),
                Card("overdue", "已逾期", Tone.BAD),
            )
        )
        self._scope = named(QTabBar(), "case_scope", "按种类筛选")
        self._scope.setDrawBase(False)
        self._scope.setExpanding(False)
        for scope in SCOPES:
            self._scope.addTab(scope.label)
        self._scope.currentChanged.connect(self._filter)
        self._table = Table(
            (
                Column("状态", lambda c: ORDER.index(c.light), light_of, cell=Cell.PILL,
                       tone=lambda c: LIGHT_TONES[c.light], width=118),
                Column("期限", lambda c: c.due, width=100),
                Column("单位", lambda c: plan.name_of(c.unit), width=120),
                Column("事项", lambda c: c.title, stretch=True,
                       tip=lambda c: f"{c.sort.label}：{c.title}"),
                Column("进展", lambda c: c.state, width=106),
            ),
            name="cases", accessible="督办和协调事项",
            empty="没有符合条件的事项。\n点“新督办”下发督办单；单位月报里的协调事项会自动列出。",
            settings=context.settings, identity=lambda c: c.id,
        )  # fmt: skip
        self._table.row_chosen.connect(self._chosen)
        self._heading = named(QLabel(), "case_title")
        self._heading.setProperty("role", "heading")
        self._heading.setTextFormat(Qt.TextFormat.PlainText)
        self._heading.setWordWrap(True)
        self._history = Table(
            (
                Column("日期", lambda e: e.day, width=100),
                Column("经过", lambda e: e.what, width=206, tip=lambda e: f"{e.who}：{e.what}"),
                Column("内容", lambda e: e.text, lambda e: " ".join(e.text.split()), stretch=True,
                       tip=lambda e: e.text),
            ),
            name="case_history", accessible="所选事项的经过",
            empty="请选择一件事项。", settings=context.settings,
        )  # fmt: skip
        self._history.setSortingEnabled(False)
        self._history.row_activated.connect(self._open_event)
        self._split = QSplitter(Qt.Orientation.Vertical)
        self._split.setChildrenCollapsible(False)
        self._split.setHandleWidth(12)
        self._split.addWidget(self._table)
        self._split.addWidget(self._new_side())
        self._split.setSizes([600, 400])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self._banner)
        column.addWidget(self._cards)
        column.addWidget(self._scope)
        column.addWidget(self._split, 1)
        self._chosen(None)

    def subtitle(self) -> str:
        return "可拖入反馈和延期申请"

    def page_actions(self) -> list[QAction]:
        return [self._new, self._choose, self._numbers]

    def refresh(self) -> None:
        self._read.run(lambda desk, _: supervision.cases(desk), self._arrived)

    def _ask_parameters(self) -> None:
        ask_parameters(self.window(), self.context.desk, self.refresh)

    def search(self, text: str) -> None:
        self._text = text
        self._filter()

    def dropped(self, paths: tuple[Path, ...]) -> None:
        self.open_files(paths)

    def show_target(self, target: object) -> None:
        self._scope.setCurrentIndex(len(SCOPES) - 1)
        self._table.choose(str(target))

    def _new_side(self) -> QWidget:
        side = QWidget()
        top = QHBoxLayout()
        top.setSpacing(10)
        top.addWidget(self._heading, 1)
        for action in (self._close, self._more, self._time, self._answer):
            top.addWidget(ActionButton(action, self))
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(top)
        column.addWidget(self._history, 1)
        return side

    # Showing

    def _arrived(self, found: tuple[Case, ...]) -> None:
        self._table.set_rows(found)
        for number, scope in enumerate(SCOPES):
            kept = sum(scope.keep is None or scope.keep(case) for case in found)
            self._scope.setTabText(number, f"{scope.label} {kept}")
        lights = [case.light for case in found]
        waiting = sum(waits_for_office(case) for case in found)
        self._cards.show_numbers(
            open=sum(case.is_open for case in found),
            office=waiting,
            near=lights.count(Light.NEAR),
            behind=lights.count(Light.BEHIND),
            overdue=lights.count(Light.OVERDUE),
        )
        self.context.set_badge("supervision", str(waiting) if waiting else "")
        self._filter()
        self.shown.emit()

    def _filter(self) -> None:
        self._table.set_filter(self._text, SCOPES[self._scope.currentIndex()].keep)
        if self._table.current_row() is None and self._table.table_model.rowCount():
            self._table.selectRow(0)
        self._chosen(self._table.current_row())

    def _chosen(self, case: Case | None) -> None:
        unit = self.context.desk.plan.name_of(case.unit) if case else ""
        self._heading.setText(f"{unit}　{case.title}" if case else "")
        self._history.set_rows(case.history if case else ())
        stage = case.matter.stage if case and case.matter else None
        asked = bool(case and case.matter and case.matter.request)
        self._close.setEnabled(stage is Stage.REVIEW)
        self._more.setEnabled(stage is Stage.REVIEW)
        self._time.setEnabled(asked and stage is not Stage.DONE)
        self._answer.setEnabled(case is not None and case.problem is not None)

    def _open_event(self, event: Event) -> None:
        parcel = event.parcel
        if parcel is None:
            self.context.notify("这一步记在单位的月报里，没有单独的文件。")
            return

        def read(desk: Desk, _running: object) -> bytes:
            kept = parcel_opening.opened_pdf if event.incoming else parcels.issued_pdf
            return kept(desk, parcel.id)

        def show(pdf: bytes) -> None:
            show_in_dialog(self.window(), parcel.title, pdf)

        self.context.run_job("打开文件", read, show, quiet=True)

    # Writing

    def _case(self) -> Case | None:
        case: Case | None = self._table.current_row()
        return case

    def _ask_new(self) -> None:
        self._banner.hide()
        letter_forms.ask_supervision(self.context, self._written)

    def _ask_close(self) -> None:
        self._ask(supervision_forms.ask_close)

    def _ask_once_more(self) -> None:
        self._ask(supervision_forms.ask_once_more)

    def _ask_extended(self) -> None:
        self._ask(supervision_forms.ask_extended)

    def _ask_answer(self) -> None:
        self._ask(supervision_forms.ask_answer)

    def _ask(self, form: Callable[[Context, Case, Callable[[Written], None]], None]) -> None:
        case = self._case()
        if case is not None:
            self._banner.hide()
            form(self.context, case, self._written)

    def _written(self, made: Written) -> None:
        whom = correspondence.who(self.context.desk, made.parcel.addressee)
        self._banner.show_message(
            f"✓ 已签发{made.parcel.name}，请发给{whom}。", f"文件：{made.file}", Tone.GOOD
        )
        self.context.changed()
        self.refresh()
        files.show_with_system(self.context, made.file.parent)
        self.written.emit(made)

    # Feedback

    def _choose_files(self) -> None:
        files.choose_files(self, "打开反馈和延期申请", "来往件 (*.pdf)", self.open_files)

    def open_files(self, paths: tuple[Path, ...]) -> None:
        """Open units' feedback and requests beside the window."""
        open_feedback(self.context, self._banner, paths, self.opened.emit, self.refresh)
