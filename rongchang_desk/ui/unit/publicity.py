"""宣传活动: the month's events, and which of them are campaigns that count."""

from __future__ import annotations

from collections.abc import Sequence

from rongchang_desk.ui.theme import Tone
from rongchang_desk.ui.unit.cards import Card
from rongchang_desk.ui.unit.counting import Digest
from rongchang_desk.ui.unit.records_page import RecordsPage


class PublicityPage(RecordsPage):
    """Events of a month; `publicity` records."""

    title = "宣传活动"
    help_topic = "publicity"
    search_hint = "搜索，可用拼音首字母"
    kind = "publicity"
    noun = "活动"
    measure = "次"
    empty = "本月还没有宣传活动。\n直接在上面的空行输入，或从 Excel、WPS 复制后按 Ctrl+V 粘贴。"

    def card_values(self, digest: Digest) -> Sequence[Card]:
        sums = digest.month
        goal = self.goal()
        reach = sum(int(event.reach.or_zero()) for event in digest.seen.records.publicity)
        return (
            Card(f"{sums.publicity_events}", "本月主办活动"),
            Card(f"{sums.co_hosted_events}", "本月协办活动（由主办单位计数）"),
            Card(f"{reach:,}", "本月覆盖人次", Tone.BUSY),
            Card(
                f"{digest.year.campaigns}",
                f"本单位本年主题宣传活动；全区年度目标 {goal} 次"
                if goal
                else "本单位本年主题宣传活动",
                Tone.GOOD,
            ),
        )
