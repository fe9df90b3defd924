"""Supervision 督办: what the office follows up and each case's way to its end.

Two kinds of case: an order 督办单 (issued, fed back, perhaps extended or worked on again, closed)
and a problem a unit raised in its return (answered). All of it travels as signed parcels.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from rongchang_desk.app import district, standing
from rongchang_desk.app.desk import Desk, Role
from rongchang_desk.app.letters import Letter, Written, require_key, write
from rongchang_desk.app.parameters import parameters
from rongchang_desk.domain.matter import Light, Matter, Stage
from rongchang_desk.domain.month import Month, in_words
from rongchang_desk.domain.parcel import OFFICE, Parcel, ParcelKind
from rongchang_desk.domain.records import Problem
from rongchang_desk.errors import UsageError
from rongchang_desk.store import parcels as stored

if TYPE_CHECKING:
    from rongchang_desk.signing.identity import Identity


class Sort(StrEnum):
    """What is followed up."""

    ORDER = "order"
    PROBLEM = "problem"

    @property
    def label(self) -> str:
        return {"order": "督办事项", "problem": "协调事项"}[self.value]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a case; `parcel` is the letter behind it, None for a record."""

    day: date
    who: str
    what: str
    text: str
    parcel: Parcel | None = None
    incoming: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """A case as the office follows it; `state` says in words what it waits for.

    `problem` and `digest` (of the return it stands in) are set for a problem, `matter` for an
    order.
    """

    id: str
    sort: Sort
    unit: str
    title: str
    due: date | None
    light: Light
    state: str
    history: tuple[Event, ...]
    matter: Matter | None = None
    problem: Problem | None = None

    @property
    def is_open(self) -> bool:
        """Whether somebody still has something to do."""
        return self.light is not Light.CLOSED


def cases(desk: Desk) -> tuple[Case, ...]:
    """All cases of the office, open ones first, in order of their due days."""
    desk.require(Role.OFFICE)
    found = [*_orders(desk), *_problems(desk)]
    return tuple(sorted(found, key=lambda c: (not c.is_open, c.due or date.max, c.unit, c.title)))


def _orders(desk: Desk) -> Iterator[Case]:
    today, near_due = desk.today(), parameters(desk).near_due
    for matter in standing.matters(desk):
        yield Case(
            matter.order.id,
            Sort.ORDER,
            matter.order.addressee,
            matter.order.title.removeprefix("关于").removesuffix("的督办单"),
            matter.due,
            matter.light(today, near_due),
            matter.stage.label,
            history(desk, matter),
            matter=matter,
        )


def history(desk: Desk, matter: Matter) -> tuple[Event, ...]:
    """What was written about a matter, in the order of the times the letters bear; where two
    desks' clocks bear the same one, an answer comes after what it answers."""

    def place(parcel: Parcel) -> tuple[datetime, int, int]:
        direct = parcel.answers == matter.order.id
        return parcel.issued_at, 1 if direct else 2, parcel.sequence

    letters = (matter.order, *sorted(matter.said, key=place))
    return tuple(
        Event(
            parcel.issued_at.date(),
            desk.plan.office_name if parcel.issuer == OFFICE else desk.plan.name_of(parcel.issuer),
            _told(parcel),
            _body(parcel),
            parcel,
            incoming=(parcel.issuer == OFFICE) is not (desk.role is Role.OFFICE),
        )
        for parcel in letters
    )


def _told(parcel: Parcel) -> str:
    """What a letter does to its matter, in a few words."""
    until = f"{parcel.due.month}月{parcel.due.day}日" if parcel.due else ""
    match parcel.kind:
        case ParcelKind.SUPERVISION:
            return f"下发督办单，{until}前反馈" if until else "下发督办单"
        case ParcelKind.FEEDBACK:
            return "反馈办理情况"
        case ParcelKind.EXTENSION:
            return f"申请延至{until}"
        case ParcelKind.EXTENDED:
            return f"同意延至{until}" if until else "不同意延期"
        case ParcelKind.ONCE_MORE:
            return f"要求续办，{until}前反馈"
        case ParcelKind.CLOSED:
            return "销号"
        case _:
            return parcel.kind.label


def _body(parcel: Parcel) -> str:
    """What a letter says, without the set phrase it opens with."""
    first, _, rest = parcel.text.partition("\n")
    return rest or first


def _problems(desk: Desk) -> Iterator[Case]:
    """The problems raised in the returns that count, with the office's answers."""
    answers: dict[str, list[Parcel]] = {}
    for parcel in stored.issued(desk.store, ParcelKind.ANSWER):
        answers.setdefault(parcel.answers, []).append(parcel)
    numbers = parameters(desk)
    last = min(max(Month.of(desk.today()), desk.plan.first_month), desk.plan.last_month)
    for unit, problem in district.merged(desk, last).problems:
        said = answers.get(problem.id, [])
        due = problem.day + timedelta(days=numbers.answer_days)
        name = desk.plan.name_of(unit)
        wanted = "\n".join(filter(None, (problem.detail, problem.wanted)))
        events = [Event(problem.day, name, "提出", wanted)]
        events += [
            Event(p.issued_at.date(), desk.plan.office_name, "答复", _body(p), p) for p in said
        ]
        if problem.answer and not said:
            events.append(Event(problem.day, name, "单位记录的答复", problem.answer))
        if problem.closed_on:
            events.append(Event(problem.closed_on, name, "办结", ""))
        yield Case(
            problem.id,
            Sort.PROBLEM,
            unit,
            problem.title,
            None if problem.closed_on else due,
            _problem_light(
                problem, bool(said or problem.answer), (due - desk.today()).days, numbers.near_due
            ),
            "单位已办结"
            if problem.closed_on
            else "已答复"
            if said or problem.answer
            else "等办公室答复",
            tuple(events),
            problem=problem,
        )


def _problem_light(problem: Problem, answered: bool, days_left: int, near_due: int) -> Light:
    if problem.closed_on or answered:
        return Light.CLOSED
    if days_left < 0:
        return Light.OVERDUE
    return Light.NEAR if days_left <= near_due else Light.OPEN


# -- the office writes -----------------------------------------------------------------


def _matter(desk: Desk, order: str) -> Matter:
    """The matter with this order; raises UsageError."""
    found = next((m for m in standing.matters(desk) if m.order.id == order), None)
    if found is None:
        raise UsageError("工作台里没有这份督办单。", "请刷新（F5）后重新选择。")
    return found


def close(
    desk: Desk, order: str, text: str, identity: Identity, *, out: Path | None = None
) -> Written:
    """A notice 销号通知 that a matter is done with; `text` may be empty.

    Raises UsageError when it was closed before or nobody has fed back; CannotWrite.
    """
    require_key(desk, Role.OFFICE, identity)
    matter = _matter(desk, order)
    if matter.stage is not Stage.REVIEW or matter.pending is None:
        raise UsageError(
            "这件督办事项还不能销号。" if matter.closed is None else "这件督办事项已经销号。",
            "收到单位反馈并审核后再销号。",
        )
    words = f"你单位关于“{matter.order.title}”的反馈收悉。经审核，该事项已办结，予以销号。"
    return write(
        desk, identity, _about(matter, ParcelKind.CLOSED, matter.pending.id, words, text), out
    )


def ask_again(
    desk: Desk, order: str, text: str, due: date, identity: Identity, *, out: Path | None = None
) -> Written:
    """A notice 续办通知 that the feedback does not suffice, with a new due day.

    Raises UsageError without feedback to look at, without a text, or for a day that is past.
    """
    require_key(desk, Role.OFFICE, identity)
    matter = _matter(desk, order)
    if matter.stage is not Stage.REVIEW or matter.pending is None:
        raise UsageError("没有等待审核的反馈。", "收到单位反馈后，才能要求续办。")
    _require(text, "请写明还要办什么。", due, desk.today())
    words = f"你单位关于“{matter.order.title}”的反馈收悉。经审核，请继续办理："
    letter = _about(matter, ParcelKind.ONCE_MORE, matter.pending.id, words, text, due)
    return write(desk, identity, letter, out)


def answer_request(
    desk: Desk,
    order: str,
    text: str,
    due: date | None,
    identity: Identity,
    *,
    out: Path | None = None,
) -> Written:
    """The answer 延期答复 to a unit's request: a new due day, or None when it is not granted.

    Raises UsageError when no request waits, for a refusal without reason, or a day past.
    """
    require_key(desk, Role.OFFICE, identity)
    matter = _matter(desk, order)
    if matter.request is None:
        raise UsageError("没有等待答复的延期申请。", "请刷新（F5）后查看。")
    if due is None and not text.strip():
        raise UsageError("请写明不同意延期的理由。", "理由会印在答复上。")
    if due is not None and due < desk.today():
        raise UsageError("延期后的期限已经过去。", "请填写今天或以后的日期。")
    verdict = f"同意延至{in_words(due)}。" if due else "不同意延期，仍按原期限办理。"
    words = f"你单位关于“{matter.order.title}”的延期申请收悉。{verdict}"
    letter = _about(matter, ParcelKind.EXTENDED, matter.request.id, words, text, due)
    return write(desk, identity, letter, out)


def answer_problem(
    desk: Desk, problem: str, text: str, identity: Identity, *, out: Path | None = None
) -> Written:
    """The office's answer 事项答复 to a problem raised in a return, by the problem's id.

    Raises UsageError for an unknown problem or without a text; CannotWrite.
    """
    require_key(desk, Role.OFFICE, identity)
    found = next((c for c in _problems(desk) if c.id == problem), None)
    if found is None or found.problem is None:
        raise UsageError("收到的月报里没有这件协调事项。", "请刷新（F5）后重新选择。")
    if not text.strip():
        raise UsageError("请写明答复内容。", "答复会印在事项答复上。")
    letter = Letter(
        ParcelKind.ANSWER,
        found.unit,
        f"关于{found.title.removeprefix('关于')}的答复",
        f"你单位{in_words(found.problem.day)}提出的需协调解决事项“{found.title}”收悉。现答复如下：\n"
        f"{text.strip()}",
        month=found.problem.month,
        answers=problem,
    )
    return write(desk, identity, letter, out)


def _about(
    matter: Matter, kind: ParcelKind, answers: str, words: str, text: str, due: date | None = None
) -> Letter:
    said = f"{words}\n{text.strip()}" if text.strip() else words
    return Letter(
        kind, matter.order.addressee, f"{matter.order.title}{kind.label}", said,
        month=matter.order.month, answers=answers, due=due,
    )  # fmt: skip


def _require(text: str, missing: str, due: date, today: date) -> None:
    if not text.strip():
        raise UsageError(missing, "内容会印在文件上。")
    if due < today:
        raise UsageError("办结期限已经过去。", "请填写今天或以后的日期。")


# -- a unit writes ---------------------------------------------------------------------


def ask_for_time(
    desk: Desk, order: str, text: str, due: date, identity: Identity, *, out: Path | None = None
) -> Written:
    """A unit's request 延期申请 for more time for a matter, until `due`.

    Raises UsageError when the matter waits for nothing of the unit, a request is on its way
    already, without a reason, or for a day that is not later than the present one.
    """
    require_key(desk, Role.UNIT, identity)
    matter = _matter(desk, order)
    if matter.answered:
        raise UsageError("这件督办事项已经反馈，不用延期。", "请等办公室销号。")
    if matter.request is not None:
        raise UsageError("已经申请过延期，办公室还没有答复。", "请等答复文件，打开后再看期限。")
    if matter.due is not None and due <= matter.due:
        raise UsageError(f"申请的日期不晚于现在的期限 {matter.due}。", "请填写更晚的日期。")
    _require(text, "请写明延期的理由。", due, desk.today())
    letter = Letter(
        ParcelKind.EXTENSION,
        OFFICE,
        f"{matter.order.title}延期申请",
        f"你办督办单（编号{matter.order.sequence}）正在办理。"
        f"现申请延至{in_words(due)}，理由如下：\n{text.strip()}",
        month=matter.order.month,
        answers=matter.order.id,
        due=due,
    )
    return write(desk, identity, letter, out)


def answers(desk: Desk) -> dict[str, Parcel]:
    """The office's newest answer to each problem of this unit, by the problem's id."""
    desk.require(Role.UNIT)
    return {row.parcel.answers: row.parcel for row in stored.opened(desk.store, ParcelKind.ANSWER)}
