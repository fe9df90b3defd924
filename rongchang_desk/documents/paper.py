"""An official paper as plain values, which pages, docx and xlsx all print: so they agree.

Nothing is computed or laid out here; no library for any of the three is imported.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from rongchang_desk.documents.signature import SignerBlock

Align = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with the words around it: `每年` 1,000 `人次`; decimals as the number has them."""

    number: Decimal | int
    unit: str = ""
    before: str = ""
    strong: bool = False

    @property
    def digits(self) -> str:
        return f"{Decimal(self.number):,f}"

    @property
    def text(self) -> str:
        """As it is printed."""
        return f"{self.before}{self.digits}{self.unit}"

    @property
    def places(self) -> int:
        """Digits behind the decimal point."""
        exponent = Decimal(self.number).as_tuple().exponent
        return max(0, -exponent) if isinstance(exponent, int) else 0


Value = str | Amount
"""What stands in a cell; an empty text is printed as a dash."""


def text_of(value: Value) -> str:
    """A cell's value as it is printed."""
    return value.text if isinstance(value, Amount) else value


@dataclass(frozen=True, slots=True)
class Column:
    """A column: header, unit of its numbers, and bounds of its printed width in points.

    `figure` marks what counts as a number of the paper: when a later amendment changes it, the
    office is told. The lines of a `whole` column are never broken.
    """

    title: str
    align: Align = "left"
    unit: str = ""
    least: float = 0.0
    most: float = 0.0
    figure: bool = False
    whole: bool = False

    @property
    def header(self) -> str:
        """Title and unit on one line: `培训（场）`."""
        return f"{self.title}（{self.unit}）" if self.unit else self.title


@dataclass(frozen=True, slots=True)
class CellNote:
    """A footnote to a cell, by the indices of its row and column: one sentence of a line or two."""

    row: int
    column: int
    text: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: `name` is short (a worksheet's name), `caption` what stands above it.

    `key` is the index of the column that names a row; `totals` tells that the last row sums the
    others; `dense` that it is set small; `notes` are the footnotes of its cells.
    """

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    key: int = 0
    totals: bool = False
    dense: bool = False
    notes: tuple[CellNote, ...] = ()

    def notes_at(self, row: int, column: int) -> tuple[str, ...]:
        """The footnotes of a cell."""
        return tuple(one.text for one in self.notes if (one.row, one.column) == (row, column))


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the first level: 一、报送情况."""

    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph, and the numbers that its words state, each under a name.

    `notes` are footnotes: the words behind which the mark stands (their first occurrence), and
    what is noted, one sentence of a line or two.
    """

    text: str
    facts: tuple[tuple[str, Amount], ...] = ()
    notes: tuple[tuple[str, str], ...] = ()

    def pieces(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The text in pieces, each with the footnotes whose marks stand behind it.

        ValueError when the words of a note are not there.
        """
        cuts: dict[int, list[str]] = {}
        for words, note in self.notes:
            cuts.setdefault(self.text.index(words) + len(words), []).append(note)
        edges = [0, *sorted(cuts)]
        made = [(self.text[a:b], tuple(cuts[b])) for a, b in pairwise(edges)]
        return (*made, (self.text[edges[-1] :], ()))


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart under its caption: one PDF page for paper, a PNG for other files.

    `alt` says in words what it shows, for those who cannot see it.
    """

    caption: str
    pdf: bytes
    png: bytes
    alt: str = ""


Block = Heading | Text | Grid | Drawing


@dataclass(frozen=True, slots=True)
class Annex:
    """A table that begins on a page of its own; `wide` turns the page."""

    title: str
    grid: Grid
    wide: bool = False


@dataclass(frozen=True, slots=True)
class RedHead:
    """The red head of an issued paper: the issuer's mark and the document number (may be empty)."""

    mark: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """Everything an official paper prints.

    `title` may hold `\\n` where it is to break; `issued_on` is a date in words; `fingerprint` the
    汇总指纹 in hex; `running` the short text in the footer; without a `signer` there is no
    signature block.
    """

    title: str
    blocks: tuple[Block, ...]
    issuer: str
    issued_on: str
    addressee: str = ""
    head: RedHead | None = None
    annexes: tuple[Annex, ...] = ()
    copies_to: tuple[str, ...] = ()
    fingerprint: str = ""
    signer: SignerBlock | None = None
    running: str = ""

    @property
    def grids(self) -> tuple[Grid, ...]:
        """All tables in order, those of the annexes last."""
        inside = tuple(block for block in self.blocks if isinstance(block, Grid))
        return (*inside, *(annex.grid for annex in self.annexes))

    @property
    def plain_title(self) -> str:
        return self.title.replace("\n", "")


@dataclass(frozen=True, slots=True, order=True)
class Figure:
    """One number of a paper, and where it stands: table (or heading), row and column."""

    table: str
    row: str
    column: str
    value: str


def figures(paper: Paper) -> tuple[Figure, ...]:
    """Every number a paper prints, in order: those its sentences state and those of its tables."""
    return tuple(_figures(paper))


def _figures(paper: Paper) -> Iterator[Figure]:
    place = ""
    for block in paper.blocks:
        if isinstance(block, Heading):
            place = block.text
        elif isinstance(block, Text):
            for name, amount in block.facts:
                yield Figure(place, name, "", amount.text)
    for grid in paper.grids:
        for row in grid.rows:
            for column, value in zip(grid.columns, row, strict=True):
                if column.figure:
                    label = text_of(row[grid.key])
                    yield Figure(grid.caption, label, column.header, text_of(value))
