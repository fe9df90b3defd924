"""The directory of units: whom to call; typed, or pasted as a block from Excel or WPS."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rongchang_desk.domain.plan import Unit
from rongchang_desk.formats.sheet_cells import folded
from rongchang_desk.store.keys import Contact

FIELDS = (("person", "联系人"), ("phone", "电话"), ("room", "房间"), ("note", "备注"))
"""The fields of a contact, in the order of the grid: name and title."""

LONGEST = 60
"""Characters one cell may have."""

_BY_UNIT = ("单位", "报送单位", "单位名称", "代码", "单位代码")
_KNOWN = {folded(title): field for field, title in FIELDS} | {
    folded(also): field
    for also, field in (("姓名", "person"), ("联系电话", "phone"), ("手机", "phone"),
                        ("办公室", "room"), ("房间号", "room"))
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pasted:
    """What a pasted block says: the contacts that differ, and what was not understood."""

    contacts: tuple[Contact, ...]
    troubles: tuple[str, ...] = ()


def typed(contact: Contact, field: str, text: str) -> Contact:
    """A contact with one field typed anew: one line, without blanks at its ends."""
    wanted = " ".join(text.split())[:LONGEST]
    return replace(contact, **{field: wanted})


def read_block(
    text: str, units: Sequence[Unit], known: Mapping[str, Contact], row: int = 0, column: int = 0
) -> Pasted:
    """Understand tab-separated rows.

    With a first row of titles that names the unit or its code, each line goes to its unit; without
    one, the lines go to the units as shown, from (`row`, `column`) on, columns as in `FIELDS`.
    """
    try:
        rows = [line for line in csv.reader(io.StringIO(text), delimiter="\t") if any(line)]
    except csv.Error:
        return Pasted((), ("剪贴板中的内容不是表格，请重新复制。",))
    if not rows:
        return Pasted(())
    titles = [folded(cell) for cell in rows[0]]
    named = next((n for n, title in enumerate(titles) if title in map(folded, _BY_UNIT)), None)
    changed = dict(known)
    troubles: list[str] = []
    if named is not None:
        by_name = {folded(unit.name): unit.code for unit in units}
        by_name |= {folded(unit.code): unit.code for unit in units}
        columns = [_KNOWN.get(title, "") for title in titles]
        for number, line in enumerate(rows[1:], 2):
            code = by_name.get(folded(line[named]) if named < len(line) else "")
            if code is None:
                troubles.append(f"第 {number} 行：没有这个单位。")
            else:
                _fill(changed, code, zip(columns, line, strict=False))
    else:
        columns = [field for field, _ in FIELDS][column:]
        for number, line in enumerate(rows):
            if row + number >= len(units):
                troubles.append(f"多出 {len(rows) - number} 行，没有粘贴。")
                break
            if len(line) > len(columns):
                troubles.append(f"第 {number + 1} 行多出 {len(line) - len(columns)} 列，没有粘贴。")
            _fill(changed, units[row + number].code, zip(columns, line, strict=False))
    different = [c for code, c in changed.items() if c != known.get(code, Contact(code))]
    return Pasted(tuple(different), tuple(troubles))


def _fill(changed: dict[str, Contact], code: str, cells: zip[tuple[str, str]]) -> None:
    contact = changed.get(code, Contact(code))
    for field, cell in cells:
        if field:
            contact = typed(contact, field, cell)
    changed[code] = contact
