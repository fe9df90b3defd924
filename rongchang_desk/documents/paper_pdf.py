"""An official paper (see `paper`) as pages in the layout of GB/T 9704.

Plain values in, pages out: what is counted, matched and judged is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from typing import Any

import pikepdf
from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, PageBreak
from reportlab.platypus.flowables import Flowable

from rongchang_desk.documents import fonts, page
from rongchang_desk.documents.headline import title_lines
from rongchang_desk.documents.paper import (
    Amount,
    Annex,
    Block,
    Drawing,
    Grid,
    Heading,
    Paper,
    RedHead,
    Text,
    Value,
    text_of,
)
from rongchang_desk.documents.paragraph import Align, Paragraph
from rongchang_desk.documents.signature import SignatureBlock, rows_for
from rongchang_desk.documents.structure import Element, artifact, marked
from rongchang_desk.documents.tables import Cell, Column, Table, bounds_of, least_width
from rongchang_desk.documents.text import Span

RED = (0.902, 0.0, 0.071)
"""The red of an issuer's mark, as RGB: CMYK would conflict with the sRGB output intent."""

_ANNEX_SIZE, _ANNEX_LEADING = 8.0, 10.5
"""Small enough for the 39 returns of a district and the colophon on two pages, in points."""


def render(paper: Paper) -> bytes:
    """The pages of a paper as an unfinished PDF; the same input gives the same bytes.

    Raises UnprintableCharacter (a DeskError) for a character that no shipped font has.
    """
    drawings = [block for block in paper.blocks if isinstance(block, Drawing)]
    closing = _closing(paper)
    colophon = _Colophon(paper.copies_to, paper.issuer, paper.issued_on)
    story: list[Flowable] = [
        *(_red_head(paper.head) if paper.head else ()),
        *page.headline(paper.title),
        page.gap(page.PITCH),
        *([_flush(f"{paper.addressee}：")] if paper.addressee else []),
        *_blocks(paper.blocks, drawings, page.height_of(closing)),
        page.together(closing),
        *_annexes(paper.annexes, colophon),
        colophon,
    ]
    made = page.build(story, title=paper.plain_title, author=paper.issuer, running=paper.running)
    return _with_charts(made, drawings) if drawings else made


def _blocks(
    blocks: Sequence[Block], drawings: Sequence[Drawing], followed_by: float
) -> Iterator[Flowable]:
    """The body; its end shares a page with what it is `followed_by` (points)."""
    last = len(blocks) - 1
    tables = {
        index: _captioned(block, followed_by + _BELOW if followed_by and index == last else 0.0)
        for index, block in enumerate(blocks)
        if isinstance(block, Grid) and block.rows
    }
    for index, block in enumerate(blocks):
        below = followed_by if index == last else 0.0
        match block:
            case Heading():
                yield from _heading(block.text, tables.get(index + 1, ()))
            case Text():
                paragraph = _body(_spans(block))
                paragraph.followed_by = below
                yield paragraph
            case Grid():
                yield from tables.get(index, ())
            case Drawing():
                slot = _ChartSlot(drawings.index(block), block)
                yield page.together([
                    slot,
                    _caption(block.caption, slot.element),
                    page.gap(6),
                ])  # fmt: skip


def _spans(block: Text) -> list[Span]:
    spans: list[Span] = []
    for text, notes in block.pieces():
        spans += [(text, fonts.FANG), *((note, fonts.NOTE) for note in notes)]
    return spans


def _body(text: str | Sequence[Span]) -> Paragraph:
    return Paragraph(text, size=page.SIZE_3, leading=page.PITCH, indent=2, paired=True)


def _flush(text: str, face: str = fonts.FANG, role: str = "P") -> Paragraph:
    return Paragraph(text, size=page.SIZE_3, leading=page.PITCH, face=face, align="left", role=role)


def _heading(text: str, table: Sequence[Flowable]) -> list[Flowable]:
    """A heading, which stays with two lines of text or with the first rows of a `table`."""
    first = sum(part.height for part in table if isinstance(part, CondPageBreak))
    return [
        CondPageBreak(page.PITCH + max(3 * page.PITCH, first + 4)),
        Paragraph(
            text,
            size=page.SIZE_3,
            leading=page.PITCH,
            face=fonts.HEI,
            indent=2,
            align="left",
            role="H2",
        ),
    ]


def _caption(text: str, of: Element) -> Paragraph:
    return Paragraph(
        text, size=page.SMALL_4, leading=20, face=fonts.HEI, align="center",
        role=Element("Caption", of),
    )  # fmt: skip


_BELOW = 6.0  # points below a table


def _captioned(grid: Grid, followed_by: float) -> list[Flowable]:
    """A table under its caption, which stays with the first rows."""
    cramped = least_width(bounds_of(_columns(grid, page.SIZE_5), _rows(grid))) > page.WIDTH
    size, leading = (page.SMALL_5, 12.5) if grid.dense or cramped else (page.SIZE_5, 14.0)
    table = _table(grid, page.WIDTH, size, leading)
    table.followed_by = followed_by
    return [
        page.gap(4),
        CondPageBreak(20 + table.first_height(3)),
        _caption(grid.caption, table.element),
        table,
        page.gap(_BELOW),
    ]


def _table(grid: Grid, width: float, size: float, leading: float) -> Table:
    return Table(_columns(grid, size), _rows(grid), width=width, size=size, leading=leading)


def _columns(grid: Grid, size: float) -> list[Column]:
    return [
        Column(
            f"{column.title}\n（{column.unit}）" if column.unit else column.title,
            column.align,
            _whole(grid, index, size) if column.whole else column.least,
            column.most,
        )
        for index, column in enumerate(grid.columns)
    ]


def _rows(grid: Grid) -> list[list[Cell]]:
    rows = [[_cell(value) for value in row] for row in grid.rows]
    for note in grid.notes:
        cell = rows[note.row][note.column]
        rows[note.row][note.column] = replace(cell, notes=(*cell.notes, note.text))
    if grid.totals and rows:
        rows[-1] = [
            replace(
                cell,
                align="center" if index == grid.key else "",
                face=fonts.HEI,
                grey=0.0,
                shaded=True,
            )
            for index, cell in enumerate(rows[-1])
        ]
    return rows


def _whole(grid: Grid, index: int, size: float) -> float:
    """The width in points of the longest line of a column."""
    lines = (line for row in grid.rows for line in text_of(row[index]).split("\n"))
    return max((fonts.text_width(line, fonts.SONG, size) for line in lines), default=0.0)


def _cell(value: Value) -> Cell:
    if isinstance(value, Amount):
        return Cell(value.text, face=fonts.HEI if value.strong else "")
    return Cell(value) if value else Cell("—", "center", grey=0.45)


def _closing(paper: Paper) -> list[Flowable]:
    """附件说明, issuer and date, the signature block: for one page."""
    parts: list[Flowable] = [page.gap(page.PITCH)]
    if paper.annexes:
        names = [annex.title for annex in paper.annexes]
        if len(names) > 1:
            names = [f"{number}. {name}" for number, name in enumerate(names, 1)]
        parts.append(_body(f"附件：{names[0]}"))
        parts += [
            Paragraph(name, size=page.SIZE_3, leading=page.PITCH, indent=5, align="left")
            for name in names[1:]
        ]
        parts.append(page.gap(page.PITCH))
    parts += page.issuer_and_date(paper.issuer, paper.issued_on)
    if paper.signer is not None:
        rows = rows_for(paper.signer, paper.fingerprint, digest_label="汇总指纹")
        parts += [page.gap(page.PITCH / 2), SignatureBlock(rows)]
    return parts


def _annexes(annexes: Sequence[Annex], colophon: _Colophon) -> Iterator[Flowable]:
    """The annexes; the colophon does not stand on a page alone."""
    turned = False
    for number, annex in enumerate(annexes, 1):
        if annex.wide or turned:
            yield from page.turn(page.LANDSCAPE if annex.wide else page.PORTRAIT)
        else:
            yield PageBreak()
        turned = annex.wide
        yield _flush(f"附件{number if len(annexes) > 1 else ''}", fonts.HEI)
        yield Paragraph(
            annex.title, size=page.SIZE_2, leading=page.SIZE_2 * 1.5, face=fonts.HEADLINE,
            align="center", role="H2",
        )  # fmt: skip
        yield page.gap(page.PITCH / 2)
        if annex.grid.rows:
            width = page.HEIGHT if annex.wide else page.WIDTH
            size, leading = (
                (_ANNEX_SIZE, _ANNEX_LEADING) if annex.grid.dense else (page.SIZE_5, 14.0)
            )
            table = _table(annex.grid, width, size, leading)
            if number == len(annexes) and not annex.wide:
                table.followed_by = colophon.least_height() + table.spaceAfter
            yield table
        else:
            yield _body("无。")
    if turned:
        yield from page.turn(page.PORTRAIT)


_MARK_LARGEST, _MARK_SMALLEST = 46.0, 26.0


def _red_head(head: RedHead) -> list[Flowable]:
    """The issuer's mark, 35 mm below the text block's top, document number and red rule.

    Two lines stay free between mark and number, and between rule and title (GB/T 9704 7.2).
    """
    return [_Mark(head), page.gap(2 * page.PITCH)]


class _Mark(Flowable):  # type: ignore[misc]  # reportlab carries no types
    def __init__(self, head: RedHead) -> None:
        super().__init__()
        self.head = head

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        self.width = width
        whole = fonts.text_width(self.head.mark, fonts.HEADLINE, 1.0)
        self.size = max(_MARK_SMALLEST, min(_MARK_LARGEST, width / whole))
        self.lines = title_lines(self.head.mark, self.size, width + 0.1)
        self.leading = self.size * 1.35
        self.mark_height = self.leading * (len(self.lines) - 1) + self.size
        self.height = 35 * mm + self.mark_height + 3 * page.PITCH + 4 * mm
        return self.width, self.height

    def draw(self) -> None:
        canvas = self.canv
        canvas.saveState()
        canvas.setStrokeColorRGB(*RED)
        canvas.setFillColorRGB(*RED)
        y = self.height - 35 * mm - self.size * 0.88
        mark = Element("P")
        for line in self.lines:
            wide = fonts.text_width(line, fonts.HEADLINE, self.size)
            x = (self.width - wide) / 2
            page.write(canvas, x, y, line, self.size, face=fonts.HEADLINE, into=mark)
            y -= self.leading
        canvas.setFillGray(0)
        number = self.head.number
        if number:
            wide = fonts.text_width(number, fonts.FANG, page.SIZE_3)
            x = (self.width - wide) / 2
            page.write(canvas, x, 4 * mm + 4, number, page.SIZE_3, face=fonts.FANG)
        with artifact(canvas):
            canvas.setLineWidth(1.2)
            canvas.line(0, 0, self.width, 0)
        canvas.restoreState()


class _Colophon(Flowable):  # type: ignore[misc]  # reportlab carries no types
    """版记 at the foot of the last page: copies, the printing body and the day.

    Outer rules 0.35 mm, the inner one 0.25 mm, 4号仿宋; the last rule on the block's edge.
    """

    def __init__(self, copies_to: Sequence[str], issuer: str, issued_on: str) -> None:
        super().__init__()
        self.copies = f"抄送：{'，'.join(copies_to)}。" if copies_to else ""
        self.issuer, self.issued_on = issuer, issued_on

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        self.width = width
        inside = width - 2 * page.SIZE_4
        self._printed = f"{self.issued_on}印发"
        self._date_width = fonts.text_width(self._printed, fonts.FANG, page.SIZE_4)
        self._copies = _small(self.copies)
        self._issuer = _small(self.issuer, "left")
        above = self._copies.wrap(inside, height)[1] + 8 if self.copies else 0.0
        self._below = self._issuer.wrap(inside - self._date_width - page.SIZE_4, height)[1] + 6
        self._need = above + self._below
        # Takes all that is left of the page, so that it stands at the foot.
        self.height = max(height, self._need + 12)
        return self.width, self.height

    def least_height(self) -> float:
        """What it takes of a page at least, in points."""
        self.wrap(page.WIDTH, 0.0)
        return self.height

    def draw(self) -> None:
        canvas = self.canv
        canvas.footnotes.lift = self._need + 8
        _, at = canvas.absolutePosition(0, 0)
        canvas.saveState()
        canvas.translate(0, page.BOTTOM - at)
        with artifact(canvas):
            canvas.setLineWidth(0.35 * mm)
            canvas.line(0, 0, self.width, 0)
            canvas.line(0, self._need, self.width, self._need)
            if self.copies:
                canvas.setLineWidth(0.25 * mm)
                canvas.line(0, self._below, self.width, self._below)
        if self.copies:
            self._copies.drawOn(canvas, page.SIZE_4, self._below + 1)
        self._issuer.drawOn(canvas, page.SIZE_4, 1)
        x = self.width - page.SIZE_4 - self._date_width
        y = 1 + 20 - page.SIZE_4 * 0.88  # beside the issuer's last line
        page.write(canvas, x, y, self._printed, page.SIZE_4, face=fonts.FANG)
        canvas.restoreState()


def _small(text: str, align: Align = "justify") -> Paragraph:
    return Paragraph(text, size=page.SIZE_4, leading=20, align=align)


def _slot_name(index: int) -> str:
    return f"chart{index}"


class _ChartSlot(Flowable):  # type: ignore[misc]  # reportlab carries no types
    """An empty form XObject of a chart's size, filled after the pages are made."""

    def __init__(self, index: int, chart: Drawing) -> None:
        super().__init__()
        self.index = index
        self.element = Element("Figure", alt=chart.alt or chart.caption)
        with pikepdf.open(BytesIO(chart.pdf)) as pdf:
            box = [float(edge) for edge in pdf.pages[0].mediabox]
        self.box = (box[2] - box[0], box[3] - box[1])

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        self.scale = min(width / self.box[0], page.HEIGHT * 0.8 / self.box[1])
        self.width, self.height = width, self.box[1] * self.scale
        return self.width, self.height

    def draw(self) -> None:
        canvas = self.canv
        name = _slot_name(self.index)
        canvas.beginForm(name, 0, 0, *self.box)
        canvas.endForm()
        left = (self.width - self.box[0] * self.scale) / 2
        x, y = canvas.absolutePosition(left, 0)
        right, top = canvas.absolutePosition(self.width - left, self.height)
        self.element.attributes = (
            f"/O/Layout/Placement/Block/BBox[{x:.0f} {y:.0f} {right:.0f} {top:.0f}]"
        )
        canvas.translate(left, 0)
        canvas.scale(self.scale, self.scale)
        with marked(canvas, self.element):
            canvas.doForm(name)


def _with_charts(pages: bytes, charts: Sequence[Drawing]) -> bytes:
    """Put the charts' pages into their slots: vectors and selectable text, not pictures."""
    out = BytesIO()
    with pikepdf.open(BytesIO(pages)) as pdf:
        for index, chart in enumerate(charts):
            with pikepdf.open(BytesIO(chart.pdf)) as source:
                _make_opaque(source)
                form = pdf.copy_foreign(source.pages[0].as_form_xobject())
                _fill_slot(pdf, f"/FormXob.{_slot_name(index)}", form)
        pdf.save(out, static_id=True, compress_streams=False)
    return out.getvalue()


def _make_opaque(chart: pikepdf.Pdf) -> None:
    """Nothing in a chart is transparent: matplotlib says 0 where a shape has no edge or filling."""
    states: Any = chart.pages[0].obj.Resources.get("/ExtGState", pikepdf.Dictionary())
    for name in states.keys():  # noqa: SIM118  a pikepdf object is no dict
        for alpha in ("/CA", "/ca"):
            if states[name].get(alpha) == 0:
                states[name][alpha] = 1


def _fill_slot(pdf: pikepdf.Pdf, name: str, form: Any) -> None:
    for sheet in pdf.pages:
        resources = sheet.obj.get("/Resources")
        if resources is not None and "/XObject" in resources and name in resources.XObject:
            resources.XObject[name] = form
