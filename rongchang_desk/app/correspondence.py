"""Correspondence 来往件 as people read it: a batch of parcels opened, and lists of all of them.

Opening itself is in `app.parcel_opening`; here files are put in the order of their issue, one
that is refused does not stop the others, and every parcel is told in one line.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from rongchang_desk.app import parcel_opening, parcels, standing
from rongchang_desk.app.desk import Desk, Role
from rongchang_desk.app.parcel_opening import Applied
from rongchang_desk.app.running import Running
from rongchang_desk.app.standing import Light, Lock, Matter
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.parcel import EVERYBODY, OFFICE, Parcel, ParcelKind
from rongchang_desk.errors import Cancelled, DeskError

# -- opening -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Seen:
    """A file that was looked at: the parcel in it, or why it is refused."""

    file: Path
    parcel: Parcel | None = None
    refusal: DeskError | None = None

    @property
    def wants_passphrase(self) -> bool:
        """Whether opening it needs the passphrase of the desk's key."""
        return self.parcel is not None and self.parcel.kind is ParcelKind.RENEWAL


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file: what opening it did, or why it was refused."""

    seen: Seen
    applied: Applied | None = None
    refusal: DeskError | None = None


def look_at(desk: Desk, files: Iterable[Path], running: Running) -> tuple[Seen, ...]:
    """Verify files without applying any; parcels in the order of their issue, refusals last.

    Opened in another order, an older one would be refused as overtaken by a newer one of the
    same batch. Raises Cancelled.
    """
    every = tuple(files)
    found = []
    for index, file in enumerate(every):
        running.step(index, len(every), file.name)
        try:
            found.append(Seen(file, parcel_opening.look(desk, file)))
        except Cancelled:
            raise
        except DeskError as refusal:
            found.append(Seen(file, refusal=refusal))
    running.step(len(every), len(every), "")  # cancelled meanwhile: nothing is to be opened
    return tuple(
        sorted(found, key=lambda s: (s.parcel is None, s.parcel.sequence if s.parcel else 0))
    )


def open_seen(
    desk: Desk, batch: Iterable[Seen], passphrase: str, running: Running
) -> tuple[Outcome, ...]:
    """Open the files of a batch, each by itself; refusals are outcomes, not errors.

    Raises Cancelled between two files; those opened before stay opened.
    """
    every = tuple(batch)
    done = []
    for index, seen in enumerate(every):
        running.step(index, len(every), seen.file.name)
        if seen.refusal is not None:
            done.append(Outcome(seen, refusal=seen.refusal))
            continue
        try:
            if desk.role is Role.OFFICE:
                applied = parcel_opening.open_feedback(desk, seen.file)
            else:
                applied = parcel_opening.open_parcel(desk, seen.file, passphrase)
        except Cancelled:
            raise
        except DeskError as refusal:
            done.append(Outcome(seen, refusal=refusal))
        else:
            done.append(Outcome(seen, applied))
    return tuple(done)


# -- lists ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """A parcel in a list: when it was written or came, with whom, and how it stands.

    `light` is that of a supervision order, None for all other parcels.
    """

    parcel: Parcel
    at: datetime
    incoming: bool
    who: str
    state: str
    light: Light | None = None


@dataclass(frozen=True, slots=True)
class Inbox:
    """What a unit has of the office: the parcels it opened and the orders still open."""

    rows: tuple[Row, ...]
    open: tuple[Matter, ...]
    today: date


def inbox(desk: Desk) -> Inbox:
    """The parcels this unit opened, newest issue first, and its open supervision orders."""
    desk.require(Role.UNIT)
    lights = _lights(desk)
    rows = tuple(
        Row(
            row.parcel, row.opened_at, True, row.parcel.issuer_name,
            _effect(row.parcel, lights), lights.get(row.parcel.id),
        )
        for row in parcel_opening.opened(desk)
    )  # fmt: skip
    return Inbox(rows, standing.open_matters(desk), desk.today())


@dataclass(frozen=True, slots=True)
class Letters:
    """What went between the office and the units, newest first, and how a month stands."""

    rows: tuple[Row, ...]
    month: Month
    lock: Lock | None
    without_receipt: int
    open: int


def letters(desk: Desk, month: Month) -> Letters:
    """The parcels the office issued and opened, with the state of a month."""
    desk.require(Role.OFFICE)
    lights = _lights(desk)
    rows = [
        Row(
            parcel, parcel.issued_at, False, who(desk, parcel.addressee),
            lights[parcel.id].label if parcel.id in lights else "已发", lights.get(parcel.id),
        )
        for parcel in parcels.issued(desk)
    ]  # fmt: skip
    rows += [
        Row(row.parcel, row.opened_at, True, row.parcel.issuer_name, "已收")
        for row in parcel_opening.opened(desk)
    ]
    return Letters(
        tuple(sorted(rows, key=lambda row: row.at, reverse=True)),
        month,
        next((lock for lock in standing.locks(desk) if lock.month == month), None),
        len(parcels.without_receipt(desk, month)),
        len(standing.open_matters(desk)),
    )


def pdf_of(desk: Desk, row: Row) -> bytes:
    """A listed parcel's file, byte for byte."""
    if row.incoming:
        return parcel_opening.opened_pdf(desk, row.parcel.id)
    return parcels.issued_pdf(desk, row.parcel.id)


def who(desk: Desk, addressee: str) -> str:
    """An addressee as people call it."""
    known = {EVERYBODY: "各单位", OFFICE: desk.plan.office_name}
    return known.get(addressee) or desk.plan.name_of(addressee)


def _lights(desk: Desk) -> dict[str, Light]:
    today = desk.today()
    return {matter.order.id: matter.light(today) for matter in standing.matters(desk)}


def _effect(parcel: Parcel, lights: dict[str, Light]) -> str:
    """What opening a parcel did at a unit's desk, in a line."""
    match parcel.kind:
        case ParcelKind.RECEIPT:
            return f"第{parcel.revision}版改为“已收”"
        case ParcelKind.RETURNED:
            return f"退回：{'；'.join(parcel.reasons)}"
        case ParcelKind.SUPERVISION:
            due = f"，{parcel.due.month}月{parcel.due.day}日前反馈" if parcel.due else ""
            light = lights.get(parcel.id, Light.OPEN)
            done = light in (Light.ANSWERED, Light.CLOSED)
            return f"列入待办，{light.label}" if done else f"列入待办{due}"
        case ParcelKind.REOPENING:
            return "该月重新开放"
        case ParcelKind.BULLETIN:
            return "该月数据锁定"
        case ParcelKind.PLAN:
            return f"启用方案第{parcel.revision}版"
        case ParcelKind.RENEWAL:
            return "换发本单位证书"
        case ParcelKind.EXTENDED:
            return f"延至{parcel.due.month}月{parcel.due.day}日" if parcel.due else "不同意延期"
        case ParcelKind.ONCE_MORE:
            return f"续办，{parcel.due.month}月{parcel.due.day}日前反馈" if parcel.due else "续办"
        case ParcelKind.CLOSED:
            return "督办事项已销号"
        case ParcelKind.ANSWER:
            return "答复了需协调事项"
        case ParcelKind.FEEDBACK | ParcelKind.EXTENSION | ParcelKind.EVIDENCE:
            return ""
