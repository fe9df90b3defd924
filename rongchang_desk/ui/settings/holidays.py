"""节假日调整: days that are other than the published calendar says."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QDate, QEvent, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QComboBox, QDateEdit, QHBoxLayout, QPushButton

from rongchang_desk.app import holiday_corrections
from rongchang_desk.errors import DeskError
from rongchang_desk.ui import theme
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.page import Context
from rongchang_desk.ui.settings.card import Card, Step
from rongchang_desk.ui.tables import Align, Cell, Column, Table
from rongchang_desk.ui.theme import Tone
from rongchang_desk.ui.tone_label import ToneLabel

WORDS = {True: "上班", False: "休息"}


class HolidayCard(Card):
    """The corrections, and a line to add one."""

    def __init__(self, context: Context, step: Step) -> None:
        super().__init__(
            context, "holidays", "节假日调整",
            "国务院放假通知晚于软件发布，或者本地另有安排时，在这里更正；截止日随之变化。",
        )  # fmt: skip
        self._step = step
        self._day = named(QDateEdit(), "holiday_day", "日期")
        self._day.setDisplayFormat("yyyy-MM-dd")
        today = self.context.desk.today()
        self._day.setDate(QDate(today.year, today.month, today.day))
        self._works = named(QComboBox(), "holiday_works", "上班或休息")
        for works in (False, True):
            self._works.addItem(WORDS[works], works)
        add = named(QPushButton("添加(&A)"), "holiday_add")
        add.clicked.connect(self._add_correction)
        self._remove = named(QPushButton("移除所选(&L)"), "holiday_remove")
        self._remove.setToolTip("恢复为公布的日历（Delete）")
        self._remove.clicked.connect(self._remove_corrections)
        line = QHBoxLayout()
        line.setSpacing(8)
        for widget in (self._day, self._works, add, self._remove):
            line.addWidget(widget)
        line.addStretch()
        self._wrong = named(ToneLabel(), "holiday_message")
        self.holidays = Table(
            (
                Column("日期", lambda row: row.day, width=112),
                Column("星期", lambda row: weekday(row.day), width=70),
                Column(
                    "调整为", lambda row: WORDS[row.works], cell=Cell.PILL, width=92,
                    tone=lambda row: Tone.BUSY if row.works else Tone.GOOD, align=Align.CENTER,
                ),
                Column(
                    "公布的日历", lambda row: WORDS[row.published], stretch=True,
                    tone=lambda _row: Tone.QUIET,
                    text=lambda row: WORDS[row.published]
                    + ("（相同）" if row.published == row.works else ""),
                ),
            ),
            name="holiday_table",
            accessible="节假日调整",
            empty="没有调整，按公布的日历计算。",
            settings=self.context.settings,
            identity=lambda row: row.day,
        )  # fmt: skip
        delete = QAction("移除所选", self.holidays)
        delete.setShortcut(QKeySequence(Qt.Key.Key_Delete))
        delete.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        delete.triggered.connect(self._remove_corrections)
        self.holidays.addAction(delete)
        self.holidays.selectionModel().selectionChanged.connect(lambda *_: self._enable())
        self.column.addLayout(line)
        self.column.addWidget(self._wrong)
        self.column.addWidget(self.holidays)

    def refresh(self) -> None:
        self.holidays.set_rows(holiday_corrections.corrections(self.context.desk))
        self._fit_table()
        self._enable()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "holidays"):
            self._fit_table()

    def _enable(self) -> None:
        self._remove.setEnabled(bool(self.holidays.chosen_rows()))

    def _fit_table(self) -> None:
        """The table shows up to six rows before it scrolls."""
        look = theme.current()
        rows = min(max(self.holidays.table_model.rowCount(), 2), 6)
        self.holidays.setFixedHeight(look.px(40) + rows * look.px(38) + 4)

    def _add_correction(self) -> None:
        chosen = self._day.date()
        day = date(chosen.year(), chosen.month(), chosen.day())
        works = bool(self._works.currentData())
        try:
            wanted = holiday_corrections.corrected(self.context.desk, day, works)
        except DeskError as problem:
            self._wrong.say(str(problem), Tone.BAD)
            return
        self._wrong.say("")
        self._set_corrections(f"{day} {WORDS[works]}", wanted)
        self.holidays.choose(day)

    def _remove_corrections(self) -> None:
        rows = self.holidays.chosen_rows()
        wanted = self.context.desk.holiday_overrides()
        for row in rows:
            wanted.pop(row.day, None)
        if rows:
            self._set_corrections(f"移除 {len(rows)} 天", wanted)

    def _set_corrections(self, text: str, wanted: dict[date, bool]) -> None:
        desk = self.context.desk
        before = desk.holiday_overrides()
        if wanted != before:
            self._step(
                text,
                lambda: holiday_corrections.set_corrections(desk, wanted),
                lambda: holiday_corrections.set_corrections(desk, before),
            )


def weekday(day: date) -> str:
    """`周一`…`周日`."""
    return f"周{'一二三四五六日'[day.weekday()]}"
