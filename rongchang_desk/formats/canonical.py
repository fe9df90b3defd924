"""Canonical JSON (RFC 8785) of our values: the same value gives the same bytes anywhere.

Payloads, stored records, digests and fingerprints are all made here. What is emitted:
objects, arrays, strings, integers, booleans and null; never a fraction or an exponent.
A Decimal is a string in plain notation without needless zeros (`12.5`, never `1.25E+1`),
so that equal numbers are equal bytes; a date is `YYYY-MM-DD`, a `Month` is `YYYY-MM`.
"""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import Any

import msgspec

from rongchang_desk.domain.month import Month
from rongchang_desk.formats.errors import FormatError

LARGEST_INTEGER = 2**53 - 1
"""Beyond it readers that hold numbers as doubles disagree (RFC 7493 §2.2)."""
LARGEST_EXPONENT = 40
"""Bounds how long a Decimal may become when its exponent is written out."""

_encoder = msgspec.json.Encoder(order="sorted")


def dumps(value: object) -> bytes:
    """The canonical UTF-8 bytes of one of our dataclasses, or of a plain dict or list.

    Raises FormatError for text that has no UTF-8 form (a lone surrogate) and for numbers
    out of range; TypeError for a float or another type that has no canonical form here.
    """
    try:
        plain = msgspec.to_builtins(value, builtin_types=(Decimal,), enc_hook=_encode_ours)
        return _encoder.encode(_settle(plain))
    except UnicodeEncodeError as wrong:
        raise FormatError(
            "文字中含有无法保存的字符（不完整的字符编码）。", "请删去该字符后重新输入。"
        ) from wrong


def digest(data: bytes) -> str:
    """The SHA-256 of bytes in lower-case hex."""
    return hashlib.sha256(data).hexdigest()


def decimal_text(number: Decimal) -> str:
    """A finite Decimal in plain notation without needless zeros; FormatError when too large."""
    if not number.is_finite() or (
        number and not -LARGEST_EXPONENT <= number.adjusted() <= LARGEST_EXPONENT
    ):
        raise FormatError(f"数值 {number} 超出可记录的范围。", "请核对数值和单位。")
    if not number:
        return "0"
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _encode_ours(value: object) -> str:
    if isinstance(value, Month):
        return str(value)
    raise TypeError(f"no canonical form for {type(value).__name__}")


def _settle(node: Any) -> Any:
    """The tree with every Decimal written as text; refuses what has no canonical form.

    `Any`: the tree is whatever msgspec built. Works in place, as the tree is ours alone.
    """
    kind = type(node)
    if kind is str or kind is bool or node is None:
        return node
    if kind is dict:
        for key, item in node.items():
            # RFC 8785 sorts by UTF-16, msgspec by code point: they differ above U+FFFF only.
            if not key.isascii() and max(key) > "\uffff":
                raise TypeError(f"object keys above U+FFFF are not supported: {key!r}")
            if type(item) is not str:
                node[key] = _settle(item)
        return node
    if kind is list or kind is tuple:
        return [_settle(item) for item in node]
    if kind is Decimal:
        return decimal_text(node)
    if kind is int:
        if not -LARGEST_INTEGER <= node <= LARGEST_INTEGER:
            raise FormatError(f"整数 {node} 超出可记录的范围。", "请核对数值和单位。")
        return node
    raise TypeError(f"no canonical form for {kind.__name__}")
