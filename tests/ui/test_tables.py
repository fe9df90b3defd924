"""Tables of frozen rows."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QAction, QColor, QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from rongchang_desk.ui import theme
from rongchang_desk.ui.tables import STRETCH_LEAST, Column, Table, TableModel, written
from rongchang_desk.ui.theme import Tone

from .conftest import COLUMNS, ROWS, Row


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def new_table(qtbot: QtBot, settings: QSettings) -> Callable[..., Table]:
    def make(**more: Any) -> Table:
        table = Table(
            COLUMNS,
            name="tasks",
            accessible="任务",
            empty="还没有任务。",
            settings=settings,
            identity=lambda row: row.number,
            **more,
        )
        qtbot.addWidget(table)
        table.resize(700, 300)
        table.show()
        return table

    return make


@pytest.fixture
def table(new_table: Callable[..., Table]) -> Table:
    made = new_table()
    made.set_rows(ROWS)
    return made


def numbers(table: Table) -> list[int]:
    return [row.number for row in table.table_model.rows]


def test_qt_finds_nothing_wrong_with_the_model(qtmodeltester: ModelTester) -> None:
    model = TableModel(COLUMNS)
    model.set_rows(ROWS)
    qtmodeltester.check(model)


def test_sorting_puts_numbers_in_their_order_and_empty_values_last(table: Table) -> None:
    table.sortByColumn(2, Qt.SortOrder.AscendingOrder)
    assert numbers(table) == [2, 1, 10]
    table.sortByColumn(2, Qt.SortOrder.DescendingOrder)
    assert numbers(table) == [1, 2, 10]
    table.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
    assert numbers(table) == [1, 2, 10]


def test_a_filter_takes_every_word_and_full_width_as_half_width(table: Table) -> None:
    table.set_filter("abc 逾期")
    assert numbers(table) == [10]
    table.set_filter("abc 完成")
    assert numbers(table) == []
    table.set_filter("")
    assert numbers(table) == [1, 2, 10]


def test_a_filter_finds_names_by_their_pinyin_initials(table: Table) -> None:
    importlib.import_module("pypinyin")  # the window does so beside its first paint
    table.set_filter("zscq yyq")
    assert [row.name for row in table.table_model.rows] == []
    table.set_filter("sbxc jxz")
    assert [row.name for row in table.table_model.rows] == ["商标宣传"]


def test_a_filter_may_be_a_rule(table: Table) -> None:
    table.set_filter("", lambda row: row.percent is not None)
    assert numbers(table) == [1, 2]


def test_the_chosen_row_stays_chosen_when_new_rows_come(table: Table) -> None:
    assert table.choose(2)
    table.set_rows(reversed(ROWS))
    assert table.current_row().number == 2
    assert table.currentIndex().row() == 1


def test_a_row_that_is_not_shown_cannot_be_chosen(table: Table) -> None:
    table.choose(2)
    assert not table.choose(99)
    assert table.current_row() == ROWS[1]


def test_ctrl_c_copies_the_selection_as_a_spreadsheet_takes_it(table: Table, qtbot: QtBot) -> None:
    table.set_rows([Row(1, "一行\n两行\t三", None, "→ 进行中"), ROWS[1]])
    table.selectAll()
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == (
        "1\t一行 两行 三\t\t→ 进行中\n2\t商标宣传\t35\t→ 进行中"
    )


def test_nothing_selected_leaves_the_clipboard_alone(table: Table) -> None:
    QGuiApplication.clipboard().setText("别的内容")
    table.clearSelection()
    table.copy_selection()
    assert QGuiApplication.clipboard().text() == "别的内容"


def test_enter_and_double_click_activate_a_row(table: Table, qtbot: QtBot) -> None:
    table.choose(2)
    with qtbot.waitSignal(table.row_activated) as pressed:
        qtbot.keyClick(table, Qt.Key.Key_Return)
    assert pressed.args == [ROWS[1]]
    place = table.visualRect(table.table_model.index(0, 1)).center()
    with qtbot.waitSignal(table.row_activated) as clicked:
        qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
        qtbot.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert clicked.args == [ROWS[0]]


def test_choosing_a_row_is_told(table: Table, qtbot: QtBot) -> None:
    with qtbot.waitSignal(table.row_chosen) as told:
        table.choose(10)
    assert told.args == [ROWS[2]]


def test_an_empty_table_says_why_and_offers_what_to_do(
    new_table: Callable[..., Table], qtbot: QtBot
) -> None:
    pressed: list[str] = []
    action = QAction("新建任务(&N)")
    action.triggered.connect(lambda: pressed.append("new"))
    table = new_table(empty_action=action)
    state = table.findChild(QWidget, "empty_state")
    assert state.isVisible()
    assert table.findChild(QLabel, "empty_text").text() == "还没有任务。"
    qtbot.mouseClick(table.findChild(QPushButton, "empty_action"), Qt.MouseButton.LeftButton)
    assert pressed == ["new"]
    table.set_rows(ROWS)
    assert not state.isVisible()


def test_a_filter_without_result_says_so_instead(new_table: Callable[..., Table]) -> None:
    table = new_table(empty_action=QAction("新建任务(&N)"))
    table.set_rows(ROWS)
    table.set_filter("没有这个")
    assert table.findChild(QLabel, "empty_text").text() == "没有符合条件的内容。"
    assert not table.findChild(QPushButton, "empty_action").isVisible()


def test_dragged_widths_are_remembered_and_others_are_not(
    new_table: Callable[..., Table], settings: QSettings, qtbot: QtBot
) -> None:
    first = new_table()
    first.horizontalHeader().resizeSection(0, 99)
    qtbot.waitUntil(lambda: settings.contains("tables/tasks/序号"))
    assert not settings.contains("tables/tasks/状态")
    assert new_table().columnWidth(0) == 99


def test_a_pill_is_painted_in_the_soft_colour_of_its_tone(table: Table) -> None:
    image = table.viewport().grab().toImage()
    cell = table.visualRect(table.table_model.index(0, 3))
    colours = {
        image.pixelColor(x, cell.center().y() - 6).name() for x in range(cell.left(), cell.right())
    }
    assert theme.LIGHT.wash(Tone.GOOD).name() in colours
    assert theme.LIGHT.wash(Tone.BAD).name() not in colours


def test_a_bar_is_as_long_as_its_value(table: Table) -> None:
    image = table.viewport().grab().toImage()

    def filled(row: int) -> int:
        cell = table.visualRect(table.table_model.index(row, 2))
        ink = QColor(theme.LIGHT.busy).name()
        return sum(
            image.pixelColor(x, cell.center().y()).name() == ink
            for x in range(cell.left(), cell.right() - theme.current().px(50))
        )

    assert filled(2) == 0
    assert filled(1) == pytest.approx(0.35 * filled(0), abs=4)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (1234, "1,234"),
        (Decimal("1234.50"), "1,234.50"),
        (date(2026, 10, 5), "2026-10-05"),
        (True, "是"),
        ("文字", "文字"),
    ],
)
def test_values_are_written_as_people_read_them(value: object, text: str) -> None:
    assert written(value) == text


def test_a_stretched_column_stays_readable_in_a_narrow_table(
    qtbot: QtBot, settings: QSettings
) -> None:
    columns = (
        Column("编号", lambda row: row.number, width=200),
        Column("名称", lambda row: row.name, stretch=True),
    )
    table = Table(columns, name="narrow", accessible="任务", empty="", settings=settings)
    qtbot.addWidget(table)
    table.set_rows(ROWS)
    table.resize(600, 300)
    table.show()
    assert table.columnWidth(1) > 300
    table.resize(240, 300)
    assert table.columnWidth(1) == theme.current().px(STRETCH_LEAST)
    qtbot.waitUntil(lambda: table.horizontalScrollBar().maximum() > 0)
    table.resize(600, 300)
    assert table.columnWidth(1) > 300
    qtbot.waitUntil(lambda: table.horizontalScrollBar().maximum() == 0)
