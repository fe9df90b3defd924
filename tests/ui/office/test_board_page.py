"""全区看板: figures, where they come from, and the chart."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFileDialog,
    QFrame,
    QLabel,
    QPushButton,
    QTabBar,
    QTabWidget,
)
from pytestqt.qtbot import QtBot

from rongchang_desk.domain.month import Month
from rongchang_desk.domain.records import NOT_APPLICABLE, NamedValue, Reading, Status, Value
from rongchang_desk.ui import theme
from rongchang_desk.ui.dialogs.note import NoteDialog
from rongchang_desk.ui.main_window import MainWindow
from rongchang_desk.ui.office.board_page import BoardPage
from rongchang_desk.ui.office.board_tables import COLUMNS
from rongchang_desk.ui.office.original_dialog import OriginalDialog
from rongchang_desk.ui.office.trend import Trend
from rongchang_desk.ui.tables import Table
from tests.district import MONTH, PLAN_FILE, District
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


def row_of(page: BoardPage, code: str) -> dict[str, str]:
    """The texts of a target's row, by the columns' titles."""
    line = next(r for r in child(page, Table, "targets").table_model.rows if r.target.code == code)
    return {column.title: column.shown(line) for column in COLUMNS}


def choose(page: BoardPage, code: str) -> None:
    """Click on a target's row."""
    table = child(page, Table, "targets")
    number = [r.target.code for r in table.table_model.rows].index(code)
    index = table.table_model.index(number, 0)
    table.scrollTo(index)
    place = table.visualRect(index).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)


def shown_original(window: MainWindow, qtbot: QtBot) -> OriginalDialog:
    """The in-window viewer, once it is there."""
    found: list[OriginalDialog] = []

    def there() -> bool:
        found[:] = [d for d in window.findChildren(OriginalDialog) if d.isVisible()]
        return bool(found)

    qtbot.waitUntil(there, timeout=20_000)
    return found[0]


def show_chart(page: BoardPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.drawn, timeout=20_000):
        child(page, QTabWidget, "board_tabs").setCurrentIndex(1)


def test_every_target_of_the_plan_has_its_row(visit: Visit, district: District) -> None:
    report_patents(district)
    page = visit("board")
    rows = child(page, Table, "targets").table_model.rows
    assert [r.target.code for r in rows] == [t.code for t in district.office.plan.targets]
    row = row_of(page, "patents")
    told = [row[title] for title in ("指标", "类型", "现值", "目标", "完成", "本月应达", "差距")]
    assert told == ["有效专利", "存量", "96 件", "120 件", "80.0%", "96", "0"]
    assert row_of(page, "loans")["状态"] == "· 跟踪"


def test_what_nobody_reported_is_no_zero(visit: Visit, district: District) -> None:
    page = visit("board")
    row = row_of(page, "patents")
    told = [row[title] for title in ("现值", "完成", "本月应达", "差距", "走势", "状态")]
    assert told == ["未报", "", "—", "—", "—", "○ 未报"]


def test_zero_not_applicable_and_no_baseline_all_look_different(
    visit: Visit, district: District
) -> None:
    def read(target: str, *values: NamedValue) -> Reading:
        return Reading(district.desk("A1").new_id(), target, date(2026, 10, 30), values)

    zero = read("patents", NamedValue("value", Value.of(0)))
    away = read("loans", NamedValue("amount", NOT_APPLICABLE), NamedValue("cases", NOT_APPLICABLE))
    district.take(district.report("A1", zero, away))
    page = visit("board")
    assert row_of(page, "patents")["现值"] == "0 件"
    assert row_of(page, "loans")["现值"] == "不涉及"
    assert row_of(page, "density")["现值"] == "未报"


def test_a_growth_without_a_baseline_is_never_nought_per_cent(
    visit: Visit, district: District
) -> None:
    report_patents(district)
    plan = PLAN_FILE.read_bytes().replace(b"version = 2", b"version = 3")
    plan = plan.replace(b"baseline = 2.4\n", b"").replace(b"baseline_year = 2024\n", b"")
    district.office.adopt_plan(plan)
    row = row_of(visit("board"), "per_head")
    assert [row[title] for title in ("现值", "完成", "差距", "状态")] == [
        "缺基期", "", "—", "？ 缺基期",
    ]  # fmt: skip


def test_targets_are_narrowed_to_a_kind(visit: Visit, district: District) -> None:
    page = visit("board")
    kinds = child(page, QComboBox, "board_kind")
    kinds.setCurrentIndex(kinds.findText("年度累计"))
    rows = child(page, Table, "targets").table_model.rows
    assert [r.target.code for r in rows] == ["visits", "campaigns"]
    page.search("培训")
    assert [r.target.code for r in child(page, Table, "targets").table_model.rows] == ["visits"]
    kinds.setCurrentIndex(0)
    page.search("")
    assert len(child(page, Table, "targets").table_model.rows) == 7


def test_the_year_is_switched_beside_the_tabs(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District
) -> None:
    page = visit("board")
    years = child(page, QComboBox, "board_year")
    assert [years.itemText(n) for n in range(years.count())] == ["2025年", "2026年", "2027年"]
    assert years.currentText() == "2026年"
    years.setFocus()
    with qtbot.waitSignal(page.shown, timeout=20_000):
        QTest.keyClick(years, Qt.Key.Key_Up)
        years.activated.emit(years.currentIndex())
    assert page.context.month == Month(2025, 10)
    with qtbot.waitSignal(page.shown, timeout=20_000):
        window.show_month(MONTH)
    assert years.currentText() == "2026年"


def test_the_cards_count_the_returns(visit: Visit, district: District) -> None:
    report_patents(district)
    page = visit("board")
    numbers = [
        child(page, QLabel, f"card_{name}_number").text()
        for name in ("expected", "reported", "on_time", "late", "missing")
    ]
    assert numbers == ["5", "2", "2", "0", "3"]


def test_a_click_on_a_target_shows_where_its_figure_comes_from(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District, opened: list[str]
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
    dialog = shown_original(window, qtbot)
    assert dialog.windowTitle() == "市知识产权局 2026年10月月报 第 1 版"
    place = child(dialog, QLabel, "original_place")
    qtbot.waitUntil(lambda: bool(place.text()), timeout=20_000)
    assert re.fullmatch(r"这条记录在第 [1-9] 页", place.text())
    QTest.mouseClick(child(dialog, QPushButton, "original_outside"), Qt.MouseButton.LeftButton)
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
    assert row_of(page, "patents")["现值"] == "未报"
    with qtbot.assertNotEmitted(window._jobs.changed):
        window.show_month(MONTH)
    assert row_of(page, "patents")["现值"] == "96 件"


def test_new_returns_replace_the_kept_picture(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District
) -> None:
    page = visit("board")
    report_patents(district)
    with qtbot.waitSignal(page.shown):
        page.refresh()
    assert row_of(page, "patents")["现值"] == "96 件"


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
    assert tabs.count() == 3
    theme.apply(QApplication.instance(), "light", 150)  # type: ignore[arg-type]
    qtbot.waitUntil(lambda: tabs.count() == 4)
    bar: QTabBar = tabs.tabBar()
    assert [bar.tabText(n) for n in range(3)] == ["指标表(&T)", "走势与来源(&S)", "进度图(&G)"]
    choose(page, "patents")
    QTest.keyClick(child(page, Table, "targets"), Qt.Key.Key_Return)
    assert child(page, Trend, "trend").isVisible()
    theme.apply(QApplication.instance(), "light", 100)  # type: ignore[arg-type]
    qtbot.waitUntil(lambda: tabs.count() == 3)
    tabs.setCurrentIndex(0)
    assert child(page, Trend, "trend").isVisible()
    assert child(page, Table, "targets").viewport().rect().contains(QPoint(5, 5))


def test_a_card_leads_to_who_reported_by_mouse_and_keyboard(
    visit: Visit, window: MainWindow, district: District
) -> None:
    page = visit("board")
    QTest.mouseClick(child(page, QFrame, "card_missing"), Qt.MouseButton.LeftButton)
    assert window.current_page() is not page
    window.go_to("board")
    QTest.keyClick(child(page, QFrame, "card_late"), Qt.Key.Key_Return)
    assert window.current_page() is not page
    window.go_to("board")
    QTest.keyClick(child(page, QFrame, "card_late"), Qt.Key.Key_A)
    assert window.current_page() is page


def test_a_gap_and_a_course_are_told_beside_the_figure(visit: Visit, district: District) -> None:
    earlier = Reading(
        district.desk("A1").new_id(), "patents", date(2026, 9, 30),
        (NamedValue("value", Value.of(90)),),
    )  # fmt: skip
    september = Month(2026, 9)
    district.record("A1", earlier, month=september)
    district.take(district.export("A1", month=september))
    report_patents(district)
    row = row_of(visit("board"), "patents")
    assert (row["走势"], row["差距"]) == ("↑ 6", "+2.7")  # from 90 in September to 120 in June 2027


def test_the_figures_are_copied_as_a_table_for_office_programs(
    visit: Visit, window: MainWindow, district: District
) -> None:
    report_patents(district)
    page = visit("board")
    QGuiApplication.clipboard().clear()
    page.page_actions()[3].trigger()
    data = QGuiApplication.clipboard().mimeData()
    lines = [line.split("\t") for line in data.text().splitlines()]
    assert lines[0][:3] == ["指标", "类型", "现值"]
    assert lines[1][:4] == ["有效专利", "存量", "96 件", "120 件"]
    assert len(lines) == 1 + len(district.office.plan.targets)
    assert "<td>有效专利</td>" in data.html()


def holds_svg() -> bool:
    data = QGuiApplication.clipboard().mimeData()
    return data is not None and data.hasFormat("image/svg+xml")


def test_the_chart_is_copied_as_svg_with_selectable_text(
    visit: Visit, qtbot: QtBot, district: District
) -> None:
    report_patents(district)
    page = visit("board")
    QGuiApplication.clipboard().clear()
    page.page_actions()[2].trigger()
    clipboard = QGuiApplication.clipboard()
    qtbot.waitUntil(holds_svg, timeout=20_000)
    svg = bytes(clipboard.mimeData().data("image/svg+xml").data()).decode()
    assert ">有效专利</text>" in svg


def test_a_course_is_copied_as_picture_and_svg(
    visit: Visit, qtbot: QtBot, district: District
) -> None:
    report_patents(district)
    page = visit("board")
    choose(page, "patents")
    QGuiApplication.clipboard().clear()
    QTest.mouseClick(child(page, QPushButton, "copy_trend"), Qt.MouseButton.LeftButton)
    clipboard = QGuiApplication.clipboard()
    qtbot.waitUntil(holds_svg, timeout=20_000)
    assert clipboard.image().width() > 1000
    choose(page, "density")
    assert not child(page, QPushButton, "copy_trend").isEnabled()  # nothing was ever read


def show_tasks(page: BoardPage, qtbot: QtBot) -> Table:
    tabs = child(page, QTabWidget, "board_tabs")
    with qtbot.waitSignal(page._tasks.shown, timeout=20_000):
        tabs.setCurrentIndex(2)
    table: Table = child(page, Table, "task_lights")
    return table


def test_tasks_show_the_leads_light_and_count_their_units(
    visit: Visit, qtbot: QtBot, district: District
) -> None:
    behind = replace(district.progress("A1"), status=Status.BEHIND)
    district.take(district.report("A1", behind), district.report("A2"))
    table = show_tasks(visit("board"), qtbot)
    first, second, _ = table.table_model.rows
    texts = {c.title: c.shown(first) for c in table.table_model.columns}
    assert texts["主办亮灯"] == "▲ 黄 滞后"
    assert (texts["▲ 滞后"], texts["○ 未报"]) == ("1", "2")
    assert {c.title: c.shown(second) for c in table.table_model.columns}["主办亮灯"] == "○ 未报"


def test_a_units_progress_opens_at_its_page_and_a_silent_unit_says_so(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District
) -> None:
    district.take(district.report("A1"))
    page = visit("board")
    show_tasks(page, qtbot)
    units = child(page, Table, "task_units")
    assert [row.unit for row in units.table_model.rows] == ["A1", "A2", "C1", "C2"]
    percents = [units.table_model.columns[3].shown(row) for row in units.table_model.rows]
    assert percents == ["50%", "未报", "未报", "未报"]
    units.setFocus()
    units.choose("A1")
    QTest.keyClick(units, Qt.Key.Key_Return)
    place = child(shown_original(window, qtbot), QLabel, "original_place")
    qtbot.waitUntil(lambda: place.text().startswith("这条记录在第"), timeout=20_000)
    units.choose("A2")
    with qtbot.assertNotEmitted(window._jobs.changed):
        QTest.keyClick(units, Qt.Key.Key_Return)


def start_binder(page: BoardPage, window: MainWindow, qtbot: QtBot, place: Path) -> None:
    """Ask for all tasks with a zip into a folder; only the native file dialog is answered."""
    page.page_actions()[0].trigger()
    dialog = child(window, NoteDialog, "note_dialog")
    child(dialog, QComboBox, "binder_zip").setCurrentIndex(1)
    QTest.mouseClick(child(dialog, QPushButton, "note_accept"), Qt.MouseButton.LeftButton)
    chooser = child(page, QFileDialog, "choose_folder")
    chooser.fileSelected.emit(str(place))
    chooser.close()


def test_the_binder_is_made_from_the_window(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District, tmp_path: Path
) -> None:
    report_patents(district)
    page = visit("board")
    with qtbot.waitSignal(page._bind.bound, timeout=60_000) as made:
        start_binder(page, window, qtbot, tmp_path)
    bound = made.args[0]
    assert bound.folder.parent == tmp_path
    assert bound.archive is not None
    assert bound.archive.is_file()
    assert bound.list_sha256 in child(page, QLabel, "banner_text").text()


def test_a_cancelled_binder_leaves_nothing_and_says_so(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District, tmp_path: Path
) -> None:
    report_patents(district)
    page = visit("board")
    place = tmp_path / "place"
    place.mkdir()
    start_binder(page, window, qtbot, place)
    window._jobs.cancel_all()
    banner = child(page, QLabel, "banner_text")
    qtbot.waitUntil(lambda: banner.text() == "已取消，没有留下任何文件。", timeout=20_000)
    assert list(place.iterdir()) == []
