"""培训讲座: the month's sessions, and how many counted person-visits they bring."""

from __future__ import annotations

from collections.abc import Sequence

from rongchang_desk.ui.theme import Tone
from rongchang_desk.ui.unit.cards import Card
from rongchang_desk.ui.unit.counting import Digest
from rongchang_desk.ui.unit.records_page import RecordsPage


class TrainingPage(RecordsPage):
    """Sessions of a month; `training` records."""

    title = "培训讲座"
    help_topic = "training"
    search_hint = "搜索，可用拼音首字母"
    kind = "training"
    noun = "培训"
    measure = "场"
    empty = "本月还没有培训讲座。\n直接在上面的空行输入，或从 Excel、WPS 复制后按 Ctrl+V 粘贴。"

    def card_values(self, digest: Digest) -> Sequence[Card]:
        sums = digest.month
        goal = self.goal()
        return (
            Card(f"{sums.trainings}", "本月场次（本单位报人次）"),
            Card(f"{sums.co_hosted_trainings}", "本月协办（由主办单位报人次）"),
            Card(
                f"{sum(v.visits for v in sums.visits):,}",
                f"本月参训人次，其中计入目标 {sums.counted_visits:,}",
                Tone.BUSY,
            ),
            Card(
                f"{digest.year.counted_visits:,}",
                f"本单位本年累计计入；全区年度目标 {goal} 人次"
                if goal
                else "本单位本年累计计入人次",
                Tone.GOOD,
            ),
        )
