"""Pages of a PDF as pictures for the printer. Slow: call it in a job."""

from __future__ import annotations

from functools import partial

from PySide6.QtGui import QImage

from rongchang_desk.ui.pdf_view import on_pdf_thread

POINTS_PER_INCH = 72


def page_count(pdf: bytes) -> int:
    """How many pages a PDF has."""
    return on_pdf_thread(partial(_count, pdf))


def picture(pdf: bytes, number: int, dots: int) -> QImage:
    """Page `number` (from 0) as a picture of that many dots an inch."""
    return on_pdf_thread(partial(_picture, pdf, number, dots))


def _count(pdf: bytes) -> int:
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        return len(document)
    finally:
        document.close()


def _picture(pdf: bytes, number: int, dots: int) -> QImage:
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        page = document[number]
        bitmap = page.render(scale=dots / POINTS_PER_INCH, prefer_bgrx=True)
        image = QImage(
            bytes(bitmap.buffer),
            bitmap.width,
            bitmap.height,
            bitmap.stride,
            QImage.Format.Format_RGB32,
        ).copy()  # its own memory: PDFium's goes with the document
        bitmap.close()
        page.close()
    finally:
        document.close()
    return image
