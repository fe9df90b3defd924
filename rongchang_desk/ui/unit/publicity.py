"""宣传活动: the month's events, and which of them are campaigns that count."""

from __future__ import annotations

from collections.abc import Sequence

from rongchang_desk.app import record as app_record
from rongchang_desk.app.overview import year_to_date
from rongchang_desk.domain.monthly_return import total
from rongchang_desk.domain.records import Publicity, Records
from rongchang_desk.ui.tables import Align, Cell, Column
from rongchang_desk.ui.theme import Tone
from rongchang_desk.ui.unit.cards import Card
from rongchang_desk.ui.unit.records_page import Line, RecordsPage
from rongchang_desk.ui.unit.training import ROLE_TONES


class PublicityPage(RecordsPage):
    """Events of a month; `publicity` records."""

    title = "宣传活动"
    help_topic = "publicity"
    search_hint = "搜索主题、地点"
    kind = "publicity"
    noun = "活动"
    measure = "次"
    empty = "本月还没有宣传活动。\n按 Ctrl+N 新增，或从 Excel 复制后按 Ctrl+V 粘贴。"

    def records(self) -> tuple[Publicity, ...]:
        return app_record.of_month(self.context.desk, self.context.month).publicity

    def columns(self) -> Sequence[Column]:
        return (
            Column("日期", lambda line: line.record.day, width=106),
            Column(
                "主题",
                lambda line: line.record.theme or None,
                text=lambda line: line.record.theme or "（未填主题）",
                tone=lambda line: None if line.record.theme else Tone.BAD,
                stretch=True,
                tip=lambda line: line.record.theme,
            ),
            Column(
                "身份",
                lambda line: line.record.role.label,
                cell=Cell.PILL,
                tone=lambda line: ROLE_TONES[line.record.role],
                align=Align.CENTER,
                width=72,
            ),
            Column(
                "计入",
                lambda line: "● 主题" if line.record.campaign else None,
                cell=Cell.PILL,
                tone=lambda _: Tone.GOOD,
                align=Align.CENTER,
                width=78,
            ),
            Column(
                "覆盖人次",
                lambda line: line.record.reach.number,
                text=lambda line: (
                    str(line.record.reach)
                    if line.record.reach.number is None
                    else f"{line.record.reach.number:,}"
                ),
                tone=lambda line: Tone.QUIET if line.record.reach.number is None else None,
                align=Align.END,
                width=88,
            ),
        )

    def card_values(self, lines: Sequence[Line]) -> Sequence[Card]:
        plan = self.context.desk.plan
        events = tuple(line.record for line in lines)
        sums = total(plan, Records(publicity=events))
        year = year_to_date(self.context.desk, self.context.month)
        target = next((t for t in plan.targets if t.counts == "publicity"), None)
        goal = f"{target.goal:,}" if target and target.goal else ""
        reach = sum(int(event.reach.or_zero()) for event in events)
        return (
            Card(f"{sums.publicity_events}", "本月主办活动"),
            Card(f"{sums.co_hosted_events}", "本月协办活动（由主办单位计数）"),
            Card(f"{reach:,}", "本月覆盖人次", Tone.BUSY),
            Card(
                f"{year.campaigns}",
                f"本单位本年主题宣传活动；全区年度目标 {goal} 次"
                if goal
                else "本单位本年主题宣传活动",
                Tone.GOOD,
            ),
        )
