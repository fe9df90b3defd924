"""Understands what a clerk typed into a cell: numbers, dates, choices, bodies, tasks.

Tolerant of full-width digits, thousands separators and the usual ways to write a date;
anything else raises `Unreadable` with a Chinese reason that names the value. Never guesses.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from rongchang_desk.domain.plan import NumberKind, Plan
from rongchang_desk.domain.records import LARGEST, NOT_APPLICABLE, NOT_REPORTED, Value
from rongchang_desk.formats.canonical import decimal_text
from rongchang_desk.formats.sheet_layout import NOT_APPLICABLE_TEXT, NOT_REPORTED_TEXT

Cell = int | float | str | bool | date | datetime | time | timedelta
"""What python-calamine gives for a cell; an empty one is an empty text."""

_NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?")
_DATE = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?|(\d{4})(\d\d)(\d\d)")
_MONTH = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*月?")
_BETWEEN = re.compile(r"[、，,；;\n]")
_PLACES = {NumberKind.COUNT: 0, NumberKind.MONEY: 2, NumberKind.DECIMAL: 6}
_DIGITS_KEPT = 15
"""Spreadsheets keep 15 significant digits: beyond them a number is no longer what was typed."""
_YES = {"是", "√", "✓", "true", "y", "yes", "1"}
_NO = {"否", "×", "false", "n", "no", "0"}


class Unreadable(ValueError):
    """A cell that cannot be understood; the text is the Chinese reason."""


def folded(text: str) -> str:
    """A text for comparing: NFKC, without spaces."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def is_empty(cell: Cell) -> bool:
    return isinstance(cell, str) and not cell.strip()


def shown(cell: Cell) -> str:
    """A cell as it is quoted in a reason."""
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
    return f"“{text[:40]}…”" if len(text) > 40 else f"“{text}”"


def text(cell: Cell) -> str:
    """The text of a cell, without space at its ends; a number or date as it would be typed."""
    if isinstance(cell, str):
        return cell.replace("\r\n", "\n").strip()
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, int | float):
        if abs(cell) >= 10**_DIGITS_KEPT:
            raise Unreadable(
                f"{shown(cell)}超过 15 位，表格已丢失末尾数字，请把单元格设为文本格式后重新输入。"
            )
        return decimal_text(_from_float(cell))
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M") if cell.time() != time() else f"{cell:%Y-%m-%d}"
    return cell.strftime("%H:%M") if isinstance(cell, time) else str(cell)


def number(cell: Cell, kind: NumberKind) -> Decimal:
    """The number of a cell, with at most the decimals its kind has."""
    if isinstance(cell, bool) or not isinstance(cell, int | float | str):
        raise Unreadable(f"{shown(cell)}不是数字。")
    if isinstance(cell, str):
        typed = folded(cell)
        if not _NUMBER.fullmatch(typed):
            raise Unreadable(
                f"{shown(cell)}不是数字。只填数字，单位见表头；不适用填“{NOT_APPLICABLE_TEXT}”。"
            )
        found = Decimal(typed.replace(",", ""))
    else:
        found = _from_float(cell)
    if abs(found) > LARGEST:
        raise Unreadable(f"{shown(cell)}数值过大，请核对单位。")
    places = _PLACES[kind]
    if found != found.quantize(Decimal(1).scaleb(-places)):
        raise Unreadable(
            f"{shown(cell)}应为整数。" if not places else f"{shown(cell)}小数最多 {places} 位。"
        )
    return found


def value(cell: Cell, kind: NumberKind) -> Value:
    """The value of a cell in one of the four states; an empty cell is not reported."""
    if isinstance(cell, str):
        typed = folded(cell)
        if typed in ("", NOT_REPORTED_TEXT):
            return NOT_REPORTED
        if typed == NOT_APPLICABLE_TEXT:
            return NOT_APPLICABLE
    return Value.of(number(cell, kind))


def day(cell: Cell) -> date:
    """The date of a cell: a real date, or text such as 2026-10-08, 2026.10.8, 2026年10月8日."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    typed = "" if isinstance(cell, bool | time | timedelta) else folded(text(cell))
    match = _DATE.fullmatch(typed)
    if match is None:
        raise Unreadable(f"{shown(cell)}不是日期，请写成 2026-10-08 的形式。")
    year, month, number_ = (int(part) for part in match.groups() if part)
    try:
        return date(year, month, number_)
    except ValueError:
        raise Unreadable(f"{shown(cell)}这一天不存在，请核对。") from None


def year_month(cell: Cell) -> tuple[int, int]:
    """Year and month of a cell: text such as 2026-10 or 2026年10月, or any date within."""
    if isinstance(cell, date):
        return cell.year, cell.month
    match = _MONTH.fullmatch(folded(text(cell)))
    if match is None or not 1 <= int(match[2]) <= 12 or int(match[1]) < 1900:
        raise Unreadable(f"{shown(cell)}不是月份，请写成 2026-10 的形式。")
    return int(match[1]), int(match[2])


def choice(cell: Cell, offered: Iterable[str]) -> str:
    """The one of the offered choices that the cell names; empty when the cell is."""
    typed = text(cell)
    if not typed:
        return ""
    offers = tuple(offered)
    for offer in offers:
        if folded(offer) == folded(typed):
            return offer
    raise Unreadable(f"没有选项{shown(cell)}，可选：{'、'.join(offers)}。")


def several(cell: Cell, offered: Iterable[str]) -> tuple[str, ...]:
    """All the choices that a cell names, in its order, each once."""
    offers = tuple(offered)
    names = {folded(offer) for offer in offers}
    found: dict[str, None] = {}
    for part in re.split(r"[；;\n]", text(cell)):
        whole = folded(part) in names
        for piece in (part,) if whole else _BETWEEN.split(part):
            if piece.strip():
                found[choice(piece, offers)] = None
    return tuple(found)


def yes_no(cell: Cell) -> str:
    """`是`, `否`, or empty for an empty cell."""
    typed = folded(text(cell)).lower()
    if typed in _YES:
        return "是"
    if typed in _NO:
        return "否"
    if typed:
        raise Unreadable(f"{shown(cell)}应填“是”或“否”。")
    return ""


def tasks(cell: Cell, plan: Plan) -> tuple[int, ...]:
    """The numbers of the tasks that a cell names, e.g. `17、18`."""
    found: dict[int, None] = {}
    for part in re.split(r"[、，,；;\s]+", text(cell)):
        typed = folded(part).removeprefix("任务")
        if not typed:
            continue
        if not re.fullmatch(r"[0-9]{1,3}", typed) or not plan.has_task(int(typed)):
            raise Unreadable(f"方案中没有任务“{part}”，请填任务序号，几项用“、”隔开。")
        found[int(typed)] = None
    return tuple(found)


def body(name: str, plan: Plan) -> str:
    """The code of a unit for its name or code; another body's name as it is."""
    typed = folded(name)
    for unit in plan.units:
        if typed in (folded(unit.name), unit.code):
            return unit.code
    for known in plan.external_bodies:
        if typed == folded(known):
            return known
    return name.strip()


def bodies(cell: Cell, plan: Plan) -> tuple[str, ...]:
    """The bodies that a cell names, separated by `、` or the like, each once."""
    typed = text(cell)
    one = body(typed, plan)
    parts = [one] if plan.has_unit(one) or one in plan.external_bodies else _BETWEEN.split(typed)
    return tuple(dict.fromkeys(body(part, plan) for part in parts if part.strip()))


def _from_float(cell: float) -> Decimal:
    """A spreadsheet's number as it is shown there: 15 digits, without binary remainders."""
    return Decimal(format(cell, f".{_DIGITS_KEPT}g"))
