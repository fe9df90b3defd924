"""首页: what is missing this month, and how many working days are left."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QVBoxLayout

from rongchang_desk.app import record as app_record
from rongchang_desk.app.overview import MonthState, Overview, overview
from rongchang_desk.app.standing import State
from rongchang_desk.domain.finding import Finding, Severity
from rongchang_desk.ui.messages import Banner, ask
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.page import Context, Page
from rongchang_desk.ui.theme import Tone
from rongchang_desk.ui.unit.badges import show_badges
from rongchang_desk.ui.unit.cards import Card, CardRow
from rongchang_desk.ui.unit.findings import RETURN_PAGE, FindingsTable, count_of, page_of
from rongchang_desk.ui.unit.month_strip import SHORT, MonthStrip

STATE_TONES = {
    MonthState.SIGNED: Tone.GOOD,
    MonthState.CHANGED: Tone.WARN,
    MonthState.STARTED: Tone.BUSY,
    MonthState.OPEN: None,
    MonthState.EMPTY: None,
    MonthState.AHEAD: None,
    MonthState.BEFORE: None,
    MonthState.NOT_ASKED: None,
}

ANSWERS = {
    State.NOT_ISSUED: ("办公室", None),
    State.ISSUED: ("报送后打开办公室的回执", Tone.BUSY),
    State.RETURNED: ("办公室退回，请更正", Tone.BAD),
    State.RECEIVED: ("办公室已收到", Tone.GOOD),
    State.ANNOUNCED: ("办公室已通报", Tone.GOOD),
}


class HomePage(Page):
    """A month at a glance, and the year around it."""

    title = "首页"
    help_topic = "home"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._seen: Overview | None = None
        self._make = self.new_action(
            "生成月报(&R)", lambda: context.go_to(RETURN_PAGE), name="home_return", primary=True
        )
        self._zero = self.new_action(
            "本月无活动(&Z)", self._state_zero, name="home_zero",
            tip="声明本月没有任何事项，生成零报告",
        )  # fmt: skip
        self._banner = Banner()
        self._cards = CardRow("home_cards")
        self._strip = MonthStrip()
        self._strip.chosen.connect(context.show_month)
        heading = named(QLabel("本月待处理"), "home_heading")
        heading.setProperty("role", "heading")
        self._table = FindingsTable(
            "home_findings",
            empty="本月没有需要处理的问题。",
            settings=context.settings,
        )
        self._table.row_activated.connect(self._jump)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        column.addWidget(self._banner)
        column.addWidget(self._cards)
        column.addWidget(self._strip)
        column.addWidget(heading)
        column.addWidget(self._table, 1)

    def subtitle(self) -> str:
        if self._seen is None:
            return ""
        return f"报送截止：{self._seen.due.month}月{self._seen.due.day}日"

    def page_actions(self) -> list[QAction]:
        return [self._make, self._zero]

    def refresh(self) -> None:
        desk, month = self.context.desk, self.context.month
        self._seen = seen = overview(desk, month)
        is_zero = app_record.month_sheet(desk, month).zero_stated
        self._cards.set_cards(_cards(seen))
        self._strip.set_year(seen.year, month)
        self._table.set_findings((*seen.from_office, *seen.findings))
        self._zero.setText("撤销零报告(&Z)" if is_zero else "本月无活动(&Z)")
        self._zero.setEnabled(is_zero or seen.records.is_empty())
        if is_zero:
            self._banner.show_message(
                f"已声明{month.label}无活动（零报告）。",
                "请到“月报”页签名生成零报告；如有事项，点“撤销零报告”后照常填报。",
                Tone.BUSY,
            )
        else:
            self._banner.hide()
        show_badges(self.context, seen)

    def _jump(self, finding: Finding) -> None:
        self.context.go_to(page_of(finding.where), finding.where)

    def _state_zero(self) -> None:
        month = self.context.month
        if app_record.month_sheet(self.context.desk, month).zero_stated:
            self._set_zero(is_zero=False)
            return
        ask(
            self.window(),
            f"确认{month.label}没有任何事项要报？",
            "确认后到“月报”页签名，生成零报告。在签名前后都可以撤销。",
            "确认零报告(&Z)",
            lambda: self._set_zero(is_zero=True),
        )

    def _set_zero(self, *, is_zero: bool) -> None:
        app_record.state(self.context.desk, self.context.month, zero=is_zero)
        self.context.saved()
        self.context.changed()
        self.context.notify("已声明零报告。" if is_zero else "已撤销零报告。")
        self.refresh()


def _cards(seen: Overview) -> Sequence[Card]:
    records = seen.records
    counts = (
        ("任务进展", len(records.progress)), ("指标读数", len(records.readings)),
        ("培训讲座", len(records.trainings)), ("宣传活动", len(records.publicity)),
        ("台账", len(records.entries)), ("需协调事项", len(records.problems)),
    )  # fmt: skip
    listed = "\n".join(f"{name} {number}" for name, number in counts if number)
    errors = count_of(seen.findings, Severity.ERROR)
    warnings = count_of(seen.findings, Severity.WARNING)
    return (
        Card(str(len(records.all())), "本月记录", detail=listed or "本月还没有记录"),
        Card(str(errors), "必须改正的错误", Tone.BAD if errors else None),
        Card(str(warnings), "需要说明的提醒", Tone.WARN if warnings else None),
        _due_card(seen),
        Card(
            SHORT.get(seen.state, seen.state.label),
            f"本月月报，第 {seen.revision} 版" if seen.revision else "本月月报",
            STATE_TONES[seen.state],
        ),
    )


def _due_card(seen: Overview) -> Card:
    due = f"{seen.due.month}月{seen.due.day}日截止"
    if seen.revision:
        told, tone = ANSWERS[seen.standing.state]
        return Card(seen.standing.state.label, told, tone, detail=due)
    if seen.overdue:
        return Card("已逾期", f"{due}，请尽快报送", Tone.BAD)
    if seen.state is MonthState.NOT_ASKED:
        return Card(seen.state.label, "按方案，本单位这个月不需报送")
    if seen.state is MonthState.AHEAD:
        return Card("未到", due)
    urgent = Tone.WARN if seen.working_days <= 3 else None
    return Card(f"{seen.working_days} 天", f"剩余工作日（含今天），{due}", urgent)
