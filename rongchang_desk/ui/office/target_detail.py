"""The chosen target of the board: its course over months, and where its figure comes from."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from rongchang_desk.app import board
from rongchang_desk.app.board import Board, expected_percent
from rongchang_desk.domain.measures import Origin
from rongchang_desk.domain.plan import Plan
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.office.board_tables import (
    DIFFERENCE_COLUMNS,
    PART_COLUMNS,
    SOURCE_COLUMNS,
    Line,
    Part,
    Source,
)
from rongchang_desk.ui.office.original_dialog import show_original
from rongchang_desk.ui.office.trend import Trend
from rongchang_desk.ui.page import Context
from rongchang_desk.ui.tables import Table


class TargetDetail(QWidget):
    """Below the table: the chosen target's trend and sources."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setObjectName("target_detail")
        self._context = context
        self._found: Board | None = None
        self._line: Line | None = None
        self._title = named(QLabel(), "detail_title")
        self._title.setProperty("role", "heading")
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._note = named(QLabel(), "detail_note")
        self._note.setProperty("role", "muted")
        self._note.setTextFormat(Qt.TextFormat.PlainText)
        self._note.setWordWrap(True)
        self._trend = Trend()
        card = QFrame()
        card.setProperty("role", "card")
        left = QVBoxLayout(card)
        left.setContentsMargins(14, 10, 14, 6)
        left.setSpacing(4)
        self._copy = named(QPushButton("复制图(&J)"), "copy_trend")
        self._copy.setToolTip("把走势图作为图片和 SVG 复制到剪贴板")
        self._copy.clicked.connect(self._copy_trend)
        top = QHBoxLayout()
        top.addWidget(self._title, 1)
        top.addWidget(self._copy)
        left.addLayout(top)
        left.addWidget(self._note)
        left.addWidget(self._trend, 1)
        settings = context.settings
        self._sources = Table(
            SOURCE_COLUMNS, name="sources", accessible="数据来源",
            empty="这个指标还没有数据来源。", settings=settings,
        )  # fmt: skip
        self._differences = Table(
            DIFFERENCE_COLUMNS, name="differences", accessible="对账差异",
            empty="其他单位没有报送与责任单位不同的读数。", settings=settings,
        )  # fmt: skip
        self._parts = Table(
            PART_COLUMNS, name="parts", accessible="分项", empty="这个指标不分项。",
            settings=settings,
        )  # fmt: skip
        for table in (self._sources, self._differences):
            table.row_activated.connect(self._open)
        self._parts.row_activated.connect(lambda _: self.focus_sources())
        self._tabs = named(QTabWidget(), "detail_tabs")
        self._tabs.setDocumentMode(True)
        self._tabs.tabBar().setDrawBase(False)
        self._tabs.addTab(self._sources, "数据来源")
        self._tabs.addTab(self._differences, "对账差异")
        self._tabs.addTab(self._parts, "分项")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(card, 2)
        row.addWidget(self._tabs, 3)

    def show_line(self, line: Line, found: Board, plan: Plan) -> None:
        """Show a target's trend, sources, differences and parts."""
        self._found, self._line = found, line
        self._copy.setEnabled(bool(line.figure.trend))
        figure, target = line.figure, line.target
        self._title.setText(target.title)
        self._title.setToolTip(target.title)
        owner = f"责任单位 {plan.name_of(target.owner)}" if target.owner else ""
        percent = expected_percent(figure)
        path = f"本月应达 {percent}%" if percent is not None else ""
        words = (owner, path, figure.note)
        self._note.setText("；".join(word for word in words if word))
        self._trend.show_points(figure.trend, *_wanted(line), target.title)
        self._sources.set_rows(self._source(o, found, plan) for o in figure.origins)
        self._differences.set_rows(
            self._source(o, found, plan, figure.value) for o in figure.differences
        )
        items = {item.code: item.title for item in target.items}
        self._parts.set_rows(
            Part(items.get(i.item, i.item), i.numerator, i.denominator, i.percent)
            for i in figure.items
        )
        self._tabs.setTabText(0, f"数据来源 {len(figure.origins)}")
        self._tabs.setTabText(1, f"对账差异 {len(figure.differences)}")
        self._tabs.setTabVisible(1, bool(figure.differences))
        self._tabs.setTabVisible(2, bool(figure.items))

    def focus_sources(self) -> None:
        """Put the keyboard on the sources."""
        self._tabs.setCurrentWidget(self._sources)
        self._sources.setFocus()

    def _source(
        self, origin: Origin, found: Board, plan: Plan, owners: Decimal | None = None
    ) -> Source:
        return Source(
            origin,
            plan.name_of(origin.unit),
            found.titles.get((origin.unit, origin.record), "（记录）"),
            None if owners is None else origin.value - owners,
        )

    def _open(self, source: Source) -> None:
        digest = self._found and self._found.sources.get((source.origin.unit, source.origin.record))
        if digest:
            show_original(self._context, self, digest, source.origin.record)

    def _copy_trend(self) -> None:
        line = self._line
        if line is None:
            return

        def copied(pictures: tuple[bytes, bytes]) -> None:
            png, svg = pictures
            data = QMimeData()
            data.setImageData(QImage.fromData(png))
            data.setData("image/svg+xml", svg)
            QGuiApplication.clipboard().setMimeData(data)
            self._context.notify("走势图已复制，可以直接粘贴到文档里。")

        self._context.run_job(
            "绘制走势图",
            lambda _desk, _running: board.trend_pictures(line.target, line.figure),
            copied,
            quiet=True,
        )


def _wanted(line: Line) -> tuple[Decimal | None, Decimal | None]:
    """Goal and path where the trend has their unit: not for growth, whose trend is a level."""
    figure = line.figure
    return (None, None) if figure.level is not None else (figure.goal, figure.expected)
