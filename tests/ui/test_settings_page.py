"""The settings page of both kinds of desk: names, backups, look, calendar, what is what."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QDate, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDateEdit,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QRadioButton,
)
from pytestqt.qtbot import QtBot

from rongchang_desk import __version__, assets
from rongchang_desk.app import backup, paper_fonts, record
from rongchang_desk.app.desk import Desk
from rongchang_desk.app.paper_fonts import PaperFont
from rongchang_desk.domain.month import Month
from rongchang_desk.errors import CannotWrite
from rongchang_desk.ui import theme
from rongchang_desk.ui.main_window import MainWindow
from rongchang_desk.ui.messages import Presenter
from rongchang_desk.ui.page import PageEntry
from rongchang_desk.ui.settings.page import SettingsPage
from rongchang_desk.ui.tables import Table
from rongchang_desk.ui.tone_label import ToneLabel
from tests.district import MONTH, District
from tests.ui.unit.driving import CONTROL, LEFT, child, click, click_row, texts, type_into

ENTRIES = (PageEntry("settings", "设置", SettingsPage),)


@pytest.fixture
def open_page(qtbot: QtBot, district: District) -> Iterator[Callable[[str], SettingsPage]]:
    """Opens the settings of a unit's desk, or of the office's."""
    windows: list[MainWindow] = []

    def make(code: str) -> SettingsPage:
        presenter = Presenter()
        window = MainWindow(district.desk(code), ENTRIES, presenter)
        presenter.window = window
        qtbot.addWidget(window)
        windows.append(window)
        window.resize(1280, 800)
        window.show()
        window.activateWindow()
        qtbot.waitActive(window)
        window.go_to("settings")
        settle(window, qtbot)
        page = window.current_page()
        assert isinstance(page, SettingsPage)
        return page

    yield make
    for window in windows:
        settle(window, qtbot)
        window.close()


@pytest.fixture
def page(open_page: Callable[[str], SettingsPage]) -> SettingsPage:
    return open_page("C1")


def settle(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not window._jobs.is_busy(), timeout=60_000)


def window_of(page: SettingsPage) -> MainWindow:
    window = page.window()
    assert isinstance(window, MainWindow)
    return window


def value(page: SettingsPage, name: str) -> str:
    return str(child(page, QLabel, name).text())


def boxes(window: MainWindow, name: str) -> list[QMessageBox]:
    return [box for box in window.findChildren(QMessageBox, name) if box.isVisible()]


# Names


def test_a_name_is_kept_when_its_field_is_left_and_undone(page: SettingsPage, qtbot: QtBot) -> None:
    desk = page.context.desk
    type_into(qtbot, child(page, QLineEdit, "name_preparer"), " 张  三 ")
    assert record.remembered(desk).preparer == "张 三"
    assert record.month_sheet(desk, Month(2026, 11)).signatories.preparer == "张 三"
    qtbot.keyClick(window_of(page), Qt.Key.Key_Z, CONTROL)
    assert record.remembered(desk).preparer == ""
    assert child(page, QLineEdit, "name_preparer").text() == ""


def test_a_name_that_is_being_typed_is_kept_on_leaving_the_page(
    page: SettingsPage, qtbot: QtBot
) -> None:
    type_into(qtbot, child(page, QLineEdit, "name_approver"), "王五", leave=False)
    assert page.may_leave()
    assert record.remembered(page.context.desk).approver == "王五"


def test_the_office_has_no_names_but_all_else(open_page: Callable[[str], SettingsPage]) -> None:
    page = open_page("office")
    assert page.findChild(QLineEdit, "name_preparer") is None
    for name in ("backup_now", "backup_restore", "holiday_add", "about_copy"):
        assert child(page, QPushButton, name).isVisibleTo(page)


# Backups


def test_a_backup_is_made_at_once_and_told(page: SettingsPage, qtbot: QtBot) -> None:
    desk, window = page.context.desk, window_of(page)
    assert value(page, "backup_newest") == "还没有备份"
    click(qtbot, page, "backup_now")
    settle(window, qtbot)
    assert len(list((desk.folder / "备份").glob("*.zip"))) == 1
    assert value(page, "backup_newest") == "上次备份：2026-11-02 09:00"
    assert child(window, QLabel, "status_backup").text() == "上次备份：今天 09:00"
    assert child(page, QPushButton, "backup_now").isEnabled()


def test_a_backup_that_fails_is_told(
    page: SettingsPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_desk: Desk) -> backup.BackedUp:
        raise CannotWrite("磁盘已满，没有备份。")

    monkeypatch.setattr(backup, "back_up_by_itself", fail)
    window = window_of(page)
    click(qtbot, page, "backup_now")
    settle(window, qtbot)
    qtbot.waitUntil(lambda: bool(boxes(window, "message")))
    (box,) = boxes(window, "message")
    assert box.text() == "磁盘已满，没有备份。"
    box.close()
    assert value(page, "backup_newest") == "还没有备份"
    assert child(page, QPushButton, "backup_now").isEnabled()


def restore(page: SettingsPage, qtbot: QtBot, file: Path, place: Path) -> None:
    """Choose a backup and a folder in the two dialogs."""
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    window = window_of(page)
    click(qtbot, page, "backup_restore")
    first = child(window, QFileDialog, "restore_file_dialog")
    first.fileSelected.emit(str(file))
    first.reject()
    second = child(window, QFileDialog, "restore_place_dialog")
    second.fileSelected.emit(str(place))
    second.reject()
    settle(window, qtbot)


def test_a_backup_is_restored_beside_and_the_restored_desk_offered(
    page: SettingsPage, qtbot: QtBot, district: District, tmp_path: Path
) -> None:
    window = window_of(page)
    district.record("C1", district.training("C1"))
    file = backup.back_up(page.context.desk, tmp_path / "备份.zip").file
    wanted: list[Path] = []
    window.desk_wanted.connect(wanted.append)
    restore(page, qtbot, file, tmp_path)
    folder = tmp_path / "C1_恢复_2026-11-02"
    assert child(page, ToneLabel, "restore_told").said == f"已恢复到：{folder}"
    (box,) = boxes(window, "question")
    qtbot.mouseClick(child(box, QPushButton, "question_accept"), LEFT)
    assert wanted == [folder]
    with Desk.open(folder, clock=district.clock) as again:
        assert len(record.of_month(again, MONTH).trainings) == 1
    restore(page, qtbot, file, tmp_path)
    assert (tmp_path / "C1_恢复_2026-11-02_2" / "desk.sqlite").is_file()
    (box,) = boxes(window, "question")
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    assert wanted == [folder]


def test_a_file_that_is_no_backup_is_refused_and_leaves_nothing(
    page: SettingsPage, qtbot: QtBot, tmp_path: Path
) -> None:
    file = tmp_path / "照片.zip"
    file.write_bytes(b"no zip")
    place = tmp_path / "放这里"
    place.mkdir()
    restore(page, qtbot, file, place)
    window = window_of(page)
    qtbot.waitUntil(lambda: bool(boxes(window, "message")))
    (box,) = boxes(window, "message")
    assert "不是本软件的备份文件" in box.text()
    box.close()
    assert list(place.iterdir()) == []
    assert child(page, QPushButton, "backup_restore").isEnabled()


def test_the_backup_folder_is_opened_once_there_is_one(
    page: SettingsPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []

    def open_url(url: QUrl) -> bool:
        opened.append(url.toLocalFile())
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    click(qtbot, page, "backup_show")
    assert opened == []
    assert "立即备份" in window_of(page).statusBar().currentMessage()
    folder = page.context.desk.folder / "备份"
    folder.mkdir()
    click(qtbot, page, "backup_show")
    assert opened == [folder.as_posix()]


# The look


def test_choosing_a_look_asks_the_window_for_it_and_follows_the_menu(
    page: SettingsPage, qtbot: QtBot, qapp: QApplication
) -> None:
    chosen: list[tuple[str, int]] = []
    window_of(page).look_chosen.connect(lambda *look: chosen.append(look))
    assert child(page, QRadioButton, "palette_light").isChecked()
    child(page, QRadioButton, "palette_dark").click()
    assert chosen == [("dark", 100)]
    try:
        theme.apply(qapp, "dark", 125)  # as the session does, or the menu
        assert child(page, QRadioButton, "palette_dark").isChecked()
        assert child(page, QRadioButton, "scale_125").isChecked()
        child(page, QRadioButton, "scale_150").click()
        assert chosen[-1] == ("dark", 150)
    finally:
        theme.apply(qapp)


# Holidays


def set_day(page: SettingsPage, day: QDate, works: str) -> None:
    child(page, QDateEdit, "holiday_day").setDate(day)
    box = child(page, QComboBox, "holiday_works")
    box.setCurrentIndex(box.findText(works))


def test_a_correction_moves_the_due_day_is_undone_and_removed_with_delete(
    page: SettingsPage, qtbot: QtBot
) -> None:
    desk, window = page.context.desk, window_of(page)
    due = desk.due(MONTH)
    set_day(page, QDate(due.year, due.month, due.day), "休息")
    click(qtbot, page, "holiday_add")
    assert desk.due(MONTH) != due
    table = child(page, Table, "holiday_table")
    assert texts(table, 0) == [str(due)]
    assert (texts(table, 2), texts(table, 3)) == (["休息"], ["上班"])
    qtbot.keyClick(window, Qt.Key.Key_Z, CONTROL)
    assert desk.due(MONTH) == due
    qtbot.keyClick(window, Qt.Key.Key_Y, CONTROL)
    click_row(qtbot, table, 0)
    qtbot.keyClick(table, Qt.Key.Key_Delete)
    assert desk.holiday_overrides() == {}
    assert not child(page, QPushButton, "holiday_remove").isEnabled()
    click(qtbot, window, "settings_undo")
    assert list(desk.holiday_overrides()) == [due]


def test_a_day_outside_the_plan_is_refused_at_the_field(page: SettingsPage, qtbot: QtBot) -> None:
    set_day(page, QDate(2999, 1, 1), "休息")
    click(qtbot, page, "holiday_add")
    assert "不在方案实施期内" in child(page, ToneLabel, "holiday_message").said
    assert page.context.desk.holiday_overrides() == {}
    set_day(page, QDate(2026, 11, 7), "上班")
    click(qtbot, page, "holiday_add")
    assert child(page, ToneLabel, "holiday_message").said == ""
    assert texts(child(page, Table, "holiday_table"), 1) == ["周六"]


# What is what


def test_version_plan_and_root_are_told_and_the_root_is_copied(
    page: SettingsPage, qtbot: QtBot
) -> None:
    assert value(page, "about_version") == __version__
    assert page.context.desk.plan.title in value(page, "about_plan")
    groups = value(page, "about_root").split()
    assert [len(group) for group in groups] == [4] * 16
    click(qtbot, page, "about_copy")
    assert QGuiApplication.clipboard().text() == " ".join(groups)


def test_a_desk_without_a_root_says_so(
    open_page: Callable[[str], SettingsPage], district: District
) -> None:
    (district.desk("C1").keys / "root.der").unlink()
    page: Any = open_page("C1")
    assert "没有找到根证书" in value(page, "about_root")
    assert not child(page, QPushButton, "about_copy").isEnabled()


# Fonts


def choose_font(page: SettingsPage, qtbot: QtBot, file: Path) -> None:
    """Choose a file for 仿宋 in the dialog."""
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    click(qtbot, page, "font_choose_fang")
    dialog = child(window_of(page), QFileDialog, "font_file_dialog")
    dialog.fileSelected.emit(str(file))
    dialog.reject()
    settle(window_of(page), qtbot)


def test_the_office_chooses_its_own_font_and_gives_it_up(
    open_page: Callable[[str], SettingsPage], qtbot: QtBot, tmp_path: Path
) -> None:
    page = open_page("office")
    assert value(page, "font_file_fang") == "随附字体"
    assert not child(page, QPushButton, "font_reset_fang").isEnabled()
    own = tmp_path / "仿宋_GB2312.ttf"
    own.write_bytes(assets.resource("fonts", "Hei.ttf").read_bytes())
    choose_font(page, qtbot, own)
    assert value(page, "font_file_fang") == own.name
    assert paper_fonts.chosen(page.context.desk) == {PaperFont.FANG: own}
    click(qtbot, page, "font_reset_fang")
    settle(window_of(page), qtbot)
    assert value(page, "font_file_fang") == "随附字体"
    assert paper_fonts.chosen(page.context.desk) == {}


def test_a_file_that_is_no_font_is_refused_and_changes_nothing(
    open_page: Callable[[str], SettingsPage], qtbot: QtBot, tmp_path: Path
) -> None:
    page = open_page("office")
    wrong = tmp_path / "通知.ttf"
    wrong.write_bytes(b"%PDF-1.7")
    choose_font(page, qtbot, wrong)
    window = window_of(page)
    qtbot.waitUntil(lambda: bool(boxes(window, "message")))
    (box,) = boxes(window, "message")
    assert "“通知.ttf”不是 TrueType 字体文件" in box.text()
    box.close()
    assert value(page, "font_file_fang") == "随附字体"
    assert child(page, QPushButton, "font_choose_fang").isEnabled()


def test_fonts_of_the_computer_are_taken_at_once_or_said_to_be_missing(
    open_page: Callable[[str], SettingsPage],
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(paper_fonts, "_folders", lambda: (tmp_path,))
    page = open_page("office")
    click(qtbot, page, "font_find")
    assert paper_fonts.chosen(page.context.desk) == {}
    for name in ("simfang.ttf", "FZXBSJW.TTF"):
        (tmp_path / name).write_bytes(assets.resource("fonts", "Hei.ttf").read_bytes())
    click(qtbot, page, "font_find")
    settle(window_of(page), qtbot)
    assert value(page, "font_file_fang") == "simfang.ttf"
    assert value(page, "font_file_headline") == "FZXBSJW.TTF"


def test_a_unit_has_no_fonts_of_its_own(page: SettingsPage) -> None:
    assert page.findChild(QPushButton, "font_find") is None
