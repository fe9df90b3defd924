"""Which paper is wanted: 月报, 季报, 年报 or 通报, and the words that a bulletin needs."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QFormLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from rongchang_desk.app.report import PaperKind, Wish
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.period import around
from rongchang_desk.ui import theme
from rongchang_desk.ui.naming import named

_CHOICES = (
    ("月报", 1, PaperKind.REPORT),
    ("季报", 3, PaperKind.REPORT),
    ("年报", 12, PaperKind.REPORT),
    ("通报", 1, PaperKind.BULLETIN),
)


class WishChooser(QWidget):
    """Tabs for the kind; below them, for a bulletin, its number and demands."""

    chosen = Signal()  # another kind was chosen

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tabs = named(QTabBar(), "report_kind", "报告种类")
        self._tabs.setDrawBase(False)
        self._tabs.setExpanding(False)
        for label, _, _ in _CHOICES:
            self._tabs.addTab(label)
        self._number = named(QLineEdit(), "bulletin_number", "文号")
        self._number.setPlaceholderText("如：荣知强办〔2026〕5号，可不填")
        self._number.setMaxLength(60)
        self._text = named(QPlainTextEdit(), "bulletin_text", "下一步工作要求")
        self._text.setPlaceholderText("写在通报最后，一行一段；可不填")
        self._text.setTabChangesFocus(True)
        self._text.setFixedHeight(theme.current().px(58))
        number_label = QLabel("文号(&N)")
        number_label.setBuddy(self._number)
        text_label = QLabel("工作要求(&X)")
        text_label.setBuddy(self._text)
        self._words = named(QWidget(), "bulletin_words")
        fields = QFormLayout(self._words)
        fields.setContentsMargins(0, 0, 0, 0)
        for caption, field in ((number_label, self._number), (text_label, self._text)):
            caption.setProperty("role", "muted")
            fields.addRow(caption, field)
        self._words.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._tabs)
        column.addWidget(self._words)
        self._tabs.currentChanged.connect(self._switch)

    def wish(self, month: Month) -> Wish:
        """What is wanted around the month in the header."""
        _, length, kind = _CHOICES[self._tabs.currentIndex()]
        period = next(p for p in around(month) if len(p.months) == length)
        if kind is PaperKind.BULLETIN:
            return Wish(period, kind, self._number.text(), self._text.toPlainText())
        return Wish(period, kind)

    def _switch(self) -> None:
        self._words.setVisible(_CHOICES[self._tabs.currentIndex()][2] is PaperKind.BULLETIN)
        self.chosen.emit()
