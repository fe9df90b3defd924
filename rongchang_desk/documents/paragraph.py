"""A paragraph on the page: set by the rules of `text`, kept in company when a page ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from reportlab.platypus import PageBreak
from reportlab.platypus.flowables import Flowable

from rongchang_desk.documents import fonts
from rongchang_desk.documents.pen import Pen, spread_of
from rongchang_desk.documents.structure import HEADINGS, Bookmark, Element
from rongchang_desk.documents.text import NO_END, NO_START, Line, Span, break_lines

Align = Literal["justify", "left", "center", "right"]
FUZZ = 1e-7
"""Points by which a flowable may miss its room; more than reportlab's own breaks a page badly."""


class Paragraph(Flowable):  # type: ignore[misc]  # reportlab carries no types
    """A paragraph of one or more spans; at least two lines stay together when a page ends.

    `size` and `leading` in points; `indent` of the first line and `right` (kept free at the
    right edge) in characters; `grey` from 0 (black) to 1. `role` is its type in the structure
    tree, or the element itself when it shares one; headings below the title are bookmarks.
    `paired` sees to it that the last line does not hold a single character.
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
        paired: bool = False,
    ) -> None:
        super().__init__()
        self.element = Element(role) if isinstance(role, str) else role
        self.spans: Sequence[Span] = [(text, face)] if isinstance(text, str) else text
        self.notes = notes_in(self.spans)
        self.size = size
        self.leading = leading
        self.indent = indent * size
        self.right = right * size
        self.align = align
        self.grey = grey
        self.paired = paired
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
            if self.paired:
                self._lines = _with_company(self._lines, self.size)
        self.width, self.height = width, len(self._lines) * self.leading
        if self.height <= height + FUZZ < self.height + self.followed_by:
            return self.width, height + 1  # asks to be split
        return self.width, self.height

    def split(self, width: float, height: float) -> list[Flowable]:
        self.wrap(width, height)
        lines = self._lines or ()
        fitting = int((height + FUZZ) // self.leading)
        while self.notes and fitting * self.leading + self._foot(lines[:fitting]) > height + FUZZ:
            fitting -= 1
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
        part.notes = _notes_of(lines)
        return part

    def _foot(self, lines: Sequence[Line]) -> float:
        """The room in points that the notes of lines need at the foot of this page."""
        return float(self._frame.foot_of(_notes_of(lines)))

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


_SHORTEST = 12  # atoms that a line keeps when it gives some away: its gaps stay unseen


def _with_company(lines: tuple[Line, ...], size: float) -> tuple[Line, ...]:
    """The lines, the last one with another character when it holds but one beside its marks."""
    if len(lines) < 2 or lines[-1].first:
        return lines
    *others, before, last = lines
    if sum(atom[0][0] not in NO_START for atom in last.atoms) > 1 or len(last.atoms[0][0]) > 1:
        return lines
    atoms = before.atoms
    cut = len(atoms) - 1
    while cut > 0 and (atoms[cut][0][0] in NO_START or atoms[cut - 1][0][-1] in NO_END):
        cut -= 1
    if cut < _SHORTEST:
        return lines
    kept, moved = atoms[:cut], (*atoms[cut:], *last.atoms)
    return (
        *others,
        replace(before, atoms=kept, width=sum(atom[1] for atom in kept) * size / 1000),
        replace(last, atoms=moved, width=sum(atom[1] for atom in moved) * size / 1000),
    )


def notes_in(spans: Sequence[Span]) -> tuple[str, ...]:
    """The notes to which marks among spans refer."""
    return tuple(text for text, face in spans if face == fonts.NOTE)


def _notes_of(lines: Sequence[Line]) -> tuple[str, ...]:
    return tuple(note for line in lines for note in line.notes)
