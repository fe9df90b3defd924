"""报送情况: which unit has reported which month, and whom to remind."""

from __future__ import annotations

import unicodedata
from pathlib import Path

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QCheckBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from rongchang_desk.app import chasing, correspondence, originals, reminder, table_export
from rongchang_desk.app.chasing import UnitYear, Year
from rongchang_desk.app.district import Cell, Reported
from rongchang_desk.app.parcels import Written
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.plan import Unit
from rongchang_desk.ui import files, theme
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.office import letter_forms
from rongchang_desk.ui.office.matrix_view import (
    DOUBTFUL,
    GLYPHS,
    NOT_ASKED,
    REFUSED,
    REOPENED,
    REVISED,
    ZERO,
    MatrixView,
    in_words,
    paint_patch,
)
from rongchang_desk.ui.office.newest_read import NewestRead
from rongchang_desk.ui.office.summary_cards import Card, SummaryCards
from rongchang_desk.ui.page import Context, Page
from rongchang_desk.ui.theme import Tone

LEGEND = (
    Reported.ON_TIME, Reported.LATE, Reported.DISPUTED, Reported.HELD, Reported.MISSING,
    Reported.NOT_DUE,
)  # fmt: skip


def answers_to(unit: Unit, text: str) -> bool:
    """Whether a unit's name, pinyin initials or code holds every word of a search."""
    words = unicodedata.normalize("NFKC", text).casefold().split()
    whole = f"{unit.name}\n{unit.initials}\n{unit.code}".casefold()
    return all(word in whole for word in words)


class MatrixPage(Page):
    """The grid of a year with its legend; the header's month is the one that is chased."""

    title = "报送情况"
    help_topic = "office-matrix"
    search_hint = "搜索单位，支持拼音首字母"

    shown = Signal()  # the grid was filled

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._year: Year | None = None
        self._text = ""
        self._read = NewestRead(context, "读取报送情况")
        self._actions = [
            self.new_action("催报名单(&L)", self._copy_reminder, name="reminder", primary=True,
                            tip="把尚未报送的单位名单复制到剪贴板"),
            self.new_action("催报通知 Word(&W)…", self._export_reminder, name="reminder_docx",
                            tip="把尚未报送的单位写成催报通知，可在 WPS 或 Word 中修改"),
            self.new_action("导出表格(&E)…", self._export, name="export_matrix",
                            tip="把全年报送情况导出为表格文件"),
            self.new_action("补报许可(&P)…", self._ask_reopening, name="reopen",
                            tip="准予所选单位补报或更正所选月份的月报"),
        ]  # fmt: skip
        self._cards = SummaryCards(
            (
                Card("expected", "应报"),
                Card("on_time", "按时", Tone.GOOD),
                Card("late", "迟报", Tone.WARN),
                Card("waiting", "冲突或待前版", Tone.BUSY),
                Card("missing", "未报", Tone.BAD),
            )
        )
        self._only = named(QCheckBox(), "only_missing")
        self._only.toggled.connect(self._arrange)
        self._view = MatrixView()
        self._view.activated_cell.connect(self._open)
        self._empty = named(QLabel("没有符合条件的单位。"), "matrix_empty")
        self._empty.setProperty("role", "muted")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.hide()
        patches = [_Patch(GLYPHS[reported], reported.label, reported) for reported in LEGEND]
        patches += [_Patch(ZERO, "零报告", None), _Patch(REVISED, "更正过", None)]
        patches += [
            _Patch(DOUBTFUL, "待核实", None), _Patch(REFUSED, "退回过", None),
            _Patch("锁", "已锁定", None), _Patch(REOPENED, "准予补报", None),
        ]  # fmt: skip
        self._legend = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._legend.setSpacing(6)
        for group in (patches[:5], patches[5:]):
            line = QHBoxLayout()
            line.setSpacing(12)
            for patch in group:
                line.addWidget(patch)
            line.addStretch()
            self._legend.addLayout(line)
        self._legend.addStretch(1)
        self._foot = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._foot.addLayout(self._legend, 1)
        self._foot.addWidget(self._only)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self._cards)
        column.addWidget(self._view, 1)
        column.addWidget(self._empty)
        column.addLayout(self._foot)

    def subtitle(self) -> str:
        due = self.context.desk.due(self.context.month)
        return f"截止 {due.month}月{due.day}日"

    def page_actions(self) -> list[QAction]:
        return self._actions

    def refresh(self) -> None:
        year = self.context.month.year
        self._read.run(lambda desk, _: chasing.year(desk, year), self._year_read)

    def show_month(self, month: Month) -> None:
        if self._year and self._year.year == month.year:
            self._arrange()
        else:
            self.refresh()

    def search(self, text: str) -> None:
        self._text = text
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_foot"):
            self._lay_out_foot()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out_foot()

    def _lay_out_foot(self) -> None:
        """Where there is little room, legend and filter stand below one another."""
        way, look = QBoxLayout.Direction, theme.current()
        beside = self.width() >= look.px(780)
        self._foot.setDirection(way.LeftToRight if beside else way.BottomToTop)
        one_line = self.width() >= look.px(1240)
        self._legend.setDirection(way.LeftToRight if one_line else way.TopToBottom)

    def _year_read(self, year: Year) -> None:
        self._year = year
        self._arrange()
        self.shown.emit()

    def _arrange(self) -> None:
        """Show the units that the filter keeps, and the month's counts."""
        month = self.context.month
        self._only.setText(f"只看{month.month}月未报的单位(&U)")
        if self._year is None:
            return
        rows = [row for row in self._year.rows if self._is_kept(row, month)]
        self._view.matrix.show_rows(self._year, rows, month)
        self._empty.setVisible(not rows)
        cells = [row.cells[month] for row in self._year.rows if month in row.cells]

        def count(*kinds: Reported) -> int:
            return sum(cell.reported in kinds for cell in cells)

        self._cards.show_numbers(
            expected=len(cells),
            on_time=count(Reported.ON_TIME),
            late=count(Reported.LATE),
            waiting=count(Reported.DISPUTED, Reported.HELD),
            missing=count(Reported.MISSING, Reported.NOT_DUE),
        )

    def _is_kept(self, row: UnitYear, month: Month) -> bool:
        if not answers_to(row.unit, self._text):
            return False
        if not self._only.isChecked():
            return True
        cell = row.cells.get(month)
        return cell is None or cell.reported not in chasing.COUNTING

    def _open(self, cell: Cell) -> None:
        name = self.context.desk.plan.name_of(cell.unit)
        if cell.digest:
            files.open_copy(self.context, lambda desk, _: originals.return_copy(desk, cell.digest))
        elif cell.reported is Reported.DISPUTED:
            self.context.go_to("settle", cell)
        elif cell.reported is Reported.HELD:
            self.context.notify(f"{name}{cell.month.label}的更正版在等它的前一版，收到后自动衔接。")
        else:
            self.context.notify(f"{name}还没有报送{cell.month.label}月报。")

    def _copy_reminder(self) -> None:
        month = self.context.month
        if self._year is None or month not in self._year.months:
            self.context.notify(f"{month.label}还没有开始。")
            return
        text = chasing.reminder(self.context.desk.plan, self._year, month)
        if text:
            QGuiApplication.clipboard().setText(text)
            self.context.notify("催报名单已复制，可以直接粘贴到通知里。")
        else:
            self.context.notify(f"{month.label}没有需要催报的单位。")

    def _export_reminder(self) -> None:
        month = self.context.month

        def save(path: Path) -> None:
            self.context.run_job(
                "导出催报通知",
                lambda desk, _: reminder.write(desk, month, path),
                lambda out: self.context.notify(f"已导出：{out}"),
            )

        files.choose_target(
            self, "导出催报通知", f"{month}_催报通知.docx", ["Word 文字 (*.docx)"], save
        )

    def _ask_reopening(self) -> None:
        """A slip for the unit and month of the current cell, else for the header's month."""
        cell = self._view.matrix.cell(self._view.currentIndex())
        month = cell.month if cell else self.context.month

        def written(made: Written) -> None:
            whom = correspondence.who(self.context.desk, made.parcel.addressee)
            self.context.notify(f"已签发{made.parcel.name}，请发给{whom}：{made.file}")
            self.context.changed()
            self.refresh()

        letter_forms.ask_reopening(
            self.context, month, written, unit_code=cell.unit if cell else None
        )

    def _export(self) -> None:
        if self._year is None:
            return
        year = self._year
        header = ("单位", *(month.label for month in year.months), "已报/应报")
        rows = [
            (
                row.unit.name,
                *(
                    in_words(row.cells[month]) if month in row.cells else NOT_ASKED
                    for month in year.months
                ),
                f"{row.counted()}/{row.expected()}",
            )
            for row in year.rows
        ]
        title = f"{year.year}年报送情况"

        def save(path: Path) -> None:
            self.context.run_job(
                "导出报送情况",
                lambda _desk, _running: table_export.write_table(path, title, header, rows),
                lambda out: self.context.notify(f"已导出：{out}"),
            )

        files.choose_target(
            self, "导出报送情况", f"{title}.xlsx", ["表格 (*.xlsx)", "文本表格 (*.csv)"], save
        )


class _Patch(QWidget):
    """One sign of the legend: a patch as in the grid, and its word."""

    def __init__(self, sign: str, word: str, reported: Reported | None) -> None:
        super().__init__()
        self.setAccessibleName(f"图例：{word}")
        self._sign, self._word, self._reported = sign, word, reported

    def sizeHint(self) -> QSize:
        look = theme.current()
        words = self.fontMetrics().horizontalAdvance(self._word)
        return QSize(look.px(30) + words, look.px(24))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look = theme.current()
        painter = QPainter(self)
        side = look.px(22)
        patch = QRect(0, (self.height() - side) // 2, side, side)
        painter.setPen(look.palette.ink(Tone.QUIET))
        if self._reported is not None:
            paint_patch(painter, patch, self._reported)
        painter.drawText(patch, Qt.AlignmentFlag.AlignCenter, self._sign)
        painter.setPen(look.palette.ink(Tone.QUIET))
        room = self.rect().adjusted(side + look.px(6), 0, 0, 0)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, self._word)
