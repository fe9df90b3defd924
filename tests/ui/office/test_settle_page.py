"""疑似重复: decided by keyboard, named, explained, reversible."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QDialog,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
    QTabBar,
)
from pytestqt.qtbot import QtBot

from rongchang_desk.app import district as picture
from rongchang_desk.app import parameters
from rongchang_desk.domain.measures import figures
from rongchang_desk.domain.month import Month
from rongchang_desk.ui.main_window import MainWindow
from rongchang_desk.ui.office.settle_page import SettlePage
from rongchang_desk.ui.tables import Table
from rongchang_desk.ui.tone_label import ToneLabel
from tests.district import MONTH, District
from tests.ui.office.conftest import child
from tests.ui.office.stories import conflict, same_training

Visit = Callable[[str], Any]


def visits(district: District) -> int:
    """The district's person-visits of the year, as measured now."""
    plan = district.office.plan
    found = figures(plan, picture.merged(district.office, MONTH))
    value = next(f.value for f in found if f.target == "visits")
    return int(value or 0)


def explain(page: SettlePage, why: str = "电话核实", who: str = "赵一") -> None:
    child(page, QLineEdit, "settle_reason").setText(why)
    child(page, QLineEdit, "settle_by").setText(who)


def press(qtbot: QtBot, page: SettlePage, key: str) -> None:
    """Press a key on the list and wait until the lists are read again."""
    table = child(page, Table, "suspects")
    table.setFocus()
    with qtbot.waitSignal(page.shown):
        QTest.keyClick(table, key)


def count(page: SettlePage) -> int:
    return len(child(page, Table, "suspects").table_model.rows)


def test_two_units_with_one_training_are_shown_side_by_side(
    visit: Visit, window: MainWindow, district: District
) -> None:
    same_training(district)
    page = visit("settle")
    facets = {f.title: (f.first, f.second) for f in child(page, Table, "facets").table_model.rows}
    headings = [c.title for c in child(page, Table, "facets").table_model.columns]
    assert headings == ["项目", "市知识产权局", "河西镇"]
    assert facets["职工"] == ("30", "40")
    assert facets["主题"] == ("商标品牌培训班", "商标品牌培训班")
    assert "同一天" in child(page, QLabel, "suspect_reason").text()
    assert window._navigation.item(3).text() == "待认定（1）"


def test_key_2_merges_and_the_right_ones_figures_stand(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District
) -> None:
    same_training(district)
    assert visits(district) == 70
    page = visit("settle")
    explain(page)
    press(qtbot, page, "2")
    assert count(page) == 0
    assert visits(district) == 40
    assert window._navigation.item(3).text() == "待认定"
    child(page, QTabBar, "settle_tabs").setCurrentIndex(4)
    (decided,) = child(page, Table, "decided").table_model.rows
    assert (decided.decision.reason, decided.decision.decided_by) == ("电话核实", "赵一")
    assert decided.verdict == "同一活动，以河西镇《商标品牌培训班》的数字为准"


def test_key_d_keeps_both(visit: Visit, qtbot: QtBot, district: District) -> None:
    same_training(district)
    page = visit("settle")
    explain(page)
    press(qtbot, page, "d")
    assert count(page) == 0
    assert visits(district) == 70


def test_nothing_is_decided_without_a_name_and_a_reason(
    visit: Visit, qtbot: QtBot, district: District
) -> None:
    same_training(district)
    page = visit("settle")
    table = child(page, Table, "suspects")
    for field, why, who in (("settle_by", "核实", " "), ("settle_reason", "", "赵一")):
        explain(page, why, who)
        table.setFocus()
        QTest.keyClick(table, "1")
        assert child(page, QLineEdit, field).property("wrong") is True
        assert "请先填写" in child(page, QLabel, "banner_text").text()
    assert visits(district) == 70
    line = child(page, QLineEdit, "settle_reason")
    QTest.keyClicks(line, "1")
    assert line.property("wrong") is False
    assert visits(district) == 70, "a 1 typed into the reason decides nothing"


def test_a_decision_can_be_withdrawn_after_a_question(
    visit: Visit, qtbot: QtBot, district: District
) -> None:
    same_training(district)
    page = visit("settle")
    explain(page)
    press(qtbot, page, "1")
    assert visits(district) == 30
    child(page, QTabBar, "settle_tabs").setCurrentIndex(4)
    child(page, Table, "decided").selectRow(0)
    button = child(page, QPushButton, "withdraw")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    question = child(page, QMessageBox, "question")
    QTest.mouseClick(child(question, QPushButton, "question_refuse"), Qt.MouseButton.LeftButton)
    assert visits(district) == 30
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    question = next(b for b in page.findChildren(QMessageBox, "question") if b.isVisible())
    with qtbot.waitSignal(page.shown):
        QTest.mouseClick(child(question, QPushButton, "question_accept"), Qt.MouseButton.LeftButton)
    assert visits(district) == 70
    assert count(page) == 1
    (decided,) = child(page, Table, "decided").table_model.rows
    assert decided.withdrawn_at
    child(page, Table, "decided").selectRow(0)
    assert not button.isEnabled()


def test_put_off_goes_to_the_end_and_decides_nothing(
    visit: Visit, qtbot: QtBot, district: District
) -> None:
    same_training(district)
    page = visit("settle")
    press_s = child(page, Table, "suspects")
    press_s.setFocus()
    with qtbot.waitSignal(page.shown):
        QTest.keyClick(press_s, "s")
    assert count(page) == 1
    child(page, QTabBar, "settle_tabs").setCurrentIndex(4)
    assert not child(page, Table, "decided").table_model.rows


def test_of_two_competing_revisions_the_chosen_one_counts(
    visit: Visit, qtbot: QtBot, district: District
) -> None:
    conflict(district)
    assert visits(district) == 0
    page = visit("settle")
    child(page, QTabBar, "settle_tabs").setCurrentIndex(3)
    explain(page)
    keep = child(page, QPushButton, "keep_rival")
    QTest.mouseClick(keep, Qt.MouseButton.LeftButton)
    assert "还没有选择版本" in child(page, QLabel, "banner_text").text()
    rivals = child(page, Table, "rivals")
    visits_of = [f.monthly_return.totals.counted_visits for f in rivals.table_model.rows]
    assert sorted(visits_of) == [10, 99]
    rivals.selectRow(visits_of.index(99))
    with qtbot.waitSignal(page.shown):
        QTest.mouseClick(keep, Qt.MouseButton.LeftButton)
    assert visits(district) == 99
    assert not child(page, Table, "conflicts").table_model.rows


def test_the_name_is_remembered_and_a_month_without_returns_has_nothing_to_settle(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District
) -> None:
    same_training(district)
    page = visit("settle")
    explain(page)
    press(qtbot, page, "d")
    assert window.settings.value("settle/by") == "赵一"
    with qtbot.waitSignal(page.shown):
        window.show_month(Month(2026, 9))
    assert count(page) == 0
    assert not child(page, QPushButton, "merge_first").isEnabled()


def test_the_parameters_are_edited_and_a_wrong_line_keeps_the_dialog_open(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District
) -> None:
    page = visit("settle")
    QTest.mouseClick(child(window, QPushButton, "parameters"), Qt.MouseButton.LeftButton)
    dialog = child(window, QDialog, "parameters_dialog")
    lines = child(dialog, QPlainTextEdit, "venue_lines")
    lines.setPlainText("会议室 很多")
    accept = child(dialog, QPushButton, "parameters_accept")
    QTest.mouseClick(accept, Qt.MouseButton.LeftButton)
    assert "看不懂" in child(dialog, ToneLabel, "parameters_problem").said
    lines.setPlainText("会议室 80")
    with qtbot.waitSignal(page.shown):
        QTest.mouseClick(accept, Qt.MouseButton.LeftButton)
    assert parameters.parameters(district.office).venues == (("会议室", 80),)
