"""需协调事项: what the unit wants the office to settle, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence

from rongchang_desk.app import record as app_record
from rongchang_desk.domain.records import Problem
from rongchang_desk.ui.tables import Align, Cell, Column
from rongchang_desk.ui.theme import Tone
from rongchang_desk.ui.unit.cards import Card
from rongchang_desk.ui.unit.records_page import Line, RecordsPage


class ProblemsPage(RecordsPage):
    """Problems raised in a month; `problem` records."""

    title = "需协调事项"
    help_topic = "problems"
    search_hint = "搜索事项"
    kind = "problem"
    noun = "事项"
    measure = "项"
    single_task = True
    empty = "本月没有需要协调解决的事项。\n确有需要时按 Ctrl+N 新增。"

    def records(self) -> tuple[Problem, ...]:
        return app_record.of_month(self.context.desk, self.context.month).problems

    def columns(self) -> Sequence[Column]:
        return (
            Column("提出日期", lambda line: line.record.day, width=106),
            Column(
                "事项",
                lambda line: line.record.title or None,
                text=lambda line: line.record.title or "（未填事项）",
                tone=lambda line: None if line.record.title else Tone.BAD,
                stretch=True,
                tip=lambda line: line.record.detail,
            ),
            Column("任务", lambda line: line.record.task or None, align=Align.CENTER, width=60),
            Column(
                "办理",
                lambda line: stage(line.record),
                cell=Cell.PILL,
                tone=lambda line: STAGE_TONES[stage(line.record)],
                align=Align.CENTER,
                width=100,
            ),
        )

    def card_values(self, lines: Sequence[Line]) -> Sequence[Card]:
        stages = [stage(line.record) for line in lines]
        return (
            Card(str(len(lines)), "本月提出事项"),
            Card(str(stages.count(OPEN)), "等待答复", Tone.WARN if OPEN in stages else None),
            Card(str(stages.count(ANSWERED)), "已答复，未销号", Tone.BUSY),
            Card(str(stages.count(CLOSED)), "已销号", Tone.GOOD),
        )


OPEN, ANSWERED, CLOSED = "○ 待答复", "→ 已答复", "✓ 已销号"
STAGE_TONES = {OPEN: Tone.WARN, ANSWERED: Tone.BUSY, CLOSED: Tone.GOOD}


def stage(problem: Problem) -> str:
    """How far a problem has come."""
    if problem.closed_on:
        return CLOSED
    return ANSWERED if problem.answer else OPEN
