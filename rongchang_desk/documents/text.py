"""Chinese text on paper: breaking lines by the rules, and a paragraph that does it.

GB/T 15834 and the habits of official papers: some signs may not start a line, some may not end
one, numbers and Latin words stay whole, both edges are even. reportlab's own `wordWrap='CJK'`
does none of this.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from reportlab.platypus import PageBreak
from reportlab.platypus.flowables import Flowable

from rongchang_desk.documents import fonts
from rongchang_desk.documents.structure import ARTIFACT, CLOSE, HEADINGS, Bookmark, Element

NO_START = frozenset("、。，．：；？！…—～·’”〉》」』】〕〗）］｝％‰℃°,.:;?!)]}%' 々ゝー")
NO_END = frozenset("‘“〈《「『【〔〖（［｛([{￥＄$£§№")

Align = Literal["justify", "left", "center", "right"]
Span = tuple[str, str]
"""A piece of text and the face it is set in."""

_ATOM = re.compile(
    r"[-+−±]?[A-Za-zÀ-ÿ0-9](?:[A-Za-zÀ-ÿ0-9.,:/+\-_@#&'~—–]*[A-Za-zÀ-ÿ0-9%‰℃])?[%‰℃]?|…+|—+|.",
    re.DOTALL,
)
FUZZ = 1e-7
"""Points by which a flowable may miss its room; more than reportlab's own breaks a page badly."""
_SQUEEZE = 0.02  # of an em for each gap: what a line may be pressed together, unseen
_STRETCH = 0.22  # of an em for each gap: beyond this a line is left ragged

Atom = tuple[str, float, str]
"""What is never torn apart: text, width in 1/1000 em, face."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its atoms, its width in points, and whether its paragraph ends here."""

    atoms: tuple[Atom, ...]
    width: float
    first: bool
    last: bool

    @property
    def text(self) -> str:
        return "".join(atom[0] for atom in self.atoms)


def clean(text: str) -> str:
    """The text as it is set: line ends as \\n, tabs as spaces, invisible characters gone."""
    if text.isalnum():
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return text.translate(fonts.INVISIBLE)


def break_lines(
    spans: Sequence[Span],
    size: float,
    width: float,
    *,
    indent: float = 0.0,
    squeeze: bool = False,
) -> tuple[Line, ...]:
    """The lines of a text, `width` and `indent` (of first lines) in points.

    A line breaks only where both neighbours allow it, unless a single unbreakable piece is
    wider than the whole line. `squeeze` lets a closing mark be pressed in at the end of a
    justified line. Raises UnprintableCharacter.
    """
    lines: list[Line] = []
    for paragraph in _paragraphs(spans):
        lines += _fill(_clusters(*_keyed(paragraph)), size, width, indent, squeeze)
    return tuple(lines)


def widest_piece(text: str, face: str, size: float) -> float:
    """The width in points of the widest piece of a text that may not be broken."""
    return _widest(text, face, fonts.places(face), size)


@lru_cache(maxsize=4096)  # a district's returns share most of their words
def _widest(text: str, face: str, _places: fonts.Places, size: float) -> float:
    clusters = _clusters(*_keyed([(clean(text).replace("\n", " "), face)]))
    return max((sum(atom[1] for atom in c) for c in clusters), default=0.0) * size / 1000


def _paragraphs(spans: Sequence[Span]) -> list[list[Span]]:
    paragraphs: list[list[Span]] = [[]]
    for text, face in spans:
        head, *rest = clean(text).split("\n")
        paragraphs[-1].append((head, face))
        paragraphs += [[(part, face)] for part in rest]
    return paragraphs


def _atoms(spans: Sequence[Span]) -> list[Atom]:
    atoms: list[Atom] = []
    for text, face in spans:
        known = fonts.places(face)
        try:
            for piece in _ATOM.findall(text):
                if len(piece) == 1:
                    atoms.append((piece, known[piece][1], face))
                else:
                    atoms.append((piece, sum([known[c][1] for c in piece]), face))
        except fonts.UnprintableCharacter as wrong:
            raise fonts.UnprintableCharacter(wrong.character, text) from None
    return atoms


def _keyed(spans: Sequence[Span]) -> tuple[tuple[Span, ...], tuple[fonts.Places, ...]]:
    """Spans, and what their widths depend on besides: the fonts in use."""
    return tuple(spans), tuple(fonts.places(face) for _, face in spans)


@lru_cache(maxsize=4096)
def _clusters(spans: tuple[Span, ...], _places: tuple[fonts.Places, ...]) -> list[list[Atom]]:
    """Neighbours that no line may separate, together; not to be changed."""
    clusters: list[list[Atom]] = []
    before = ""
    for atom in _atoms(spans):
        text = atom[0]
        if before and (text[0] in NO_START or before in NO_END):
            clusters[-1].append(atom)
        else:
            clusters.append([atom])
        before = text[-1]
    return clusters


def _fill(
    clusters: list[list[Atom]], size: float, width: float, indent: float, squeeze: bool
) -> list[Line]:
    em = size / 1000
    lines: list[Line] = []
    current: list[Atom] = []
    used = 0.0
    room = width - indent

    def close(last: bool) -> None:
        nonlocal current, used, room
        lines.append(Line(tuple(current), used, not lines, last))
        current, used, room = [], 0.0, width

    for cluster in clusters:
        wide = sum([atom[1] for atom in cluster]) * em
        if used + wide <= room + 0.01:
            current += cluster
            used += wide
            continue
        gaps = len(current) + len(cluster) - 1
        if squeeze and current and used + wide - room <= min(size / 2, gaps * size * _SQUEEZE):
            current += cluster
            used += wide
            close(last=False)
            continue
        if current:
            close(last=False)
        if wide <= room + 0.01:
            current, used = list(cluster), wide
            continue
        for atom in _torn(cluster, room / em):  # wider than a line: torn where it must be
            if current and used + atom[1] * em > room + 0.01:
                close(last=False)
            current.append(atom)
            used += atom[1] * em
    if current or not lines:
        close(last=True)
    else:
        lines[-1] = Line(lines[-1].atoms, lines[-1].width, lines[-1].first, last=True)
    return lines


def _torn(cluster: list[Atom], room: float) -> list[Atom]:
    """Atoms wider than a line, as single characters; the others as they are."""
    torn: list[Atom] = []
    for atom in cluster:
        if atom[1] <= room or len(atom[0]) == 1:
            torn.append(atom)
        else:
            known = fonts.places(atom[2])
            torn += [(character, known[character][1], atom[2]) for character in atom[0]]
    return torn


class Pen:
    """Writes lines into one text object of a tagged canvas; `done` puts it on the page.

    Lines stand between `begin` and `end` (or `begin_artifact` and `end`).
    """

    def __init__(self, canvas: Any, grey: float = 0.0) -> None:
        self._canvas = canvas
        self._writing = canvas.beginText(0, 0)
        self._gap = 0.0
        self._font = ("", 0.0)
        self._grey = 0.0
        self.grey(grey)

    def begin(self, element: Element) -> None:
        """What is written next is content of an element."""
        self._writing._code.append(self._canvas.open_mark(element))

    def begin_artifact(self, kind: str = ARTIFACT) -> None:
        """What is written next is no content."""
        self._writing._code.append(kind)

    def end(self) -> None:
        """The content ends."""
        self._writing._code.append(CLOSE)

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
            if gap != self._gap:
                self._gap = gap
                writing.setCharSpace(gap)
            if (font, size) != self._font:
                self._font = (font, size)
                writing.setFont(font, size)
            writing.textOut("".join(characters))

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
    gaps = len(line.atoms) - 1
    slack = room - line.width
    if gaps < 1 or (line.last and slack >= 0) or slack > gaps * size * _STRETCH:
        return 0.0
    return slack / gaps


class Paragraph(Flowable):  # type: ignore[misc]  # reportlab carries no types
    """A paragraph of one or more spans; at least two lines stay together when a page ends.

    `size` and `leading` in points; `indent` of the first line and `right` (kept free at the
    right edge) in characters; `grey` from 0 (black) to 1. `role` is its type in the structure
    tree, or the element itself when it shares one; headings below the title are bookmarks.
    `followed_by` may be set to the height in points of what must not stand on a page without
    this paragraph's end (a signature block).
    """

    def __init__(
        self,
        text: str | Sequence[Span],
        *,
        size: float,
        leading: float,
        face: str = fonts.FANG,
        indent: float = 0,
        right: float = 0,
        align: Align = "justify",
        grey: float = 0.0,
        role: str | Element = "P",
    ) -> None:
        super().__init__()
        self.element = Element(role) if isinstance(role, str) else role
        self.spans: Sequence[Span] = [(text, face)] if isinstance(text, str) else text
        self.size = size
        self.leading = leading
        self.indent = indent * size
        self.right = right * size
        self.align = align
        self.grey = grey
        self.followed_by = 0.0
        self._lines: tuple[Line, ...] | None = None
        self._width = -1.0

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        if self._lines is None or self._width != width:
            self._width = width
            self._lines = break_lines(
                self.spans,
                self.size,
                width - self.right,
                indent=self.indent,
                squeeze=self.align == "justify",
            )
        self.width, self.height = width, len(self._lines) * self.leading
        if self.height <= height + FUZZ < self.height + self.followed_by:
            return self.width, height + 1  # asks to be split
        return self.width, self.height

    def split(self, width: float, height: float) -> list[Flowable]:
        self.wrap(width, height)
        lines = self._lines or ()
        fitting = int((height + FUZZ) // self.leading)
        if fitting >= len(lines):  # all fits, but not what must stand with the end
            if len(lines) < 4:
                return []
            return [self._part(lines[:-2]), PageBreak(), self._part(lines[-2:])]
        fitting = min(fitting, len(lines) - 2)  # neither page gets a line that stands alone
        if fitting < 2:
            return []
        rest = self._part(lines[fitting:])
        rest.followed_by = self.followed_by
        return [self._part(lines[:fitting]), rest]

    def _part(self, lines: tuple[Line, ...]) -> Paragraph:
        part = Paragraph.__new__(Paragraph)
        part.__dict__.update(self.__dict__)
        part.__dict__.pop("_postponed", None)  # reportlab's count of this flowable's moves
        part._lines, part.followed_by = lines, 0.0
        return part

    def draw(self) -> None:
        canvas = self.canv
        lines = self._lines or ()
        if self.element.kind in HEADINGS[1:] and not self.element.placed:
            canvas.tree.bookmarks.append(self._bookmark())
        pen = Pen(canvas, self.grey)
        pen.begin(self.element)
        y = len(lines) * self.leading - self.size * 0.88  # the glyph at the top of its pitch
        for line in lines:
            left = self.indent if line.first else 0.0
            room = self._width - self.right - left
            spread = 0.0
            if self.align == "center":
                left += (room - line.width) / 2
            elif self.align == "right":
                left += room - line.width
            elif self.align == "justify":
                spread = spread_of(line, room, self.size)
            pen.line(left, y, line, self.size, spread)
            y -= self.leading
        pen.end()
        pen.done()

    def _bookmark(self) -> Bookmark:
        canvas = self.canv
        title = "".join(text for text, _ in self.spans).strip()
        _, top = canvas.absolutePosition(0, self.height)
        level = HEADINGS.index(self.element.kind) + 1
        return Bookmark(title, level, canvas.getPageNumber(), top)
