"""方案参数: confirming, editing, undoing and publishing the plan."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QPushButton,
    QTabWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from rongchang_desk.app import parcel_opening, plan_draft
from rongchang_desk.ui.dialogs.letter import LetterDialog
from rongchang_desk.ui.main_window import MainWindow
from rongchang_desk.ui.messages import Banner
from rongchang_desk.ui.office.plan_page import PlanPage
from rongchang_desk.ui.tables import Table
from rongchang_desk.ui.tone_label import ToneLabel
from tests.district import MONTH, PASSPHRASE, District
from tests.ui.office.conftest import child

Visit = Callable[[str], Any]
WAIT = 60_000


@pytest.fixture
def page(visit: Visit, qtbot: QtBot) -> PlanPage:
    found = visit("plan")
    assert isinstance(found, PlanPage)
    qtbot.waitUntil(lambda: bool(child(found, Table, "plan_targets").table_model.rows))
    return found


def tab(page: PlanPage, words: str) -> None:
    """Choose a tab by the beginning of its label."""
    tabs = child(page, QTabWidget, "plan_tabs")
    tabs.setCurrentIndex(
        next(n for n in range(tabs.count()) if tabs.tabText(n).startswith(words))
    )  # fmt: skip


def choose(page: PlanPage, table: str, path: str) -> None:
    assert child(page, Table, table).choose(path)


def retype(page: PlanPage, form: str, field: str, text: str) -> QLineEdit:
    """Type another text into a line of a form and press Enter."""
    box: QLineEdit = child(child(page, QWidget, form), QLineEdit, field)
    box.setFocus()
    box.selectAll()
    box.insert(text)
    QTest.keyClick(box, Qt.Key.Key_Return)
    return box


def press(window: MainWindow, name: str) -> None:
    button = child(window, QPushButton, name)
    assert button.isEnabled(), name
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def dialog_of(window: MainWindow, qtbot: QtBot) -> LetterDialog:
    qtbot.waitUntil(
        lambda: any(d.isVisible() for d in window.findChildren(QDialog, "letter_dialog"))
    )
    return next(d for d in window.findChildren(LetterDialog) if d.isVisible())


def state(page: PlanPage, table: str, path: str) -> str:
    rows = child(page, Table, table).table_model.rows
    return next(row.state for row in rows if row.path == path)


def test_what_the_plan_does_not_say_waits_for_confirming(
    page: PlanPage, district: District
) -> None:
    plan = district.office.plan
    rows = child(page, Table, "plan_assumed").table_model.rows
    assert [p.assumed for p in rows] == [a.note for a in plan.assumed]
    assert child(page, QTabWidget, "plan_tabs").tabText(5) == f"待确认 {len(plan.assumed)}(&Q)"
    tab(page, "单位")
    assert state(page, "plan_units", "units.C2") == "？ 待确认"
    assert state(page, "plan_units", "units.A1") == "✓ 方案原文"
    assert not child(page.window(), QPushButton, "publish_plan").isEnabled()


def test_a_parameter_is_confirmed_by_name_and_that_can_be_undone(
    page: PlanPage, window: MainWindow, qtbot: QtBot, district: District
) -> None:
    tab(page, "待确认")
    button = child(page, QPushButton, "confirm_marks")
    assert not button.isEnabled()
    choose(page, "plan_assumed", "plan.due_day")
    press(window, "confirm_marks")
    dialog = dialog_of(window, qtbot)
    go = child(dialog, QPushButton, "letter_accept")
    assert not go.isEnabled()
    child(dialog, QLineEdit, "confirmed_by").insert("张镕")
    QTest.mouseClick(go, Qt.MouseButton.LeftButton)
    (mark,) = plan_draft.draft(district.office).plan.confirmed
    assert (mark.path, mark.by, mark.on) == ("plan.due_day", "张镕", district.office.today())
    (line,) = child(page, Table, "plan_changes").table_model.rows
    assert line.after == f"已确认（张镕，{district.office.today()}）"
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: not child(page, Table, "plan_changes").table_model.rows)
    assert plan_draft.draft(district.office).plan == district.office.plan


def test_a_goal_is_edited_and_stays_in_the_draft(
    page: PlanPage, window: MainWindow, district: District
) -> None:
    choose(page, "plan_targets", "targets.patents")
    retype(page, "plan_targets_form", "field_goal", "130")
    assert state(page, "plan_targets", "targets.patents") == "● 已改动"
    (line,) = child(page, Table, "plan_changes").table_model.rows
    assert (line.field, line.before, line.after) == ("目标值", "120", "130")
    assert district.office.plan.target("patents").goal == 120
    assert child(window, QPushButton, "publish_plan").isEnabled()
    assert plan_draft.draft(district.office).plan.target("patents").goal == 130


def test_a_mistake_is_told_at_its_field_and_blocks_publishing(
    page: PlanPage, window: MainWindow
) -> None:
    choose(page, "plan_targets", "targets.patents")
    box = retype(page, "plan_targets_form", "field_goal", "")
    said = [w.said for w in page.findChildren(ToneLabel, "message_goal") if w.isVisible()]
    assert said[0].startswith("存量指标须有目标值。")
    assert "有效专利" in child(page, ToneLabel, "plan_state").said
    assert not child(window, QPushButton, "publish_plan").isEnabled()
    tab(page, "单位")
    QTest.keyClick(window, Qt.Key.Key_F8)
    assert child(page, QTabWidget, "plan_tabs").tabText(0).startswith("指标")
    assert child(page, QTabWidget, "plan_tabs").currentIndex() == 0
    assert box.hasFocus()


def test_what_cannot_be_understood_keeps_the_person_on_the_page(
    page: PlanPage, window: MainWindow, qtbot: QtBot
) -> None:
    choose(page, "plan_targets", "targets.patents")
    box = retype(page, "plan_targets_form", "field_goal", "许多")
    window.go_to("units")
    assert window.current_page() is page
    question = next(d for d in window.findChildren(QDialog, "question") if d.isVisible())
    QTest.mouseClick(child(question, QPushButton, "question_accept"), Qt.MouseButton.LeftButton)
    assert box.text() == "120"
    window.go_to("units")
    assert window.current_page() is not page


def test_what_was_typed_is_there_after_coming_back(page: PlanPage, window: MainWindow) -> None:
    choose(page, "plan_targets", "targets.patents")
    retype(page, "plan_targets_form", "field_goal", "130")
    window.go_to("units")
    window.go_to("plan")
    assert len(child(page, Table, "plan_changes").table_model.rows) == 1
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert child(page, Table, "plan_changes").table_model.rows == ()


def test_a_unit_with_returns_stays_and_another_can_be_removed(
    page: PlanPage, window: MainWindow, qtbot: QtBot, district: District
) -> None:
    district.take(district.report("B1"))
    tab(page, "单位")
    choose(page, "plan_units", "units.B1")
    press(window, "remove_units")
    banner = child(page, Banner, "banner")
    qtbot.waitUntil(banner.isVisible, timeout=WAIT)
    assert "1 份用到单位“东门街道”" in child(banner, QLabel, "banner_text").text()
    choose(page, "plan_units", "units.C2")
    press(window, "remove_units")
    rows = child(page, Table, "plan_units").table_model
    qtbot.waitUntil(lambda: [r.path for r in rows.rows][-1] == "units.C1", timeout=WAIT)
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert [r.path for r in rows.rows][-1] == "units.C2"


def test_a_new_unit_needs_a_code_of_its_own(
    page: PlanPage, window: MainWindow, qtbot: QtBot
) -> None:
    tab(page, "单位")
    press(window, "new_unit")
    dialog = dialog_of(window, qtbot)
    code = child(dialog, QLineEdit, "new_code")
    code.insert("A1")
    child(dialog, QLineEdit, "new_name").insert("北山镇")
    child(dialog, QComboBox, "new_kind").setCurrentIndex(2)
    go = child(dialog, QPushButton, "letter_accept")
    QTest.mouseClick(go, Qt.MouseButton.LeftButton)
    assert "已经有了" in child(dialog, ToneLabel, "letter_problem").said
    code.clear()
    code.insert("C3")
    QTest.mouseClick(go, Qt.MouseButton.LeftButton)
    assert state(page, "plan_units", "units.C3") == "＋ 新增"
    assert child(page, Table, "plan_units").current_row().path == "units.C3"


def test_a_new_task_gets_a_lead_and_a_group_and_can_be_undone(
    page: PlanPage, window: MainWindow, qtbot: QtBot, district: District
) -> None:
    tab(page, "重点任务")
    press(window, "new_task")
    dialog = dialog_of(window, qtbot)
    no = child(dialog, QLineEdit, "new_code")
    free = no.text()
    child(dialog, QLineEdit, "new_name").insert("古镇商标")
    lead = child(dialog, QComboBox, "new_lead")
    lead.setCurrentIndex(lead.findData("C1"))
    go = child(dialog, QPushButton, "letter_accept")
    assert not go.isEnabled()
    child(dialog, QComboBox, "new_group").setCurrentIndex(0)
    no.clear()
    no.insert("1")
    QTest.mouseClick(go, Qt.MouseButton.LeftButton)
    assert "已经有了" in child(dialog, ToneLabel, "letter_problem").said
    no.clear()
    no.insert(free)
    QTest.mouseClick(go, Qt.MouseButton.LeftButton)
    assert state(page, "plan_tasks", f"tasks.{free}") == "＋ 新增"
    kept = plan_draft.draft(district.office)
    assert kept.plan.task(int(free)).lead == "C1"
    assert kept.findings == ()
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert not plan_draft.draft(district.office).plan.has_task(int(free))


def test_a_new_group_blocks_publishing_until_it_has_a_task(
    page: PlanPage, window: MainWindow, qtbot: QtBot, district: District
) -> None:
    tab(page, "期限与分类")
    press(window, "new_group")
    dialog = dialog_of(window, qtbot)
    child(dialog, QLineEdit, "new_code").insert("（九）")
    child(dialog, QLineEdit, "new_name").insert("传播")
    QTest.mouseClick(child(dialog, QPushButton, "letter_accept"), Qt.MouseButton.LeftButton)
    assert state(page, "plan_frame", "groups.（九）") == "× 有错误"
    assert "还没有任务" in child(page, ToneLabel, "plan_state").said
    press(window, "remove_frame")
    qtbot.waitUntil(lambda: plan_draft.draft(district.office).findings == (), timeout=WAIT)


def test_a_task_in_use_cannot_be_removed_but_retired(
    page: PlanPage, window: MainWindow, qtbot: QtBot, district: District
) -> None:
    district.take(district.report("A1"))
    path = f"tasks.{district.office.plan.tasks_of('A1')[0].no}"
    tab(page, "重点任务")
    choose(page, "plan_tasks", path)
    press(window, "remove_tasks")
    banner = child(page, Banner, "banner")
    qtbot.waitUntil(banner.isVisible, timeout=WAIT)
    assert "不能删除" in child(banner, QLabel, "banner_text").text()
    press(window, "retire_tasks")
    dialog = dialog_of(window, qtbot)
    month = child(dialog, QLineEdit, "last_month")
    month.clear()
    month.insert("明年")
    go = child(dialog, QPushButton, "letter_accept")
    QTest.mouseClick(go, Qt.MouseButton.LeftButton)
    assert "不是月份" in child(dialog, ToneLabel, "letter_problem").said
    month.clear()
    month.insert(str(MONTH))
    QTest.mouseClick(go, Qt.MouseButton.LeftButton)
    assert state(page, "plan_tasks", path) == "● 已改动"
    row = child(page, Table, "plan_tasks").current_row()
    assert row.record.until == MONTH
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert child(page, Table, "plan_tasks").current_row().record.until is None


def test_publishing_signs_a_new_version_that_units_can_open(
    page: PlanPage, window: MainWindow, qtbot: QtBot, district: District, opened: list[str]
) -> None:
    choose(page, "plan_targets", "targets.patents")
    retype(page, "plan_targets_form", "field_goal", "130")
    press(window, "publish_plan")
    dialog = dialog_of(window, qtbot)
    secret = child(dialog, QLineEdit, "letter_passphrase")
    secret.insert("不对的口令 wrong")
    go = child(dialog, QPushButton, "letter_accept")
    QTest.mouseClick(go, Qt.MouseButton.LeftButton)
    problem = child(dialog, ToneLabel, "letter_problem")
    qtbot.waitUntil(lambda: "口令" in problem.said, timeout=WAIT)
    assert district.office.plan.version == 2
    secret.insert(PASSPHRASE)
    with qtbot.waitSignal(page.published, timeout=WAIT) as made:
        QTest.mouseClick(go, Qt.MouseButton.LeftButton)
    file = made.args[0].file
    assert opened == [str(file.parent)]
    assert district.office.plan.version == 3
    assert child(page, Table, "plan_changes").table_model.rows == ()
    assert "第 3 版" in child(page, QLabel, "plan_about").text()
    unit = district.desk("C1")
    parcel_opening.open_parcel(unit, file)
    assert unit.plan.target("patents").goal == 130


def test_the_plan_is_searched_in_all_its_tables(page: PlanPage) -> None:
    page.search("河西")
    tab(page, "重点任务")
    assert [r.record.no for r in child(page, Table, "plan_tasks").table_model.rows] == [2]
    tab(page, "单位")
    assert [r.record.code for r in child(page, Table, "plan_units").table_model.rows] == ["C1"]
