"""Own returns that left the desk and are not on its books: found again in 报出/.

A desk that was put back from an older backup knows less than the folder beside it. What this
unit signed goes back on the books, so that the next revision follows the last one that left
and no number is given twice. Nothing is ever taken from a file that is not verified.
"""

from __future__ import annotations

import logging
import re
from datetime import datetime
from pathlib import Path

from rongchang_desk.app.desk import Desk, Role
from rongchang_desk.app.files import read_bytes
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.monthly_return import MonthlyReturn
from rongchang_desk.errors import CannotRead, UsageError
from rongchang_desk.store import audit, returns

log = logging.getLogger(__name__)

_NAME = re.compile(r"_(\d{4}-\d\d)_月报_第(\d+)版\.pdf$")


def regain(desk: Desk, month: Month | None = None) -> tuple[MonthlyReturn, ...]:
    """Put the unit's own signed returns in 报出/ back on the books; those that were missing.

    With a month only files named as that month's returns are looked at. A file that is not
    this unit's, not sound, or another version of a revision on the books is left alone.
    """
    desk.require(Role.UNIT)
    found = []
    for file in sorted(desk.exports.glob("*.pdf")):
        if month is not None and _revision_in(file, month) is None:
            continue
        sealed = _own(desk, file)
        if sealed is None:
            continue
        payload, pdf, value = sealed
        known = returns.issued(desk.store, value.month)
        if any(one.monthly_return.revision == value.revision for one in known):
            continue
        with desk.store.transaction():
            returns.issue(desk.store, payload, pdf, datetime.fromisoformat(value.signed_at))
            audit.note(
                desk.store, desk.now(), "return-regained", f"{value.month} r{value.revision}"
            )
        found.append(value)
    return tuple(sorted(found, key=lambda value: (value.month, value.revision)))


def label(value: MonthlyReturn) -> str:
    """A revision as people call it: `2026年9月第2版`."""
    return f"{value.month.label}第{value.revision}版"


def must_be_on_the_books(desk: Desk, month: Month) -> None:
    """Raise UsageError when 报出/ holds revisions of a month that the books lack.

    Those that verify are on the books afterwards, so the next try goes on from them.
    """
    if not _unknown(desk, month):
        return
    found = regain(desk, month)
    if found:
        raise UsageError(
            f"“报出”文件夹里有工作台没有登记的月报：{'、'.join(map(label, found))}"
            "（工作台可能是从较早的备份恢复的），现已补登。",
            "请打开这些文件，核对并补录本月内容；再生成时按更正处理，版本号接着往下排。",
        )
    left = _unknown(desk, month)
    if left:
        raise UsageError(
            f"“报出”文件夹里的“{left[0].name}”读不出来，不能确认是不是已经报出的月报。",
            "为免版本号重复，请先把它移到别的文件夹；如果它已经报出，请与办公室核对版本。",
        )


def _unknown(desk: Desk, month: Month) -> list[Path]:
    known = {one.monthly_return.revision for one in returns.issued(desk.store, month)}
    return [
        file
        for file in sorted(desk.exports.glob(f"*_{month}_月报_第*版.pdf"))
        if _revision_in(file, month) not in (None, *known)
    ]


def _revision_in(file: Path, month: Month) -> int | None:
    """The revision a file's name tells; None when it is no name of that month's returns."""
    named = _NAME.search(file.name)
    return int(named[2]) if named and named[1] == str(month) else None


def _own(desk: Desk, file: Path) -> tuple[bytes, bytes, MonthlyReturn] | None:
    """Payload, file and value of a verified return of this unit."""
    from rongchang_desk.formats import return_json
    from rongchang_desk.formats.errors import FormatError
    from rongchang_desk.signing.envelope import open_sealed

    try:
        pdf = read_bytes(file)
    except CannotRead as problem:
        log.warning("a file in the exports cannot be read: %s", type(problem).__name__)
        return None
    sealed = open_sealed(pdf, desk.trust(), at=desk.now())
    if sealed.payload is None or sealed.signer is None:
        return None
    try:
        value = return_json.loads(sealed.payload)
    except FormatError:
        return None
    is_own = sealed.signer.unit_code == value.unit == desk.unit_code
    return (sealed.payload, pdf, value) if is_own else None
