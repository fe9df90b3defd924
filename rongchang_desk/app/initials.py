"""Pinyin initials of names, so that `cysz` finds 昌元…: worked out, remembered, never stored.

pypinyin takes 150 ms to import. A worker may import it; the window's thread only uses it once
it is there (`ui.application` imports it after the first paint).
"""

from __future__ import annotations

import sys
from functools import lru_cache


@lru_cache(maxsize=16384)  # the same firms, places and people come again and again
def initials(text: str) -> str:
    """`zscq` for 知识产权; what is no Chinese stays, in lower case. For workers."""
    if text.isascii():
        return text.casefold()
    from pypinyin import Style, lazy_pinyin

    return "".join(lazy_pinyin(text, style=Style.FIRST_LETTER)).casefold()


def initials_at_hand(text: str) -> str:
    """The same for the window's thread; empty as long as pypinyin is not imported."""
    return initials(text) if hasattr(sys.modules.get("pypinyin"), "lazy_pinyin") else ""
