"""Writing broken lines on a tagged canvas: fonts glyph by glyph, and both edges even."""

from __future__ import annotations

from typing import Any

from rongchang_desk.documents import fonts
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
        self._gap = 0.0
        self._font = ("", 0.0)
        self._grey = 0.0
        self._element: Element | None = None
        self._marked: Element | None = None  # whose content goes on behind a mark
        self.grey(grey)

    def begin(self, element: Element) -> None:
        """What is written next is content of an element."""
        self._element = element
        self._writing._code.append(self._canvas.open_mark(element))

    def begin_artifact(self, kind: str = ARTIFACT) -> None:
        """What is written next is no content."""
        self._writing._code.append(kind)

    def end(self) -> None:
        """The content ends."""
        if self._marked is None:
            self._writing._code.append(CLOSE)
        self._marked = None

    def grey(self, grey: float) -> None:
        """From 0 (black) to 1 (white)."""
        if grey != self._grey:
            self._grey = grey
            self._writing.setFillGray(grey)

    def line(self, x: float, y: float, line: Line, size: float, spread: float = 0.0) -> None:
        """Write a line from a point; `spread` points follow every atom, never within a number."""
        writing = self._writing
        writing.setTextOrigin(x, y)
        for font, gap, characters in _runs(line, spread):
            if font == fonts.NOTE:
                self._mark(characters[0][1:], size, gap)
                continue
            if self._marked is not None:
                self.begin(self._marked)
                self._marked = None
            if gap != self._gap:
                self._gap = gap
                writing.setCharSpace(gap)
            if (font, size) != self._font:
                self._font = (font, size)
                writing.setFont(font, size)
            writing.textOut("".join(characters))

    def _mark(self, note: str, size: float, gap: float) -> None:
        """The raised mark of a note; what follows it goes on with the element."""
        writing, element = self._writing, self._element
        sign, noted = self._canvas.footnotes.refer(note)
        self.end()
        self.begin(Element("Reference", element, refers=noted))
        small = size * MARK_SIZE
        if gap != self._gap:
            self._gap = gap
            writing.setCharSpace(gap)
        writing.setRise(0.88 * (size - small))
        writing.setFont(fonts.places(fonts.SONG)[sign[0]][0], small)
        writing.textOut(sign)
        writing.setRise(0)
        self._font = ("", 0.0)
        self.end()
        self._element = self._marked = element

    def done(self) -> None:
        if self._gap:
            self._writing.setCharSpace(0)  # it would outlive the text object
        self.grey(0.0)
        self._canvas.drawText(self._writing)


def _runs(line: Line, spread: float) -> list[tuple[str, float, list[str]]]:
    """A line as runs of one font and one gap."""
    runs: list[tuple[str, float, list[str]]] = []
    last: tuple[str, float] | None = None
    for text, _, face in line.atoms:
        if face == fonts.NOTE:
            if runs and spread and runs[-1][0] != face:  # a mark keeps close to its figure
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
    return runs


def spread_of(line: Line, room: float, size: float) -> float:
    """The points between atoms that make a line fill its room; 0 for last and hopeless lines."""
    gaps = sum([atom[2] != fonts.NOTE for atom in line.atoms]) - 1
    slack = room - line.width
    if gaps < 1 or (line.last and slack >= 0) or slack > gaps * size * _STRETCH:
        return 0.0
    return slack / gaps
