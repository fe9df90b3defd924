"""A unit's workbook: the template to fill in, the same filled in, and the import of one.

One sheet a kind of record and one a register of the unit, in columns worked out from the plan.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from rongchang_desk.domain.month import Month
from rongchang_desk.domain.monthly_return import Signatories
from rongchang_desk.domain.plan import Plan
from rongchang_desk.domain.records import Records, Value
from rongchang_desk.formats import sheets_read, sheets_write
from rongchang_desk.formats.sheets_read import Refused, SheetImport

__all__ = ["Refused", "SheetImport", "dumps", "loads", "template"]


def template(
    plan: Plan,
    unit: str,
    month: Month,
    *,
    previous: Mapping[tuple[str, str], Value] | None = None,
) -> bytes:
    """The xlsx bytes of a unit's empty workbook for a month, its tasks and targets listed.

    `previous` holds the values to show beside the empty cells, by target and column code.
    """
    return sheets_write.write(
        plan, plan.unit(unit), month, Records(), Signatories(), previous or {}
    )


def dumps(plan: Plan, unit: str, month: Month, records: Records, signatories: Signatories) -> bytes:
    """The workbook filled with a unit's records; evidence files and ids are left out.

    Raises FormatError when a text is longer than a cell can hold.
    """
    return sheets_write.write(plan, plan.unit(unit), month, records, signatories, {})


def loads(plan: Plan, unit: str, data: bytes, new_id: Callable[[], str]) -> SheetImport:
    """The records of a workbook, with new ids, and a reason for each row not taken.

    It judges form only; `domain.checks` judges content. Raises FormatError (a DeskError)
    when the file is no xlsx workbook. Another unit's workbook gives one refusal, no records.
    """
    return sheets_read.read(plan, plan.unit(unit), data, new_id)
