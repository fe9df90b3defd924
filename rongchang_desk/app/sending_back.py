"""Which files a slip 退回单 may be about, whose they seem to be, and writing slips in one go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rongchang_desk.app import intake, parcels
from rongchang_desk.app.desk import Desk, Role
from rongchang_desk.app.intake import Entry
from rongchang_desk.app.parcels import Written
from rongchang_desk.app.running import Running
from rongchang_desk.domain.merge import DecisionKind
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.parcel import ParcelKind
from rongchang_desk.store import decisions, months
from rongchang_desk.store import parcels as stored

NEWEST = 200
"""Entries of the intake log that are offered."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that may be sent back; `unit` is a code, empty when nobody knows whose it is.

    `digest` names a received return. Where no certificate of a unit vouches for a refused file,
    unit and month are a guess from its name: people confirm them.
    """

    entry: Entry
    unit: str
    month: Month | None
    digest: str

    @property
    def is_sure(self) -> bool:
        """Whether unit and month are known beyond doubt."""
        return bool(self.digest) or (bool(self.entry.code) and self.entry.month is not None)


def candidates(desk: Desk) -> tuple[Candidate, ...]:
    """The refused files of the intake log, then the received ones, each newest first."""
    log = [entry for entry in intake.log(desk, NEWEST) if entry.is_return]
    refused = [_refused(desk, entry) for entry in log if entry.outcome == "refused"]
    received = [
        Candidate(entry, entry.code, entry.month, entry.digest)
        for entry in log
        if entry.outcome in ("accepted", "held")
    ]
    return (*refused, *received)


def _refused(desk: Desk, entry: Entry) -> Candidate:
    unit, month = guess(desk, entry.file)
    return Candidate(entry, entry.code or unit, entry.month or month, "")


# -- sending back in one go ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Slip:
    """One slip to be written: all that is wrong with a unit's files of a month."""

    unit: str
    month: Month
    digest: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Slips:
    """The slips that the listed files ask for, and the files nobody can send back by itself:
    no valid signature says whose they are, or nothing says of which month."""

    wanted: tuple[Slip, ...]
    unknown: tuple[Entry, ...]


def wanted(desk: Desk, entries: Iterable[Entry]) -> Slips:
    """The slips for the refused among these files, and for the received returns in which a
    headcount was decided to be wrong.

    Left out are files that a good return of the same unit and month has followed, and those a
    slip was written for since.
    """
    desk.require(Role.OFFICE)
    slips: dict[tuple[str, Month, str], dict[str, None]] = {}
    unknown = []
    good = [e for e in intake.log(desk) if e.outcome == "accepted" and e.is_return]
    for entry in entries:
        is_report = bool(entry.unit and not entry.code)  # an office's, which gets no slip
        if entry.outcome != "refused" or is_report or not entry.is_return:
            continue
        month = _refused(desk, entry).month
        if not entry.code or month is None:
            unknown.append(entry)
        elif not _is_followed(desk, entry, month, good):
            slips.setdefault((entry.code, month, ""), {}).update(dict.fromkeys(entry.reasons))
    for unit, month, digest, reason in _questioned(desk):
        slips.setdefault((unit, month, digest), {})[reason] = None
    return Slips(
        tuple(Slip(*place, tuple(reasons)) for place, reasons in slips.items()), tuple(unknown)
    )


def _questioned(desk: Desk) -> Iterator[tuple[str, Month, str, str]]:
    """(unit, month, digest, reason) of returns that count with a headcount decided to be wrong."""
    sent = {parcel.answers for parcel in stored.issued(desk.store, ParcelKind.RETURNED)}
    for decision in decisions.decisions(desk.store):
        if decision.kind is not DecisionKind.HEADCOUNT or decision.same:
            continue
        unit, _, record = decision.subjects[0].partition(":")
        for filed in months.speaking_of(desk.store, unit, record)[-1:]:
            found = [t for t in filed.monthly_return.trainings if t.id == record]
            if found and filed.digest not in sent:
                reason = f"培训“{found[0].topic}”（{found[0].day}）人次有误：{decision.reason}"
                yield unit, filed.month, filed.digest, reason


def write_wanted(
    desk: Desk, slips: Iterable[Slip], passphrase: str, running: Running | None = None
) -> tuple[Written, ...]:
    """Sign and write slips, one after another; when cancelled, those written so far stand.

    Raises WrongPassphrase, CannotWrite.
    """
    running = running or Running()
    every = tuple(slips)
    identity = desk.identity(passphrase)
    made = []
    for index, slip in enumerate(every):
        running.step(index, len(every), desk.plan.name_of(slip.unit))
        made.append(
            parcels.write_returned(
                desk, slip.unit, slip.reasons, identity, month=slip.month, digest=slip.digest
            )
        )
    running.show(len(every), len(every), "")
    return tuple(made)


def _is_followed(desk: Desk, entry: Entry, month: Month, good: Iterable[Entry]) -> bool:
    """Whether a good return of its unit and month came after a refused file, or a slip went."""
    if any(e.code == entry.code and e.month == month and e.at > entry.at for e in good):
        return True
    return any(
        parcel.addressee == entry.code and parcel.month == month and parcel.issued_at >= entry.at
        for parcel in stored.issued(desk.store, ParcelKind.RETURNED)
    )


def guess(desk: Desk, file: str) -> tuple[str, Month | None]:
    """(unit code or empty, month) that a file's name speaks of: `河西镇_2026-10_月报_第1版.pdf`."""
    unit, month = "", None
    for part in file.replace("/", "_").removesuffix(".pdf").split("_"):
        for known in desk.plan.units:
            if part.strip() in (known.code, known.name):
                unit = known.code
        try:
            found = Month.parse(part.strip())
        except ValueError:
            continue
        month = found if desk.plan.covers(found) else month
    return unit, month
