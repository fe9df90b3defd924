"""Writes the numbers of page operators several times as fast as reportlab's own Python does.

Four places behind the point are a ten-thousandth of a point: far below what any printer shows.
(reportlab's compiled accelerator is not available for every platform.)
"""

from __future__ import annotations

from functools import lru_cache
from math import isfinite
from typing import Any

from reportlab.pdfbase import pdfdoc, ttfonts
from reportlab.pdfgen import canvas, pathobject, textobject


@lru_cache(maxsize=20000)  # coordinates of forms come again and again
def written(number: float) -> str:
    """A number as PDF writes it: 12.5, .75, 0. Raises ValueError for what is none (infinity)."""
    if not isfinite(number):
        raise ValueError(f"no number for paper: {number}")
    text = f"{number:.4f}".rstrip("0").rstrip(".")
    if text.startswith(("0.", "-0.")):
        text = text.replace("0.", ".", 1)
    return "0" if text in ("-0", "") else text


def _written(*numbers: Any) -> str:
    """Numbers, or one list of them, as text with a space between them."""
    if len(numbers) == 1 and isinstance(numbers[0], (list, tuple)):
        numbers = tuple(numbers[0])
    return " ".join([written(number) for number in numbers])


def install() -> None:
    """Let reportlab write page operators with it; does nothing the second time."""
    for module in (canvas, pathobject, textobject, pdfdoc, ttfonts):
        module.fp_str = _written
