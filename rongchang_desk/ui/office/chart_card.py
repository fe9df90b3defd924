"""A card that holds the picture of a chart, drawn elsewhere."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPixmap, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QVBoxLayout

from rongchang_desk.ui.naming import named


class ChartCard(QFrame):
    """The chart's picture in the middle of a card; asks to be drawn when shown or resized."""

    wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("chart_card")
        self.setProperty("role", "card")
        self._image: QImage | None = None
        self._label = named(QLabel("正在绘制…"), "chart", "指标进度图")
        self._label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.addWidget(self._label)

    def room(self) -> QSize:
        """The pixels the picture may fill."""
        return self._label.size()

    def image(self) -> QImage | None:
        """The picture shown, at its full number of pixels."""
        return self._image

    def show_png(self, png: bytes, ratio: float) -> None:
        """Show a drawn picture."""
        self._image = QImage.fromData(png)
        pixmap = QPixmap.fromImage(self._image)
        pixmap.setDevicePixelRatio(ratio)
        self._label.setPixmap(pixmap)

    def showEvent(self, event: QEvent) -> None:
        del event
        self.wanted.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() > 0:
            self.wanted.emit()
