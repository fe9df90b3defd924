"""Writes the numbers of page operators several times as fast as reportlab's own Python does.

Coordinates of forms come again and again; what was written once is remembered. (reportlab's
compiled accelerator is not available for every platform.)
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from reportlab.lib import rl_accel
from reportlab.pdfbase import pdfdoc, ttfonts
from reportlab.pdfgen import canvas, pathobject, textobject

_slow = rl_accel.fp_str
_remembered = lru_cache(maxsize=20000)(_slow)


def _written(*numbers: Any) -> str:
    """Numbers as text, a space between them."""
    try:
        text: str = _remembered(*numbers)
    except TypeError:  # a list of numbers
        text = _slow(*numbers)
    return text


def install() -> None:
    """Let reportlab write page operators with it; does nothing the second time."""
    for module in (canvas, pathobject, textobject, pdfdoc, ttfonts):
        module.fp_str = _written
