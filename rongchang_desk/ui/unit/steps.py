"""The steps of an assistant side by side; earlier ones can be clicked."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QWidget

from rongchang_desk.ui import theme
from rongchang_desk.ui.theme import Tone


class StepBar(QWidget):
    """Shows which step is on; `chosen` tells which one was clicked."""

    chosen = Signal(int)

    def __init__(self, titles: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("step_bar")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._steps = [_Step(number, title) for number, title in enumerate(titles)]
        for step in self._steps:
            step.clicked.connect(lambda _=False, step=step: self.chosen.emit(step.number))
            row.addWidget(step)
        row.addStretch()
        self._now = 0
        self._reachable = 0

    def show_step(self, number: int) -> None:
        """This step is on now; those before it are done."""
        self._now = number
        self._follow()

    def set_reachable(self, number: int) -> None:
        """Steps up to this one may be clicked, besides those already done."""
        self._reachable = number
        self._follow()

    def _follow(self) -> None:
        for step in self._steps:
            step.is_on = step.number == self._now
            step.is_done = step.number < self._now
            step.setEnabled(step.number <= max(self._reachable, self._now) and not step.is_on)
            state = "当前" if step.is_on else "已完成" if step.is_done else "未到"
            step.setAccessibleName(f"第 {step.number + 1} 步 {step.title}：{state}")
            step.update()


class _Step(QAbstractButton):
    def __init__(self, number: int, title: str) -> None:
        super().__init__()
        self.number = number
        self.title = title
        self.is_on = False
        self.is_done = False
        self.setObjectName(f"step_{number}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def sizeHint(self) -> QSize:
        look = theme.current()
        words = self.fontMetrics().horizontalAdvance(self.title)
        return QSize(look.px(24 + 8 + 56) + words, look.px(30))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look = theme.current()
        palette = look.palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        size = look.px(24)
        top = (self.height() - size) / 2
        circle = QRectF(1, top, size, size)
        if self.is_on:
            fill, ink = QColor(palette.primary), QColor(palette.on_primary)
        elif self.is_done:
            fill, ink = palette.wash(Tone.GOOD), palette.ink(Tone.GOOD)
        else:
            fill, ink = QColor(palette.track), QColor(palette.muted)
        painter.setPen(QPen(QColor(palette.focus), 2) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawEllipse(circle)
        painter.setPen(ink)
        number = "✓" if self.is_done else str(self.number + 1)
        painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, number)
        font = self.font()
        font.setBold(self.is_on)
        painter.setFont(font)
        painter.setPen(QColor(palette.text if self.is_on or self.is_done else palette.muted))
        words = QRectF(size + look.px(8), 0, self.width(), self.height())
        painter.drawText(
            words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.title
        )
        end = size + look.px(8) + painter.fontMetrics().horizontalAdvance(self.title)
        if self.number < 2:
            painter.setPen(QPen(QColor(palette.border), 2))
            middle = self.height() / 2
            painter.drawLine(
                QPointF(end + look.px(10), middle), QPointF(self.width() - look.px(8), middle)
            )
