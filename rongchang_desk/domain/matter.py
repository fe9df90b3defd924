"""A matter under supervision 督办事项: an order with all that was written about it since.

Its stage follows from which parcel answers which, never from anybody's clock, so the unit's desk
and the office's see the same once they have opened the same parcels.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rongchang_desk.domain.parcel import Parcel, ParcelKind

NEAR_DUE = 5
"""Days before its due day on which a matter still open begins to be near due. The plan does not
say it: a parameter, 待领导小组办公室确认."""


class Light(StrEnum):
    """How urgent a matter is: 蓝 near due, 黄 behind, 红 overdue."""

    OPEN = "open"
    NEAR = "near"
    BEHIND = "behind"
    OVERDUE = "overdue"
    ANSWERED = "answered"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        return {
            "open": "待反馈", "near": "临近到期", "behind": "滞后续办", "overdue": "已逾期",
            "answered": "已反馈", "closed": "已销号",
        }[self.value]  # fmt: skip


class Stage(StrEnum):
    """What a matter waits for."""

    FEEDBACK = "feedback"
    EXTENSION = "extension"
    REVIEW = "review"
    DONE = "done"

    @property
    def label(self) -> str:
        return {
            "feedback": "等单位反馈", "extension": "等延期答复", "review": "等办公室销号",
            "done": "已销号",
        }[self.value]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Matter:
    """A supervision order; `said` are all other parcels about it, in no particular order."""

    order: Parcel
    said: tuple[Parcel, ...] = ()

    def of(self, *kinds: ParcelKind) -> tuple[Parcel, ...]:
        """The parcels of these kinds, in the order in which their issuer numbered them."""
        return tuple(sorted((p for p in self.said if p.kind in kinds), key=lambda p: p.sequence))

    @property
    def feedback(self) -> tuple[Parcel, ...]:
        """What the unit reported about it, newest last."""
        return self.of(ParcelKind.FEEDBACK)

    @property
    def pending(self) -> Parcel | None:
        """The newest feedback that the office has not asked to be worked on again."""
        refused = {p.answers for p in self.of(ParcelKind.ONCE_MORE)}
        newest = self.feedback[-1:]
        return newest[0] if newest and newest[0].id not in refused else None

    @property
    def request(self) -> Parcel | None:
        """The newest request for more time that has no answer yet."""
        answered = {p.answers for p in self.of(ParcelKind.EXTENDED)}
        waiting = [p for p in self.of(ParcelKind.EXTENSION) if p.id not in answered]
        return waiting[-1] if waiting else None

    @property
    def closed(self) -> Parcel | None:
        """The notice that closed it."""
        notices = self.of(ParcelKind.CLOSED)
        return notices[-1] if notices else None

    @property
    def answered(self) -> bool:
        """Whether nothing is left for the unit to do now."""
        return self.pending is not None or self.closed is not None

    @property
    def due(self) -> date | None:
        """The day by which it is to be answered: the newest the office has set."""
        days = [p.due for p in self.of(ParcelKind.EXTENDED, ParcelKind.ONCE_MORE) if p.due]
        return days[-1] if days else self.order.due

    @property
    def stage(self) -> Stage:
        if self.closed is not None:
            return Stage.DONE
        if self.pending is not None:
            return Stage.REVIEW
        return Stage.EXTENSION if self.request is not None else Stage.FEEDBACK

    def overdue(self, today: date) -> bool:
        """Whether it is unanswered past its due day."""
        return not self.answered and self.due is not None and today > self.due

    def light(self, today: date, near_due: int = NEAR_DUE) -> Light:
        """How urgent it is on a day.

        蓝 from `near_due` days before the due day; 黄 when the unit is behind its first due day or
        was asked to work on it again; 红 past the due day in force.
        """
        if self.closed is not None:
            return Light.CLOSED
        if self.pending is not None:
            return Light.ANSWERED
        if self.overdue(today):
            return Light.OVERDUE
        first = self.order.due
        if self.of(ParcelKind.ONCE_MORE) or (first is not None and today > first):
            return Light.BEHIND
        near = self.due is not None and (self.due - today).days <= near_due
        return Light.NEAR if near else Light.OPEN


def matters(orders: Iterable[Parcel], said: Iterable[Parcel]) -> tuple[Matter, ...]:
    """Each order with what was said about it, the next due first, closed ones last."""
    others = tuple(said)
    found = []
    for order in orders:
        about = {order.id}
        mine: list[Parcel] = []
        # Feedback and requests answer the order, the office's letters answer these.
        for _ in range(2):
            mine = [p for p in others if p.answers in about]
            about = {order.id, *(p.id for p in mine)}
        found.append(Matter(order, tuple(mine)))
    return tuple(
        sorted(
            found,
            key=lambda m: (m.closed is not None, m.due or date.max, m.order.sequence),
        )
    )
