"""Charts: our fonts, selectable text, the same bytes every time."""

from __future__ import annotations

import struct
from dataclasses import replace
from io import BytesIO

import pikepdf
import pytest
from matplotlib.figure import Figure

from rongchang_desk.documents.charts import (
    DARK,
    LIGHT,
    ProgressRow,
    TrendLine,
    target_progress,
    target_trend,
    to_pdf,
    to_png,
    to_svg,
)
from rongchang_desk.errors import DeskError
from tests.unit.documents import samples
from tests.unit.documents.reading import all_text, fonts_of


@pytest.fixture(scope="module")
def chart() -> bytes:
    return to_pdf(target_progress(samples.progress_rows(), LIGHT))


def test_titles_and_figures_can_be_selected(chart: bytes) -> None:
    text = all_text(chart)
    for row in samples.progress_rows():
        assert row.title in text
    assert "97.0%" in text
    assert "450.0%" in text


def test_rows_without_data_say_why(chart: bytes) -> None:
    text = all_text(chart)
    assert "缺基期" in text
    assert text.count("未报") == 2


def test_only_our_own_fonts_are_inside(chart: bytes) -> None:
    assert set(fonts_of(chart)) <= {"DeskHei-Regular", "DeskSong-Regular"}


def test_the_same_rows_give_the_same_bytes(chart: bytes) -> None:
    assert to_pdf(target_progress(samples.progress_rows(), LIGHT)) == chart
    figure = target_progress(samples.progress_rows(), DARK)
    assert to_png(figure) == to_png(figure)


def test_palettes_differ(chart: bytes) -> None:
    assert to_pdf(target_progress(samples.progress_rows(), DARK)) != chart


def test_a_row_behind_its_path_is_drawn_otherwise_than_one_on_it() -> None:
    """Same colours on purpose: only the hatching is left to tell them apart in print."""
    grey = replace(LIGHT, good="#888888", behind="#888888")
    on, behind = ProgressRow("注册商标", 80.0, 70.0), ProgressRow("注册商标", 80.0, 80.5)
    assert _hatched(target_progress([behind], grey)) == _hatched(target_progress([on], grey)) + 1


def _hatched(figure: Figure) -> int:
    with pikepdf.open(BytesIO(to_pdf(figure))) as pdf:
        return pdf.pages[0].Contents.read_bytes().count(b"/Pattern cs")


def test_a_bar_longer_than_the_scale_shows_a_gap() -> None:
    def gaps(percent: float) -> int:
        figure = target_progress([ProgressRow("注册商标", percent)])
        return sum(line.get_color() == LIGHT.background for line in figure.axes[0].lines)

    assert (gaps(125.0), gaps(125.1), gaps(435.5)) == (0, 1, 1)


def test_the_mark_of_what_is_due_has_an_edge_that_stands_out_in_grey() -> None:
    figure = target_progress([ProgressRow("注册商标", 90.0, 70.0)])
    edge, mark = (line for line in figure.axes[0].lines if line.get_xdata()[0] == 70.0)
    assert edge.get_color() == LIGHT.background
    assert edge.get_linewidth() > mark.get_linewidth()


def test_the_picture_has_the_asked_resolution() -> None:
    figure = target_progress(samples.progress_rows(), width=5.0)
    width = struct.unpack(">I", to_png(figure, 200)[16:20])[0]
    assert width == 1000


def test_a_rare_character_falls_back_and_an_unknown_one_is_refused() -> None:
    assert "榮昌陶" in all_text(to_pdf(target_progress([ProgressRow("榮昌陶", 50.0)])))
    with pytest.raises(DeskError, match="𪚥"):
        target_progress([ProgressRow("𪚥", 50.0)])


def test_no_rows_make_an_empty_chart() -> None:
    assert to_png(target_progress([])).startswith(b"\x89PNG")


TREND = TrendLine(
    "有效发明专利", "件", (("2026-08", 870.0), ("2026-09", 880.0), ("2026-10", 887.0)),
    goal=900.0, expected=882.3,
)  # fmt: skip


def test_an_svg_keeps_its_text_and_is_always_the_same() -> None:
    svg = to_svg(target_progress(samples.progress_rows(), LIGHT))
    assert svg == to_svg(target_progress(samples.progress_rows(), LIGHT))
    text = svg.decode()
    for row in samples.progress_rows():
        assert f">{row.title}</text>" in text


def test_a_course_names_its_months_figures_and_goal() -> None:
    text = all_text(to_pdf(target_trend(TREND)))
    for word in ("有效发明专利", "件", "2026-08", "870", "887", "目标", "本月应达"):
        assert word in text, word


def test_a_course_without_goal_or_with_one_month_is_drawn() -> None:
    bare = replace(TREND, points=TREND.points[:1], goal=None, expected=None)
    text = all_text(to_pdf(target_trend(bare, DARK)))
    assert "870" in text
    assert "目标" not in text


def test_a_long_course_names_some_months_and_always_the_newest() -> None:
    months = tuple((f"{2024 + n // 12}-{n % 12 + 1:02}", 1000.0 + n) for n in range(34))
    text = all_text(to_pdf(target_trend(replace(TREND, points=months))))
    assert "2026-10" in text
    assert "1,033" in text
    assert sum(month in text for month, _ in months) <= 10


def test_a_course_refuses_what_cannot_be_printed() -> None:
    with pytest.raises(DeskError):
        target_trend(replace(TREND, title="\U0001f600"))
