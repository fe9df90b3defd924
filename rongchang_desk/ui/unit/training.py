"""培训讲座: the month's sessions, and how many counted person-visits they bring."""

from __future__ import annotations

from collections.abc import Sequence

from rongchang_desk.app import record as app_record
from rongchang_desk.app.overview import year_to_date
from rongchang_desk.domain.monthly_return import total
from rongchang_desk.domain.records import HostRole, Records, State, Training
from rongchang_desk.ui.tables import Align, Cell, Column
from rongchang_desk.ui.theme import Tone
from rongchang_desk.ui.unit.cards import Card
from rongchang_desk.ui.unit.records_page import Line, RecordsPage

ROLE_TONES = {HostRole.HOST: Tone.BUSY, HostRole.CO_HOST: Tone.QUIET}


class TrainingPage(RecordsPage):
    """Sessions of a month; `training` records."""

    title = "培训讲座"
    help_topic = "training"
    search_hint = "搜索主题、地点、讲师"
    kind = "training"
    noun = "培训"
    measure = "场"
    empty = "本月还没有培训讲座。\n按 Ctrl+N 新增，或从 Excel 复制后按 Ctrl+V 粘贴。"

    def records(self) -> tuple[Training, ...]:
        return app_record.of_month(self.context.desk, self.context.month).trainings

    def columns(self) -> Sequence[Column]:
        return (
            Column("日期", lambda line: line.record.day, width=106),
            Column(
                "主题",
                lambda line: line.record.topic or None,
                text=lambda line: line.record.topic or "（未填主题）",
                tone=lambda line: None if line.record.topic else Tone.BAD,
                stretch=True,
                tip=lambda line: line.record.topic,
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
                "人次",
                lambda line: visits(line.record),
                text=lambda line: visits_text(line.record),
                tone=lambda line: None if visits(line.record) is not None else Tone.QUIET,
                align=Align.END,
                width=76,
                tip=self._visits_tip,
            ),
        )

    def card_values(self, lines: Sequence[Line]) -> Sequence[Card]:
        plan = self.context.desk.plan
        sums = total(plan, Records(trainings=tuple(line.record for line in lines)))
        year = year_to_date(self.context.desk, self.context.month)
        target = next((t for t in plan.targets if t.counts == "training"), None)
        goal = f"{target.goal:,}" if target and target.goal else ""
        return (
            Card(f"{sums.trainings}", "本月场次（本单位报人次）"),
            Card(f"{sums.co_hosted_trainings}", "本月协办（由主办单位报人次）"),
            Card(
                f"{sum(v.visits for v in sums.visits):,}",
                f"本月参训人次，其中计入目标 {sums.counted_visits:,}",
                Tone.BUSY,
            ),
            Card(
                f"{year.counted_visits:,}",
                f"本单位本年累计计入；全区年度目标 {goal} 人次"
                if goal
                else "本单位本年累计计入人次",
                Tone.GOOD,
            ),
        )

    def _visits_tip(self, line: Line) -> str:
        return "\n".join(
            f"{category.title}：{line.record.headcount(category.code)}"
            for category in self.context.desk.plan.headcounts
        )


def visits(record: Training) -> int | None:
    """All person-visits of a session; None when no category has a number."""
    numbers = [named.value.number for named in record.headcounts if named.value.number is not None]
    return int(sum(numbers)) if numbers else None


def visits_text(record: Training) -> str:
    """The person-visits, a true zero, 不涉及, or 未报."""
    number = visits(record)
    if number is not None:
        return f"{number:,}"
    is_none = any(v.value.state is State.NOT_APPLICABLE for v in record.headcounts)
    return "不涉及" if is_none else "未报"
