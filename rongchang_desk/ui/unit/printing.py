"""Puts a PDF's pages on a printer. Slow: call it in a job."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtPrintSupport import QPrinter

from rongchang_desk.app.running import Running
from rongchang_desk.errors import DeskError
from rongchang_desk.ui.unit import pdf_pages

FINEST = 300  # dots an inch: finer makes huge pictures and no better paper


def print_pdf(pdf: bytes, printer: QPrinter, running: Running) -> int:
    """Print all pages, each fitted to the sheet; how many there were.

    Raises DeskError when the printer does not take the work, Cancelled between two pages.
    """
    count = pdf_pages.page_count(pdf)
    running.step(0, count, "")
    painter = QPainter()
    if not painter.begin(printer):
        raise DeskError("打印机没有接受打印任务。", "请检查打印机是否开机、联机、有纸后再试。")
    try:
        dots = min(printer.resolution(), FINEST)
        for number in range(count):
            running.step(number, count, f"第 {number + 1} 页")
            if number:
                printer.newPage()
            image = pdf_pages.picture(pdf, number, dots)
            sheet = QRectF(painter.viewport())
            scale = min(sheet.width() / image.width(), sheet.height() / image.height())
            size = (image.width() * scale, image.height() * scale)
            painter.drawImage(QRectF((sheet.width() - size[0]) / 2, 0, *size), image)
    finally:
        painter.end()
    return count
