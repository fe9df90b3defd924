"""What the district's picture costs after three years of returns."""

from __future__ import annotations

from datetime import datetime
from random import Random

import msgspec

from rongchang_desk.app import demo_records
from rongchang_desk.app.clock import CHINA, SetClock, id_maker
from rongchang_desk.domain.measures import figures
from rongchang_desk.domain.merge import Filed, Merged, merge
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.monthly_return import MonthlyReturn, compose
from rongchang_desk.domain.plan import Plan
from rongchang_desk.domain.records import gather
from rongchang_desk.formats import plan_toml, return_json
from tests.benchmarks.corpus import SEED, shipped_plan
from tests.benchmarks.racing import Race

SECONDS = 2.0


def payloads(plan: Plan, plan_digest: str) -> list[bytes]:
    """A return's payload of every unit in every month of the plan."""
    made = []
    for unit in plan.units:
        for month in plan.first_month.until(plan.last_month):
            clock = SetClock(datetime.combine(month.last_day, datetime.min.time(), CHINA))
            new_id = id_maker(clock, Random(f"{SEED}:{unit.code}:{month}"))
            records = demo_records.month_records(plan, unit, month, SEED, new_id)
            value = compose(
                plan, plan_digest, unit, month, gather(records),
                revision=1, amends=None, signed_at=clock().isoformat(), software="benchmark",
                signatories=demo_records.signatories(unit, SEED),
            )  # fmt: skip
            made.append(return_json.dumps(value))
    return made


def decode_ours(wanted: type, value: str) -> Month:
    """The one type msgspec does not know."""
    assert wanted is Month
    return Month.parse(value)


def test_three_years_of_the_whole_district(race: Race) -> None:
    body, plan = shipped_plan()
    plan_digest = plan_toml.digest(body)
    stored = [(return_json.digest(payload), payload) for payload in payloads(plan, plan_digest)]
    received = datetime(2027, 1, 5, tzinfo=CHINA)
    decoder = msgspec.json.Decoder(MonthlyReturn, dec_hook=decode_ours)
    filed: list[Filed] = []

    def decoded() -> None:
        filed[:] = [
            Filed(digest, received, return_json.loads(payload)) for digest, payload in stored
        ]

    def merged() -> Merged:
        return merge(plan, plan_digest, filed, (), plan.last_month)

    def whole() -> None:
        decoded()
        picture = merged()
        assert len(picture.heads) == len(stored)
        assert len(figures(plan, picture)) == len(plan.targets)

    def merge_alone() -> None:
        merged()

    def floor() -> None:
        for _, payload in stored:
            decoder.decode(payload)

    decoded()
    race.run(7, whole=whole, merge=merge_alone, strict_decode=decoded, decode=floor)
    what = f"{len(stored)} returns"
    race.judge(f"decode, merge and figures of {what}", "whole", "decode")
    race.judge(f"strict decode of {what}", "strict_decode", "decode")
    race.judge(f"merge of {what}", "merge", "decode")
    race.judge_amount(f"decode, merge and figures of {what}", race.medians["whole"], "s", SECONDS)
