"""考核: scores with their origins, frozen results, papers, appeals and the grid of rules."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QTabWidget,
    QToolButton,
)
from pytestqt.qtbot import QtBot

from rongchang_desk.app import assessment
from rongchang_desk.ui.main_window import MainWindow
from rongchang_desk.ui.office.assessment_page import AssessmentPage
from rongchang_desk.ui.office.original_dialog import OriginalDialog
from rongchang_desk.ui.office.rules_grid import PART, TITLE, WEIGHT, RulesGrid
from rongchang_desk.ui.tables import Table
from rongchang_desk.ui.tone_label import ToneLabel
from tests.district import PASSPHRASE, PLAN_FILE, District
from tests.ui.office.conftest import child
from tests.unit.app.test_assessment import RULES

Visit = Callable[[str], Any]
SCORES, APPEALS, RULES_TAB = range(3)


@pytest.fixture
def assessed(district: District) -> District:
    """A1 with a training and B1 without; the office's plan has rules."""
    district.take(
        district.report("A1", district.progress("A1"), district.training("A1")),
        district.report("B1"),
    )
    plan = PLAN_FILE.read_bytes().replace(b"version = 2", b"version = 3") + RULES.encode()
    district.office.adopt_plan(plan)
    return district


@pytest.fixture
def page(assessed: District, visit: Visit) -> AssessmentPage:
    made: AssessmentPage = visit("assessment")
    return made


def press(widget: Any, name: str) -> None:
    QTest.mouseClick(child(widget, QPushButton, name), Qt.MouseButton.LeftButton)


def dialog_of(window: MainWindow) -> QDialog:
    found = [d for d in window.findChildren(QDialog, "note_dialog") if d.isVisible()]
    assert len(found) == 1
    return found[0]


def type_into(dialog: QDialog, name: str, text: str) -> None:
    field = dialog.findChild(QLineEdit, name) or dialog.findChild(QPlainTextEdit, name)
    assert field is not None, name
    field.setFocus()
    QTest.keyClicks(field, text)


def freeze(page: AssessmentPage, window: MainWindow, qtbot: QtBot) -> None:
    page.page_actions()[0].trigger()
    dialog = dialog_of(window)
    assert not child(dialog, QPushButton, "note_accept").isEnabled()  # nobody is named yet
    type_into(dialog, "freeze_author", "Li Ming")
    with qtbot.waitSignal(page.shown, timeout=20_000):
        press(dialog, "note_accept")


def score_row(page: AssessmentPage, unit: str) -> dict[str, str]:
    table = child(page, Table, "score_sheets")
    sheet = next(s for s in table.table_model.rows if s.unit == unit)
    return {c.title: c.shown(sheet) for c in table.table_model.columns}


def test_every_unit_has_its_points_and_there_is_no_order(page: AssessmentPage) -> None:
    row = score_row(page, "A1")
    assert row == {
        "单位": "市知识产权局", "百分制": "100.0%", "得分/适用满分": "100.00 / 100",
        "按时报送": "60.00", "培训讲座": "40.00",
    }  # fmt: skip
    assert score_row(page, "C1")["得分/适用满分"] == "0.00 / 40"  # its month is not due yet
    assert score_row(page, "C1")["按时报送"] == "不适用"


def test_a_point_opens_its_original_at_the_records_page(
    page: AssessmentPage, window: MainWindow, qtbot: QtBot
) -> None:
    items = child(page, Table, "score_items")
    assert [line.item.what for line in items.table_model.rows] == [
        "2026年10月月报", "2026-10-15 专利培训",
    ]  # fmt: skip
    items.setFocus()
    items.selectRow(1)
    QTest.keyClick(items, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(window.findChildren(OriginalDialog)), timeout=20_000)
    place = child(window.findChildren(OriginalDialog)[0], QLabel, "original_place")
    qtbot.waitUntil(lambda: place.text().startswith("这条记录在第"), timeout=20_000)


def test_a_plan_without_rules_says_so(district: District, visit: Visit) -> None:
    district.take(district.report("A1"))
    page = visit("assessment")
    assert "没有规定考核" in child(page, QLabel, "banner_text").text()
    assert not page.page_actions()[0].isEnabled()
    assert child(page, QTabWidget, "assessment_tabs").count() == 3


def test_another_period_is_read_when_it_is_chosen(page: AssessmentPage, qtbot: QtBot) -> None:
    periods = child(page, QComboBox, "assessment_period")
    assert [periods.itemText(n) for n in range(periods.count())] == [
        "2026年", "2026年下半年", "2026年第四季度", "2026年10月",
    ]  # fmt: skip
    periods.setFocus()
    with qtbot.waitSignal(page.shown, timeout=20_000):
        QTest.keyClick(periods, Qt.Key.Key_End)
    assert child(page, QLabel, "assessment_about").text().startswith("2026年10月，")


def test_papers_wait_for_a_frozen_result_and_are_signed(
    page: AssessmentPage, window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    _, unit_paper, all_paper, each_paper = page.page_actions()
    assert not unit_paper.isEnabled()
    assert not all_paper.isEnabled()
    assert not each_paper.isEnabled()
    freeze(page, window, qtbot)
    assert all_paper.isEnabled()
    assert not page.page_actions()[0].isEnabled()  # a frozen result is not frozen again
    child(page, Table, "score_sheets").choose("B1")
    unit_paper.trigger()
    out = tmp_path / "B1.pdf"
    chooser = child(page, QFileDialog, "choose_target")
    chooser.fileSelected.emit(str(out))
    chooser.close()
    line = child(window, QLineEdit, "passphrase")
    QTest.keyClicks(line, "wrong passphrase")
    QTest.keyClick(line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(_problem(window)), timeout=20_000)
    assert not out.exists()
    line = [w for w in window.findChildren(QLineEdit, "passphrase") if w.isVisible()][-1]
    line.setText(PASSPHRASE)
    with qtbot.waitSignal(page.written, timeout=30_000) as made:
        QTest.keyClick(line, Qt.Key.Key_Return)
    assert [paper.units for paper in made.args[0]] == [1]
    assert out.read_bytes().startswith(b"%PDF")


def test_each_unit_gets_a_paper_into_one_folder(
    page: AssessmentPage, window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    freeze(page, window, qtbot)
    page.page_actions()[3].trigger()
    chooser = child(page, QFileDialog, "choose_folder")
    chooser.fileSelected.emit(str(tmp_path))
    chooser.close()
    line = child(window, QLineEdit, "passphrase")
    line.setText(PASSPHRASE)
    with qtbot.waitSignal(page.written, timeout=30_000):
        QTest.keyClick(line, Qt.Key.Key_Return)
    assert len(list(tmp_path.glob("2026年考核得分_*.pdf"))) == 5
    assert "已生成 5 份" in child(page, QLabel, "banner_text").text()


def _problem(window: MainWindow) -> str:
    labels = window.findChildren(ToneLabel, "passphrase_problem")
    return next((label.said for label in labels if label.isVisible()), "")


def test_an_appeal_is_raised_and_settled_on_a_frozen_item(
    page: AssessmentPage, window: MainWindow, qtbot: QtBot
) -> None:
    tabs = child(page, QTabWidget, "assessment_tabs")
    assert not child(page, QPushButton, "appeal_raise").isEnabled()
    freeze(page, window, qtbot)
    child(page, Table, "score_sheets").choose("B1")
    child(page, Table, "score_items").selectRow(0)
    tabs.setCurrentIndex(APPEALS)
    press(page, "appeal_raise")
    dialog = dialog_of(window)
    type_into(dialog, "appeal_by", "Zhao Liu")
    type_into(dialog, "appeal_text", "post was late")
    press(dialog, "note_accept")
    table = child(page, Table, "appeals")
    (appeal,) = table.table_model.rows
    assert (appeal.unit, appeal.rule, appeal.item) == ("B1", "on_time", "2026-10")
    assert tabs.tabText(APPEALS) == "申诉 1(&P)"
    table.selectRow(0)
    press(page, "appeal_answer")
    dialog = dialog_of(window)
    child(dialog, QComboBox, "appeal_outcome").setCurrentIndex(1)
    type_into(dialog, "appeal_reason", "no proof")
    type_into(dialog, "appeal_settled_by", "Li Zhe")
    press(dialog, "note_accept")
    (appeal,) = table.table_model.rows
    assert (appeal.outcome, appeal.answer) == ("rejected", "no proof")
    assert tabs.tabText(APPEALS) == "申诉(&P)"
    table.selectRow(0)
    assert not child(page, QPushButton, "appeal_answer").isEnabled()


def edit(page: AssessmentPage, row: int, column: int, text: str) -> None:
    """Type over a cell, as people do."""
    grid = child(page, RulesGrid, "rules_grid")
    grid.setFocus()
    grid.setCurrentCell(row, column)
    QTest.keyClick(grid, Qt.Key.Key_F2)
    editor = [e for e in grid.findChildren(QLineEdit) if e.isVisible()][-1]
    editor.selectAll()
    editor.insert(text)  # QTest.keyClicks cannot type full-width digits
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QApplication.processEvents()  # Qt commits an Enter a moment later


def save_rules(page: AssessmentPage, window: MainWindow, qtbot: QtBot) -> None:
    press(page, "rules_save")
    dialog = dialog_of(window)
    type_into(dialog, "rules_author", "Li Zhe")
    type_into(dialog, "rules_reason", "decided")
    with qtbot.waitSignal(page.shown, timeout=20_000):
        press(dialog, "note_accept")


def test_rules_are_edited_saved_as_a_version_and_used_at_once(
    page: AssessmentPage, window: MainWindow, qtbot: QtBot, assessed: District
) -> None:
    child(page, QTabWidget, "assessment_tabs").setCurrentIndex(RULES_TAB)
    save = child(page, QPushButton, "rules_save")
    assert not save.isEnabled()
    edit(page, 0, WEIGHT, "２0")  # full-width digits are understood
    assert save.isEnabled()
    save_rules(page, window, qtbot)
    assert score_row(page, "A1")["按时报送"] == "20.00"
    (version,) = child(page, Table, "rules_history").table_model.rows
    assert (version.version, version.author, version.reason) == (1, "Li Zhe", "decided")
    assert "第 1 版" in child(page, QLabel, "rules_version").text()
    assert not save.isEnabled()
    assert assessment.rules_in_force(assessed.office).version == 1


def test_wrong_rules_are_named_marked_and_cannot_be_saved(page: AssessmentPage) -> None:
    child(page, QTabWidget, "assessment_tabs").setCurrentIndex(RULES_TAB)
    grid = child(page, RulesGrid, "rules_grid")
    problems = child(page, ToneLabel, "rules_problems")
    edit(page, 0, WEIGHT, "much")
    assert "应为数字，现为“much”" in problems.said
    cell = grid.item(0, WEIGHT)
    assert cell is not None
    assert "应为数字" in cell.toolTip()
    assert cell.background().color().alpha() > 0
    edit(page, 0, WEIGHT, "60")
    assert problems.said == ""
    edit(page, 0, PART, "2")
    assert "部分得分应在 0 到 1 之间" in problems.said
    assert not child(page, QPushButton, "rules_save").isEnabled()
    press(page, "rules_undo")
    assert problems.said == ""


def test_rules_are_added_removed_and_taken_from_an_older_version(
    page: AssessmentPage, window: MainWindow, qtbot: QtBot
) -> None:
    child(page, QTabWidget, "assessment_tabs").setCurrentIndex(RULES_TAB)
    grid = child(page, RulesGrid, "rules_grid")
    press(page, "rules_add")
    edit(page, 2, TITLE, "New rule")
    assert grid.typed(ranking=False).rules.rules[2].title == "New rule"
    grid.setCurrentCell(2, TITLE)
    press(page, "rules_remove")
    assert grid.rowCount() == 2
    QTest.mouseClick(child(page, QCheckBox, "rules_ranking"), Qt.MouseButton.LeftButton)
    save_rules(page, window, qtbot)
    assert score_row(page, "A1")["位次"] == "1"
    edit(page, 0, WEIGHT, "10")
    save_rules(page, window, qtbot)
    history = child(page, Table, "rules_history")
    history.row_activated.emit(history.table_model.rows[-1])
    assert grid.typed(ranking=True).rules.rules[0].weight == 60


def test_unsaved_rules_keep_the_person_on_the_page(
    page: AssessmentPage, window: MainWindow
) -> None:
    child(page, QTabWidget, "assessment_tabs").setCurrentIndex(RULES_TAB)
    edit(page, 0, WEIGHT, "7")
    window.go_to("report")
    assert window.current_page() is page
    press(page, "rules_undo")
    window.go_to("report")
    assert window.current_page() is not page


def test_searching_keeps_the_units_that_fit(page: AssessmentPage) -> None:
    page.search("河西")
    assert [s.unit for s in child(page, Table, "score_sheets").table_model.rows] == ["C1"]


def test_a_damaged_snapshot_is_told_and_shows_no_points(
    page: AssessmentPage, window: MainWindow, qtbot: QtBot, assessed: District
) -> None:
    freeze(page, window, qtbot)
    store = assessed.office.store
    store.connection.execute("DROP TRIGGER assessment_snapshot_is_frozen")
    store.connection.execute("UPDATE assessment_snapshot SET body = x'7b7d'")
    with qtbot.waitSignal(page.shown, timeout=20_000):
        page.refresh()
    assert "与它的摘要不符" in child(page, QLabel, "banner_text").text()
    assert child(page, Table, "score_sheets").table_model.rows == ()
    QTest.mouseClick(child(page, QToolButton, "banner_close"), Qt.MouseButton.LeftButton)
