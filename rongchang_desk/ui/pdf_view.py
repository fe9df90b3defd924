"""Shows the pages of a PDF: scrolled, zoomed, drawn only when they come into view.

PDFium allows one thread at a time, so one worker thread of this module does all its work. The
view never writes and never trusts what it shows: whether a file is valid is not its business.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple, TypeVar

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QHBoxLayout,
    QLabel,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from rongchang_desk.ui import theme
from rongchang_desk.ui.naming import named

GAP = 14  # between pages and around them, pixels
KEPT = 12  # drawn pages kept in memory
ZOOMS = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0)
PIXELS_PER_POINT = 96 / 72
LARGEST_SIDE = 6000  # pixels of a drawn page: more only fills the memory

T = TypeVar("T")

_worker = ThreadPoolExecutor(1, thread_name_prefix="pdf")


@dataclass(frozen=True)
class Sheet:
    """A page's size in points."""

    width: float
    height: float


class Place(NamedTuple):
    """A line on a page: its page (from 0), top and bottom as shares of the page's height."""

    page: int
    top: float
    bottom: float


class _Document:
    """A PDF inside PDFium. Every method runs on the worker thread only."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._pdf: Any = None

    def open(self) -> tuple[Sheet, ...]:
        """The sizes of all pages; raises whatever PDFium raises for a broken file."""
        import pypdfium2

        self._pdf = pypdfium2.PdfDocument(self._data)
        sizes = [self._pdf.get_page_size(number) for number in range(len(self._pdf))]
        return tuple(Sheet(*size) for size in sizes)

    def draw(self, number: int, width: int, height: int) -> QImage:
        """A page as a picture of exactly this many pixels."""
        page = self._pdf[number]
        try:
            scale = max(width / page.get_width(), height / page.get_height())
            bitmap = page.render(scale=scale, prefer_bgrx=True)
            try:
                # copy: the buffer belongs to the bitmap
                picture = QImage(
                    bytes(bitmap.buffer),
                    bitmap.width,
                    bitmap.height,
                    bitmap.stride,
                    QImage.Format.Format_RGB32,
                ).copy()
            finally:
                bitmap.close()
        finally:
            page.close()
        return picture

    def place_of(self, words: tuple[str, ...]) -> Place | None:
        """Where the first of the words that any page shows stands first; None when none does."""
        for word in filter(None, map(_solid, words)):
            for number in range(len(self._pdf)):
                found = self._place_on(number, word)
                if found is not None:
                    return found
        return None

    def _place_on(self, number: int, word: str) -> Place | None:
        page = self._pdf[number]
        try:
            shown = page.get_textpage()
            try:
                text = shown.get_text_range()
                at = _solid(text).find(word)
                if at < 0:
                    return None
                signs = [n for n, sign in enumerate(text) if _solid(sign)]
                _, bottom, _, top = shown.get_charbox(signs[at])
                height = page.get_height()
                return Place(number, 1 - top / height, 1 - bottom / height)
            finally:
                shown.close()
        finally:
            page.close()

    def close(self) -> None:
        if self._pdf is not None:
            self._pdf.close()
            self._pdf = None


class _Relay(QObject):
    """Carries results from the worker to the view's thread."""

    opened = Signal(object, object)  # document, sheets or None
    drawn = Signal(object, object, object)  # document, key, picture or None
    found = Signal(object, object)  # document, Place or None


class PdfView(QWidget):
    """Pages below one another with a bar for zoom and page count.

    `show_pdf` returns at once; `loaded` follows with the number of pages, or `broken`; then,
    when words were to be found, `found` with the page (from 1; 0 when no page shows them).
    """

    loaded = Signal(int)
    broken = Signal()
    found = Signal(int)

    def __init__(self, parent: QWidget | None = None, empty: str = "没有可以预览的文件。") -> None:
        super().__init__(parent)
        self.setObjectName("pdf_view")
        self._pages = _Pages(empty, self)
        self._pages.page_changed.connect(self._show_place)
        self._pages.zoom_changed.connect(self._show_place)
        self._count = named(QLabel(), "pdf_page", "页码")
        self._zoom = named(QLabel(), "pdf_zoom", "缩放比例")
        self._zoom.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._buttons = (
            self._button("pdf_smaller", "－", "缩小（Ctrl+-）", self._pages.zoom_out),
            self._button("pdf_larger", "＋", "放大（Ctrl++）", self._pages.zoom_in),
            self._button("pdf_fit", "适合宽度", "按窗口宽度显示（Ctrl+0）", self._pages.fit_width),
        )
        self._bar = QWidget()
        bar = QHBoxLayout(self._bar)
        bar.setContentsMargins(4, 0, 4, 0)
        bar.addWidget(self._count)
        bar.addStretch()
        bar.addWidget(self._buttons[0])
        bar.addWidget(self._zoom)
        bar.addWidget(self._buttons[1])
        bar.addWidget(self._buttons[2])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._bar)
        column.addWidget(self._pages, 1)
        self.setFocusProxy(self._pages)
        self._document: _Document | None = None
        self._words: tuple[str, ...] = ()
        self._relay = _Relay()
        self._relay.opened.connect(self._opened)
        self._relay.found.connect(self._go_to_found)
        self._show_place()

    def show_pdf(self, data: bytes, words: tuple[str, ...] = ()) -> None:
        """Show the pages of these bytes instead of the present ones, at the page that shows the
        first of the words that is anywhere."""
        self._drop()
        self._words = words
        self._pages.show_text("正在打开…")
        document = _Document(data)
        self._document = document
        self._show_place()
        relay = self._relay
        _worker.submit(document.open).add_done_callback(
            lambda future: relay.opened.emit(document, _result(future))
        )

    def clear(self, text: str = "") -> None:
        """Show no file, and why in `text`."""
        self._drop()
        self._pages.show_text(text or self._pages.empty)
        self._show_place()

    @property
    def page_count(self) -> int:
        """The number of pages shown; 0 before a file is open."""
        return len(self._pages.sheets)

    def go_to_page(self, number: int) -> None:
        """Scroll to a page, counted from 1."""
        self._pages.go_to(number - 1)

    def _drop(self) -> None:
        if self._document:
            _worker.submit(self._document.close)
        self._document = None
        self._pages.show_document(None, ())

    def _opened(self, document: _Document, sheets: tuple[Sheet, ...] | None) -> None:
        if document is not self._document:
            return
        if not sheets:
            self._document = None
            self._pages.show_text("这个文件不能显示，可能已经损坏。")
            self._show_place()
            self.broken.emit()
            return
        self._pages.show_document(document, sheets)
        self._show_place()
        self.loaded.emit(len(sheets))
        if self._words:
            relay, words = self._relay, self._words
            _worker.submit(document.place_of, words).add_done_callback(
                lambda future: relay.found.emit(document, _result(future))
            )

    def _go_to_found(self, document: _Document, place: Place | None) -> None:
        if document is self._document:
            self._pages.show_place(place)
            self.found.emit(place.page + 1 if place else 0)

    def _show_place(self) -> None:
        count = self.page_count
        self._bar.setVisible(self._document is not None)
        self._count.setText(f"第 {self._pages.current + 1} / {count} 页" if count else "")
        self._zoom.setText(f"{round(self._pages.zoom * 100)}%" if count else "")
        self._zoom.setMinimumWidth(self._zoom.fontMetrics().horizontalAdvance("300%") + 8)
        for button in self._buttons:
            button.setEnabled(bool(count))

    def _button(self, name: str, text: str, tip: str, clicked: Any) -> QToolButton:
        button = named(QToolButton(), name, tip.split("（", maxsplit=1)[0])
        button.setText(text)
        button.setToolTip(tip)
        button.clicked.connect(clicked)
        return button


class _Pages(QAbstractScrollArea):
    """The scrolled pages; asks the worker for those in view, and draws blank ones meanwhile."""

    page_changed = Signal()
    zoom_changed = Signal()

    def __init__(self, empty: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pdf_pages")
        self.setAccessibleName("文件预览")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.empty = empty
        self.sheets: tuple[Sheet, ...] = ()
        self.current = 0
        self.zoom = 1.0
        self._fits = True
        self._place: Place | None = None
        self._text = empty
        self._document: _Document | None = None
        self._pictures: OrderedDict[tuple[int, int, int], QImage] = OrderedDict()
        self._asked: dict[tuple[int, int, int], Future[QImage]] = {}
        self._relay = _Relay()
        self._relay.drawn.connect(self._drawn)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.horizontalScrollBar().valueChanged.connect(self.viewport().update)

    def show_text(self, text: str) -> None:
        """Show a line of text in place of pages."""
        self._text = text
        self.viewport().update()

    def show_document(self, document: _Document | None, sheets: tuple[Sheet, ...]) -> None:
        for future in self._asked.values():
            future.cancel()
        self._asked.clear()
        self._pictures.clear()
        self._document, self.sheets = document, sheets
        self._place = None
        self.current = 0
        self._lay_out()
        self.verticalScrollBar().setValue(0)

    def zoom_in(self) -> None:
        self._set_zoom(next((z for z in ZOOMS if z > self.zoom + 0.01), ZOOMS[-1]))

    def zoom_out(self) -> None:
        self._set_zoom(next((z for z in reversed(ZOOMS) if z < self.zoom - 0.01), ZOOMS[0]))

    def fit_width(self) -> None:
        """Follow the window's width from now on."""
        self._fits = True
        self._lay_out()

    def go_to(self, number: int) -> None:
        if 0 <= number < len(self.sheets):
            self.verticalScrollBar().setValue(self._rects()[number].top() - GAP)

    def show_place(self, place: Place | None) -> None:
        """Mark a line and scroll to it; None marks nothing."""
        self._place = place
        if place is not None and place.page < len(self.sheets):
            rect = self._rects()[place.page]
            line = rect.top() + round(place.top * rect.height())
            self.verticalScrollBar().setValue(line - self.viewport().height() // 3)
        self.viewport().update()

    def _set_zoom(self, zoom: float) -> None:
        self._fits = False
        self.zoom = zoom
        self._lay_out()

    def _lay_out(self) -> None:
        """Set the scroll bars for the present zoom, keeping the place in the document."""
        bar = self.verticalScrollBar()
        place = bar.value() / max(bar.maximum(), 1)
        room = self.viewport().size()
        if self._fits and self.sheets:
            widest = max(sheet.width for sheet in self.sheets) * PIXELS_PER_POINT
            self.zoom = max(0.2, min((room.width() - 2 * GAP) / widest, ZOOMS[-1]))
        whole = self._whole()
        bar.setPageStep(room.height())
        bar.setSingleStep(40)
        bar.setRange(0, max(0, whole.height() - room.height()))
        bar.setValue(round(place * bar.maximum()))
        across = self.horizontalScrollBar()
        across.setPageStep(room.width())
        across.setRange(0, max(0, whole.width() - room.width()))
        self.zoom_changed.emit()
        self.viewport().update()

    def _size(self, sheet: Sheet) -> QSize:
        factor = self.zoom * PIXELS_PER_POINT
        return QSize(round(sheet.width * factor), round(sheet.height * factor))

    def _whole(self) -> QSize:
        sizes = [self._size(sheet) for sheet in self.sheets]
        height = sum(size.height() + GAP for size in sizes) + GAP
        return QSize(max((size.width() for size in sizes), default=0) + 2 * GAP, height)

    def _rects(self) -> list[QRect]:
        """Where the pages stand in the whole document."""
        middle = max(self._whole().width(), self.viewport().width()) // 2
        top = GAP
        found = []
        for sheet in self.sheets:
            size = self._size(sheet)
            found.append(QRect(middle - size.width() // 2, top, size.width(), size.height()))
            top += size.height() + GAP
        return found

    def _scrolled(self) -> None:
        line = self.verticalScrollBar().value() + self.viewport().height() // 3
        rects = self._rects()
        now = next((n for n, rect in enumerate(rects) if rect.bottom() + GAP > line), 0)
        if now != self.current:
            self.current = now
            self.page_changed.emit()
        self.viewport().update()

    # Drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        palette = theme.current().palette
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), QColor(palette.track))
        if not self.sheets:
            painter.setPen(QColor(palette.muted))
            painter.drawText(
                self.viewport().rect().adjusted(20, 20, -20, -20),
                Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap,
                self._text,
            )
            return
        shift = (-self.horizontalScrollBar().value(), -self.verticalScrollBar().value())
        seen = set()
        for number, rect in enumerate(self._rects()):
            place = rect.translated(*shift)
            if place.intersects(self.viewport().rect()):
                painter.fillRect(place, Qt.GlobalColor.white)
                key = self._key(number, rect.size())
                seen.add(key)
                picture = self._pictures.get(key) or self._any_picture(number)
                if picture:
                    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
                    painter.drawImage(place, picture)
                if key in self._pictures:
                    self._pictures.move_to_end(key)
                else:
                    self._ask_for(key)
                if self._place is not None and self._place.page == number:
                    self._paint_mark(painter, place, self._place)
                painter.setPen(QColor(palette.border))
                painter.drawRect(place.adjusted(0, 0, -1, -1))
        for key in [key for key in self._asked if key not in seen]:
            if self._asked[key].cancel():
                del self._asked[key]

    def _paint_mark(self, painter: QPainter, page: QRect, place: Place) -> None:
        """A pale band over the marked line and a bar at the page's edge."""
        top = page.top() + round(place.top * page.height()) - 3
        height = max(round((place.bottom - place.top) * page.height()) + 6, 8)
        band = QColor(theme.LIGHT.focus)  # the paper is white in both palettes
        painter.fillRect(QRect(page.left(), top, 5, height), band)
        band.setAlpha(38)
        painter.fillRect(QRect(page.left(), top, page.width(), height), band)

    def _key(self, number: int, size: QSize) -> tuple[int, int, int]:
        ratio = self.devicePixelRatioF()
        wide, high = round(size.width() * ratio), round(size.height() * ratio)
        shrink = min(1.0, LARGEST_SIDE / max(wide, high, 1))
        return number, round(wide * shrink), round(high * shrink)

    def _any_picture(self, number: int) -> QImage | None:
        """The page at another zoom, to be seen while the right one is being drawn."""
        return next((p for key, p in self._pictures.items() if key[0] == number), None)

    def _ask_for(self, key: tuple[int, int, int]) -> None:
        document = self._document
        if document is None or key in self._asked:
            return
        relay = self._relay
        future = _worker.submit(partial(document.draw, *key))
        self._asked[key] = future

        def finished(done: Future[QImage]) -> None:
            if not done.cancelled():
                relay.drawn.emit(document, key, _result(done))

        future.add_done_callback(finished)

    def _drawn(
        self, document: _Document, key: tuple[int, int, int], picture: QImage | None
    ) -> None:
        if document is not self._document:
            return
        self._asked.pop(key, None)
        # A page that cannot be drawn stays white: asking again would never end.
        self._pictures[key] = picture or _blank()
        while len(self._pictures) > KEPT:
            self._pictures.popitem(last=False)
        self.viewport().update()

    # Qt's side

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.viewport().update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            (self.zoom_in if event.angleDelta().y() > 0 else self.zoom_out)()
            event.accept()
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
        has_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        match event.key():
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal if has_control:
                self.zoom_in()
            case Qt.Key.Key_Minus if has_control:
                self.zoom_out()
            case Qt.Key.Key_0 if has_control:
                self.fit_width()
            case Qt.Key.Key_Home:
                bar.setValue(0)
            case Qt.Key.Key_End:
                bar.setValue(bar.maximum())
            case Qt.Key.Key_PageDown | Qt.Key.Key_Space:
                bar.setValue(bar.value() + bar.pageStep())
            case Qt.Key.Key_PageUp:
                bar.setValue(bar.value() - bar.pageStep())
            case _:
                super().keyPressEvent(event)


def _solid(text: str) -> str:
    """A text without spaces and line ends: a title may be broken anywhere."""
    return "".join(text.split()).replace("\ufffe", "")


def on_pdf_thread(work: Callable[[], T]) -> T:
    """Do something with PDFium on the one thread that may use it, and wait for it.

    For jobs (printing), never for the window's thread.
    """
    return _worker.submit(work).result()


def _result(future: Future[Any]) -> Any:
    """What the worker made, or None: PDFium's errors say nothing a person could use."""
    return None if future.exception() else future.result()


def _blank() -> QImage:
    picture = QImage(1, 1, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.white)
    return picture
