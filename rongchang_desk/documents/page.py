"""The page of official papers (GB/T 9704—2012) and the document built from it.

A4, a text block of 156 × 225 mm with 28 mm at the binding edge and 37 mm above, 22 lines of
28 characters in 3号, page numbers between dashes 7 mm below the block, odd ones right and even
ones left. Wide tables turn to landscape pages with their head at the binding edge.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from reportlab import rl_config
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Frame,
    KeepTogether,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Spacer,
)
from reportlab.platypus.flowables import Flowable

from rongchang_desk.documents import fonts, footnotes, quick_numbers
from rongchang_desk.documents.headline import title_lines
from rongchang_desk.documents.paragraph import Paragraph
from rongchang_desk.documents.pen import Pen
from rongchang_desk.documents.structure import FOOTER, Element, PageNotes, TaggedCanvas
from rongchang_desk.documents.text import Span, break_lines

quick_numbers.install()

PAGE_WIDTH, PAGE_HEIGHT = A4
LEFT, RIGHT, TOP, BOTTOM = 28 * mm, 26 * mm, 37 * mm, 35 * mm
WIDTH, HEIGHT = 156 * mm, 225 * mm
SIZE_2, SIZE_3, SIZE_4, SMALL_4, SIZE_5, SMALL_5 = 22.0, 15.75, 14.0, 12.0, 10.5, 9.0
"""2号, 3号 (16 pt would give only 27 characters a line), 4号, 小四, 五号 and 小五, in points."""
PITCH = (HEIGHT - SIZE_3) / 21
"""From line to line of the 22-line grid, in points."""
_UNDER = PITCH - SIZE_3  # a glyph stands at the top of its pitch: the last line needs this room

PORTRAIT, LANDSCAPE = "portrait", "landscape"


class _Block(Frame):  # type: ignore[misc]  # reportlab carries no types
    """The text block of a page, whose foot fills from `foot` (points) upwards with the notes of
    what stands in it: flowables name theirs as `notes`."""

    def __init__(self, foot: float, x: float, y: float, width: float, height: float) -> None:
        super().__init__(x, y, width, height, 0, 0, 0, 0)
        self.foot = foot
        self._ground = y
        self._page = PageNotes()

    def _add(self, flowable: Any, canvas: Any, trySplit: int = 0) -> Any:  # noqa: N803  reportlab's
        self._raise(canvas, getattr(flowable, "notes", ()))
        return super()._add(flowable, canvas, trySplit)

    add = _add

    def split(self, flowable: Any, canvas: Any) -> Any:
        self._raise(canvas, ())
        return super().split(flowable, canvas)

    def foot_of(self, notes: Sequence[str]) -> float:
        """How much less room there is on this page with these notes, in points."""
        return self._bottom(notes) - self._y1p

    def _raise(self, canvas: Any, notes: Sequence[str]) -> None:
        self._page = canvas.footnotes
        self._y1p: float = self._bottom(notes)

    def _bottom(self, notes: Sequence[str]) -> float:
        taken = footnotes.height(self._page, self._aW, notes)
        return self.foot + taken if taken else self._ground


def build(
    story: Sequence[Flowable],
    *,
    title: str,
    author: str,
    running: str = "",
    first: str = PORTRAIT,
    canvas_class: type[TaggedCanvas] = TaggedCanvas,
) -> bytes:
    """The tagged pages of a story as an unfinished PDF (see `archive.finish`), always the same.

    `running` is a short text in the footer opposite the page number: whose loose page it is.
    `canvas_class` is what is drawn on (see `drawing`).
    """
    fonts.register(fonts.SONG)
    rl_config.useA85 = 0
    out = BytesIO()

    def foot(canvas: Any, document: Any) -> None:
        footnotes.draw(canvas, LEFT, BOTTOM, WIDTH)
        _foot(canvas, document.page, running)

    def foot_turned(canvas: Any, document: Any) -> None:
        footnotes.draw(canvas, BOTTOM, RIGHT, HEIGHT)
        # As if the page were a portrait one turned clockwise: its foot is at the left.
        canvas.saveState()
        canvas.rotate(-90)
        canvas.translate(-PAGE_WIDTH, 0)
        _foot(canvas, document.page, running)
        canvas.restoreState()

    document = BaseDocTemplate(
        out,
        pagesize=A4,
        title=title,
        author=author,
        initialFontName=fonts.SONG,
        lang="zh-CN",
        invariant=1,
        pageCompression=0,
    )
    portrait = PageTemplate(
        PORTRAIT,
        [_Block(BOTTOM, LEFT, BOTTOM - _UNDER, WIDTH, HEIGHT + _UNDER + 0.2)],
        onPageEnd=foot,
        pagesize=A4,
    )
    landscape = PageTemplate(
        LANDSCAPE,
        [_Block(RIGHT, BOTTOM, RIGHT, HEIGHT, WIDTH + 0.2)],
        onPageEnd=foot_turned,
        pagesize=(PAGE_HEIGHT, PAGE_WIDTH),
    )
    both = [portrait, landscape] if first == PORTRAIT else [landscape, portrait]
    document.addPageTemplates(both)
    document.build(list(story), canvasmaker=canvas_class)
    return out.getvalue()


def _foot(canvas: Any, number: int, running: str) -> None:
    text = f"— {number} —"
    y = BOTTOM - 7 * mm - SIZE_4 * 0.85
    wide = fonts.text_width(text, fonts.SONG, SIZE_4)
    odd = number % 2 == 1
    x = LEFT + WIDTH - SIZE_4 - wide if odd else LEFT + SIZE_4
    write(canvas, x, y, text, SIZE_4, into=FOOTER)
    if running:
        wide = fonts.text_width(running, fonts.SONG, SMALL_5)
        x = LEFT if odd else LEFT + WIDTH - wide
        write(canvas, x, y, running, SMALL_5, grey=0.35, into=FOOTER)


def write(
    canvas: Any,
    x: float,
    y: float,
    text: str,
    size: float,
    *,
    face: str = fonts.SONG,
    grey: float = 0.0,
    into: Element | str | None = None,
) -> None:
    """Write one line of text at a point of the canvas, with fallback fonts.

    It becomes a paragraph of its own, content `into` an element, or an artifact (FOOTER).
    """
    pen = Pen(canvas, grey)
    pen.begin_artifact(into) if isinstance(into, str) else pen.begin(into or Element("P"))
    for line in break_lines([(text, face)], size, 10000):
        pen.line(x, y, line, size)
    pen.end()
    pen.done()


def turn(to: str) -> list[Flowable]:
    """Go on with a new page, `PORTRAIT` or `LANDSCAPE`."""
    return [NextPageTemplate(to), PageBreak()]


def headline(text: str) -> list[Flowable]:
    """A title in 2号小标宋, centred, with a blank line below."""
    element = Element("H1")
    return [
        Paragraph(
            line, size=SIZE_2, leading=SIZE_2 * 1.5, face=fonts.HEADLINE, align="center",
            role=element,
        )
        for line in title_lines(text, SIZE_2, WIDTH)
    ]  # fmt: skip


def heading(
    text: str | Sequence[Span], *, size: float = SIZE_4, room: float = 60.0, role: str = "H2"
) -> list[Flowable]:
    """A heading in 黑体 that stays with at least `room` points of what follows."""
    leading = size * 1.75
    return [
        CondPageBreak(leading + room),
        Paragraph(text, size=size, leading=leading, face=fonts.HEI, align="left", role=role),
    ]


def issuer_and_date(issuer: str, date: str) -> list[Flowable]:
    """落款: the issuer centred over the date, the date four characters from the right edge.

    A longer issuer stands two characters in, and the date centred below it (GB/T 9704 7.3.5).
    """
    free = 4.0
    longer = fonts.text_width(issuer, fonts.FANG, 1) - fonts.text_width(date, fonts.FANG, 1)
    issuer_free = free - longer / 2
    if longer > 0:
        issuer_free = 2.0
        free = max(issuer_free + longer / 2, free)
    return [
        Paragraph(text, size=SIZE_3, leading=PITCH, align="right", right=right)
        for text, right in ((issuer, issuer_free), (date, free))
    ]


def together(parts: Sequence[Flowable]) -> Flowable:
    """Flowables that stay on one page."""
    return KeepTogether(list(parts))


def height_of(parts: Sequence[Flowable]) -> float:
    """The height in points of flowables across the text block, one below the other."""
    return sum(float(part.wrap(WIDTH, HEIGHT)[1]) for part in parts)


def gap(height: float) -> Flowable:
    """Empty height in points."""
    return Spacer(1, height)


def groups_of_four(hex_text: str) -> str:
    """`abcdef01` as `ABCD EF01`: how digests are printed and read aloud."""
    upper = hex_text.upper()
    return " ".join(upper[i : i + 4] for i in range(0, len(upper), 4))
