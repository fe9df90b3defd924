"""Which files a slip 退回单 may be about, and whose they seem to be."""

from __future__ import annotations

from dataclasses import dataclass

from rongchang_desk.app import intake
from rongchang_desk.app.desk import Desk
from rongchang_desk.app.intake import Entry
from rongchang_desk.domain.month import Month

NEWEST = 200
"""Entries of the intake log that are offered."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that may be sent back; `unit` is a code, empty when nobody knows whose it is.

    `digest` names a received return. Unit and month of a refused file are a guess from its
    name, because nothing inside it was believed: people confirm them.
    """

    entry: Entry
    unit: str
    month: Month | None
    digest: str

    @property
    def is_sure(self) -> bool:
        """Whether unit and month are those of a verified return."""
        return bool(self.digest)


def candidates(desk: Desk) -> tuple[Candidate, ...]:
    """The refused files of the intake log, then the received ones, each newest first."""
    log = intake.log(desk, NEWEST)
    codes = {unit.name: unit.code for unit in desk.plan.units}
    refused = [
        Candidate(entry, *guess(desk, entry.file), "")
        for entry in log
        if entry.outcome == "refused"
    ]
    received = [
        Candidate(entry, codes.get(entry.unit, ""), entry.month, entry.digest)
        for entry in log
        if entry.outcome in ("accepted", "held")
    ]
    return (*refused, *received)


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
