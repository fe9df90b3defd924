"""A PDF with the list of its pages beside it: a return to sign, and those signed before."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QHBoxLayout, QListWidget, QVBoxLayout, QWidget

from rongchang_desk.ui import theme
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.pdf_view import PdfView

LIST_WIDTH = 104


class Preview(QWidget):
    """Shows a PDF; a click on a page's number goes there."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = PdfView()
        self.view.loaded.connect(self._loaded)
        self._list = named(QListWidget(), "preview_pages", "页")
        self._list.setStyleSheet(
            "QListWidget { padding: 4px; } QListWidget::item { padding: 7px 0; }"
        )
        self._list.currentRowChanged.connect(self._go_to)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(14)
        row.addWidget(self._list)
        row.addWidget(self.view, 1)

    def show_pdf(self, pdf: bytes) -> None:
        """Show a PDF from its first page on."""
        self._list.blockSignals(True)
        self._list.clear()
        self._list.blockSignals(False)
        self._list.setFixedWidth(theme.current().px(LIST_WIDTH))
        self.view.show_pdf(pdf)

    def _loaded(self, count: int) -> None:
        self._list.blockSignals(True)
        self._list.addItems([f"第 {number} 页" for number in range(1, count + 1)])
        self._list.setCurrentRow(0)
        self._list.blockSignals(False)

    def _go_to(self, row: int) -> None:
        if row >= 0:
            self.view.go_to_page(row + 1)


def show_in_dialog(parent: QWidget, title: str, pdf: bytes) -> QDialog:
    """A PDF in a window of its own; returns at once."""
    look = theme.current()
    dialog = named(QDialog(parent), "pdf_dialog")
    dialog.setWindowTitle(title)
    preview = Preview()
    column = QVBoxLayout(dialog)
    column.setContentsMargins(16, 16, 16, 16)
    column.addWidget(preview)
    dialog.resize(look.px(880), look.px(700))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    preview.show_pdf(pdf)
    return dialog
