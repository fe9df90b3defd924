"""A unit's records: saving, deleting, importing from a workbook, the month's sheet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from rongchang_desk.app.desk import Desk, Role
from rongchang_desk.app.files import read_bytes, write_whole
from rongchang_desk.domain.checks import check_record
from rongchang_desk.domain.finding import Finding, has_errors
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.monthly_return import Explanation, Signatories
from rongchang_desk.domain.plan import Plan
from rongchang_desk.domain.records import (
    Problem,
    Progress,
    Publicity,
    Reading,
    Record,
    Records,
    RegisterEntry,
    Training,
    Value,
    gather,
)
from rongchang_desk.errors import UsageError
from rongchang_desk.store import records as stored
from rongchang_desk.store.records import MonthSheet

if TYPE_CHECKING:
    from rongchang_desk.formats.sheets import Refused

__all__ = ["Imported", "MonthSheet"]


def save(desk: Desk, record: Record) -> tuple[Finding, ...]:
    """Store a record unless it has errors; the findings either way."""
    desk.require(Role.UNIT)
    findings = check_record(desk.plan, desk.unit_code, record, desk.today())
    if not has_errors(findings):
        stored.save(desk.store, (record,), desk.now())
    return findings


def judge(desk: Desk, record: Record) -> tuple[Finding, ...]:
    """The findings about one record by itself; nothing is stored."""
    return check_record(desk.plan, desk.unit_code, record, desk.today())


def obstacle(desk: Desk, record: Record) -> str:
    """Why a record cannot be kept even with its mistakes: its month would be none of the
    plan's, and nobody would see it again. Empty when it can be."""
    outside = ("day-outside-plan", "month-outside-plan")
    return next((f.message for f in judge(desk, record) if f.code in outside), "")


def change(desk: Desk, put: Iterable[Record], drop: Iterable[str] = ()) -> None:
    """Keep records as they stand, mistakes included, and bin others, in one transaction.

    What a clerk types is never lost: a month with mistakes cannot be signed, but it is
    stored. Raises UsageError when a record has an `obstacle`; nothing is changed then.
    """
    desk.require(Role.UNIT)
    put = tuple(put)
    for record in put:
        problem = obstacle(desk, record)
        if problem:
            raise UsageError(problem, "请核对日期后再保存。")
    with desk.store.transaction():
        for record_id in drop:
            stored.delete(desk.store, record_id, desk.now())
        stored.save(desk.store, put, desk.now())


def get(desk: Desk, record_id: str) -> Record | None:
    """One record as it is stored now; None when it is not there or in the recycle bin."""
    return stored.get(desk.store, record_id)


def delete(desk: Desk, record_id: str) -> bool:
    """Put a record into the recycle bin; False when there is none such."""
    return stored.delete(desk.store, record_id, desk.now())


def restore(desk: Desk, record_id: str) -> bool:
    """Take a record out of the recycle bin again."""
    return stored.restore(desk.store, record_id)


def of_month(desk: Desk, month: Month) -> Records:
    """All records of a month, by kind and in order."""
    return gather(stored.of_month(desk.store, month))


def month_sheet(desk: Desk, month: Month) -> MonthSheet:
    """What is said about a month; names not given yet are those used last."""
    found = stored.month_sheet(desk.store, month)
    return found or MonthSheet(signatories=remembered(desk))


def save_month_sheet(desk: Desk, month: Month, sheet: MonthSheet) -> None:
    """Store what is said about a month and remember the names for the next one."""
    with desk.store.transaction():
        stored.save_month_sheet(desk.store, month, sheet)
        for role in ("preparer", "checker", "approver"):
            name = getattr(sheet.signatories, role)
            if name:
                desk.store.set_setting(f"name.{role}", name)


def state(
    desk: Desk,
    month: Month,
    *,
    zero: bool | None = None,
    preparer: str | None = None,
    checker: str | None = None,
    approver: str | None = None,
) -> None:
    """Change single statements about a month; None leaves one as it is."""
    sheet = month_sheet(desk, month)
    names = sheet.signatories
    wanted = MonthSheet(
        Signatories(
            names.preparer if preparer is None else preparer,
            names.checker if checker is None else checker,
            names.approver if approver is None else approver,
        ),
        sheet.zero_stated if zero is None else zero,
        sheet.explanations,
    )
    if wanted != sheet:
        save_month_sheet(desk, month, wanted)


def explain(desk: Desk, month: Month, finding: Finding, text: str) -> None:
    """Keep the clerk's explanation of a warning; an empty text takes it away."""
    sheet = month_sheet(desk, month)
    where = str(finding.where)
    others = tuple(e for e in sheet.explanations if (e.code, e.where) != (finding.code, where))
    given = (Explanation(finding.code, where, text.strip()),) if text.strip() else ()
    wanted = MonthSheet(sheet.signatories, sheet.zero_stated, (*others, *given))
    if wanted != sheet:
        save_month_sheet(desk, month, wanted)


def remembered(desk: Desk) -> Signatories:
    """The names that a month begins with."""
    return Signatories(
        *(desk.store.setting(f"name.{role}") for role in ("preparer", "checker", "approver"))
    )


def remember(desk: Desk, names: Signatories) -> None:
    """Let new months begin with these names; months that have names keep them."""
    desk.require(Role.UNIT)
    with desk.store.transaction():
        for role in ("preparer", "checker", "approver"):
            desk.store.set_setting(f"name.{role}", getattr(names, role).strip())


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: how many records were stored, and the rows it could not take."""

    imported: int
    refused: tuple[Refused, ...]
    records: tuple[Record, ...]


def write_template(desk: Desk, month: Month, out: Path) -> None:
    """Write the unit's workbook for a month, with its tasks, targets and registers."""
    from rongchang_desk.formats import sheets

    desk.require(Role.UNIT)
    before = _last_values(desk, month)
    write_whole(out, sheets.template(desk.plan, desk.unit_code, month, previous=before))


def _last_values(desk: Desk, month: Month) -> dict[tuple[str, str], Value]:
    """The unit's latest values before a month, not older than a year, by target and column."""
    found: dict[tuple[str, str], Value] = {}
    for earlier in Month(month.year - 1, month.month).until(month.previous):
        for reading in sorted(of_month(desk, earlier).readings, key=lambda r: (r.day, r.id)):
            found |= {(reading.target, named.code): named.value for named in reading.values}
    return found


def write_workbook(desk: Desk, month: Month, out: Path) -> int:
    """Write the unit's workbook filled with a month's records; how many they are."""
    from rongchang_desk.formats import sheets

    desk.require(Role.UNIT)
    records = of_month(desk, month)
    names = month_sheet(desk, month).signatories
    write_whole(out, sheets.dumps(desk.plan, desk.unit_code, month, records, names))
    return len(records.all())


def import_workbook(desk: Desk, path: Path, *, dry_run: bool = False) -> Imported:
    """Read a filled-in workbook and store its good rows in one transaction.

    Rows that cannot be read or that have errors are refused with sheet, row, field and
    reason. A reading or progress of the same target, task and day replaces the one there.
    Raises DeskError when the file is no workbook of ours; nothing is stored then.
    """
    from rongchang_desk.formats import sheets
    from rongchang_desk.formats.errors import FormatError

    desk.require(Role.UNIT)
    try:
        read = sheets.loads(desk.plan, desk.unit_code, read_bytes(path), desk.new_id)
    except FormatError as problem:
        raise FormatError(f"“{path.name}”没有导入：{problem.message}", problem.hint) from problem
    refused = list(read.refused)
    good: list[Record] = []
    for record in read.records:
        findings = check_record(desk.plan, desk.unit_code, record, desk.today())
        if has_errors(findings):
            refused.append(_refusal(desk.plan, read, record, findings))
        else:
            good.append(record)
    taken = _in_place(desk, good)
    if not dry_run:
        with desk.store.transaction():
            stored.save(desk.store, taken, desk.now())
            if read.month is not None and any(
                (read.signatories.preparer, read.signatories.checker, read.signatories.approver)
            ):
                sheet = month_sheet(desk, read.month)
                save_month_sheet(
                    desk,
                    read.month,
                    MonthSheet(read.signatories, sheet.zero_stated, sheet.explanations),
                )
    return Imported(len(taken), tuple(refused), taken)


def _refusal(plan: Plan, read: object, record: Record, findings: tuple[Finding, ...]) -> Refused:
    from rongchang_desk.app.fields import title_of
    from rongchang_desk.domain.finding import Severity
    from rongchang_desk.formats.sheets import Refused, SheetImport

    assert isinstance(read, SheetImport)
    first = next(f for f in findings if f.severity is Severity.ERROR)
    sheet, row = read.places.get(record.id, ("", 0))
    return Refused(sheet, row, title_of(plan, record, first.where.field), first.message)


def _in_place(desk: Desk, records: list[Record]) -> tuple[Record, ...]:
    """The records under the ids of those they replace, so that a second import adds nothing.

    The same thing is: the same task's progress in the month, the same target's reading of
    the day, an activity or problem of the same day and title, an equal register row. Each
    stored record is replaced at most once: two like rows of one workbook stay two.
    """
    months = {record.month for record in records}
    there: dict[object, list[Record]] = {}
    for month in sorted(months):
        for other in stored.of_month(desk.store, month):
            there.setdefault(_sameness(other), []).append(other)
    placed: list[Record] = []
    for record in records:
        same = there.get(_sameness(record))
        if same:
            before = same.pop(0)
            # A workbook carries no evidence files: those already attached stay.
            placed.append(replace(record, id=before.id, evidence=before.evidence))
        else:
            placed.append(record)
    return tuple(placed)


def _sameness(record: Record) -> object:
    match record:
        case Progress():
            return ("progress", record.month, record.task)
        case Reading():
            return ("reading", record.target, record.day)
        case Training():
            return ("training", record.day, record.topic)
        case Publicity():
            return ("publicity", record.day, record.theme)
        case Problem():
            return ("problem", record.day, record.title)
        case RegisterEntry():
            return ("register", record.register, record.day, record.fields)
