"""Charts with our own fonts: matplotlib's object API, no pyplot, no global figure.

A character that the fonts lack is an error, never an empty box. Every mark also differs by
pattern or shape, so that a black-and-white print says the same.
"""

from __future__ import annotations

import threading
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from rongchang_desk import assets
from rongchang_desk.documents import fonts

_FAMILIES = ["Desk Hei", "Desk Song"]
_FULL = 100.0
_LIMIT = 125.0  # percent; a longer bar ends here, its figure stands beside it
_EDGE = 143.0  # where the figures end, in the axis's per cent
_MOST_NAMED = 10  # months of a course that carry their figure
_drawing = threading.RLock()  # rcParams and warnings belong to the whole process
_added: list[str] = []


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of a chart, as `#rrggbb`."""

    background: str
    text: str
    faint: str
    grid: str
    good: str
    behind: str
    empty: str
    expected: str


LIGHT = Palette(
    background="#ffffff", text="#1a1a1a", faint="#666666", grid="#d9d9d9",
    good="#2f5d8a", behind="#d98a6a", empty="#f2f2f2", expected="#b00020",
)  # fmt: skip
DARK = Palette(
    background="#1f2328", text="#e8e8e8", faint="#a0a6ad", grid="#3a4048",
    good="#6ea8dc", behind="#e09a78", empty="#2a2f36", expected="#ff8a80",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ProgressRow:
    """One target: per cent of its goal reached, per cent expected by now, or why there is none.

    `percent` None shows an empty lane with `note` (缺基期, 未报, 跟踪观察…).
    """

    title: str
    percent: float | None
    expected: float | None = None
    note: str = ""


def target_progress(
    rows: Sequence[ProgressRow], palette: Palette = LIGHT, *, width: float = 6.14
) -> Figure:
    """Horizontal bars of each target's per cent against its expected path; `width` in inches.

    Raises UnprintableCharacter for a character that no shipped font has.
    """
    for row in rows:
        fonts.check_printable(row.title + row.note)
    with _our_style():
        figure = Figure(figsize=(width, 0.75 + 0.285 * len(rows)), facecolor=palette.background)
        FigureCanvasAgg(figure)
        longest = max((len(row.title) for row in rows), default=4)
        left = min(0.42, 0.03 + longest * 8.6 / 72 / width)
        top = 1 - 0.36 / figure.get_figheight()
        bottom = 0.34 / figure.get_figheight()
        axes = figure.add_axes((left, bottom, 0.985 - left, top - bottom))
        axes.set_facecolor(palette.background)
        for place, row in enumerate(rows):
            _lane(axes, place, row, palette)
        axes.set_xlim(0, _EDGE)
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.set_yticks(range(len(rows)), [row.title for row in rows])
        axes.set_xticks(range(0, 126, 25), [f"{n}%" for n in range(0, 126, 25)])
        axes.tick_params(colors=palette.text, labelsize=8, length=0)
        axes.tick_params(axis="x", colors=palette.faint)
        axes.axvline(_FULL, color=palette.faint, linewidth=0.8)
        axes.spines["bottom"].set_bounds(0, _LIMIT)
        axes.grid(axis="x", color=palette.grid, linewidth=0.5)
        axes.set_axisbelow(True)
        for side in ("top", "right", "left"):
            axes.spines[side].set_visible(False)
        axes.spines["bottom"].set_color(palette.grid)
        _legend(figure, palette)
    return figure


def in_words(rows: Sequence[ProgressRow]) -> str:
    """What `target_progress` shows, for those who cannot see it."""
    lanes = []
    for row in rows:
        if row.percent is None:
            lanes.append(f"{row.title}{row.note or '无数据'}")
        else:
            due = f"（应达{row.expected:.1f}%）" if row.expected is not None else ""
            lanes.append(f"{row.title}{row.percent:.1f}%{due}")
    return f"条形图，各指标完成进度：{'；'.join(lanes)}。"


@dataclass(frozen=True, slots=True)
class TrendLine:
    """A figure over months: (month as text, value); the goal and what should be there by the
    last month, where there are any. `unit` names the axis."""

    title: str
    unit: str
    points: tuple[tuple[str, float], ...]
    goal: float | None = None
    expected: float | None = None


def target_trend(trend: TrendLine, palette: Palette = LIGHT) -> Figure:
    """A target's course over months with its goal; marks differ by shape as well as colour.

    Raises UnprintableCharacter for a character that no shipped font has.
    """
    fonts.check_printable(trend.title + trend.unit)
    with _our_style():
        figure = Figure(figsize=(6.14, 2.7), facecolor=palette.background)
        FigureCanvasAgg(figure)
        axes = figure.add_axes((0.12, 0.15, 0.85, 0.66))
        axes.set_facecolor(palette.background)
        axes.set_title(trend.title, color=palette.text, fontsize=10, loc="left", pad=18)
        axes.text(
            0, 1.03, trend.unit, transform=axes.transAxes, color=palette.faint, fontsize=8
        )  # fmt: skip
        places = range(len(trend.points))
        values = [value for _, value in trend.points]
        axes.plot(places, values, color=palette.good, marker="o", markersize=4, label="现值")
        # Counted from the newest, so that it is always named.
        named = [*places][:: -max(1, -(-len(values) // _MOST_NAMED))]
        for place in named:
            axes.annotate(
                f"{values[place]:,.10g}", (place, values[place]), xytext=(0, 6),
                textcoords="offset points", ha="center", fontsize=8, color=palette.text,
            )  # fmt: skip
        if trend.expected is not None and trend.points:
            axes.plot(
                [places[-1]], [trend.expected], linestyle="none", marker="D", markersize=6,
                markerfacecolor="none", markeredgecolor=palette.expected, label="本月应达",
            )  # fmt: skip
        if trend.goal is not None:
            axes.axhline(
                trend.goal, color=palette.expected, linewidth=1.0, linestyle="--", label="目标"
            )
        axes.set_xlim(-0.5, max(len(trend.points) - 0.5, 0.5))
        axes.margins(y=0.25)
        axes.set_xticks(named, [trend.points[place][0] for place in named])
        axes.yaxis.set_major_formatter("{x:,.10g}")
        axes.tick_params(colors=palette.faint, labelsize=8, length=0)
        axes.grid(axis="y", color=palette.grid, linewidth=0.5)
        axes.set_axisbelow(True)
        for side in ("top", "right", "left"):
            axes.spines[side].set_visible(False)
        axes.spines["bottom"].set_color(palette.grid)
        figure.legend(
            loc="upper right", ncols=3, fontsize=8, frameon=False, labelcolor=palette.text,
            borderaxespad=0.2,
        )  # fmt: skip
    return figure


def to_png(figure: Figure, dpi: float = 150) -> bytes:
    """The figure as PNG; the same figure gives the same bytes."""
    out = BytesIO()
    with _our_style():
        figure.savefig(out, format="png", dpi=dpi, metadata={"Software": None})
    return out.getvalue()


def to_pdf(figure: Figure) -> bytes:
    """The figure as one PDF page with selectable text; the same figure gives the same bytes."""
    out = BytesIO()
    with _our_style():
        metadata = {"CreationDate": None, "Creator": None, "Producer": None}
        figure.savefig(out, format="pdf", metadata=metadata)
    return out.getvalue()


def to_svg(figure: Figure) -> bytes:
    """The figure as SVG with selectable text; the same figure gives the same bytes.

    Fonts are named, not embedded: where ours are missing the reader's own stand in.
    """
    out = BytesIO()
    with _our_style():
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return out.getvalue()


def _lane(axes: Axes, place: int, row: ProgressRow, palette: Palette) -> None:
    """One target's bar, its figure, and the mark of where it should be."""
    bar, write = axes.barh, axes.text
    bar(place, _FULL, height=0.56, color=palette.empty, edgecolor=palette.grid, linewidth=0.5)
    if row.percent is None:
        write(2, place, row.note or "无数据", color=palette.faint, va="center", fontsize=8)
        write(_EDGE, place, "—", color=palette.faint, va="center", ha="right", fontsize=8)
        return
    behind = row.expected is not None and row.percent < row.expected
    bar(
        place, min(max(row.percent, 0.0), _LIMIT), height=0.56, linewidth=0.6,
        color=palette.behind if behind else palette.good, edgecolor=palette.text,
        hatch="////" if behind else None,
    )  # fmt: skip
    if row.percent > _LIMIT:  # a gap says that the bar goes on
        gap = [_LIMIT - 5, _LIMIT - 3]
        axes.plot(gap, [place + 0.34, place - 0.34], color=palette.background, linewidth=2.5)
    if row.expected is not None:
        reach = min(row.expected, _LIMIT)
        for color, linewidth in ((palette.background, 4.4), (palette.expected, 2.0)):
            axes.plot(  # with an edge, so that it stands out from a dark bar in grey, too
                [reach, reach], [place - 0.42, place + 0.42], color=color, linewidth=linewidth,
                solid_capstyle="butt", zorder=3,
            )  # fmt: skip
    write(
        _EDGE, place, f"{row.percent:.1f}%", color=palette.text, va="center", ha="right", fontsize=8
    )


def _legend(figure: Figure, palette: Palette) -> None:
    figure.legend(
        handles=[
            Patch(facecolor=palette.good, edgecolor=palette.text, label="达到进度"),
            Patch(facecolor=palette.behind, edgecolor=palette.text, hatch="////", label="落后进度"),
            Line2D([], [], color=palette.expected, linewidth=2.0, label="本月应达"),
            Patch(facecolor=palette.empty, edgecolor=palette.grid, label="无数据或不评分"),
        ],
        loc="upper right", ncols=4, fontsize=8, frameon=False, labelcolor=palette.text,
        borderaxespad=0.2, handlelength=1.6, columnspacing=1.4,
    )  # fmt: skip


@contextmanager
def _our_style() -> Iterator[None]:
    """Our fonts, embedded as TrueType; a missing glyph is an error."""
    with _drawing, warnings.catch_warnings():
        warnings.filterwarnings("error", message=".*missing from font.*")
        for name in ("Hei", "Song"):
            if name not in _added:
                fontManager.addfont(assets.resource("fonts", f"{name}.ttf"))
                _added.append(name)
        style: Any = {
            "font.family": _FAMILIES, "pdf.fonttype": 42, "axes.unicode_minus": False,
            "pdf.compression": 6, "hatch.linewidth": 0.6,
            "svg.fonttype": "none", "svg.hashsalt": "rongchang-desk",
        }  # fmt: skip
        with mpl.rc_context(style):
            yield
