"""The preview of a PDF: real pages, drawn when they come into view."""

from __future__ import annotations

import io

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QToolButton
from pytestqt.qtbot import QtBot
from reportlab.pdfgen import canvas

from rongchang_desk.ui.pdf_view import KEPT, PdfView

PAGES = 30
RED = "#ff0000"


def pdf(pages: int = PAGES) -> bytes:
    """Pages of 300 × 400 points, each with a red upper half."""
    out = io.BytesIO()
    drawing = canvas.Canvas(out, pagesize=(300, 400))
    for number in range(pages):
        drawing.setFillColorRGB(1, 0, 0)
        drawing.rect(0, 200, 300, 200, stroke=0, fill=1)
        drawing.drawString(20, 20, str(number + 1))
        drawing.showPage()
    drawing.save()
    return out.getvalue()


@pytest.fixture
def view(qtbot: QtBot) -> PdfView:
    made = PdfView()
    qtbot.addWidget(made)
    made.resize(400, 500)
    made.show()
    return made


def load(qtbot: QtBot, view: PdfView, data: bytes) -> None:
    with qtbot.waitSignal(view.loaded, timeout=20_000):
        view.show_pdf(data)


def drawn(view: PdfView) -> set[int]:
    """The pages that have been drawn."""
    return {key[0] for key in view._pages._pictures}


def label(view: PdfView, name: str) -> str:
    found = view.findChild(QLabel, name)
    assert found is not None
    return str(found.text())


def test_only_the_pages_in_view_are_drawn(view: PdfView, qtbot: QtBot) -> None:
    load(qtbot, view, pdf())
    assert view.page_count == PAGES
    qtbot.waitUntil(lambda: 0 in drawn(view))
    assert drawn(view) <= {0, 1}
    assert label(view, "pdf_page") == f"第 1 / {PAGES} 页"


def test_a_page_is_shown_as_the_file_has_it(view: PdfView, qtbot: QtBot) -> None:
    load(qtbot, view, pdf(1))
    qtbot.waitUntil(lambda: 0 in drawn(view))
    picture = view._pages.viewport().grab().toImage()
    middle = picture.width() // 2
    assert picture.pixelColor(middle, 60).name() == RED
    whole = view._pages._rects()[0]
    assert picture.pixelColor(middle, whole.top() + whole.height() * 3 // 4).name() == "#ffffff"


def test_scrolling_draws_the_pages_reached_and_forgets_old_ones(
    view: PdfView, qtbot: QtBot
) -> None:
    load(qtbot, view, pdf())
    for number in range(1, PAGES + 1):
        view.go_to_page(number)
        qtbot.waitUntil(lambda n=number: n - 1 in drawn(view))
    assert label(view, "pdf_page").startswith(f"第 {PAGES} /")
    assert len(view._pages._pictures) <= KEPT


def test_zoom_by_keys_and_back_to_the_width(view: PdfView, qtbot: QtBot) -> None:
    load(qtbot, view, pdf())
    fitted = label(view, "pdf_zoom")
    QTest.keyClick(view._pages, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    larger = label(view, "pdf_zoom")
    assert int(larger.rstrip("%")) > int(fitted.rstrip("%"))
    QTest.keyClick(view._pages, Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(view._pages, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert label(view, "pdf_zoom") == fitted


def test_end_and_home_go_to_the_last_and_first_page(view: PdfView, qtbot: QtBot) -> None:
    load(qtbot, view, pdf())
    QTest.keyClick(view._pages, Qt.Key.Key_End)
    assert label(view, "pdf_page") == f"第 {PAGES} / {PAGES} 页"
    QTest.keyClick(view._pages, Qt.Key.Key_Home)
    assert label(view, "pdf_page") == f"第 1 / {PAGES} 页"


def test_a_broken_file_is_told_in_words(view: PdfView, qtbot: QtBot) -> None:
    load(qtbot, view, pdf(2))
    with qtbot.waitSignal(view.broken, timeout=20_000):
        view.show_pdf(b"%PDF-1.7 broken")
    assert view.page_count == 0
    assert "不能显示" in view._pages._text
    button = view.findChild(QToolButton, "pdf_larger")
    assert button is not None
    assert not button.isEnabled()


def test_of_two_files_shown_at_once_the_last_one_stays(view: PdfView, qtbot: QtBot) -> None:
    view.show_pdf(pdf(7))
    load(qtbot, view, pdf(3))
    assert view.page_count == 3


def test_a_view_may_go_while_its_file_is_being_opened(qtbot: QtBot) -> None:
    gone = PdfView()
    gone.show_pdf(pdf())
    with qtbot.waitSignal(gone.destroyed):
        gone.deleteLater()
    other = PdfView()
    qtbot.addWidget(other)
    load(qtbot, other, pdf(2))
    assert other.page_count == 2


def test_the_zoom_buttons_are_there_only_with_a_file(view: PdfView, qtbot: QtBot) -> None:
    larger = view.findChild(QToolButton, "pdf_larger")
    assert larger is not None
    assert not larger.isVisible()
    load(qtbot, view, pdf(1))
    assert larger.isVisible()
    view.clear()
    assert not larger.isVisible()


def worded(*pages: tuple[str, ...]) -> bytes:
    """Pages of 300 × 400 points with lines of text, 30 points apart from the top down."""
    out = io.BytesIO()
    drawing = canvas.Canvas(out, pagesize=(300, 400))
    for lines in pages:
        for number, line in enumerate(lines):
            drawing.drawString(20, 370 - 30 * number, line)
        drawing.showPage()
    drawing.save()
    return out.getvalue()


LONG = worded(("one",), ("two", "the trade", "mark course"), ("three",))


def test_the_page_and_line_of_a_text_broken_over_lines_are_found_and_marked(
    view: PdfView, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(view.found, timeout=20_000) as found:
        view.show_pdf(LONG, ("nowhere", "trademark course"))
    assert found.args == [2]
    assert label(view, "pdf_page") == "第 2 / 3 页"
    place = view._pages._place
    assert place is not None
    assert place.page == 1
    assert 0.12 < place.top < place.bottom < 0.16  # the second line of the page
    qtbot.waitUntil(lambda: 1 in drawn(view))
    rect = view._pages._rects()[1].translated(0, -view._pages.verticalScrollBar().value())
    picture = view._pages.viewport().grab().toImage()
    line = rect.top() + round(rect.height() * (place.top + place.bottom) / 2)
    assert picture.pixelColor(rect.left() + 2, line).name() != "#ffffff"
    assert picture.pixelColor(rect.left() + 2, line + 60).name() == "#ffffff"


def test_words_that_no_page_shows_leave_the_first_page_unmarked(
    view: PdfView, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(view.found, timeout=20_000) as found:
        view.show_pdf(LONG, ("nowhere",))
    assert found.args == [0]
    assert label(view, "pdf_page") == "第 1 / 3 页"
    assert view._pages._place is None
