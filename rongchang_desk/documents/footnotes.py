"""Footnotes: small under a short rule at the foot of the page on which their figures stand.

Marks ①②③ begin anew on every page, as word processors and typists of official papers have it,
and are given in the order of drawing. What is said twice on a page stands at its foot once.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from rongchang_desk.documents import fonts
from rongchang_desk.documents.pen import Pen
from rongchang_desk.documents.structure import Element, PageNotes, artifact, sign
from rongchang_desk.documents.text import Line, break_lines

SIZE, _LEADING = 9.0, 12.5
_ABOVE = 10.0  # points from the text to the first note, the rule among them
_RULE = 3.4
_SIGN = 1.5 * SIZE  # what a note's own mark takes


def height(page: PageNotes, width: float, more: Iterable[str] = ()) -> float:
    """What the notes of a page take in points, when more are added; 0 without any."""
    notes = dict.fromkeys([*page.notes, *more])
    if not notes:
        return 0.0
    return sum(len(_lines(note, width)) for note in notes) * _LEADING + _ABOVE


def draw(canvas: Any, x: float, bottom: float, width: float) -> None:
    """Draw the notes of a canvas's page, and begin the next one without any."""
    page = canvas.footnotes
    if not page.notes:
        return
    top = bottom + page.lift + height(page, width)
    with artifact(canvas):
        canvas.setLineWidth(0.5)
        canvas.line(x, top - _RULE, x + width / 4, top - _RULE)
    pen = Pen(canvas)
    y = top - _ABOVE - SIZE * 0.88
    for number, (note, element) in enumerate(page.notes.items(), 1):
        pen.begin(Element("Lbl", element))
        (label,) = break_lines([(sign(number), fonts.SONG)], SIZE, width)
        pen.line(x, y, label, SIZE)
        pen.end()
        pen.begin(Element("P", element))
        for line in _lines(note, width):
            pen.line(x + _SIGN, y, line, SIZE)
            y -= _LEADING
        pen.end()
    pen.done()
    page.turn()


@lru_cache(maxsize=256)
def _broken(note: str, width: float, _places: fonts.Places) -> tuple[Line, ...]:
    return break_lines([(note, fonts.SONG)], SIZE, width - _SIGN)


def _lines(note: str, width: float) -> tuple[Line, ...]:
    return _broken(note, width, fonts.places(fonts.SONG))
