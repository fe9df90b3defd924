"""How numbers are written on paper: value, zero, 不涉及 and 未报 look different."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

from rongchang_desk.documents import fonts
from rongchang_desk.documents.tables import Cell
from rongchang_desk.domain.plan import NumberKind
from rongchang_desk.domain.records import State, Value

_CENT = Decimal("0.01")


def number(amount: Decimal | int, kind: NumberKind = NumberKind.COUNT) -> str:
    """A number with thousands separators; money with two decimals, others as they were given."""
    decimal = Decimal(amount)
    if kind is NumberKind.MONEY:
        decimal = decimal.quantize(_CENT, ROUND_HALF_EVEN) if _is_coarse(decimal) else decimal
    return f"{decimal:,f}"


def value_cell(value: Value, kind: NumberKind = NumberKind.COUNT) -> Cell:
    """A value right-aligned, a true zero as 0, 不涉及 in grey, 未报 in a shaded cell."""
    if value.number is not None:
        return Cell(number(value.number, kind), "right")
    if value.state is State.NOT_APPLICABLE:
        return Cell("不涉及", "center", grey=0.45)
    return Cell("未报", "center", fonts.HEI, shaded=True)


def _is_coarse(decimal: Decimal) -> bool:
    """Whether two decimals hold the amount: a page must never round what the data says."""
    exponent = decimal.as_tuple().exponent
    return isinstance(exponent, int) and (exponent >= -2 or decimal == decimal.quantize(_CENT))
