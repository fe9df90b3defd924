"""Tables: cells broken by the rules of `text`, the header repeated on every page.

Columns find their own widths from what stands in them. A row taller than a page is carried on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil

from reportlab.platypus import PageBreak
from reportlab.platypus.flowables import Flowable

from rongchang_desk.documents import fonts, footnotes
from rongchang_desk.documents.paragraph import FUZZ
from rongchang_desk.documents.pen import Pen
from rongchang_desk.documents.structure import (
    COLUMN_SCOPE,
    ROW_SCOPE,
    Element,
    PageNotes,
    artifact,
)
from rongchang_desk.documents.text import MARK_SIZE, Line, break_lines, extent

SIZE = 10.5
"""五号, in points."""
LEADING = 14.0
PAD_X = 4.0
PAD_Y = 2.6
OUTER, INNER = 1.0, 0.5


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its text and how it looks; an empty `align` or `face` follows the column."""

    text: str
    align: str = ""
    face: str = ""
    grey: float = 0.0
    shaded: bool = False
    span: int = 1
    """How many columns it takes."""
    names_row: bool = False
    """Whether it is the header of its row."""
    notes: tuple[str, ...] = ()
    """Footnotes to which marks behind the text refer."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: header, alignment, and bounds of its width in points (0 = none)."""

    title: str
    align: str = "left"
    least: float = 0.0
    most: float = 0.0


@dataclass(frozen=True, slots=True)
class _Laid:
    """A cell broken into lines, in its place."""

    cell: Cell
    x: float
    width: float
    align: str
    lines: tuple[Line, ...]
    element: Element
    hang: float = 0.0
    """Points kept free at the right for marks, so that figures stay one below the other."""


@dataclass(frozen=True, slots=True)
class _Row:
    cells: tuple[_Laid, ...]
    height: float

    @property
    def notes(self) -> tuple[str, ...]:
        """Those whose marks stand in it: behind the last line of a cell."""
        return tuple(
            note
            for laid in self.cells
            if laid.cell.notes
            for line in laid.lines
            for note in line.notes
        )


def _cell(value: str | Cell) -> Cell:
    return value if isinstance(value, Cell) else Cell(value)


def _notes(rows: Sequence[_Row]) -> tuple[str, ...]:
    return tuple(note for row in rows for note in row.notes)


def _cell_element(cell: Cell, row: Element, *, head: bool) -> Element:
    if head:
        return Element("TH", row, COLUMN_SCOPE)
    if cell.names_row:
        return Element("TH", row, ROW_SCOPE)
    return Element("TD", row, f"/O/Table/ColSpan {cell.span}" if cell.span > 1 else "")


def _hang(index: int, rows: Sequence[Sequence[str | Cell]], size: float) -> float:
    """The width in points of the most marks of notes that a cell of a column has."""
    cells = (row[index] for row in rows if index < len(row))
    most = max((len(cell.notes) for cell in cells if isinstance(cell, Cell)), default=0)
    return most * MARK_SIZE * size


@dataclass(frozen=True, slots=True)
class Bound:
    """What a column needs in points, padding included: at least, at best, for all on one line."""

    least: float
    natural: float
    longest: float


_SLACK = 2 * PAD_X + 0.6


def bounds_of(
    columns: Sequence[Column], rows: Sequence[Sequence[str | Cell]], size: float = SIZE
) -> list[Bound]:
    """What each column of a table needs."""
    return [_bound(index, column, rows, size) for index, column in enumerate(columns)]


def _bound(index: int, column: Column, rows: Sequence[Sequence[str | Cell]], size: float) -> Bound:
    name, *unit = column.title.split("\n")
    header = fonts.text_width(name, fonts.SONG, size)
    lines = 1 if header <= 2.2 * size else 2 if header <= 8.2 * size else 3
    whole = max((fonts.text_width(part, fonts.SONG, size) for part in unit), default=0.0)
    whole = max(whole, extent(name, fonts.SONG).piece * size / 1000)
    least = max(column.least, ceil(header / size / lines) * size, whole)
    natural = max(header if header <= 4.2 * size else least, whole)
    longest = natural
    marks = _hang(index, rows, size)
    for row in rows:
        if index >= len(row):
            continue
        value = row[index]
        if isinstance(value, str):
            measured = extent(value, fonts.SONG)
        elif value.span > 1:
            continue
        else:
            measured = extent(value.text, value.face or fonts.SONG)
        wide = measured.natural * size / 1000 + marks
        longest = max(longest, wide)
        if wide > least:
            piece = measured.piece * size / 1000 + marks
            short = wide if column.align == "right" else min(wide, 4 * size)
            least = max(least, min(piece, 12 * size), short)
    natural = max(natural, longest)
    if column.most:
        natural = min(natural, column.most)
    return Bound(least + _SLACK, max(natural, least) + _SLACK, longest + _SLACK)


def least_width(bounds: Sequence[Bound]) -> float:
    """The width in points below which a table would tear words or stack its header."""
    return sum(bound.least for bound in bounds)


def column_widths(
    columns: Sequence[Column], bounds: Sequence[Bound], width: float, size: float = SIZE
) -> list[float]:
    """Widths in points that add up to `width`: the least for each, the rest where rows are deep."""
    least = least_width(bounds)
    if least >= width:
        return [bound.least * width / least for bound in bounds]
    spare = width - sum(bound.natural for bound in bounds)
    if spare >= 0:
        grows = [column.align == "left" and not column.most for column in columns]
        if not any(grows):
            grows = [True] * len(columns)
        share = sum(b.natural for b, grow in zip(bounds, grows, strict=True) if grow)
        return [
            b.natural * (1 + spare / share) if grow else b.natural
            for b, grow in zip(bounds, grows, strict=True)
        ]
    widths = [bound.least for bound in bounds]
    spare = width - least
    step = size / 2
    while spare > 0:
        more = min(step, spare)
        depths = [
            bound.longest / (now - _SLACK) if now < bound.natural else 0.0
            for bound, now in zip(bounds, widths, strict=True)
        ]
        deepest = max(range(len(depths)), key=depths.__getitem__)
        widths[deepest] += more
        spare -= more
    return widths


class Table(Flowable):  # type: ignore[misc]  # reportlab carries no types
    """A ruled table; breaks between rows, repeats its header, never loses a line.

    `followed_by` may be set to the height in points of what must not stand on a page without
    the last two rows (a signature block). Columns are `widths` points wide, or as their `bounds`
    ask; a caller that has measured these already hands them over.
    """

    def __init__(
        self,
        columns: Sequence[Column],
        rows: Sequence[Sequence[str | Cell]],
        *,
        width: float,
        size: float = SIZE,
        leading: float = LEADING,
        widths: Sequence[float] = (),
        bounds: Sequence[Bound] = (),
        page_height: float = 600.0,
        min_row: float = 0.0,
    ) -> None:
        super().__init__()
        self.followed_by = 0.0
        self.size, self.leading, self.page_height = size, leading, page_height
        self.min_row = min_row
        self._widths = list(widths) or column_widths(
            columns, bounds or bounds_of(columns, rows, size), width, size
        )
        self._aligns = [column.align for column in columns]
        self._hangs = [
            _hang(index, rows, size) if column.align == "right" else 0.0
            for index, column in enumerate(columns)
        ]
        self.element = Element("Table")
        titled = any(column.title for column in columns)
        head = [Cell(column.title, "center", shaded=True) for column in columns]
        self._head: tuple[_Row, ...] = (self._lay(head, even=True),) if titled else ()
        self._rows: tuple[_Row, ...] = tuple(self._lay([_cell(v) for v in row]) for row in rows)
        self.notes = _notes(self._rows)
        self.spaceAfter = 6

    def _lay(self, cells: Sequence[Cell], *, even: bool = False) -> _Row:
        laid = []
        index, x = 0, 0.0
        element = Element("TR", self.element)
        for cell in cells:
            width = sum(self._widths[index : index + cell.span])
            spans = [(cell.text, cell.face or fonts.SONG)]
            spans += [(note, fonts.NOTE) for note in cell.notes]
            lines = break_lines(spans, self.size, width - 2 * PAD_X)
            if even and len(lines) > 1:
                lines = self._evened(cell.text, width - 2 * PAD_X)
            inside = _cell_element(cell, element, head=even)
            align = cell.align or self._aligns[index]
            laid.append(_Laid(cell, x, width, align, lines, inside, self._hangs[index]))
            x += width
            index += cell.span
        deepest = max(len(cell.lines) for cell in laid)
        return _Row(tuple(laid), self._height(deepest))

    def _evened(self, title: str, room: float) -> tuple[Line, ...]:
        """A header in lines of nearly equal length: 推广／面积, not 推广面／积."""
        made: list[Line] = []
        for part in title.split("\n"):
            lines = break_lines([(part, fonts.SONG)], self.size, room)
            even = fonts.text_width(part, fonts.SONG, self.size) / len(lines) + self.size / 2
            evened = break_lines([(part, fonts.SONG)], self.size, min(even, room))
            made += evened if len(evened) == len(lines) else lines
        return tuple(made)

    def _height(self, lines: int) -> float:
        return max(lines * self.leading + 2 * PAD_Y, self.min_row)

    def wrap(self, _width: float, height: float) -> tuple[float, float]:
        self.width = sum(self._widths)
        self.height = sum(row.height for row in (*self._head, *self._rows))
        if self.height <= height < self.height + self.followed_by and len(self._rows) >= 4:
            return self.width, height + 1  # asks to be split: see `split`
        return self.width, self.height

    def first_height(self, rows: int = 2) -> float:
        """The height in points of the header and the first rows: what a heading must keep."""
        shown = (*self._head, *self._rows[:rows])
        foot = footnotes.height(PageNotes(), sum(self._widths), _notes(shown))
        need = min(sum(row.height for row in shown) + foot, self.page_height / 3)
        if self.followed_by and len(self._rows) < 4:  # it leaves no rows behind: see `split`
            need = max(need, sum(row.height for row in (*self._head, *self._rows)) + foot)
            need += self.followed_by
        return need

    def split(self, _width: float, height: float) -> list[Flowable]:
        used = sum(row.height for row in self._head)
        fitting = 0
        for row in self._rows:
            if used + row.height > height + FUZZ - self._foot(self._rows[: fitting + 1]):
                break
            used += row.height
            fitting += 1
        else:  # all rows fit, but not what must stand with the last ones
            if len(self._rows) < 4:
                return [self]
            fitting = len(self._rows) - 2
            last = self._part(self._rows[fitting:])
            return [self._part(self._rows[:fitting]), PageBreak(), last]
        tall = self._rows[fitting]
        height -= self._foot(self._rows[: fitting + 1])
        if tall.height > 0.4 * self.page_height:
            lines = int((height - used - 2 * PAD_Y) // self.leading)
            if lines >= 2:
                above, below = self._torn(tall, lines)
                return [
                    self._part((*self._rows[:fitting], above)),
                    self._part((below, *self._rows[fitting + 1 :]), followed_by=self.followed_by),
                ]
        if fitting == 0:
            return []
        parts = []
        if len(self._rows) - fitting == 1 and fitting > 2:
            fitting -= 1  # a row does not stand alone on the next page
            parts = [PageBreak()]  # though this one has room for one of the two
        return [
            self._part(self._rows[:fitting]),
            *parts,
            self._part(self._rows[fitting:], followed_by=self.followed_by),
        ]

    def _torn(self, row: _Row, lines: int) -> tuple[_Row, _Row]:
        above = tuple(replace(cell, lines=cell.lines[:lines]) for cell in row.cells)
        below = tuple(replace(cell, lines=cell.lines[lines:]) for cell in row.cells)
        rest = max(len(cell.lines) for cell in below)
        return _Row(above, self._height(lines)), _Row(below, self._height(rest))

    def _part(self, rows: tuple[_Row, ...], followed_by: float = 0.0) -> Table:
        part = Table.__new__(Table)
        part.__dict__.update(self.__dict__)
        part.__dict__.pop("_postponed", None)  # reportlab's count of this flowable's moves
        part._rows, part.followed_by = rows, followed_by
        part.notes = _notes(rows)
        return part

    def _foot(self, rows: Sequence[_Row]) -> float:
        """The room in points that the notes of rows need at the foot of this page."""
        return float(self._frame.foot_of(_notes(rows))) if self.notes else 0.0

    def draw(self) -> None:
        canvas = self.canv
        rows = (*self._head, *self._rows)
        with artifact(canvas):
            self._shade(rows)
            self._rules(rows)
        pen = Pen(canvas)
        top = self.height
        repeated = any(laid.element.placed for row in self._head for laid in row.cells)
        for row in rows:
            as_artifact = repeated and row in self._head
            for laid in row.cells:
                self._write(pen, laid, top - row.height, row.height, as_artifact=as_artifact)
            top -= row.height
        pen.done()

    def _write(
        self, pen: Pen, laid: _Laid, bottom: float, height: float, *, as_artifact: bool
    ) -> None:
        if not laid.lines:  # nothing of a row that is carried on
            return
        if not laid.cell.text:
            self.canv.tree.place(laid.element)
            return
        pen.grey(laid.cell.grey)
        pen.begin_artifact() if as_artifact else pen.begin(laid.element)
        deep = len(laid.lines) * self.leading
        y = bottom + height - (height - deep) / 2 - (self.leading - self.size) / 2
        y -= self.size * 0.88
        for line in laid.lines:
            x = laid.x + PAD_X
            free = laid.width - 2 * PAD_X - line.width
            if laid.cell.notes:  # the figure stands where it would without its mark
                free += len(line.notes) * MARK_SIZE * self.size
            free -= laid.hang
            if laid.align == "center":
                x += free / 2
            elif laid.align == "right":
                x += free
            pen.line(x, y, line, self.size)
            y -= self.leading
        pen.end()

    def _shade(self, rows: tuple[_Row, ...]) -> None:
        canvas = self.canv
        top = self.height
        for row in rows:
            for laid in row.cells:
                if laid.cell.shaded:
                    canvas.setFillGray(0.93)
                    canvas.rect(laid.x, top - row.height, laid.width, row.height, stroke=0, fill=1)
                    canvas.setFillGray(0)
            top -= row.height

    def _rules(self, rows: tuple[_Row, ...]) -> None:
        canvas = self.canv
        path = canvas.beginPath()
        y = self.height
        for index, row in enumerate(rows):
            if index:
                path.moveTo(0, y)
                path.lineTo(self.width, y)
            for laid in row.cells[1:]:
                path.moveTo(laid.x, y)
                path.lineTo(laid.x, y - row.height)
            y -= row.height
        canvas.setLineWidth(INNER)
        canvas.drawPath(path)
        canvas.setLineWidth(OUTER)
        canvas.rect(0, 0, self.width, self.height)
