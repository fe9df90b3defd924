"""Writing broken lines on a tagged canvas: fonts glyph by glyph, and both edges even."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from rongchang_desk.documents import fonts
from rongchang_desk.documents.quick_numbers import written
from rongchang_desk.documents.structure import ARTIFACT, CLOSE, Element
from rongchang_desk.documents.text import MARK_SIZE, Line

_STRETCH = 0.22  # of an em for each gap: beyond this a line is left ragged


class Pen:
    """Writes lines into one text object of a tagged canvas; `done` puts it on the page.

    Lines stand between `begin` and `end` (or `begin_artifact` and `end`). The mark of a footnote
    is an element within the one that is written.
    """

    def __init__(self, canvas: Any, grey: float = 0.0) -> None:
        self._canvas = canvas
        self._writing = canvas.beginText(0, 0)
        self._code: list[str] = self._writing._code
        self._gap = 0.0
        self._font = ("", 0.0)
        self._grey = 0.0
        self._element: Element | None = None
        self._marked: Element | None = None  # whose content goes on behind a mark
        self.grey(grey)

    def begin(self, element: Element) -> None:
        """What is written next is content of an element."""
        self._element = element
        self._code.append(self._canvas.open_mark(element))

    def begin_artifact(self, kind: str = ARTIFACT) -> None:
        """What is written next is no content."""
        self._code.append(kind)

    def end(self) -> None:
        """The content ends."""
        if self._marked is None:
            self._code.append(CLOSE)
        self._marked = None

    def grey(self, grey: float) -> None:
        """From 0 (black) to 1 (white)."""
        if grey != self._grey:
            self._grey = grey
            self._writing.setFillGray(grey)

    def line(self, x: float, y: float, line: Line, size: float, spread: float = 0.0) -> None:
        """Write a line from a point; `spread` points follow every atom, never within a number."""
        self._code.append(f"1 0 0 1 {written(x)} {written(y)} Tm")
        for font, gap, text in _runs(line, spread):
            if font == fonts.NOTE:
                self._mark(text[1:], size, gap)
                continue
            if self._marked is not None:
                self.begin(self._marked)
                self._marked = None
            self._show(font, gap, size, text)

    def _show(self, font: str, gap: float, size: float, text: str) -> None:
        """Write on from where the line has come to."""
        if gap != self._gap:
            self._gap = gap
            self._code.append(f"{written(gap)} Tc")
        for subset, codes in self._canvas.codes_of(font, text):
            if (subset, size) != self._font:
                self._font = (subset, size)
                self._code.append(f"{subset} {written(size)} Tf")
            self._code.append(f"({codes}) Tj")

    def _mark(self, note: str, size: float, gap: float) -> None:
        """The raised mark of a note; what follows it goes on with the element."""
        element = self._element
        sign, noted = self._canvas.footnotes.refer(note)
        self.end()
        self.begin(Element("Reference", element, refers=noted))
        small = size * MARK_SIZE
        self._code.append(f"{written(0.88 * (size - small))} Ts")
        self._show(fonts.places(fonts.SONG)[sign[0]][0], gap, small, sign)
        self._code.append("0 Ts")
        self.end()
        self._element = self._marked = element

    def done(self) -> None:
        if self._gap:
            self._writing.setCharSpace(0)  # it would outlive the text object
        self.grey(0.0)
        self._canvas.drawText(self._writing)


Run = tuple[str, float, str]
"""Characters of one font with one gap behind each; in the face NOTE the words of a note."""


def _runs(line: Line, spread: float) -> Iterable[Run]:
    """A line as runs."""
    if spread:
        return _spread_runs(line, spread)
    runs: list[Run] = []
    for face, atoms in groupby(line.atoms, itemgetter(2)):
        if face == fonts.NOTE:
            runs += [(face, 0.0, text) for text, _, _ in atoms]
        else:
            text = "".join([atom[0] for atom in atoms])
            runs += _even_runs(text, fonts.places(face))
    return runs


@lru_cache(maxsize=2048)  # a district's returns share most of their words
def _even_runs(text: str, places: fonts.Places) -> tuple[Run, ...]:
    """A text without gaps as runs, a new one wherever the font changes."""
    fonts_of = groupby(text, lambda character: places[character][0])
    return tuple((font, 0.0, "".join(characters)) for font, characters in fonts_of)


def _spread_runs(line: Line, spread: float) -> Iterator[Run]:
    """A line with gaps as runs: none within an atom, none between a figure and its mark."""
    runs: list[tuple[str, float, list[str]]] = []
    last: tuple[str, float] | None = None
    for text, _, face in line.atoms:
        if face == fonts.NOTE:
            if runs and runs[-1][0] != face:
                font, _, characters = runs[-1]
                runs.append((font, 0.0, [characters.pop()]))
            runs.append((face, spread, [text]))
            last = None
            continue
        known = fonts.places(face)
        final = len(text) - 1
        for index, character in enumerate(text):
            kind = (known[character][0], spread if index == final else 0.0)
            if kind != last:
                runs.append((*kind, []))
                last = kind
            runs[-1][2].append(character)
    return ((font, gap, "".join(characters)) for font, gap, characters in runs if characters)


def spread_of(line: Line, room: float, size: float) -> float:
    """The points between atoms that make a line fill its room; 0 for last and hopeless lines."""
    gaps = sum([atom[2] != fonts.NOTE for atom in line.atoms]) - 1
    slack = room - line.width
    if gaps < 1 or (line.last and slack >= 0) or slack > gaps * size * _STRETCH:
        return 0.0
    return slack / gaps
