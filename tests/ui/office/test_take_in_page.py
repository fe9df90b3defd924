"""接收月报: what is dropped is judged, told and kept."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QFileDialog, QLabel, QPushButton, QTabBar
from pytestqt.qtbot import QtBot

from rongchang_desk.app import district as picture
from rongchang_desk.app import standing
from rongchang_desk.store import parcels as stored
from rongchang_desk.ui.main_window import MainWindow
from rongchang_desk.ui.office.take_in_page import COLUMNS, TakeInPage
from rongchang_desk.ui.tables import Table
from rongchang_desk.ui.theme import Tone
from rongchang_desk.ui.tone_label import ToneLabel
from tests.district import MONTH, PASSPHRASE, District
from tests.ui.office.conftest import child
from tests.ui.office.driving import choose, escape, type_passphrase, when_asked

Visit = Callable[[str], Any]
WAIT = 60_000  # a worker process starts


def drop(qtbot: QtBot, window: MainWindow, *paths: Path) -> None:
    """Drop files on the window and wait until they are judged and listed."""
    page = window.current_page()
    assert isinstance(page, TakeInPage)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDropEvent(
        QPointF(600, 400),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    with qtbot.waitSignal(page.taken, timeout=WAIT):
        window.dropEvent(event)
    qtbot.waitUntil(lambda: not window._jobs.is_busy(), timeout=WAIT)


def outcomes(page: TakeInPage) -> list[str]:
    return [entry.outcome for entry in child(page, Table, "intake").table_model.rows]


def banner(page: TakeInPage) -> str:
    return str(child(page, QLabel, "banner_text").text())


def test_dropped_files_are_taken_in_and_counted(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District
) -> None:
    files = [district.report(code) for code in ("A1", "B1")]
    page = visit("take_in")
    drop(qtbot, window, *files)
    assert outcomes(page) == ["accepted", "accepted"]
    assert "已收 2 · 重复 0 · 待处理 0 · 退回 0" in banner(page)
    assert child(page, QTabBar, "outcomes").tabText(1) == "已收 2"


def test_the_same_file_again_is_called_received_and_never_looks_like_an_error(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District
) -> None:
    file = district.report("A1")
    district.take(file)
    page = visit("take_in")
    drop(qtbot, window, file)
    (entry,) = child(page, Table, "intake").table_model.rows
    assert COLUMNS[0].shown(entry) == "＝ 重复（已收）"
    assert COLUMNS[0].tone is not None
    assert COLUMNS[0].tone(entry) is Tone.QUIET
    assert page.findChild(QLabel, "banner_text").parentWidget().property("tone") == "good"


def test_a_file_that_was_altered_is_refused_with_its_reason(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District
) -> None:
    good, bad = district.report("A1"), district.report("B1")
    data = bytearray(bad.read_bytes())
    data[len(data) // 2] ^= 1
    bad.write_bytes(data)
    page = visit("take_in")
    drop(qtbot, window, good, bad)
    assert outcomes(page) == ["accepted", "refused"]
    assert page.findChild(QLabel, "banner_text").parentWidget().property("tone") == "bad"
    child(page, QTabBar, "outcomes").setCurrentIndex(4)
    table = child(page, Table, "intake")
    assert outcomes(page) == ["refused"]
    table.selectRow(0)
    detail = child(page, QLabel, "intake_detail")
    assert detail.isVisible()
    assert table.table_model.rows[0].reasons[0] in detail.text()


def test_a_batch_that_is_cancelled_says_that_what_came_is_kept(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District
) -> None:
    files = [district.report(code) for code in ("A1", "B1", "C1")]
    page = visit("take_in")
    page.dropped(tuple(files))
    button = child(window, QPushButton, "job_cancel")
    assert button.text() == "取消（已接收的保留）"
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "已取消" in banner(page), timeout=WAIT)
    qtbot.waitUntil(lambda: not window._jobs.is_busy(), timeout=WAIT)
    kept = len(picture.merged(district.office, MONTH).heads)
    assert kept < 3
    # What was not taken can be taken again; the rest is known.
    drop(qtbot, window, *files)
    assert sorted(outcomes(page)) == ["accepted"] * (3 - kept) + ["duplicate"] * kept


def test_a_file_that_is_not_there_is_refused_and_does_not_stop_the_others(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District
) -> None:
    good = district.report("A1")
    page = visit("take_in")
    drop(qtbot, window, good, district.folder / "没有.pdf")
    assert sorted(outcomes(page)) == ["accepted", "refused"]


def test_an_empty_folder_is_told_and_nothing_is_listed(
    visit: Visit, window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    page = visit("take_in")
    (tmp_path / "空").mkdir()
    drop(qtbot, window, tmp_path / "空")
    assert "没有找到" in banner(page)
    assert outcomes(page) == []


def test_files_are_chosen_in_the_dialog(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District
) -> None:
    file = district.report("A1")
    page = visit("take_in")
    QTest.mouseClick(child(window, QPushButton, "choose_files"), Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(page.taken, timeout=WAIT):
        choose(qtbot, page, "choose_files", file)
    assert outcomes(page) == ["accepted"]


def test_ctrl_o_opens_the_dialog_and_esc_takes_nothing_in(
    visit: Visit, window: MainWindow, qtbot: QtBot
) -> None:
    page = visit("take_in")
    QTest.keyClick(window, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    dialog = child(page, QFileDialog, "choose_files")
    qtbot.waitUntil(dialog.isVisible)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not window._jobs.is_busy()
    assert outcomes(page) == []


def test_double_click_hands_the_original_bytes_to_the_systems_program(
    visit: Visit, qtbot: QtBot, district: District, opened: list[str]
) -> None:
    file = district.report("A1")
    district.take(file)
    page = visit("take_in")
    table = child(page, Table, "intake")
    place = table.visualRect(table.table_model.index(0, 1)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(lambda: bool(opened), timeout=WAIT)
    assert Path(opened[0]).read_bytes() == file.read_bytes()
    assert Path(opened[0]).name == "市知识产权局_2026-10_月报_第1版.pdf"


def test_a_refused_file_has_no_original_to_open(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District, opened: list[str]
) -> None:
    bad = district.folder / "坏.pdf"
    bad.write_bytes(b"not a pdf")
    district.take(bad)
    page = visit("take_in")
    table = child(page, Table, "intake")
    table.selectRow(0)
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert "没有原件" in window.statusBar().currentMessage()
    assert opened == []


def test_the_list_is_copied_and_exported_as_it_is_filtered(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District, tmp_path: Path
) -> None:
    district.take(district.report("A1"), district.report("B1"))
    page = visit("take_in")
    child(window, QPushButton, "export_list")
    page.search("东门")
    page._copy()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].split("\t")[:3] == ["结果", "单位", "月份"]
    assert [line.split("\t")[1] for line in lines[1:]] == ["东门街道"]
    QTest.mouseClick(child(window, QPushButton, "export_list"), Qt.MouseButton.LeftButton)
    out = tmp_path / "清单.csv"
    choose(qtbot, page, "choose_target", out)
    qtbot.waitUntil(lambda: "已导出 1 行" in window.statusBar().currentMessage(), timeout=WAIT)
    rows = list(csv.reader(out.read_text("utf-8-sig").splitlines()))
    assert rows[1][:4] == ["已收", "东门街道", "2026年10月", "第 1 版"]


def test_an_export_that_cannot_be_written_is_told(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District, tmp_path: Path
) -> None:
    from rongchang_desk.ui import files

    district.take(district.report("A1"))
    page = visit("take_in")
    blocked = tmp_path / "文件"
    blocked.write_text("not a folder")
    told: list[BaseException] = []
    window._presenter.present = told.append  # type: ignore[method-assign,assignment]
    window._jobs._present = told.append
    dialog = files.choose_target
    try:
        files.choose_target = lambda *a: a[-1](blocked / "清单.csv")  # type: ignore[assignment]
        page._export()
    finally:
        files.choose_target = dialog
    qtbot.waitUntil(lambda: bool(told), timeout=WAIT)
    assert "不能写入" in str(told[0])


def drop_on(window: MainWindow, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    window.dropEvent(
        QDropEvent(
            QPointF(600, 400), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )  # fmt: skip


def test_files_dropped_on_another_page_are_taken_in(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District
) -> None:
    file = district.report("A1")
    visit("board")
    drop_on(window, file)
    page = window.current_page()
    assert isinstance(page, TakeInPage)
    qtbot.waitUntil(lambda: outcomes(page) == ["accepted"], timeout=WAIT)


def locked_and_altered(district: District) -> None:
    """A1's month is closed to it, B1's file was altered on its way."""
    files = [district.report(code) for code in ("A1", "B1")]
    data = bytearray(files[1].read_bytes())
    data[len(data) // 2] ^= 1
    files[1].write_bytes(data)
    standing.lock_month(district.office, MONTH)
    district.take(*files)


def test_one_click_writes_the_slips_and_says_what_is_left(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District, opened: list[str]
) -> None:
    locked_and_altered(district)
    page = visit("take_in")
    table = child(page, Table, "intake")
    assert sorted(COLUMNS[1].shown(row) for row in table.table_model.rows) == [
        "市知识产权局", "签名不能证明",
    ]  # fmt: skip
    asked: list[str] = []

    def answer(dialog: QDialog) -> None:
        asked.append(child(dialog, QLabel, "passphrase_text").text())
        type_passphrase(PASSPHRASE)(dialog)

    when_asked(answer)
    with qtbot.waitSignal(page.sent_back, timeout=WAIT) as made:
        QTest.mouseClick(child(window, QPushButton, "send_back"), Qt.MouseButton.LeftButton)
    assert "写退回单 1 份：市知识产权局" in asked[0]
    assert "另有 1 份文件" in asked[0]
    (slip,) = made.args[0]
    assert slip.file.is_file()
    assert opened == [str(slip.file.parent)]
    qtbot.waitUntil(lambda: not window._jobs.is_busy(), timeout=WAIT)
    QTest.mouseClick(child(window, QPushButton, "send_back"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "没有可以直接写退回单" in banner(page), timeout=WAIT)


def test_a_wrong_passphrase_writes_no_slip_and_asks_again(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District
) -> None:
    locked_and_altered(district)
    visit("take_in")
    problems: list[str] = []

    def again(dialog: QDialog) -> None:
        problems.append(child(dialog, ToneLabel, "passphrase_problem").said)
        escape(dialog)

    def wrong(dialog: QDialog) -> None:
        type_passphrase("不对的口令 wrong")(dialog)
        when_asked(again)

    when_asked(wrong)
    QTest.mouseClick(child(window, QPushButton, "send_back"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(problems), timeout=WAIT)
    assert "口令" in problems[0]
    assert stored.issued(district.office.store) == ()
