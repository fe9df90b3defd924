"""A small line of a figure over months, painted by Qt: quick enough to follow every click."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from rongchang_desk.app.board import shown
from rongchang_desk.domain.month import Month
from rongchang_desk.ui import theme
from rongchang_desk.ui.theme import Tone

Points = tuple[tuple[Month, Decimal], ...]


class Trend(QWidget):
    """Values over months, the goal as a dashed line, what should be there as a diamond."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("trend")
        self._points: Points = ()
        self._goal: Decimal | None = None
        self._expected: Decimal | None = None
        self.setMinimumHeight(90)

    def show_points(
        self, points: Points, goal: Decimal | None, expected: Decimal | None, title: str
    ) -> None:
        """Show these values; None draws no line of the goal, no mark of what should be there."""
        self._points, self._goal, self._expected = points, goal, expected
        told = "，".join(f"{month.label} {shown(value)}" for month, value in points[-12:])
        self.setAccessibleName(f"{title}走势：{told or '没有数据'}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.current().px(320), theme.current().px(150))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = QFont(self.font())
        font.setPixelSize(look.px(12))
        painter.setFont(font)
        if not self._points:
            painter.setPen(QColor(look.palette.muted))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "还没有走势数据")
            return
        values = [value for _, value in self._points]
        reach = [*values, *(v for v in (self._goal, self._expected) if v is not None)]
        low, high = float(min(reach)), float(max(reach))
        # A flow starts at zero; a level is shown where it moves.
        low = 0.0 if low < 0.6 * high else low - (high - low or abs(high) or 1) * 0.25
        high += (high - low or 1) * 0.18
        line = look.px(16)
        area = QRectF(self.rect()).adjusted(look.px(10), look.px(8), -look.px(10), -line - 6)

        def at(number: int, value: Decimal) -> QPointF:
            steps = max(len(self._points) - 1, 1)
            across = 0.5 if len(self._points) == 1 else number / steps
            inset = area.adjusted(look.px(24), 0, -look.px(24), 0)
            up = (float(value) - low) / (high - low)
            return QPointF(
                inset.left() + across * inset.width(), area.bottom() - up * area.height()
            )

        painter.setPen(QPen(QColor(look.palette.border), 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        if self._goal is not None:
            height = at(0, self._goal).y()
            painter.setPen(QPen(look.palette.ink(Tone.WARN), 1.4, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(area.left(), height), QPointF(area.right(), height))
            painter.drawText(
                QRectF(area.left(), height - line - 1, area.width(), line),
                Qt.AlignmentFlag.AlignLeft,
                f"目标 {shown(self._goal)}",
            )
        places = [at(number, value) for number, value in enumerate(values)]
        painter.setPen(QPen(QColor(look.palette.primary), 2))
        painter.drawPolyline(QPolygonF(places))
        painter.setBrush(QColor(look.palette.primary))
        painter.setPen(Qt.PenStyle.NoPen)
        for place in places:
            painter.drawEllipse(place, 3.2, 3.2)
        if self._expected is not None:
            self._paint_expected(painter, at(len(values) - 1, self._expected))
        painter.setPen(QColor(look.palette.text))
        last = places[-1]
        words = QRectF(last.x() - 70, last.y() - line - 6, 140, line)
        if self._goal is not None and words.top() <= at(0, self._goal).y() <= words.bottom():
            words.moveTop(last.y() + 5)  # the goal's line would run through it
            if self._expected is not None:
                below = at(len(values) - 1, self._expected).y() + look.px(7)
                words.moveTop(max(words.top(), below))
        painter.drawText(words, Qt.AlignmentFlag.AlignHCenter, shown(values[-1]))
        self._paint_months(painter, places, area.bottom() + 5, line)

    def _paint_expected(self, painter: QPainter, place: QPointF) -> None:
        """A hollow diamond, as on paper."""
        far = theme.current().px(5)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.current().palette.ink(Tone.BAD), 1.4))
        corners = (QPointF(0, -far), QPointF(far, 0), QPointF(0, far), QPointF(-far, 0))
        painter.drawPolygon(QPolygonF([place + corner for corner in corners]))

    def _paint_months(
        self, painter: QPainter, places: list[QPointF], top: float, line: int
    ) -> None:
        """The months below the axis, as many as stand side by side."""
        painter.setPen(QColor(theme.current().palette.muted))
        room = painter.fontMetrics().horizontalAdvance("2026-12") + 10
        right = float("-inf")
        for (month, _), place in zip(self._points, places, strict=True):
            if place.x() - room / 2 >= right:
                right = place.x() + room / 2
                painter.drawText(
                    QRectF(place.x() - room / 2, top, room, line),
                    Qt.AlignmentFlag.AlignHCenter,
                    str(month),
                )
