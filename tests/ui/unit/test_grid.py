"""The grid of records under Excel's hands: real keys, a real clipboard, a real desk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit
from pytestqt.qtbot import QtBot

from rongchang_desk.app import drafts, rows
from rongchang_desk.domain.records import HostRole, State, Training
from rongchang_desk.ui.main_window import MainWindow
from rongchang_desk.ui.tables import Table
from rongchang_desk.ui.unit.grid import Grid
from tests.district import MONTH, District
from tests.ui.unit.driving import CONTROL, LEFT, child, click, texts, type_into

# Lists open as windows of their own, which the offscreen platform cannot raise.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
WAIT = 10_000
DAY, TOPIC, FORM, VENUE, LECTURER, ROLE, HOST = range(7)
Settle = Callable[[MainWindow], None]


@pytest.fixture
def page(window: MainWindow, district: District, qtbot: QtBot) -> Any:
    """The page of trainings with two sessions, the cursor in the first topic."""
    for topic, day in (("第一场", 10), ("第二场", 11)):
        district.record("C1", district.training("C1", topic=topic, day=day))
    window.go_to("training")
    shown: Any = window.current_page()
    qtbot.waitUntil(window.isActiveWindow)
    shown.grid.setFocus()
    shown.grid.go_to(0, TOPIC)
    return shown


def stored(page: Any) -> list[Training]:
    """The month's sessions in the order of entry."""
    desk = page.context.desk
    row_ids = rows.first(desk, rows.Query("training", "", MONTH))
    found: Any = rows.read(desk, row_ids)
    return [found[row_id] for row_id in row_ids]


def press(qtbot: QtBot, page: Any, key: Qt.Key, modifier: Any = None) -> None:
    """A key where the person types: in the open cell, else in the grid."""
    target = page.grid.delegate.editor or page.grid
    qtbot.keyClick(target, key, modifier or Qt.KeyboardModifier.NoModifier)


def write(qtbot: QtBot, page: Any, text: str) -> None:
    """Type as an input method does, into the open cell or over the current one."""
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(page.grid.delegate.editor or page.grid, event)


def at(page: Any) -> tuple[int, int]:
    index = page.grid.currentIndex()
    return index.row(), index.column()


def choose(page: Any, top: int, left: int, bottom: int, right: int, qtbot: QtBot) -> None:
    """Drag over a block of cells."""
    grid: Grid = page.grid
    first, last = (
        grid.visualRect(grid.model().index(r, c)).center()
        for r, c in ((top, left), (bottom, right))
    )
    qtbot.mouseClick(grid.viewport(), LEFT, pos=first)
    qtbot.mouseClick(grid.viewport(), LEFT, SHIFT, pos=last)


def test_typing_replaces_the_cell_and_enter_goes_down(page: Any, qtbot: QtBot) -> None:
    write(qtbot, page, "专利")
    press(qtbot, page, Qt.Key.Key_Return)
    assert [one.topic for one in stored(page)] == ["专利", "第二场"]
    assert at(page) == (1, TOPIC)


def test_a_composition_that_is_given_up_leaves_the_cell_as_it_was(page: Any, qtbot: QtBot) -> None:
    for composing in ("zhuan", ""):
        QApplication.sendEvent(page.grid, QInputMethodEvent(composing, []))
    press(qtbot, page, Qt.Key.Key_Return)
    assert stored(page)[0].topic == "第一场"


def test_a_composition_replaces_the_cell(page: Any, qtbot: QtBot) -> None:
    QApplication.sendEvent(page.grid, QInputMethodEvent("zhuan", []))
    done = QInputMethodEvent()
    done.setCommitString("专")
    QApplication.sendEvent(page.grid, done)
    write(qtbot, page, "利")
    press(qtbot, page, Qt.Key.Key_Return)
    assert stored(page)[0].topic == "专利"


def test_latin_keys_replace_too(page: Any, qtbot: QtBot) -> None:
    press(qtbot, page, Qt.Key.Key_A)
    press(qtbot, page, Qt.Key.Key_B)
    press(qtbot, page, Qt.Key.Key_Return)
    assert stored(page)[0].topic == "ab"


def test_shift_enter_goes_up_and_tab_right_and_left(page: Any, qtbot: QtBot) -> None:
    press(qtbot, page, Qt.Key.Key_Return)
    press(qtbot, page, Qt.Key.Key_Return, SHIFT)
    assert at(page) == (0, TOPIC)
    press(qtbot, page, Qt.Key.Key_Tab)
    assert at(page) == (0, FORM)
    press(qtbot, page, Qt.Key.Key_Backtab, SHIFT)
    assert at(page) == (0, TOPIC)


def test_enter_after_tabs_goes_below_where_the_tabs_began(page: Any, qtbot: QtBot) -> None:
    for text in ("专利", "面授", "礼堂"):
        write(qtbot, page, text)
        press(qtbot, page, Qt.Key.Key_Tab)
    press(qtbot, page, Qt.Key.Key_Return)
    assert at(page) == (1, TOPIC)
    assert (stored(page)[0].topic, stored(page)[0].venue) == ("专利", "礼堂")


def test_arrows_move(page: Any, qtbot: QtBot) -> None:
    press(qtbot, page, Qt.Key.Key_Down)
    press(qtbot, page, Qt.Key.Key_Right)
    assert at(page) == (1, FORM)


def test_f2_goes_on_writing_at_the_end(page: Any, qtbot: QtBot) -> None:
    press(qtbot, page, Qt.Key.Key_F2)
    write(qtbot, page, "（上）")
    press(qtbot, page, Qt.Key.Key_Return)
    assert stored(page)[0].topic == "第一场（上）"


def test_escape_leaves_the_cell_as_it_was(page: Any, qtbot: QtBot) -> None:
    write(qtbot, page, "不要")
    press(qtbot, page, Qt.Key.Key_Escape)
    assert (stored(page)[0].topic, page.model.text(0, TOPIC)) == ("第一场", "第一场")


def test_what_is_being_typed_is_taken_when_another_cell_is_clicked(page: Any, qtbot: QtBot) -> None:
    write(qtbot, page, "专利")
    choose(page, 1, VENUE, 1, VENUE, qtbot)
    assert stored(page)[0].topic == "专利"


def test_delete_clears_the_cells_in_one_step(page: Any, qtbot: QtBot) -> None:
    choose(page, 0, FORM, 1, VENUE, qtbot)
    press(qtbot, page, Qt.Key.Key_Delete)
    assert [(one.form, one.venue) for one in stored(page)] == [("", "")] * 2
    press(qtbot, page, Qt.Key.Key_Z, CONTROL)
    assert [(one.form, one.venue) for one in stored(page)] == [("面授", "会议室")] * 2


def test_clearing_a_required_day_keeps_it_and_says_why(page: Any, qtbot: QtBot) -> None:
    page.grid.go_to(0, DAY)
    press(qtbot, page, Qt.Key.Key_Delete)
    assert stored(page)[0].day == date(2026, 10, 10)
    assert "请填写日期" in page.model.mark(0, DAY).reason


def test_delete_on_a_whole_row_moves_it_to_the_bin_and_undo_brings_it_back(
    page: Any, qtbot: QtBot
) -> None:
    before = stored(page)
    press(qtbot, page, Qt.Key.Key_Space, SHIFT)
    press(qtbot, page, Qt.Key.Key_Delete)
    assert stored(page) == before[1:]
    assert texts(page.grid, TOPIC) == ["第二场", ""]
    press(qtbot, page, Qt.Key.Key_Z, CONTROL)
    assert stored(page) == before
    assert texts(page.grid, TOPIC) == ["第一场", "第二场", ""]


def test_typing_in_the_empty_row_makes_a_record_and_another_empty_row(
    page: Any, qtbot: QtBot
) -> None:
    qtbot.keyClick(page.grid, Qt.Key.Key_N, CONTROL)
    assert at(page) == (2, DAY)
    press(qtbot, page, Qt.Key.Key_Tab)
    write(qtbot, page, "第三场")
    press(qtbot, page, Qt.Key.Key_Tab)
    assert [one.topic for one in stored(page)] == ["第一场", "第二场", "第三场"]
    assert at(page) == (2, FORM)
    assert page.model.rowCount() == 4
    press(qtbot, page, Qt.Key.Key_Z, CONTROL)
    assert len(stored(page)) == 2
    assert page.model.rowCount() == 3


def test_leaving_the_empty_row_empty_makes_nothing(page: Any, qtbot: QtBot) -> None:
    page.grid.go_to(2, TOPIC)
    press(qtbot, page, Qt.Key.Key_F2)
    press(qtbot, page, Qt.Key.Key_Return)
    assert len(stored(page)) == 2


def test_full_width_digits_and_the_states_of_a_number_are_understood(
    page: Any, qtbot: QtBot
) -> None:
    codes = [field.code for field in page.fields]
    page.grid.go_to(0, codes.index("worker"))
    write(qtbot, page, "１，２００")
    press(qtbot, page, Qt.Key.Key_Return)
    write(qtbot, page, "不涉及")
    press(qtbot, page, Qt.Key.Key_Return)
    first, second = stored(page)
    assert first.headcount("worker").number == 1200
    assert second.headcount("worker").state is State.NOT_APPLICABLE
    assert texts(page.grid, codes.index("villager")) == ["未报", "未报", ""]


def test_a_wrong_value_turns_red_with_its_reason_and_the_text_is_kept(
    page: Any, window: MainWindow, qtbot: QtBot
) -> None:
    page.grid.go_to(0, DAY)
    write(qtbot, page, "十五号")
    press(qtbot, page, Qt.Key.Key_Return)
    assert stored(page)[0].day == date(2026, 10, 10)
    assert (page.model.text(0, DAY), page.model.mark(0, DAY).is_draft) == ("十五号", True)
    page.grid.go_to(0, DAY)
    assert "“十五号”不是日期" in child(page, QLineEdit.__base__, "training_said").text()
    assert [draft.text for draft in drafts.kept(window.desk)] == ["十五号"]
    press(qtbot, page, Qt.Key.Key_Escape)
    assert (page.model.text(0, DAY), drafts.kept(window.desk)) == ("2026-10-10", ())


def test_a_draft_that_is_mended_is_stored_and_gone(page: Any, qtbot: QtBot) -> None:
    for text in ("十五号", "2026.10.15"):
        page.grid.go_to(0, DAY)
        write(qtbot, page, text)
        press(qtbot, page, Qt.Key.Key_Return)
    assert stored(page)[0].day == date(2026, 10, 15)
    assert (page.model.mark(0, DAY), drafts.kept(page.context.desk)) == (None, ())


def test_undo_brings_the_draft_back_that_a_step_replaced(page: Any, qtbot: QtBot) -> None:
    for text in ("十五号", "2026-10-15"):
        page.grid.go_to(0, DAY)
        write(qtbot, page, text)
        press(qtbot, page, Qt.Key.Key_Return)
    press(qtbot, page, Qt.Key.Key_Z, CONTROL)
    assert (page.model.text(0, DAY), stored(page)[0].day) == ("十五号", date(2026, 10, 10))
    press(qtbot, page, Qt.Key.Key_Z, CONTROL)
    assert page.model.mark(0, DAY) is None


def test_a_day_outside_the_plan_is_refused_and_kept_as_a_draft(page: Any, qtbot: QtBot) -> None:
    page.grid.go_to(0, DAY)
    write(qtbot, page, "2062-10-15")
    press(qtbot, page, Qt.Key.Key_Return)
    assert stored(page)[0].day == date(2026, 10, 10)
    assert "不在方案实施期内" in page.model.mark(0, DAY).reason


def test_a_choice_opens_its_list_and_takes_what_is_picked(page: Any, qtbot: QtBot) -> None:
    page.grid.go_to(0, ROLE)
    press(qtbot, page, Qt.Key.Key_Down, ALT)
    editor = page.grid.delegate.editor
    qtbot.waitUntil(lambda: editor.view().isVisible())
    qtbot.keyClick(editor.view(), Qt.Key.Key_Down)
    qtbot.keyClick(editor.view(), Qt.Key.Key_Return)
    assert stored(page)[0].role is HostRole.CO_HOST
    assert "请填写主办单位" in page.model.mark(0, HOST).reason


def test_a_choice_that_is_none_is_refused_with_those_there_are(page: Any, qtbot: QtBot) -> None:
    page.grid.go_to(0, FORM)
    write(qtbot, page, "骑马")
    press(qtbot, page, Qt.Key.Key_Return)
    assert stored(page)[0].form == "面授"
    assert "可选：" in page.model.mark(0, FORM).reason


def test_alt_enter_begins_a_new_line_in_a_long_text(page: Any, qtbot: QtBot) -> None:
    page.grid.go_to(0, [field.code for field in page.fields].index("note"))
    write(qtbot, page, "一")
    press(qtbot, page, Qt.Key.Key_Return, ALT)
    write(qtbot, page, "二")
    press(qtbot, page, Qt.Key.Key_Return)
    assert stored(page)[0].note == "一\n二"
    assert texts(page.grid, at(page)[1])[0] == "一 二"


def test_a_copied_block_pastes_where_the_cursor_is_as_one_step(page: Any, qtbot: QtBot) -> None:
    before = stored(page)
    choose(page, 0, TOPIC, 1, VENUE, qtbot)
    press(qtbot, page, Qt.Key.Key_C, CONTROL)
    assert QGuiApplication.clipboard().text() == "第一场\t面授\t会议室\n第二场\t面授\t会议室\n"
    assert "<td>第一场</td>" in QGuiApplication.clipboard().mimeData().html()
    page.grid.go_to(1, TOPIC)
    press(qtbot, page, Qt.Key.Key_V, CONTROL)
    assert [one.topic for one in stored(page)] == ["第一场", "第一场", "第二场"]
    press(qtbot, page, Qt.Key.Key_Z, CONTROL)
    assert stored(page) == before


def paste(text: str, page: Any, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setText(text)
    press(qtbot, page, Qt.Key.Key_V, CONTROL)


def test_rows_pasted_beyond_the_last_are_new_records(page: Any, qtbot: QtBot) -> None:
    page.grid.go_to(2, DAY)
    paste('2026-10-20\t三\t面授\n2026年10月21日\t"四\n下"\t面授\n', page, qtbot)
    assert [(one.day.day, one.topic) for one in stored(page)[2:]] == [(20, "三"), (21, "四\n下")]
    press(qtbot, page, Qt.Key.Key_Z, CONTROL)
    assert len(stored(page)) == 2
    press(qtbot, page, Qt.Key.Key_Y, CONTROL)
    assert texts(page.grid, TOPIC) == ["第一场", "第二场", "三", "四 下", ""]


def test_pasted_cells_that_cannot_be_read_are_kept_in_red_and_the_rest_stored(
    page: Any, window: MainWindow, qtbot: QtBot
) -> None:
    page.grid.go_to(1, DAY)
    paste("昨天\t新题\n2026-10-22\t又一场\n", page, qtbot)
    assert [one.topic for one in stored(page)] == ["第一场", "新题", "又一场"]
    assert page.model.mark(1, DAY).is_draft
    assert len(drafts.kept(window.desk)) == 1
    press(qtbot, page, Qt.Key.Key_Z, CONTROL)
    assert (page.model.text(1, DAY), drafts.kept(window.desk)) == ("2026-10-11", ())


def test_one_copied_cell_fills_all_that_is_chosen(page: Any, qtbot: QtBot) -> None:
    choose(page, 0, VENUE, 1, LECTURER, qtbot)
    paste("礼堂", page, qtbot)
    assert [(one.venue, one.lecturer) for one in stored(page)] == [("礼堂", "礼堂")] * 2


def test_columns_that_do_not_fit_are_told(page: Any, window: MainWindow, qtbot: QtBot) -> None:
    told: list[str] = []
    page.grid.told.connect(told.append)
    page.grid.go_to(0, len(page.fields) - 1)
    paste("备注\t多余", page, qtbot)
    assert stored(page)[0].note == "备注"
    assert "右边多出 1 列" in told[-1]


MANY = "\n".join(f"2026-10-{n % 28 + 1:02d}\t第{n}讲\t面授" for n in range(100))


def at_rest(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not window._jobs.is_busy(), timeout=WAIT)


def test_many_pasted_rows_come_from_beside_the_window_as_one_step(
    page: Any, window: MainWindow, qtbot: QtBot
) -> None:
    page.grid.go_to(2, DAY)
    paste(MANY + "\n昨天\t错日期", page, qtbot)
    assert not page.grid.isEnabled(), "nothing else is typed while it goes on"
    at_rest(window, qtbot)
    assert page.grid.isEnabled()
    assert len(stored(page)) == 2 + 101
    assert [draft.text for draft in drafts.kept(page.context.desk)] == ["昨天"]
    assert page.grid.currentIndex().row() == 2
    page.undo_stack.undo()
    assert len(stored(page)) == 2
    assert drafts.kept(page.context.desk) == ()
    page.undo_stack.redo()
    assert len(stored(page)) == 2 + 101


def test_while_many_rows_come_nothing_else_changes_rows_and_then_all_is_there(
    page: Any, window: MainWindow, qtbot: QtBot
) -> None:
    page.grid.go_to(0, TOPIC)
    paste("\n".join(f"第{n}讲\t面授" for n in range(100)), page, qtbot)
    for key in (Qt.Key.Key_Minus, Qt.Key.Key_N, Qt.Key.Key_Z):  # delete, new, undo
        qtbot.keyClick(window, key, CONTROL)
    qtbot.keyClick(window, Qt.Key.Key_D, CONTROL | SHIFT)
    window.go_to("home")
    window.go_to("training")  # shows the rows anew, and what can be done with them
    offered = {action.objectName() for action in page.page_actions() if action.isEnabled()}
    assert offered == {
        "training_details", "training_filter", "training_copy", "training_export",
    }  # fmt: skip
    at_rest(window, qtbot)
    assert [one.topic for one in stored(page)] == [f"第{n}讲" for n in range(100)]
    assert page.undo_stack.count() == 1
    page.undo_stack.undo()
    assert [one.topic for one in stored(page)] == ["第一场", "第二场"]
    qtbot.waitUntil(lambda: page.buttons.bin.isEnabled() and page.buttons.new.isEnabled())


def test_what_is_being_typed_into_the_form_is_there_before_the_paste_button_lays_rows(
    page: Any, window: MainWindow, qtbot: QtBot
) -> None:
    qtbot.keyClick(page.grid, Qt.Key.Key_I, CONTROL)
    type_into(qtbot, child(page.form, QLineEdit, "field_venue"), "礼堂", leave=False)
    QGuiApplication.clipboard().setText("\n".join(f"第{n}讲\t面授" for n in range(100)))
    page.buttons.paste.trigger()
    at_rest(window, qtbot)
    assert (stored(page)[0].topic, stored(page)[0].venue) == ("第0讲", "礼堂")


def test_who_went_elsewhere_while_rows_came_stays_there(
    page: Any, window: MainWindow, qtbot: QtBot
) -> None:
    page.grid.go_to(2, DAY)
    paste(MANY, page, qtbot)
    search = child(window, QLineEdit, "search")
    search.setFocus()
    at_rest(window, qtbot)
    assert search.hasFocus()


def test_a_cancelled_paste_leaves_nothing(page: Any, window: MainWindow, qtbot: QtBot) -> None:
    page.grid.go_to(2, DAY)
    before = stored(page)
    paste(MANY, page, qtbot)
    window._jobs.cancel_all()
    at_rest(window, qtbot)
    assert stored(page) == before
    assert page.undo_stack.count() == 0
    assert page.grid.isEnabled()


def test_many_rows_under_titles_change_what_is_there_as_one_step(
    page: Any, window: MainWindow, qtbot: QtBot
) -> None:
    paste("日期\t主题\n" + MANY.replace("\t面授", ""), page, qtbot)
    at_rest(window, qtbot)
    assert len(stored(page)) == 2 + 100
    page.undo_stack.undo()
    assert len(stored(page)) == 2


def test_rows_under_titles_go_to_their_columns(page: Any, window: MainWindow, qtbot: QtBot) -> None:
    paste("主题\t日期\t职工\n第二场\t2026-10-11\t25\n新题\t昨天\t3\n", page, qtbot)
    assert [one.headcount("worker").number for one in stored(page)] == [30, 25]
    dialog = child(window, QDialog, "troubles")
    assert texts(child(dialog, Table, "troubles_table"), 0) == ["3"]
    click(qtbot, dialog, "troubles_ok")


def test_ctrl_d_fills_down_in_one_step(page: Any, qtbot: QtBot) -> None:
    choose(page, 0, TOPIC, 1, TOPIC, qtbot)
    press(qtbot, page, Qt.Key.Key_D, CONTROL)
    assert [one.topic for one in stored(page)] == ["第一场", "第一场"]
    press(qtbot, page, Qt.Key.Key_Z, CONTROL)
    assert stored(page)[1].topic == "第二场"


def test_cut_copies_and_clears(page: Any, qtbot: QtBot) -> None:
    page.grid.go_to(0, VENUE)
    press(qtbot, page, Qt.Key.Key_X, CONTROL)
    assert (QGuiApplication.clipboard().text(), stored(page)[0].venue) == ("会议室\n", "")


def test_rows_copied_whole_bring_their_titles(page: Any, qtbot: QtBot) -> None:
    page.buttons.copy.trigger()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].startswith("日期\t主题")
    assert lines[1].startswith("2026-10-10\t第一场")


def test_the_same_again_is_a_record_of_its_own(page: Any, qtbot: QtBot) -> None:
    qtbot.keyClick(page.grid, Qt.Key.Key_D, CONTROL | SHIFT)
    assert [one.topic for one in stored(page)] == ["第一场", "第二场", "第一场"]
    assert len({one.id for one in stored(page)}) == 3


def test_a_click_on_a_title_sorts_and_a_third_gives_the_order_of_entry_back(
    page: Any, window: MainWindow, qtbot: QtBot, settle: Settle
) -> None:
    header = page.grid.titles
    place = QPoint(header.sectionViewportPosition(DAY) + 20, 12)
    seen = []
    for _ in range(3):
        qtbot.mouseClick(header.viewport(), LEFT, pos=place)
        settle(window)
        seen.append(texts(page.grid, TOPIC)[:2])
    assert seen == [["第一场", "第二场"], ["第二场", "第一场"], ["第一场", "第二场"]]


def test_a_filter_below_a_title_narrows_and_escape_shows_all_again(
    page: Any, window: MainWindow, qtbot: QtBot, settle: Settle
) -> None:
    qtbot.keyClick(page.grid, Qt.Key.Key_L, CONTROL | SHIFT)
    field = child(page, QLineEdit, "filter_day")
    type_into(qtbot, field, "＞2026-10-10", leave=False)
    qtbot.waitUntil(lambda: texts(page.grid, TOPIC) == ["第二场", ""])
    type_into(qtbot, field, ">昨天", leave=False)
    qtbot.waitUntil(lambda: field.property("wrong") is True)
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: texts(page.grid, TOPIC) == ["第一场", "第二场", ""])


@pytest.mark.parametrize("typed", ["第二", "dec", "ＤＥＣ"])
def test_search_finds_chinese_and_pinyin_initials(
    page: Any, window: MainWindow, qtbot: QtBot, settle: Settle, typed: str
) -> None:
    settle(window)  # the words are worked out beside the window
    type_into(qtbot, child(window, QLineEdit, "search"), typed, leave=False)
    qtbot.waitUntil(lambda: texts(page.grid, TOPIC) == ["第二场", ""])


def test_a_search_that_finds_nothing_says_so(
    page: Any, window: MainWindow, qtbot: QtBot, settle: Settle
) -> None:
    type_into(qtbot, child(window, QLineEdit, "search"), "没有的", leave=False)
    qtbot.waitUntil(lambda: texts(page.grid, TOPIC) == [""])
    assert page.grid._hint == "没有符合条件的内容。"


def test_widths_and_order_of_columns_are_remembered(
    page: Any, window: MainWindow, qtbot: QtBot, open_window: Any
) -> None:
    page.grid.setColumnWidth(TOPIC, 333)
    page.grid.titles.moveSection(VENUE, 0)
    qtbot.waitUntil(lambda: bool(window.settings.value("grids/training_grid")))
    window.close()
    again = open_window("C1")
    again.go_to("training")
    grid: Any = again.current_page().grid
    assert (grid.columnWidth(TOPIC), grid.titles.visualIndex(VENUE)) == (333, 0)


def test_a_double_click_on_a_row_number_opens_the_form(page: Any, qtbot: QtBot) -> None:
    header = page.grid.numbers
    place = QPoint(20, header.sectionViewportPosition(1) + 10)
    qtbot.mouseDClick(header.viewport(), LEFT, pos=place)
    assert page.form.isVisible()
    assert page.form.record.topic == "第二场"


def test_an_edit_in_the_grid_shows_in_the_form_and_the_other_way(page: Any, qtbot: QtBot) -> None:
    qtbot.keyClick(page.grid, Qt.Key.Key_I, CONTROL)
    field = child(page.form, QLineEdit, "field_venue")
    type_into(qtbot, field, "礼堂")
    assert page.model.text(0, VENUE) == "礼堂"
    page.grid.setFocus()
    page.grid.go_to(0, VENUE)
    write(qtbot, page, "广场")
    press(qtbot, page, Qt.Key.Key_Return)
    page.grid.go_to(0, VENUE)
    assert field.text() == "广场"


def test_numbers_that_are_chosen_are_added_up(page: Any, qtbot: QtBot) -> None:
    column = [field.code for field in page.fields].index("worker")
    page.grid.go_to(0, column)
    choose(page, 0, column, 1, column, qtbot)
    assert page.grid.summary() == "选中 2 行 × 1 列，合计 60"


def test_a_row_changed_elsewhere_meanwhile_is_shown_when_the_page_comes_back(
    page: Any, window: MainWindow, district: District
) -> None:
    window.go_to("home")
    district.record("C1", district.training("C1", topic="导入的"))
    window.changed()
    window.go_to("training")
    assert texts(page.grid, TOPIC) == ["第一场", "第二场", "导入的", ""]
