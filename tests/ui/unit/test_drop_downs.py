"""A list to tick is searched by a part of a line or by pinyin initials."""

from __future__ import annotations

import pypinyin  # noqa: F401  # the window imports it after the first paint
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from rongchang_desk.app.fields import Entry, EntryField
from rongchang_desk.ui.unit.drop_downs import SEARCHED_FROM, PickMenu
from rongchang_desk.ui.unit.grid_cells import ChoiceCell

# The offscreen platform has no keyboard to grab for a menu.
pytestmark = pytest.mark.qt_log_ignore("grabbing the keyboard", extend=True)

TASKS = (
    ("1", "1　建立联席会议制度"), ("2", "2　加强专利转化运用"), ("3", "3　培育高价值专利"),
    ("4", "4　推动成渝合作"), ("5", "5　地理标志保护"), ("6", "6　商标品牌建设"),
    ("7", "7　知识产权金融"), ("8", "8　宣传培训"),
)  # fmt: skip


@pytest.fixture
def line(qtbot: QtBot) -> QLineEdit:
    made = QLineEdit("8")
    qtbot.addWidget(made)
    made.show()
    return made


def opened(line: QLineEdit, offered: tuple[tuple[str, str], ...] = TASKS) -> PickMenu:
    menu = PickMenu(offered, "、", line, lambda: None, line)
    menu.popup(QPoint(0, 0))
    return menu


def left(menu: PickMenu) -> list[str]:
    return [a.text() for a in menu.actions() if a.isCheckable() and a.isVisible()]


@pytest.mark.parametrize(
    ("typed", "found"),
    [("zscq", ["7"]), ("ZSCQ", ["7"]), ("专利", ["2", "3"]), ("jqzl yy", ["2"]), ("xyz", [])],
)
def test_typing_narrows_the_list(line: QLineEdit, typed: str, found: list[str]) -> None:
    menu = opened(line)
    search = menu.findChild(QLineEdit, "pick_search")
    assert search is not None
    search.setText(typed)
    assert [text[0] for text in left(menu)] == found
    search.clear()
    assert len(left(menu)) == len(TASKS)
    menu.close()


def test_enter_ticks_the_first_that_is_left_and_keeps_what_was_ticked(line: QLineEdit) -> None:
    menu = opened(line)
    QTest.keyClicks(menu, "dlbz")
    search = menu.findChild(QLineEdit, "pick_search")
    assert search is not None
    assert search.text() == "dlbz"
    QTest.keyClick(search, Qt.Key.Key_Return)
    assert line.text() == "5、8"
    assert not menu.isVisible()


def test_enter_without_a_hit_or_a_word_ticks_nothing(line: QLineEdit) -> None:
    menu = opened(line)
    search = menu.findChild(QLineEdit, "pick_search")
    assert search is not None
    for typed in ("", "没有这项"):
        search.setText(typed)
        QTest.keyClick(search, Qt.Key.Key_Return)
    assert line.text() == "8"
    menu.close()


def test_a_short_list_needs_no_search(line: QLineEdit) -> None:
    menu = opened(line, TASKS[: SEARCHED_FROM - 1])
    assert menu.findChild(QLineEdit, "pick_search") is None
    assert len(left(menu)) == SEARCHED_FROM - 1
    menu.close()


def test_a_cell_of_choices_completes_by_initials(qtbot: QtBot) -> None:
    field = EntryField("kind", "类别", Entry.CHOICE, str, str, choices=("专利转化", "商标品牌"))
    holder = QWidget()
    qtbot.addWidget(holder)
    cell = ChoiceCell(field, holder)
    cell.show_text("")
    holder.show()
    QTest.keyClicks(cell.line, "sbpp")
    completer = cell.completer()
    assert completer.completionCount() == 1
    QTest.keyClick(completer.popup(), Qt.Key.Key_Down)
    QTest.keyClick(completer.popup(), Qt.Key.Key_Return)
    assert cell.text() == "商标品牌"
