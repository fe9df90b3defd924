"""Registers, task progress and readings: one row a thing, with last month beside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
)
from pytestqt.qtbot import QtBot

from rongchang_desk.app import record
from rongchang_desk.domain.records import Progress, RegisterEntry, State, Status, Value
from rongchang_desk.ui.main_window import MainWindow
from rongchang_desk.ui.tone_label import ToneLabel
from rongchang_desk.ui.unit.progress import ProgressPage
from rongchang_desk.ui.unit.readings import ReadingsPage
from rongchang_desk.ui.unit.registers import RegistersPage
from tests.district import MONTH, District
from tests.ui.unit.driving import CONTROL, child, click, click_row, line, said, texts, type_into

SEPTEMBER = MONTH.previous


def entries(page: Any) -> tuple[RegisterEntry, ...]:
    return record.of_month(page.context.desk, MONTH).entries


@pytest.fixture
def registers(window: MainWindow, qtbot: QtBot) -> RegistersPage:
    window.go_to("registers")
    page = window.current_page()
    assert isinstance(page, RegistersPage)
    click(qtbot, window, "register_details")
    return page


def test_the_form_of_a_register_comes_from_its_definition(registers: RegistersPage) -> None:
    titles = [
        label.text()
        for label in registers.form.findChildren(QLabel)
        if label.objectName().startswith("label_")
    ]
    assert set(titles) == {
        "登记日期 *", "名称 *", "阶段 *", "销往", "面积", "销售额", "起始日期", "有机认证",
    }  # fmt: skip


def test_an_entry_is_kept_while_it_is_incomplete_and_says_what_is_missing(
    registers: RegistersPage, qtbot: QtBot
) -> None:
    qtbot.keyClick(registers, Qt.Key.Key_N, CONTROL)
    type_into(qtbot, line(registers, "name"), "柑橘")
    assert entries(registers)[0].get("name") == "柑橘"
    assert "必须填写" in said(registers, "stage")
    combo = child(registers, QComboBox, "field_stage")
    combo.setFocus()
    qtbot.keyClick(combo, Qt.Key.Key_Down)
    assert entries(registers)[0].get("stage") == "种植"
    assert said(registers, "stage") == ""


def test_money_is_stored_in_plain_notation_and_more_decimals_are_refused(
    registers: RegistersPage, qtbot: QtBot
) -> None:
    qtbot.keyClick(registers, Qt.Key.Key_N, CONTROL)
    type_into(qtbot, line(registers, "sales"), "1,200.50")
    assert entries(registers)[0].get("sales") == "1200.5"
    type_into(qtbot, line(registers, "sales"), "0.005")
    assert "小数最多 2 位" in said(registers, "sales")
    assert entries(registers)[0].get("sales") == "1200.5"


def test_several_choices_are_ticked_in_a_menu(registers: RegistersPage, qtbot: QtBot) -> None:
    qtbot.keyClick(registers, Qt.Key.Key_N, CONTROL)
    menu = child(registers, QToolButton, "pick_markets").menu()
    for number in (2, 0):
        menu.aboutToShow.emit()
        menu.actions()[number].trigger()
    assert entries(registers)[0].get("markets") == "本市；国外"


def test_another_register_is_chosen_at_the_left_and_counts_are_shown(
    registers: RegistersPage, qtbot: QtBot
) -> None:
    listing = child(registers, QListWidget, "register_list")
    at = listing.visualItemRect(listing.item(1)).center()
    qtbot.mouseClick(listing.viewport(), Qt.MouseButton.LeftButton, pos=at)
    qtbot.keyClick(registers, Qt.Key.Key_N, CONTROL)
    type_into(qtbot, line(registers, "topic"), "专项督查")
    assert entries(registers)[0].register == "visits_paid"
    qtbot.waitUntil(
        lambda: [listing.item(n).text() for n in range(2)] == ["特产台账", "督查台账（1）"]
    )


@pytest.fixture
def progress(window: MainWindow, district: District) -> ProgressPage:
    before = replace(district.progress("C1", "九月做了。"), month=SEPTEMBER, task=2)
    record.save(district.desk("C1"), before)
    window.go_to("progress")
    page = window.current_page()
    assert isinstance(page, ProgressPage)
    return page


def told(page: ProgressPage) -> dict[int, Progress]:
    return {p.task: p for p in record.of_month(page.context.desk, MONTH).progress}


def test_lead_tasks_stand_first(progress: ProgressPage) -> None:
    assert texts(progress.table, 0) == ["2", "1", "3"]
    assert texts(progress.table, 2) == ["主办", "协办", "协办"]


def test_a_status_chosen_by_key_is_stored_even_when_it_is_the_first(
    progress: ProgressPage, qtbot: QtBot
) -> None:
    combo = child(progress, QComboBox, "field_status")
    combo.setFocus()
    qtbot.keyClick(combo, Qt.Key.Key_Home)
    assert told(progress)[2].status is Status.NOT_STARTED


def test_last_month_stands_beside_and_is_taken_over_on_request(
    progress: ProgressPage, qtbot: QtBot
) -> None:
    assert child(progress, ToneLabel, "earlier_done").said == "上月：九月做了。"
    click(qtbot, progress, "progress_as_before")
    assert (told(progress)[2].done, told(progress)[2].percent) == ("九月做了。", Value.of(50))
    qtbot.keyClick(progress.table, Qt.Key.Key_Z, CONTROL)
    assert told(progress) == {}


def test_a_task_without_last_month_offers_nothing_to_take_over(
    progress: ProgressPage, qtbot: QtBot
) -> None:
    click_row(qtbot, progress.table, 1)
    assert not child(progress, QPushButton, "progress_as_before").isEnabled()


def test_f8_goes_to_the_next_task_without_a_word(progress: ProgressPage, qtbot: QtBot) -> None:
    click(qtbot, progress, "progress_as_before")
    qtbot.keyClick(progress.table, Qt.Key.Key_F8)
    assert progress.form.record.task == 1
    assert child(progress, QComboBox, "field_status").hasFocus()


def test_a_percentage_over_a_hundred_is_marked_and_blocks(
    progress: ProgressPage, qtbot: QtBot
) -> None:
    type_into(qtbot, line(progress, "percent"), "120%")
    assert "0 到 100" in said(progress, "percent")
    assert line(progress, "percent").property("wrong") is True


def test_long_text_is_stored_when_it_is_left(progress: ProgressPage, qtbot: QtBot) -> None:
    type_into(qtbot, child(progress, QPlainTextEdit, "field_done"), "走访企业十家。")
    assert told(progress)[2].done == "走访企业十家。"


def test_a_unit_without_targets_is_told_who_reports_them(window: MainWindow) -> None:
    window.go_to("readings")
    page = window.current_page()
    assert page is not None
    shown = child(page, QLabel, "empty_text").text()
    assert "河西镇没有需要填报读数的指标" in shown
    assert "市知识产权局、市统计局" in shown


@pytest.fixture
def readings(open_window: Callable[[str], MainWindow]) -> ReadingsPage:
    window = open_window("A1")
    window.go_to("readings")
    page = window.current_page()
    assert isinstance(page, ReadingsPage)
    return page


def test_only_the_units_own_targets_are_asked_for(readings: ReadingsPage) -> None:
    assert texts(readings.table, 0) == ["有效专利", "质押贷款"]
    assert texts(readings.table, 4) == ["未报", "未报"]


def test_a_reading_is_stored_part_by_part(readings: ReadingsPage, qtbot: QtBot) -> None:
    click_row(qtbot, readings.table, 1)
    type_into(qtbot, line(readings, "amount"), "250.75")
    assert texts(readings.table, 4)[1] == "→ 未填全"
    type_into(qtbot, line(readings, "cases"), "不涉及")
    (reading,) = record.of_month(readings.context.desk, MONTH).readings
    assert str(reading.get("amount")) == "250.75"
    assert reading.get("cases").state is State.NOT_APPLICABLE
    assert texts(readings.table, 4)[1] == "✓ 已填"


def test_a_fraction_of_a_patent_is_refused_at_the_field(
    readings: ReadingsPage, qtbot: QtBot
) -> None:
    type_into(qtbot, line(readings, "value"), "88.5")
    assert "应为整数" in said(readings, "value")
    assert record.of_month(readings.context.desk, MONTH).readings == ()
