"""The home page: what is missing, the year, the zero return."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QListWidget, QPushButton
from pytestqt.qtbot import QtBot

from rongchang_desk.app import parcel_opening, parcels, record
from rongchang_desk.domain.month import Month
from rongchang_desk.ui.main_window import MainWindow
from rongchang_desk.ui.tables import Table
from tests.district import MONTH, PASSPHRASE, District
from tests.ui.unit.driving import child, click, click_row, texts


@pytest.fixture
def home(window: MainWindow) -> Any:
    window.go_to("home")
    return window.current_page()


def figures(page: Any) -> list[str]:
    return [card.accessibleName() for card in page._cards._frames]


def test_the_cards_tell_errors_warnings_and_days_left(home: Any) -> None:
    assert figures(home) == [
        "本月记录：0",
        "必须改正的错误：1",
        "需要说明的提醒：3",
        "剩余工作日（含今天），11月10日截止：7 天",
        "本月月报：待填报",
    ]


def test_a_double_click_on_a_finding_goes_to_its_row_and_field(
    district: District, home: Any, window: MainWindow, qtbot: QtBot
) -> None:
    desk = district.desk("C1")
    first, second = (district.training("C1", topic=topic) for topic in ("一", "二"))
    record.change(desk, [first, second])
    record.change(desk, [replace(second, headcounts=())])
    home.refresh()
    table = child(home, Table, "home_findings")
    row = next(n for n, text in enumerate(texts(table, 2)) if "“二”" in text)
    click_row(qtbot, table, row, twice=True)
    page: Any = window.current_page()
    assert page.objectName() == "page_training"
    current = page.grid.currentIndex()
    assert page.model.record(current.row()).id == second.id
    assert page.model.fields[current.column()].code == "worker"
    assert page.grid.hasFocus()


def test_a_missing_progress_leads_to_its_task(home: Any, window: MainWindow, qtbot: QtBot) -> None:
    table = child(home, Table, "home_findings")
    row = next(n for n, text in enumerate(texts(table, 2)) if "任务 2" in text)
    click_row(qtbot, table, row, twice=True)
    page: Any = window.current_page()
    assert (page.objectName(), page.form.record.task) == ("page_progress", 2)


def test_a_zero_return_takes_two_clicks_and_one_to_undo(
    home: Any, window: MainWindow, qtbot: QtBot
) -> None:
    click(qtbot, window, "home_zero")
    assert not record.month_sheet(window.desk, MONTH).zero_stated
    click(qtbot, window, "question_accept")
    assert record.month_sheet(window.desk, MONTH).zero_stated
    assert "零报告" in child(home, QLabel, "banner_text").text()
    click(qtbot, window, "home_zero")
    assert not record.month_sheet(window.desk, MONTH).zero_stated


def test_a_zero_return_that_is_not_confirmed_changes_nothing(
    home: Any, window: MainWindow, qtbot: QtBot
) -> None:
    click(qtbot, window, "home_zero")
    click(qtbot, window, "question_refuse")
    assert not record.month_sheet(window.desk, MONTH).zero_stated


def test_a_month_with_records_cannot_be_stated_empty(
    district: District, home: Any, window: MainWindow
) -> None:
    district.record("C1", district.training("C1"))
    home.refresh()
    assert not child(window, QPushButton, "home_zero").isEnabled()


def test_a_click_on_a_month_of_the_year_goes_there(
    home: Any, window: MainWindow, qtbot: QtBot
) -> None:
    qtbot.mouseClick(child(home, QAbstractButton, "month_2026-08"), Qt.MouseButton.LeftButton)
    assert window.month == Month(2026, 8)


def test_the_year_shows_the_state_of_each_month(
    district: District, open_window: Callable[[str], MainWindow]
) -> None:
    district.report("C1")
    window = open_window("C1")
    window.go_to("home")
    cell = child(window, QAbstractButton, "month_2026-10")
    assert cell.accessibleName() == "2026年10月：已生成"


def test_the_navigation_shows_counts_soon_after_an_edit(
    district: District, home: Any, window: MainWindow, qtbot: QtBot
) -> None:
    window.go_to("training")
    page: Any = window.current_page()
    made = district.training("C1")
    page.push("新增培训", (), (made,))
    listing = child(window, QListWidget, "navigation")
    qtbot.waitUntil(
        lambda: "培训讲座（1）" in [listing.item(n).text() for n in range(listing.count())]
    )


def test_make_the_return_goes_to_the_assistant(home: Any, window: MainWindow, qtbot: QtBot) -> None:
    click(qtbot, window, "home_return")
    page = window.current_page()
    assert page is not None
    assert page.objectName() == "page_return"


def test_what_the_office_sent_stands_on_the_page_and_leads_to_the_inbox(
    district: District, home: Any, window: MainWindow, qtbot: QtBot
) -> None:
    office = district.office
    made = parcels.write_supervision(
        office, "C1", "培训场次", "请报送进度。", date(2026, 11, 4), office.identity(PASSPHRASE)
    )
    parcel_opening.open_parcel(window.desk, made.file)
    home.refresh()
    table = child(home, Table, "home_findings")
    row = next(n for n, text in enumerate(texts(table, 2)) if "培训场次" in text)
    assert texts(table, 1)[row] == "办公室来件"
    click_row(qtbot, table, row, twice=True)
    page: Any = window.current_page()
    assert page.objectName() == "page_inbox"
    matters = child(page, Table, "matters")
    qtbot.waitUntil(matters.hasFocus)
    assert matters.current_row().order.id == made.parcel.id
