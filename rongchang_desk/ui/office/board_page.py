"""全区看板: every target against its goal and path, tasks by light, and where it comes from."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QEvent, QMimeData, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSplitter, QTabWidget, QVBoxLayout, QWidget

from rongchang_desk.app import board
from rongchang_desk.app.board import Board
from rongchang_desk.app.district import Reported
from rongchang_desk.domain.month import Month
from rongchang_desk.ui import theme
from rongchang_desk.ui.messages import Banner
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.office.binder_action import BinderAction
from rongchang_desk.ui.office.board_tables import COLUMNS, Line
from rongchang_desk.ui.office.chart_card import ChartCard
from rongchang_desk.ui.office.newest_read import NewestRead
from rongchang_desk.ui.office.summary_cards import Card, SummaryCards
from rongchang_desk.ui.office.target_detail import TargetDetail
from rongchang_desk.ui.office.tasks_tab import TasksTab
from rongchang_desk.ui.page import Context, Page
from rongchang_desk.ui.tables import Table
from rongchang_desk.ui.theme import Tone

LARGEST_DPI = 125.0  # at 100 % text size
ROOMY = 120  # per cent text size; above it, the details get a tab of their own


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
        self._text = ""
        self._read = NewestRead(context, "读取全区看板")
        self._banner = Banner()
        self._bind = BinderAction(self, self._banner)
        self._actions = [
            self._bind,
            self.new_action("复制图片(&P)", self._copy_chart, name="copy_chart",
                            tip="把进度图作为图片复制到剪贴板"),
            self.new_action("复制矢量图(&X)", self._copy_svg, name="copy_svg",
                            tip="把进度图作为 SVG 复制，放大不失真，文字可选"),
            self.new_action("复制表格(&L)", self._copy_table, name="copy_table",
                            tip="把全部指标作为表格复制，可粘贴到 WPS、Excel"),
        ]  # fmt: skip
        self._cards = SummaryCards(
            (
                Card("expected", "应报"),
                Card("reported", "已报", Tone.GOOD),
                Card("on_time", "按时", Tone.GOOD),
                Card("late", "迟报", Tone.WARN),
                Card("missing", "未报", Tone.BAD),
            ),
            tip="看是哪些单位：转到“报送情况”",
        )
        self._cards.chosen.connect(lambda _: self.context.go_to("matrix"))
        self._table = Table(
            COLUMNS,
            name="targets",
            accessible="指标",
            empty="正在计算…",
            settings=context.settings,
            identity=lambda row: row.target.code,
        )
        self._table.row_chosen.connect(self._show_line)
        self._detail = TargetDetail(context)
        self._chart = ChartCard()
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
        self._tasks = TasksTab(context)
        self._tabs.addTab(self._tasks, "任务亮灯(&K)")
        self._tabs.currentChanged.connect(self._draw)
        self._kinds = named(QComboBox(), "board_kind", "指标类型")
        self._years = named(QComboBox(), "board_year", "年度")
        self._tabs.setCornerWidget(self._new_corner())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self._cards)
        column.addWidget(self._banner)
        column.addWidget(self._tabs, 1)
        self._place_detail()
        self._draws = NewestRead(context, "绘制进度图")

    def _new_corner(self) -> QWidget:
        """Beside the tabs: which kind of target, which year."""
        plan = self.context.desk.plan
        self._kinds.addItem("全部类型", None)
        for kind in dict.fromkeys(target.kind for target in plan.targets):
            self._kinds.addItem(kind.label, kind)
        self._kinds.currentIndexChanged.connect(self._filter)
        for year in range(plan.first_month.year, plan.last_month.year + 1):
            self._years.addItem(f"{year}年", year)
        self._years.activated.connect(self._year_chosen)
        corner = named(QWidget(), "board_corner")
        corner.setStyleSheet(  # opaque: Qt draws the tabs' base line behind it
            "#board_corner { background: palette(window); }"
            "QComboBox { min-height: 0px; padding: 0px 6px; }"
        )
        row = QHBoxLayout(corner)
        row.setContentsMargins(0, 0, 0, 4)
        row.setSpacing(8)
        row.addWidget(self._kinds)
        row.addWidget(self._years)
        return corner

    def _year_chosen(self, _: int) -> None:
        """The same month of the year chosen, within the plan and not in the future."""
        year, month = int(self._years.currentData()), self.context.month
        this = Month.of(self.context.desk.today())
        wanted = Month(year, month.month)
        self.context.show_month(min(wanted, this) if year == this.year else wanted)

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
        self._text = text
        self._filter()
        self._tasks.search(text)

    def _filter(self, *_: object) -> None:
        """Show the targets that fit the search and are of the kind chosen."""
        kind = self._kinds.currentData()
        self._table.set_filter(
            self._text, None if kind is None else lambda row: row.target.kind == kind
        )

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
        self._years.setCurrentIndex(self._years.findData(self.context.month.year))
        self._tasks.show_month(self.context.month)
        self._draw()

    def _show_line(self, line: Line | None) -> None:
        found = self._boards.get(self.context.month)
        if line and found:
            self._detail.show_line(line, found, self.context.desk.plan)

    def _place_detail(self) -> None:
        """Below the table; with large text, where both have too little room, in its own tab."""
        for box in (self._kinds, self._years):  # what stands there is cut to the tabs' height
            box.setMaximumHeight(self._tabs.tabBar().sizeHint().height() - 12)
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

    def _copy_svg(self) -> None:
        found = self._boards.get(self.context.month)
        if found is None:
            return
        plan, status = self.context.desk.plan, found.status

        def copied(svg: bytes) -> None:
            data = QMimeData()
            data.setData("image/svg+xml", svg)
            QGuiApplication.clipboard().setMimeData(data)
            self.context.notify("矢量图已复制。")

        self.context.run_job(
            "绘制矢量图", lambda _desk, _running: board.progress_svg(plan, status), copied,
            quiet=True,
        )  # fmt: skip

    def _copy_table(self) -> None:
        found = self._boards.get(self.context.month)
        if found is None:
            return
        rows = (board.TABLE_HEADER, *board.table_rows(self.context.desk.plan, found.status))
        data = QMimeData()
        data.setText("\n".join("\t".join(row) for row in rows))
        cells = ("".join(f"<td>{escape(text)}</td>" for text in row) for row in rows)
        lines = "".join(f"<tr>{line}</tr>" for line in cells)
        data.setHtml(f'<table border="1">{lines}</table>')
        QGuiApplication.clipboard().setMimeData(data)
        self.context.notify("指标表已复制，可以直接粘贴到文档或表格里。")

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
