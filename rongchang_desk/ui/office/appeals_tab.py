"""Appeals 申诉 against the items of a frozen result: who, when, what, and what became of them."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from rongchang_desk.app import assessment
from rongchang_desk.app.assessment import Appeal
from rongchang_desk.domain.assessment import Assessment
from rongchang_desk.ui.dialogs.note import NoteDialog
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.office.score_view import ScoreView
from rongchang_desk.ui.page import Context
from rongchang_desk.ui.tables import Cell, Column, Table
from rongchang_desk.ui.theme import Tone

OUTCOMES = {
    "": ("○ 待处理", Tone.WARN), "upheld": ("✓ 采纳", Tone.GOOD),
    "rejected": ("－ 不采纳", Tone.QUIET),
}  # fmt: skip
ADVICE_LIVE = "申诉针对冻结的结果：请先“冻结结果”，再从“结果”里选出快照。"
ADVICE = "在“得分”里选好单位和事项，再登记申诉。采纳后更正月报或规则，重新计算并冻结新的结果。"


class AppealsTab(QWidget):
    """A list with two buttons. The scores' tab says which item is meant."""

    changed = Signal()

    def __init__(self, context: Context, scores: ScoreView) -> None:
        super().__init__()
        self.setObjectName("appeals_tab")
        self._context, self._scores = context, scores
        self._snapshot = ""
        self._value: Assessment | None = None
        self._advice = named(QLabel(), "appeals_advice")
        self._advice.setProperty("role", "muted")
        self._advice.setWordWrap(True)
        self._table = Table(
            (
                Column("单位", self._unit_of, width=104),
                Column("结果", lambda a: a.outcome, lambda a: OUTCOMES[a.outcome][0],
                       cell=Cell.PILL, tone=lambda a: OUTCOMES[a.outcome][1], width=102),
                Column("事项", self._item_of, width=220, tip=self._item_of),
                Column("申诉内容", lambda a: a.text, stretch=True, tip=lambda a: a.text),
                Column("申诉人", lambda a: a.raised_by, width=108),
                Column("时间", lambda a: a.raised_at, lambda a: f"{a.raised_at:%Y-%m-%d}",
                       width=96, tip=lambda a: f"{a.raised_at:%Y-%m-%d %H:%M}"),
                Column("处理意见", lambda a: a.answer, stretch=True,
                       tip=lambda a: f"{a.answer}\n{a.answered_by} {a.answered_at or ''}".strip()),
            ),
            name="appeals", accessible="申诉", empty="这份结果没有申诉。",
            settings=context.settings, identity=lambda a: a.id,
        )  # fmt: skip
        self._table.row_chosen.connect(lambda _: self._enable())
        self._table.row_activated.connect(lambda _: self._ask_answer())
        self._raise = named(QPushButton("登记申诉(&N)…"), "appeal_raise")
        self._raise.clicked.connect(self._ask_appeal)
        self._answer = named(QPushButton("处理(&H)…"), "appeal_answer")
        self._answer.clicked.connect(self._ask_answer)
        buttons = QHBoxLayout()
        buttons.addWidget(self._advice, 1)
        buttons.addWidget(self._raise)
        buttons.addWidget(self._answer)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        column.addLayout(buttons)
        column.addWidget(self._table, 1)

    @property
    def open_count(self) -> int:
        """How many appeals nobody has settled."""
        return sum(not appeal.outcome for appeal in self._table.table_model.all_rows)

    def show_snapshot(self, snapshot: str, value: Assessment | None) -> None:
        """Show the appeals against a snapshot; empty for a result that is not frozen."""
        self._snapshot, self._value = snapshot, value
        desk = self._context.desk
        self._table.set_rows(assessment.appeals(desk, snapshot) if snapshot else ())
        self._advice.setText(ADVICE if snapshot else ADVICE_LIVE)
        self._enable()

    def _enable(self) -> None:
        self._raise.setEnabled(bool(self._snapshot))
        chosen: Appeal | None = self._table.current_row()
        self._answer.setEnabled(chosen is not None and not chosen.outcome)

    def _unit_of(self, appeal: Appeal) -> str:
        return self._context.desk.plan.name_of(appeal.unit)

    def _item_of(self, appeal: Appeal) -> str:
        sheet = self._value.sheet(appeal.unit) if self._value else None
        for score in sheet.scores if sheet else ():
            if score.rule == appeal.rule:
                what = next((i.what for i in score.items if i.key == appeal.item), "")
                return f"{score.title}：{what}" if what else score.title
        return appeal.rule

    def _ask_appeal(self) -> None:
        sheet, line = self._scores.chosen(), self._scores.chosen_line()
        if sheet is None or line is None:
            self._context.notify("请先在“得分”里选好单位和事项。")
            return
        what = line.item.what if line.item else line.score.title
        dialog = NoteDialog(
            self, "登记申诉", f"{sheet.name}　{line.score.title}：{what}", "登记(&S)"
        )
        by = dialog.add_line("申诉人(&N)", "appeal_by", hint="单位联系人姓名")
        text = dialog.add_text("申诉内容(&T)", "appeal_text")
        item = line.item.key if line.item else ""

        def keep() -> None:
            assessment.raise_appeal(
                self._context.desk, self._snapshot, sheet.unit, line.score.rule, item,
                by.text(), text.toPlainText(),
            )  # fmt: skip
            self._done()

        dialog.ask(keep)

    def _ask_answer(self) -> None:
        appeal: Appeal | None = self._table.current_row()
        if appeal is None or appeal.outcome:
            return
        dialog = NoteDialog(
            self, "处理申诉", f"{self._unit_of(appeal)}　{self._item_of(appeal)}\n{appeal.text}",
            "办结(&S)",
        )  # fmt: skip
        outcome = dialog.add_choice(
            "结果(&G)", "appeal_outcome", [("采纳", True), ("不采纳", False)]
        )
        text = dialog.add_text("处理意见(&T)", "appeal_reason")
        by = dialog.add_line("办理人(&N)", "appeal_settled_by")
        settled = appeal.id

        def settle() -> None:
            assessment.answer_appeal(
                self._context.desk, settled, upheld=bool(outcome.currentData()),
                answer=text.toPlainText(), by=by.text(),
            )  # fmt: skip
            self._done()

        dialog.ask(settle)

    def _done(self) -> None:
        self._context.saved()
        self.show_snapshot(self._snapshot, self._value)
        self.changed.emit()
