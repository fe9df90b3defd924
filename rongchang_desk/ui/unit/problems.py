"""需协调事项: what the unit wants the office to settle, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence

from rongchang_desk.app import supervision
from rongchang_desk.domain.records import Problem
from rongchang_desk.ui.theme import Tone
from rongchang_desk.ui.unit.cards import Card
from rongchang_desk.ui.unit.counting import Digest
from rongchang_desk.ui.unit.records_page import RecordsPage


class ProblemsPage(RecordsPage):
    """Problems raised in a month; `problem` records."""

    title = "需协调事项"
    help_topic = "problems"
    search_hint = "搜索，可用拼音首字母"
    kind = "problem"
    noun = "事项"
    measure = "项"
    single_task = True
    empty = "本月没有需要协调解决的事项。\n确有需要时，直接在上面的空行输入。"

    def card_values(self, digest: Digest) -> Sequence[Card]:
        letters = supervision.answers(self.context.desk)
        stages = [stage(one, one.id in letters) for one in digest.seen.records.problems]
        return (
            Card(str(len(stages)), "本月提出事项"),
            Card(str(stages.count(OPEN)), "等待答复", Tone.WARN if OPEN in stages else None),
            Card(str(stages.count(ANSWERED)), "已答复，未销号", Tone.BUSY),
            Card(str(stages.count(CLOSED)), "已销号", Tone.GOOD),
        )


OPEN, ANSWERED, CLOSED = "待答复", "已答复", "已销号"


def stage(problem: Problem, has_letter: bool = False) -> str:
    """How far a problem has come; a letter of the office answers like a note of the unit's."""
    if problem.closed_on:
        return CLOSED
    return ANSWERED if problem.answer or has_letter else OPEN
