"""全区看板: every target against its goal and path, and where each figure comes from."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QGuiApplication, QImage, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from rongchang_desk.app import board, originals
from rongchang_desk.app.board import Board, expected_percent, shown, with_unit
from rongchang_desk.app.district import Reported
from rongchang_desk.domain.measures import Figure, FigureState, Origin
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.plan import Plan, Target
from rongchang_desk.ui import theme
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.office import files
from rongchang_desk.ui.office.newest_read import NewestRead
from rongchang_desk.ui.office.summary_cards import Card, SummaryCards
from rongchang_desk.ui.office.trend import Trend
from rongchang_desk.ui.page import Context, Page
from rongchang_desk.ui.tables import Align, Cell, Column, Table
from rongchang_desk.ui.theme import Tone

STATES = {
    FigureState.REACHED: ("✓", Tone.GOOD),
    FigureState.ON_TRACK: ("→", Tone.BUSY),
    FigureState.BEHIND: ("!", Tone.BAD),
    FigureState.NO_DATA: ("○", Tone.WARN),
    FigureState.NO_BASELINE: ("？", Tone.WARN),
    FigureState.WATCHED: ("·", Tone.QUIET),
}
LARGEST_DPI = 125.0  # at 100 % text size
ROOMY = 120  # per cent text size; above it, the details get a tab of their own


@dataclass(frozen=True)
class Line:
    """A target with its figure."""

    target: Target
    figure: Figure


@dataclass(frozen=True)
class Source:
    """One part of a figure, in words."""

    origin: Origin
    unit: str
    record: str
    difference: Decimal | None = None


@dataclass(frozen=True)
class Part:
    """One row of a target judged item by item."""

    title: str
    numerator: Decimal | None
    denominator: Decimal | None
    percent: Decimal | None


def value_text(line: Line) -> str:
    """A figure with its unit; `—` when there is none."""
    return with_unit(line.figure.value, line.target)


def goal_text(line: Line) -> str:
    """The goal with its unit; `—` for a watched target."""
    return with_unit(line.figure.goal, line.target)


def expected_text(line: Line) -> str:
    """What an even path asks for by this month."""
    return "—" if line.figure.expected is None else shown(line.figure.expected)


COLUMNS = (
    Column("指标", lambda row: row.target.title, width=270,
           tip=lambda row: f"{row.target.title}\n依据：方案{row.target.section}"),
    Column("类型", lambda row: row.target.kind.label, width=80),
    Column("现值", lambda row: row.figure.value, value_text, align=Align.END, width=112),
    Column("目标", lambda row: row.figure.goal, goal_text, align=Align.END, width=90),
    Column("完成", lambda row: row.figure.percent,
           lambda row: "" if row.figure.percent is None else f"{row.figure.percent}%",
           cell=Cell.BAR, tone=lambda row: STATES[row.figure.state][1], width=124),
    Column("本月应达", lambda row: row.figure.expected, expected_text, align=Align.END, width=86),
    Column("状态", lambda row: list(FigureState).index(row.figure.state),
           lambda row: f"{STATES[row.figure.state][0]} {row.figure.state.label}",
           cell=Cell.PILL, tone=lambda row: STATES[row.figure.state][1], width=98),
    Column("说明", lambda row: row.figure.note, stretch=True, tip=lambda row: row.figure.note),
)  # fmt: skip
SOURCE_COLUMNS = (
    Column("单位", lambda s: s.unit, width=112),
    Column("月份", lambda s: s.origin.month.label, width=104),
    Column("数值", lambda s: s.origin.value, lambda s: shown(s.origin.value), align=Align.END,
           width=90),
    Column("记录", lambda s: s.record, stretch=True, tip=lambda s: f"{s.record}\n双击打开原件"),
)  # fmt: skip
DIFFERENCE_COLUMNS = (
    *SOURCE_COLUMNS[:3],
    Column("与责任单位相差", lambda s: s.difference,
           lambda s: f"{s.difference:+,f}" if s.difference is not None else "",
           align=Align.END, width=130),
    SOURCE_COLUMNS[3],
)  # fmt: skip
PART_COLUMNS = (
    Column("分项", lambda p: p.title, stretch=True),
    Column("本区／已达标", lambda p: p.numerator,
           lambda p: "未报" if p.numerator is None else shown(p.numerator), align=Align.END,
           width=120),
    Column("全国／总数", lambda p: p.denominator,
           lambda p: "未报" if p.denominator is None else shown(p.denominator), align=Align.END,
           width=110),
    Column("比例", lambda p: p.percent, lambda p: f"{p.percent}%" if p.percent is not None else "",
           cell=Cell.BAR, width=160),
)  # fmt: skip


class BoardPage(Page):
    """The month's board; pictures are kept by month, so that going back is instant."""

    title = "全区看板"
    help_topic = "office-board"
    search_hint = "搜索指标"

    shown = Signal()  # the table was filled for the month of the header
    drawn = Signal()  # the chart was drawn

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._boards: dict[Month, Board] = {}
        self._read = NewestRead(context, "读取全区看板")
        self._actions = [
            self.new_action("复制图片(&P)", self._copy_chart, name="copy_chart",
                            tip="把进度图作为图片复制到剪贴板"),
        ]  # fmt: skip
        self._cards = SummaryCards(
            (
                Card("expected", "应报"),
                Card("reported", "已报", Tone.GOOD),
                Card("on_time", "按时", Tone.GOOD),
                Card("late", "迟报", Tone.WARN),
                Card("missing", "未报", Tone.BAD),
            )
        )
        self._table = Table(
            COLUMNS,
            name="targets",
            accessible="指标",
            empty="正在计算…",
            settings=context.settings,
            identity=lambda row: row.target.code,
        )
        self._table.row_chosen.connect(self._show_line)
        self._detail = _Detail(context)
        self._chart = _Chart()
        self._chart.wanted.connect(self._draw)
        self._table.row_activated.connect(self._line_activated)
        self._split = split = QSplitter(Qt.Orientation.Vertical)
        split.setObjectName("board_split")
        split.setChildrenCollapsible(False)
        split.addWidget(self._table)
        split.setHandleWidth(10)
        self._tabs = named(QTabWidget(), "board_tabs")
        self._tabs.setDocumentMode(True)
        self._tabs.tabBar().setDrawBase(False)
        self._tabs.addTab(split, "指标表(&T)")
        self._tabs.addTab(self._chart, "进度图(&G)")
        self._tabs.currentChanged.connect(self._draw)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self._cards)
        column.addWidget(self._tabs, 1)
        self._place_detail()
        self._draws = NewestRead(context, "绘制进度图")

    def subtitle(self) -> str:
        return "按年累计，存量取月末数"

    def page_actions(self) -> list[QAction]:
        return self._actions

    def refresh(self) -> None:
        month = self.context.month
        if month in self._boards:  # shown at once, then put right
            self._show(month)
        self._read.run(
            lambda desk, _: board.board(desk, month), lambda found: self._board_read(month, found)
        )

    def show_month(self, month: Month) -> None:
        if month in self._boards:
            self._read.drop()
            self._show(month)
            self.shown.emit()
        else:
            self.refresh()

    def search(self, text: str) -> None:
        self._table.set_filter(text)

    def show_target(self, target: object) -> None:
        self._table.choose(str(target))

    def _board_read(self, month: Month, found: Board) -> None:
        if month in self._boards and self._boards[month].status != found.status:
            self._boards.clear()  # returns came in since: the other months are stale too
        self._boards[month] = found
        self._show(month)
        self.shown.emit()

    def _show(self, month: Month) -> None:
        found = self._boards[month]
        status, plan = found.status, self.context.desk.plan
        reported = len(status.reported)
        self._cards.show_numbers(
            expected=len(status.cells),
            reported=reported,
            on_time=status.counted(Reported.ON_TIME),
            late=status.counted(Reported.LATE),
            missing=len(status.cells) - reported,
        )
        lines = [Line(plan.target(figure.target), figure) for figure in status.figures]
        self._table.set_rows(lines)
        if self._table.current_row() is None and lines:
            self._table.choose(lines[0].target.code)
        self._draw()

    def _show_line(self, line: Line | None) -> None:
        found = self._boards.get(self.context.month)
        if line and found:
            self._detail.show_line(line, found, self.context.desk.plan)

    def _place_detail(self) -> None:
        """Below the table; with large text, where both have too little room, in its own tab."""
        index = self._tabs.indexOf(self._detail)
        if theme.current().scale > ROOMY:
            if index < 0:
                self._tabs.insertTab(1, self._detail, "走势与来源(&S)")
        elif self._split.indexOf(self._detail) < 0:
            if index >= 0:
                self._tabs.removeTab(index)
            self._split.addWidget(self._detail)
            self._detail.show()
            self._split.setSizes([345, 185])

    def _line_activated(self, line: Line) -> None:
        """Double click or Enter: to the details, wherever they are."""
        del line
        if self._tabs.indexOf(self._detail) >= 0:
            self._tabs.setCurrentWidget(self._detail)
        else:
            self._detail.focus_sources()

    # The chart

    def _draw(self) -> None:
        found = self._boards.get(self.context.month)
        if found is None or not self._chart.isVisible():
            return
        look = theme.current()
        ratio = self.devicePixelRatioF()
        colours = {
            "background": look.palette.card, "text": look.palette.text,
            "faint": look.palette.muted, "grid": look.palette.border,
            "empty": look.palette.header,
        }  # fmt: skip
        room = self._chart.room()
        plan, status = self.context.desk.plan, found.status
        self._draws.run(
            lambda _desk, _running: board.progress_png(
                plan,
                status,
                dark=look.palette.name == "dark",
                colours=colours,
                room=(room.width(), room.height()),
                largest_dpi=LARGEST_DPI * look.scale / 100,
                ratio=ratio,
            ),
            lambda png: self._chart_drawn(png, ratio),
        )

    def _chart_drawn(self, png: bytes, ratio: float) -> None:
        self._chart.show_png(png, ratio)
        self.drawn.emit()

    def _copy_chart(self) -> None:
        image = self._chart.image()
        if image is None:
            self._tabs.setCurrentWidget(self._chart)
            self.context.notify("进度图正在绘制，画好后再复制。")
            return
        QGuiApplication.clipboard().setImage(image)
        self.context.notify("进度图已复制，可以直接粘贴到文档里。")

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if not hasattr(self, "_draws"):
            return
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()
        elif event.type() == QEvent.Type.FontChange:
            # Not within the event: Qt is walking over all widgets to style them, and crashes
            # when one of them changes its parent meanwhile.
            QTimer.singleShot(0, self, self._place_detail)


class _Chart(QFrame):
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


class _Detail(QWidget):
    """Below the table: the chosen target's trend and sources."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setObjectName("target_detail")
        self._context = context
        self._found: Board | None = None
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
        left.addWidget(self._title)
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
        self._found = found
        figure, target = line.figure, line.target
        self._title.setText(target.title)
        self._title.setToolTip(target.title)
        owner = f"责任单位 {plan.name_of(target.owner)}" if target.owner else ""
        percent = expected_percent(figure)
        path = f"本月应达 {percent}%" if percent is not None else ""
        words = (owner, path, figure.note)
        self._note.setText("；".join(word for word in words if word))
        self._trend.show_points(figure.trend, _goal_of_trend(line), target.title)
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
            files.open_copy(self._context, lambda desk, _: originals.return_copy(desk, digest))


def _goal_of_trend(line: Line) -> Decimal | None:
    """The goal where the trend has its unit: not for growth, whose trend is a level."""
    return None if line.figure.level is not None else line.figure.goal
