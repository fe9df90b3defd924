"""The monthly return 月报: composing one from records, and what an amendment says.

Pure: the payload bytes come from `formats.return_json`, the pages from
`documents.return_pdf`, both from the same `MonthlyReturn`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from rongchang_desk.domain.joint import reports_figures
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.plan import Plan, Unit
from rongchang_desk.domain.records import (
    Problem,
    Progress,
    Publicity,
    Reading,
    Records,
    RegisterEntry,
    Training,
)

FORMAT_VERSION = 1


class AmendmentKind(StrEnum):
    """Why a revision replaces the one before it (domain rule 11)."""

    FIGURES = "figures"
    WORDING = "wording"
    ADDITION = "addition"

    @property
    def label(self) -> str:
        return {"figures": "数据更正", "wording": "文字更正", "addition": "补充"}[self.value]


@dataclass(frozen=True, slots=True)
class Amendment:
    """What a revision amends: the predecessor's digest (hex), the kind and the reason."""

    predecessor: str
    kind: AmendmentKind
    reason: str


@dataclass(frozen=True, slots=True)
class Signatories:
    """Names printed on the return: 填报人, 审核人, 负责人; empty when left to the pen."""

    preparer: str = ""
    checker: str = ""
    approver: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """A clerk's explanation of one warning, by the finding's code and place."""

    code: str
    where: str
    text: str


@dataclass(frozen=True, slots=True)
class CategoryTotal:
    """Person-visits 人次 of one headcount category."""

    category: str
    visits: int


@dataclass(frozen=True, slots=True)
class Totals:
    """The sums printed on a return, over the activities whose figures this unit reports.

    `counted_visits` are the person-visits that feed the yearly training target.
    """

    trainings: int
    co_hosted_trainings: int
    visits: tuple[CategoryTotal, ...]
    counted_visits: int
    publicity_events: int
    co_hosted_events: int
    campaigns: int
    register_entries: int
    problems: int


@dataclass(frozen=True, slots=True)
class MonthlyReturn:
    """One unit's return for one month in one revision; the whole content of `return.json`.

    `plan_digest` is the SHA-256 of the plan (hex); `signed_at` the claimed signing time,
    ISO 8601 with offset +08:00; `zero` states that the month holds nothing (零报告).
    """

    format: int
    plan: str
    plan_digest: str
    unit: str
    unit_name: str
    month: Month
    revision: int
    amends: Amendment | None
    signed_at: str
    software: str
    signatories: Signatories
    zero: bool
    progress: tuple[Progress, ...]
    readings: tuple[Reading, ...]
    trainings: tuple[Training, ...]
    publicity: tuple[Publicity, ...]
    entries: tuple[RegisterEntry, ...]
    problems: tuple[Problem, ...]
    explanations: tuple[Explanation, ...]
    totals: Totals

    @property
    def records(self) -> Records:
        return Records(
            self.progress, self.readings, self.trainings,
            self.publicity, self.entries, self.problems,
        )  # fmt: skip


def compose(
    plan: Plan,
    plan_digest: str,
    unit: Unit,
    month: Month,
    records: Records,
    *,
    revision: int,
    amends: Amendment | None,
    signed_at: str,
    software: str,
    signatories: Signatories,
    explanations: tuple[Explanation, ...] = (),
) -> MonthlyReturn:
    """The return of `unit` for `month`. Check the records first: this does not judge them."""
    return MonthlyReturn(
        format=FORMAT_VERSION,
        plan=plan.code,
        plan_digest=plan_digest,
        unit=unit.code,
        unit_name=unit.name,
        month=month,
        revision=revision,
        amends=amends,
        signed_at=signed_at,
        software=software,
        signatories=signatories,
        zero=records.is_empty(),
        progress=records.progress,
        readings=records.readings,
        trainings=records.trainings,
        publicity=records.publicity,
        entries=records.entries,
        problems=records.problems,
        explanations=explanations,
        totals=total(plan, records),
    )


def total(plan: Plan, records: Records) -> Totals:
    """The sums a return prints. Co-hosted activities carry no figures of their own."""
    hosted = [t for t in records.trainings if reports_figures(plan, t)]
    visits = tuple(
        CategoryTotal(
            category.code,
            int(sum((t.headcount(category.code).or_zero() for t in hosted), Decimal(0))),
        )
        for category in plan.headcounts
    )
    counted = {category.code for category in plan.headcounts if category.counted}
    events = [p for p in records.publicity if reports_figures(plan, p)]
    return Totals(
        trainings=len(hosted),
        co_hosted_trainings=len(records.trainings) - len(hosted),
        visits=visits,
        counted_visits=sum(v.visits for v in visits if v.category in counted),
        publicity_events=len(events),
        co_hosted_events=len(records.publicity) - len(events),
        campaigns=sum(event.campaign for event in events),
        register_entries=len(records.entries),
        problems=len(records.problems),
    )


def same_content(one: MonthlyReturn, other: MonthlyReturn) -> bool:
    """Whether two returns say the same, leaving aside revision, amendment and signing time."""

    def content(value: MonthlyReturn) -> MonthlyReturn:
        return replace(value, revision=0, amends=None, signed_at="", software="")

    return content(one) == content(other)


def file_name(monthly_return: MonthlyReturn) -> str:
    """A clear name for the exported file, e.g. `区科技局_2026-10_月报_第1版.pdf`."""
    value = monthly_return
    return f"{value.unit_name}_{value.month}_月报_第{value.revision}版.pdf"
