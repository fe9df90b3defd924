"""全区看板: figures, where they come from, and the chart."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QTabBar, QTabWidget
from pytestqt.qtbot import QtBot

from rongchang_desk.domain.month import Month
from rongchang_desk.domain.records import NamedValue, Reading, Value
from rongchang_desk.ui import theme
from rongchang_desk.ui.main_window import MainWindow
from rongchang_desk.ui.office.board_page import COLUMNS, BoardPage
from rongchang_desk.ui.office.trend import Trend
from rongchang_desk.ui.tables import Table
from tests.district import MONTH, District
from tests.ui.office.conftest import child
from tests.ui.office.stories import same_training

Visit = Callable[[str], Any]


def reading(district: District, code: str, number: int) -> Reading:
    return Reading(
        district.desk(code).new_id(),
        "patents",
        date(2026, 10, 30),
        (NamedValue("value", Value.of(number)),),
    )


def report_patents(district: District) -> list[Path]:
    """The owner says 96 patents, another unit 90."""
    files = [
        district.report("A1", reading(district, "A1", 96)),
        district.report("C1", reading(district, "C1", 90)),
    ]
    district.take(*files)
    return files


def row_of(page: BoardPage, code: str) -> tuple[str, ...]:
    line = next(r for r in child(page, Table, "targets").table_model.rows if r.target.code == code)
    return tuple(column.shown(line) for column in COLUMNS)


def choose(page: BoardPage, code: str) -> None:
    """Click on a target's row."""
    table = child(page, Table, "targets")
    number = [r.target.code for r in table.table_model.rows].index(code)
    index = table.table_model.index(number, 0)
    table.scrollTo(index)
    place = table.visualRect(index).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)


def show_chart(page: BoardPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.drawn, timeout=20_000):
        child(page, QTabWidget, "board_tabs").setCurrentIndex(1)


def test_every_target_of_the_plan_has_its_row(visit: Visit, district: District) -> None:
    report_patents(district)
    page = visit("board")
    rows = child(page, Table, "targets").table_model.rows
    assert [r.target.code for r in rows] == [t.code for t in district.office.plan.targets]
    assert row_of(page, "patents")[:5] == ("有效专利", "存量", "96 件", "120 件", "80.0%")
    assert row_of(page, "loans")[6] == "· 跟踪"


def test_what_nobody_reported_is_no_zero(visit: Visit, district: District) -> None:
    page = visit("board")
    name, _, value, _, percent, expected, state, note = row_of(page, "patents")
    assert (value, percent, expected, state) == ("—", "", "—", "○ 未报")
    assert name
    assert note


def test_the_cards_count_the_returns(visit: Visit, district: District) -> None:
    report_patents(district)
    page = visit("board")
    numbers = [
        child(page, QLabel, f"card_{name}_number").text()
        for name in ("expected", "reported", "on_time", "late", "missing")
    ]
    assert numbers == ["5", "2", "2", "0", "3"]


def test_a_click_on_a_target_shows_where_its_figure_comes_from(
    visit: Visit, qtbot: QtBot, district: District, opened: list[str]
) -> None:
    owner, _ = report_patents(district)
    page = visit("board")
    choose(page, "patents")
    sources = child(page, Table, "sources")
    (source,) = sources.table_model.rows
    assert (source.unit, source.origin.value) == ("市知识产权局", 96)
    assert source.record == "读数：有效专利（2026-10-30）"
    assert "2026年10月 96" in child(page, Trend, "trend").accessibleName()
    QTest.mouseClick(
        sources.viewport(),
        Qt.MouseButton.LeftButton,
        pos=sources.visualRect(sources.table_model.index(0, 0)).center(),
    )
    QTest.keyClick(sources, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(opened))
    assert Path(opened[0]).read_bytes() == owner.read_bytes()


def test_another_units_reading_is_a_difference_and_does_not_count(
    visit: Visit, district: District
) -> None:
    report_patents(district)
    page = visit("board")
    choose(page, "patents")
    (source,) = child(page, Table, "differences").table_model.rows
    assert (source.unit, source.origin.value, source.difference) == ("河西镇", 90, -6)
    tabs = child(page, QTabWidget, "detail_tabs")
    assert tabs.tabText(1) == "对账差异 1"
    choose(page, "visits")
    assert not tabs.isTabVisible(1)


def test_a_yearly_flow_names_every_session_behind_it(visit: Visit, district: District) -> None:
    same_training(district)
    page = visit("board")
    choose(page, "visits")
    rows = child(page, Table, "sources").table_model.rows
    assert sorted((r.unit, int(r.origin.value)) for r in rows) == [
        ("市知识产权局", 30),
        ("河西镇", 40),
    ]
    assert {r.record for r in rows} == {"培训：商标品牌培训班（2026-10-15）"}


def test_going_back_to_a_month_needs_no_reading(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District
) -> None:
    report_patents(district)
    page = visit("board")
    with qtbot.waitSignal(page.shown):
        window.show_month(Month(2026, 9))
    assert row_of(page, "patents")[2] == "—"
    with qtbot.assertNotEmitted(window._jobs.changed):
        window.show_month(MONTH)
    assert row_of(page, "patents")[2] == "96 件"


def test_new_returns_replace_the_kept_picture(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District
) -> None:
    page = visit("board")
    report_patents(district)
    with qtbot.waitSignal(page.shown):
        page.refresh()
    assert row_of(page, "patents")[2] == "96 件"


def test_the_chart_is_drawn_again_for_the_other_palette(
    visit: Visit, qtbot: QtBot, district: District, plain_look: None
) -> None:
    report_patents(district)
    page = visit("board")
    show_chart(page, qtbot)
    light = page._chart.image()
    with qtbot.waitSignal(page.drawn, timeout=20_000):
        theme.apply(QApplication.instance(), "dark")  # type: ignore[arg-type]
    dark = page._chart.image()
    assert light.pixelColor(2, 2).name() == theme.LIGHT.card
    assert dark.pixelColor(2, 2).name() == theme.DARK.card


def test_the_chart_is_copied_as_a_picture(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District
) -> None:
    page = visit("board")
    QGuiApplication.clipboard().clear()
    button = child(window, QPushButton, "copy_chart")
    with qtbot.waitSignal(page.drawn, timeout=20_000):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)  # not drawn yet: it says so
    assert QGuiApplication.clipboard().image().isNull()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    picture: QImage = QGuiApplication.clipboard().image()
    assert picture.width() > 500


def test_a_chart_that_fails_is_told_and_the_table_stays(
    visit: Visit,
    window: MainWindow,
    qtbot: QtBot,
    district: District,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from rongchang_desk.documents import charts
    from rongchang_desk.errors import DeskError

    def broken(*_: object, **__: object) -> object:
        raise DeskError("图画不出来。")

    monkeypatch.setattr(charts, "target_progress", broken)
    told: list[BaseException] = []
    monkeypatch.setattr(window._jobs, "_present", told.append)
    page = visit("board")
    child(page, QTabWidget, "board_tabs").setCurrentIndex(1)
    qtbot.waitUntil(lambda: bool(told), timeout=20_000)
    assert len(child(page, Table, "targets").table_model.rows) == 7


def test_with_large_text_the_details_have_a_tab_of_their_own(
    visit: Visit, qtbot: QtBot, district: District, plain_look: None
) -> None:
    report_patents(district)
    page = visit("board")
    tabs = child(page, QTabWidget, "board_tabs")
    assert tabs.count() == 2
    theme.apply(QApplication.instance(), "light", 150)  # type: ignore[arg-type]
    qtbot.waitUntil(lambda: tabs.count() == 3)
    bar: QTabBar = tabs.tabBar()
    assert [bar.tabText(n) for n in range(3)] == ["指标表(&T)", "走势与来源(&S)", "进度图(&G)"]
    choose(page, "patents")
    QTest.keyClick(child(page, Table, "targets"), Qt.Key.Key_Return)
    assert child(page, Trend, "trend").isVisible()
    theme.apply(QApplication.instance(), "light", 100)  # type: ignore[arg-type]
    qtbot.waitUntil(lambda: tabs.count() == 2)
    tabs.setCurrentIndex(0)
    assert child(page, Trend, "trend").isVisible()
    assert child(page, Table, "targets").viewport().rect().contains(QPoint(5, 5))
