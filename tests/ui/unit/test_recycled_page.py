"""The recycle bin's page: what was deleted, back with Enter or the button, and away again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from rongchang_desk.app import record, recycled
from rongchang_desk.domain.records import Training
from rongchang_desk.errors import CannotWrite
from rongchang_desk.ui.backups import PROBLEM, AutomaticBackup
from rongchang_desk.ui.main_window import MainWindow
from rongchang_desk.ui.unit.recycled_page import RecycledPage
from tests.district import MONTH, District
from tests.ui.unit.driving import CONTROL, child, click, click_row, texts

Sessions = tuple[Training, Training]


@pytest.fixture
def sessions(district: District) -> Sessions:
    """Two sessions in the bin, the second deleted later."""
    made = (
        district.training("C1", topic="专利课", day=3),
        district.training("C1", topic="商标课", day=4),
    )
    desk = district.desk("C1")
    record.change(desk, made)
    for one in made:
        record.delete(desk, one.id)
        district.clock.now = desk.now() + timedelta(hours=1)
    return made


@pytest.fixture
def page(sessions: Sessions, window: MainWindow) -> RecycledPage:
    window.go_to("recycled")
    shown = window.current_page()
    assert isinstance(shown, RecycledPage)
    return shown


def stored(page: Any) -> set[str]:
    return {one.topic for one in record.of_month(page.context.desk, MONTH).trainings}


def test_what_was_deleted_is_listed_with_its_month_and_days_left(page: RecycledPage) -> None:
    assert texts(page.table, 0) == ["培训讲座", "培训讲座"]
    assert texts(page.table, 1) == ["2026-10-04 商标课", "2026-10-03 专利课"]
    assert texts(page.table, 2) == ["2026年10月"] * 2
    assert texts(page.table, 4) == ["30 天"] * 2
    assert "地点：会议室" in page.table.table_model.data(
        page.table.table_model.index(0, 1), Qt.ItemDataRole.ToolTipRole
    )


def test_enter_restores_the_chosen_record_and_undo_bins_it_again(
    page: RecycledPage, window: MainWindow, qtbot: QtBot
) -> None:
    click_row(qtbot, page.table, 1)
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert stored(page) == {"专利课"}
    assert texts(page.table, 1) == ["2026-10-04 商标课"]
    assert window.statusBar().currentMessage() == "已恢复 1 条。"
    qtbot.keyClick(window, Qt.Key.Key_Z, CONTROL)
    assert stored(page) == set()
    assert len(texts(page.table, 1)) == 2
    qtbot.keyClick(window, Qt.Key.Key_Y, CONTROL)
    assert stored(page) == {"专利课"}


def test_several_are_restored_in_one_step(
    page: RecycledPage, window: MainWindow, qtbot: QtBot
) -> None:
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_A, CONTROL)
    click(qtbot, window, "recycled_restore")
    assert stored(page) == {"专利课", "商标课"}
    assert "回收站是空的" in child(page.table, QLabel, "empty_text").text()
    assert not child(window, QPushButton, "recycled_restore").isEnabled()
    click(qtbot, window, "recycled_undo")
    assert stored(page) == set()


def test_a_double_click_restores(page: RecycledPage, qtbot: QtBot) -> None:
    click_row(qtbot, page.table, 0, twice=True)
    assert stored(page) == {"商标课"}


def test_the_page_of_the_records_shows_what_came_back(
    page: RecycledPage, window: MainWindow, qtbot: QtBot
) -> None:
    window.show_month(MONTH)
    window.go_to("training")
    window.go_to("recycled")
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    window.go_to("training")
    training: Any = window.current_page()
    assert texts(training.grid, 1) == ["商标课", ""]


def test_searching_narrows_and_says_when_nothing_fits(
    page: RecycledPage, window: MainWindow, qtbot: QtBot
) -> None:
    field = child(window, QLineEdit, "search")
    qtbot.keyClick(window, Qt.Key.Key_F, CONTROL)
    field.setText("商标")
    qtbot.waitUntil(lambda: texts(page.table, 1) == ["2026-10-04 商标课"])
    field.setText("没有这样的")
    qtbot.waitUntil(lambda: texts(page.table, 1) == [])
    assert child(page.table, QLabel, "empty_text").text() == "没有符合条件的内容。"
    assert not child(window, QPushButton, "recycled_restore").isEnabled()


def test_a_record_changed_after_it_was_restored_is_not_binned_by_undo(
    page: RecycledPage, sessions: Sessions, window: MainWindow, qtbot: QtBot
) -> None:
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    record.change(page.context.desk, [replace(sessions[1], topic="改过的课")])
    qtbot.keyClick(window, Qt.Key.Key_Z, CONTROL)
    assert stored(page) == {"改过的课"}
    assert "后来在别处改过" in window.statusBar().currentMessage()


def test_a_failure_to_restore_is_told_and_leaves_no_step_to_undo(
    page: RecycledPage, window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[BaseException] = []

    def fail(*_: object) -> int:
        raise CannotWrite("磁盘已满。")

    monkeypatch.setattr(window._presenter, "present", told.append)
    monkeypatch.setattr(recycled, "restore", fail)
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert [str(error) for error in told] == ["磁盘已满。"]
    assert not child(window, QPushButton, "recycled_undo").isEnabled()
    assert len(texts(page.table, 1)) == 2


@pytest.mark.parametrize("fails", [False, True])
def test_the_first_backup_of_a_day_is_followed_by_a_purge_unless_it_failed(
    sessions: Sessions, window: MainWindow, district: District, qtbot: QtBot,
    settle: Callable[[MainWindow], None], monkeypatch: pytest.MonkeyPatch, fails: bool,
) -> None:  # fmt: skip
    desk = window.desk
    district.clock.now = desk.now() + timedelta(days=31)
    monkeypatch.setattr("rongchang_desk.ui.backups.FIRST_AFTER", 0)
    if fails:
        (desk.folder / "备份").write_text("a file in the folder's place")
    jobs: list[None] = []  # a job that fails at once is over before anybody looks
    window._jobs.changed.connect(lambda: jobs.append(None))
    keeper = AutomaticBackup(window)
    qtbot.waitUntil(lambda: bool(jobs))
    settle(window)
    assert window.settings.contains(PROBLEM) is fails
    rows = desk.store.rows("SELECT id FROM record")
    assert len(rows) == (2 if fails else 0)
    window.before_closing = None
    keeper.deleteLater()
