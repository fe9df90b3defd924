"""Where two texts differ, character by character: for showing them side by side."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of one text; `differs` when the other text has something else there."""

    text: str
    differs: bool


def spans(one: str, other: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Both texts cut into stretches that they share and that they do not."""
    if one == other:
        return ((Span(one, False),), (Span(other, False),)) if one else ((), ())
    left: list[Span] = []
    right: list[Span] = []
    for tag, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        differs = tag != "equal"
        if b > a:
            left.append(Span(one[a:b], differs))
        if d > c:
            right.append(Span(other[c:d], differs))
    return tuple(left), tuple(right)
