"""Workbooks dropped, looked at row by row, and taken in at once or not at all."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton, QTabWidget
from pytestqt.qtbot import QtBot

from rongchang_desk.app import record
from rongchang_desk.ui.main_window import MainWindow
from rongchang_desk.ui.tables import Table
from tests.district import MONTH, District
from tests.ui.unit.driving import child, click, drop, texts

Settle = Callable[[MainWindow], None]


@pytest.fixture
def page(window: MainWindow) -> Any:
    window.go_to("exchange")
    return window.current_page()


@pytest.fixture
def workbook(district: District, tmp_path: Path) -> Path:
    """A workbook with a session, which the desk itself does not hold any more."""
    desk = district.desk("C1")
    made = district.training("C1")
    district.record("C1", made)
    out = tmp_path / "填报表.xlsx"
    record.write_workbook(desk, MONTH, out)
    record.delete(desk, made.id)
    return out


def sessions(page: Any) -> int:
    return len(record.of_month(page.context.desk, MONTH).trainings)


def test_a_dropped_workbook_is_shown_before_anything_is_stored(
    page: Any, window: MainWindow, workbook: Path, settle: Settle
) -> None:
    assert drop(window, workbook)
    settle(window)
    assert texts(child(page, Table, "exchange_taken"), 3) == ["新增"]
    assert child(page, QPushButton, "exchange_go").text() == "导入 1 条(&G)"
    assert sessions(page) == 0


def test_importing_stores_the_rows_and_says_how_many(
    page: Any, window: MainWindow, workbook: Path, settle: Settle, qtbot: QtBot
) -> None:
    drop(window, workbook)
    settle(window)
    click(qtbot, page, "exchange_go")
    settle(window)
    assert sessions(page) == 1
    assert "已导入 1 条记录" in child(page, QLabel, "banner_text").text()


def test_declining_the_import_stores_nothing(
    page: Any, window: MainWindow, workbook: Path, settle: Settle, qtbot: QtBot
) -> None:
    drop(window, workbook)
    settle(window)
    click(qtbot, page, "exchange_cancel")
    assert sessions(page) == 0


def test_rows_that_change_something_are_told_apart_from_equal_ones(
    district: District, page: Any, window: MainWindow, settle: Settle, tmp_path: Path
) -> None:
    desk = district.desk("C1")
    one, other = (district.training("C1", topic=topic) for topic in ("一", "二"))
    district.record("C1", one, other)
    out = tmp_path / "填报表.xlsx"
    record.write_workbook(desk, MONTH, out)
    record.save(desk, replace(other, venue="改过的地点"))
    drop(window, out)
    settle(window)
    assert sorted(texts(child(page, Table, "exchange_taken"), 3)) == ["替换原有", "没有变化"]


def test_a_row_that_cannot_be_taken_is_listed_with_sheet_row_field_and_reason(
    district: District, page: Any, window: MainWindow, settle: Settle, tmp_path: Path
) -> None:
    desk = district.desk("C1")
    made = replace(district.training("C1"), topic="", headcounts=())
    record.change(desk, [made])
    out = tmp_path / "填报表.xlsx"
    record.write_workbook(desk, MONTH, out)
    drop(window, out)
    settle(window)
    table = child(page, Table, "exchange_refused")
    assert [texts(table, n)[0] for n in range(3)] == ["培训讲座", "2", "主题"]
    assert "请填写培训主题" in texts(table, 3)[0]
    assert child(page, QTabWidget, "exchange_tabs").currentIndex() == 0
    assert not child(page, QPushButton, "exchange_go").isEnabled()


def test_another_units_workbook_is_refused_as_a_whole(
    district: District, page: Any, window: MainWindow, settle: Settle, tmp_path: Path
) -> None:
    out = tmp_path / "别家的.xlsx"
    record.write_template(district.desk("C2"), MONTH, out)
    drop(window, out)
    settle(window)
    assert "柳湾镇" in texts(child(page, Table, "exchange_refused"), 3)[0]


@pytest.mark.parametrize(
    ("name", "said"), [("月报.pdf", "不是 xlsx 工作簿"), ("坏的.xlsx", "不是 xlsx 表格")]
)
def test_what_is_no_workbook_is_refused_in_plain_words(
    page: Any, window: MainWindow, settle: Settle, tmp_path: Path, name: str, said: str
) -> None:
    file = tmp_path / name
    file.write_bytes(b"%PDF-1.7 not a workbook")
    drop(window, file)
    settle(window)
    assert said in child(page, QLabel, "banner_text").text()


def test_several_files_at_once_are_not_guessed_at(
    page: Any, window: MainWindow, workbook: Path
) -> None:
    drop(window, workbook, workbook.with_name("另一个.xlsx"))
    assert "一次只能导入一个文件" in child(page, QLabel, "banner_text").text()


def test_a_cancelled_import_leaves_the_preview_to_try_again(
    page: Any, window: MainWindow, workbook: Path, settle: Settle, qtbot: QtBot
) -> None:
    drop(window, workbook)
    settle(window)
    # Jobs wait for one another: behind this one the import cannot begin before it is cancelled.
    gate = threading.Event()
    window.run_job("等待", lambda _desk, _running: gate.wait(10))
    click(qtbot, page, "exchange_go")
    window._jobs.cancel_all()
    gate.set()
    settle(window)
    assert sessions(page) == 0
    assert child(page, QPushButton, "exchange_go").isEnabled()


def test_the_template_is_written_where_the_person_says(
    page: Any,
    window: MainWindow,
    settle: Settle,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    out = tmp_path / "模板"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(out), ""))
    click(qtbot, window, "exchange_template")
    settle(window)
    assert out.with_name("模板.xlsx").read_bytes()[:2] == b"PK"


def test_a_place_that_cannot_be_written_is_told_with_advice(
    page: Any,
    window: MainWindow,
    settle: Settle,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "文件").write_text("x")
    out = tmp_path / "文件" / "模板.xlsx"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(out), ""))
    told: list[BaseException] = []
    monkeypatch.setattr(window._presenter, "present", told.append)
    page.context._jobs._present = told.append
    click(qtbot, window, "exchange_template")
    settle(window)
    assert "不能写入" in str(told[0])
