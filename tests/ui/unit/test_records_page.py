"""The form beside a grid: what is typed is saved at once, undone, or kept as a draft."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QWheelEvent
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QDialog, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from rongchang_desk.app import drafts, record
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.records import State, Training
from rongchang_desk.ui.main_window import MainWindow
from rongchang_desk.ui.tables import Table
from rongchang_desk.ui.unit.records_page import RecordsPage
from tests.district import MONTH, PLAN_FILE, District
from tests.ui.unit.driving import (
    CONTROL,
    child,
    click,
    click_row,
    line,
    said,
    texts,
    type_into,
)


@pytest.fixture
def page(window: MainWindow, qtbot: QtBot) -> RecordsPage:
    window.go_to("training")
    shown = window.current_page()
    assert isinstance(shown, RecordsPage)
    click(qtbot, window, "training_details")
    assert shown.form.isVisible()
    return shown


def stored(page: RecordsPage, month: Month = MONTH) -> tuple[Training, ...]:
    return record.of_month(page.context.desk, month).trainings


def make(page: RecordsPage, district: District, **fields: Any) -> Training:
    """A session in the store and on the page."""
    made = district.training("C1", **fields)
    district.record("C1", made)
    page.refresh()
    page.grid.go_to(0, 0)
    return made


def paste(text: str, page: RecordsPage, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setText(text)
    page.grid.setFocus()
    qtbot.keyClick(page.grid, Qt.Key.Key_V, CONTROL)


def test_a_new_session_is_stored_when_its_first_field_is_left(
    page: RecordsPage, qtbot: QtBot
) -> None:
    qtbot.keyClick(page, Qt.Key.Key_N, CONTROL)
    assert stored(page) == ()
    type_into(qtbot, line(page, "topic"), "专利培训")
    assert [one.topic for one in stored(page)] == ["专利培训"]
    assert texts(page.grid, 1) == ["专利培训", ""]


def test_a_new_session_in_which_nothing_was_typed_leaves_nothing(
    page: RecordsPage, district: District, qtbot: QtBot
) -> None:
    made = make(page, district)
    click(qtbot, page.window(), "training_new")
    click_row(qtbot, page.grid, 0)
    assert stored(page) == (made,)


def test_a_session_with_a_mistake_is_kept_and_marked(page: RecordsPage, qtbot: QtBot) -> None:
    qtbot.keyClick(page, Qt.Key.Key_N, CONTROL)
    type_into(qtbot, line(page, "topic"), "专利培训")
    assert "请按类别填写参训人次" in said(page, "headcounts")
    assert page.model.row_mark(0) is not None
    type_into(qtbot, line(page, "worker"), "30")
    assert said(page, "headcounts") == ""
    assert page.model.row_mark(0) is None


def test_an_unreadable_date_stays_in_red_and_is_not_stored(
    page: RecordsPage, district: District, qtbot: QtBot
) -> None:
    made = make(page, district)
    type_into(qtbot, line(page, "day"), "十五号")
    assert "不是日期" in said(page, "day")
    assert line(page, "day").property("wrong") is True
    assert stored(page) == (made,)


def test_escape_brings_the_stored_date_back(
    page: RecordsPage, district: District, qtbot: QtBot
) -> None:
    make(page, district)
    type_into(qtbot, line(page, "day"), "abc")
    field = line(page, "day")
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert (field.text(), said(page, "day")) == ("2026-10-15", "")


def test_a_draft_survives_a_look_at_another_row(
    page: RecordsPage, district: District, qtbot: QtBot
) -> None:
    make(page, district, topic="第一场", day=10)
    make(page, district, topic="第二场", day=11)
    click_row(qtbot, page.grid, 0)
    type_into(qtbot, line(page, "day"), "abc")
    click_row(qtbot, page.grid, 1)
    assert line(page, "day").text() == "2026-10-11"
    click_row(qtbot, page.grid, 0)
    assert line(page, "day").text() == "abc"


def test_a_page_with_a_draft_may_be_left_and_shows_it_again(
    page: RecordsPage, district: District, window: MainWindow, qtbot: QtBot
) -> None:
    make(page, district)
    type_into(qtbot, line(page, "day"), "abc")
    window.go_to("publicity")
    window.go_to("training")
    assert (line(page, "day").text(), page.model.text(0, 0)) == ("abc", "abc")
    (finding,) = drafts.findings(window.desk, MONTH)
    assert "填的“abc”还没有保存" in finding.message


def test_a_draft_outlives_the_window(
    page: RecordsPage, district: District, window: MainWindow, qtbot: QtBot, open_window: Any
) -> None:
    made = make(page, district)
    type_into(qtbot, line(page, "day"), "abc")
    window.close()
    again = open_window("C1")
    again.go_to("training")
    grid = again.current_page().model
    assert (grid.text(0, 0), grid.mark(0, 0).is_draft) == ("abc", True)
    assert record.get(again.desk, made.id) == made


def test_what_is_being_typed_is_on_disk_a_moment_after_the_last_key(
    page: RecordsPage, district: District, window: MainWindow, qtbot: QtBot
) -> None:
    made = make(page, district)
    field = line(page, "venue")
    field.setFocus()
    qtbot.keyClicks(field, "12")
    qtbot.waitUntil(lambda: len(drafts.kept(window.desk)) == 1)
    assert drafts.kept(window.desk)[0].text == "12会议室"
    type_into(qtbot, field, "会议室")
    assert (drafts.kept(window.desk), stored(page)) == ((), (made,))


def test_a_draft_in_a_record_only_begun_stays_in_the_empty_row(
    page: RecordsPage, district: District, window: MainWindow, qtbot: QtBot
) -> None:
    make(page, district)
    qtbot.keyClick(page, Qt.Key.Key_N, CONTROL)
    type_into(qtbot, line(page, "day"), "abc")
    click_row(qtbot, page.grid, 0)
    assert line(page, "day").text() == "2026-10-15"
    window.show_month(MONTH.previous)
    window.show_month(MONTH)
    assert texts(page.grid, 0) == ["2026-10-15", "abc"]
    assert len(stored(page)) == 1


def test_full_width_digits_and_thousands_are_understood(
    page: RecordsPage, district: District, qtbot: QtBot
) -> None:
    make(page, district)
    type_into(qtbot, line(page, "worker"), "１，２００")
    assert stored(page)[0].headcount("worker").number == 1200


def test_the_four_states_of_a_headcount_are_stored_apart(
    page: RecordsPage, district: District, qtbot: QtBot
) -> None:
    make(page, district)
    type_into(qtbot, line(page, "villager"), "0")
    assert stored(page)[0].headcount("villager").state is State.ZERO
    box = child(page, QCheckBox, "not_applicable_villager")
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=box.rect().center() * 0.2)
    assert stored(page)[0].headcount("villager").state is State.NOT_APPLICABLE
    type_into(qtbot, line(page, "villager"), "")
    assert stored(page)[0].headcount("villager").state is State.NOT_REPORTED
    assert not box.isChecked()


def test_undo_and_redo_by_keyboard(page: RecordsPage, district: District, qtbot: QtBot) -> None:
    make(page, district, topic="旧题")
    type_into(qtbot, line(page, "topic"), "新题")
    qtbot.keyClick(page.grid, Qt.Key.Key_Z, CONTROL)
    assert stored(page)[0].topic == "旧题"
    assert line(page, "topic").text() == "旧题"
    qtbot.keyClick(page.grid, Qt.Key.Key_Y, CONTROL)
    assert stored(page)[0].topic == "新题"


def test_ctrl_z_in_an_untouched_field_undoes_the_pages_last_step(
    page: RecordsPage, district: District, qtbot: QtBot
) -> None:
    make(page, district, topic="旧题")
    type_into(qtbot, line(page, "topic"), "新题")
    venue = line(page, "venue")
    venue.setFocus()
    qtbot.keyClick(venue, Qt.Key.Key_Z, CONTROL)
    assert stored(page)[0].topic == "旧题"


def test_undo_does_not_overwrite_what_an_import_changed(
    page: RecordsPage, district: District, qtbot: QtBot
) -> None:
    make(page, district, topic="旧题")
    type_into(qtbot, line(page, "topic"), "新题")
    record.save(page.context.desk, replace(stored(page)[0], venue="礼堂"))
    qtbot.keyClick(page.grid, Qt.Key.Key_Z, CONTROL)
    assert (stored(page)[0].topic, stored(page)[0].venue) == ("新题", "礼堂")


def test_pasting_the_same_rows_again_changes_them_instead_of_doubling(
    page: RecordsPage, qtbot: QtBot
) -> None:
    paste("日期\t主题\t职工\n2026-10-08\t第一场\t20\n", page, qtbot)
    paste("日期\t主题\t职工\n2026-10-08\t第一场\t25\n", page, qtbot)
    assert [one.headcount("worker").number for one in stored(page)] == [25]


def test_a_pasted_row_that_cannot_be_read_is_listed_with_its_reason(
    page: RecordsPage, window: MainWindow, qtbot: QtBot
) -> None:
    paste("日期\t主题\n2026-10-08\t好的一行\n昨天\t坏的一行\n", page, qtbot)
    assert [one.topic for one in stored(page)] == ["好的一行"]
    dialog = child(window, QDialog, "troubles")
    table = child(dialog, Table, "troubles_table")
    assert (texts(table, 0), texts(table, 1)) == (["3"], ["日期"])
    assert "不是日期" in texts(table, 2)[0]
    click(qtbot, dialog, "troubles_ok")


def test_a_date_of_another_month_moves_the_record_there(
    page: RecordsPage, district: District, qtbot: QtBot
) -> None:
    make(page, district)
    type_into(qtbot, line(page, "day"), "2026-09-30")
    assert stored(page) == ()
    assert stored(page, Month(2026, 9))[0].day == date(2026, 9, 30)


def test_a_date_outside_the_plan_is_refused_and_stays_as_draft(
    page: RecordsPage, district: District, qtbot: QtBot
) -> None:
    made = make(page, district)
    type_into(qtbot, line(page, "day"), "2062-10-15")
    assert "不在方案实施期内" in said(page, "day")
    assert stored(page) == (made,)


def test_choosing_with_the_keyboard_saves_at_once(
    page: RecordsPage, district: District, qtbot: QtBot
) -> None:
    make(page, district)
    combo = child(page, QComboBox, "field_role")
    combo.setFocus()
    qtbot.keyClick(combo, Qt.Key.Key_Down)
    assert stored(page)[0].role.label == "协办"
    assert "请填写主办单位" in said(page, "host")


def test_the_wheel_over_an_unfocused_choice_changes_nothing(
    page: RecordsPage, district: District, qtbot: QtBot
) -> None:
    made = make(page, district)
    page.grid.setFocus()
    combo = child(page, QComboBox, "field_role")
    at = QPointF(combo.rect().center())
    event = QWheelEvent(
        at, combo.mapToGlobal(at), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(combo, event)
    assert stored(page) == (made,)


def test_the_cards_count_only_counted_visits(
    page: RecordsPage, district: District, qtbot: QtBot
) -> None:
    make(page, district, workers=30)
    type_into(qtbot, line(page, "villager"), "12")

    def counted() -> None:
        cards = page.findChildren(QLabel, "card_label")
        assert [card.text() for card in cards][2:3] == ["本月参训人次，其中计入目标 30"]

    qtbot.waitUntil(counted)


def test_every_control_of_the_page_has_a_name(page: RecordsPage, district: District) -> None:
    make(page, district)
    nameless = [
        one
        for kind in (QPushButton, QComboBox, QCheckBox)
        for one in page.findChildren(kind)
        if not one.objectName()
    ]
    assert nameless == []


@pytest.mark.parametrize(
    ("name", "field", "shown"), [("publicity", "theme", 1), ("problems", "title", 1)]
)
def test_events_and_problems_are_recorded_likewise(
    window: MainWindow, qtbot: QtBot, name: str, field: str, shown: int
) -> None:
    window.go_to(name)
    page: Any = window.current_page()
    qtbot.keyClick(page.grid, Qt.Key.Key_I, CONTROL)
    qtbot.keyClick(page, Qt.Key.Key_N, CONTROL)
    type_into(qtbot, line(page, field), "需要的事")
    assert texts(page.grid, shown) == ["需要的事", ""]
    assert len(record.of_month(window.desk, MONTH).all()) == 1


def test_only_tasks_asked_for_in_the_month_are_offered(
    window: MainWindow, page: RecordsPage, district: District, qtbot: QtBot
) -> None:
    desk = page.context.desk
    body = PLAN_FILE.read_text(encoding="utf-8")
    no = desk.plan.tasks_of("C1")[0].no
    retired = body.replace(f"[[tasks]]\nno = {no}\n", f'[[tasks]]\nno = {no}\nuntil = "{MONTH}"\n')
    desk.adopt_plan(retired.encode())
    offered: list[set[str]] = []
    for month in (MONTH.previous, MONTH.next, MONTH):
        window.show_month(month)
        offered.append({number for number, _ in page.grid.delegate.tasks})
    assert offered[0] - offered[1] == {str(no)}
    assert offered[2] == offered[0]
