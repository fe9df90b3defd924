"""Two records side by side, line by line, with what differs marked character by character."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QRect, QSettings, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from rongchang_desk.app.settle import Facet
from rongchang_desk.domain.spans import Span, spans
from rongchang_desk.ui import theme
from rongchang_desk.ui.tables import PADDING, CellDelegate, Column, Index, Table, TableModel
from rongchang_desk.ui.theme import Tone

LEAD = 6  # characters shown before the first difference of a text that is too long


class SideBySide(Table):
    """The facets of a case; the columns carry the two sides' names."""

    def __init__(self, settings: QSettings) -> None:
        super().__init__(
            _columns("左", "右"),
            name="facets",
            accessible="两条记录对照",
            empty="请在左边选择一项。",
            settings=settings,
        )
        self.setSortingEnabled(False)
        self.setItemDelegate(_Delegate(self))

    def show_facets(self, facets: tuple[Facet, ...], sides: tuple[str, str]) -> None:
        """Show these lines; a side without a name has nothing to compare."""
        columns = _columns(*sides)
        self.set_columns(columns if any(f.second for f in facets) else columns[:2])
        self.set_rows(facets)


def _columns(first: str, second: str) -> tuple[Column, ...]:
    return (
        Column("项目", lambda f: f.title, width=112, key="项目"),
        Column(first or "左", lambda f: f.first, stretch=True, key="左", tip=lambda f: f.first),
        Column(second or "右", lambda f: f.second, stretch=True, key="右", tip=lambda f: f.second),
    )


class _Delegate(CellDelegate):
    """Marks what one side says and the other does not."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        if index.column() == 0 or not isinstance(model, TableModel):
            super().paint(painter, option, index)
            return
        facet: Facet = model.row(index)
        plain: Any = QStyleOptionViewItem(option)  # its fields are not in the stubs
        self.initStyleOption(plain, index)
        plain.text = ""
        painter.save()
        plain.widget.style().drawControl(
            QStyle.ControlElement.CE_ItemViewItem, plain, painter, plain.widget
        )
        painter.setFont(plain.font)
        room = plain.rect.adjusted(PADDING, 0, -PADDING, 0)
        alone = not (facet.first and facet.second)
        if alone:
            parts: tuple[Span, ...] = (Span(facet.first or facet.second, False),)
            shown = parts if (facet.first, facet.second)[index.column() - 1] else ()
        else:
            shown = spans(facet.first, facet.second)[index.column() - 1]
        _draw(painter, room, fitted(shown, room.width(), plain.fontMetrics))
        painter.restore()


def fitted(parts: tuple[Span, ...], width: int, metrics: QFontMetrics) -> tuple[Span, ...]:
    """The stretches there is room for; a long text begins shortly before its first difference."""
    whole = "".join(part.text for part in parts)
    if metrics.horizontalAdvance(whole) <= width:
        return parts
    if parts and not parts[0].differs and len(parts) > 1 and len(parts[0].text) > LEAD:
        parts = (Span(f"…{parts[0].text[-LEAD:]}", False), *parts[1:])
    found = []
    for part in parts:
        text = metrics.elidedText(part.text, Qt.TextElideMode.ElideRight, width)
        found.append(Span(text, part.differs))
        width -= metrics.horizontalAdvance(text)
        if text != part.text:
            break
    return tuple(found)


def _draw(painter: QPainter, room: QRect, parts: tuple[Span, ...]) -> None:
    look = theme.current()
    metrics = painter.fontMetrics()
    left = room.left()
    for part in parts:
        width = metrics.horizontalAdvance(part.text)
        place = QRect(left, room.top(), width + 1, room.height())
        if part.differs:
            height = metrics.height() + 2
            patch = QRect(left, room.center().y() - height // 2, width, height)
            wash = look.palette.ink(Tone.WARN)
            wash.setAlpha(58)
            painter.fillRect(patch, wash)
            painter.setPen(look.palette.ink(Tone.WARN))
        else:
            painter.setPen(QColor(look.palette.text))
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, part.text)
        left += width
