"""A grid's rows are written into a file as they are listed: filtered and in order."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot
from python_calamine import CalamineWorkbook

from rongchang_desk.ui.main_window import MainWindow
from tests.district import District
from tests.ui.office.driving import choose

Settle = Callable[[MainWindow], None]


@pytest.fixture
def page(district: District, window: MainWindow, settle: Settle) -> Any:
    for day, topic in ((12, "商标培训"), (10, "专利培训"), (11, "=1+1")):
        district.record("C1", district.training("C1", topic=topic, day=day))
    window.go_to("training")
    settle(window)
    return window.current_page()


def export(qtbot: QtBot, window: MainWindow, page: Any, out: Path) -> None:
    qtbot.keyClick(window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    choose(qtbot, page, "choose_target", out)


def test_ctrl_e_writes_all_rows_as_texts(
    page: Any, window: MainWindow, qtbot: QtBot, settle: Settle, tmp_path: Path
) -> None:
    out = tmp_path / "培训.xlsx"
    export(qtbot, window, page, out)
    qtbot.waitUntil(out.is_file)
    settle(window)
    table = CalamineWorkbook.from_path(out).get_sheet_by_name("培训讲座").to_python()
    assert table[0][:2] == ["日期", "主题"]
    assert [row[:2] for row in table[1:]] == [
        ["2026-10-12", "商标培训"], ["2026-10-10", "专利培训"], ["2026-10-11", "=1+1"],
    ]  # fmt: skip
    assert "已导出 3" in window.statusBar().currentMessage()


def test_only_the_rows_listed_are_written(
    page: Any, window: MainWindow, qtbot: QtBot, settle: Settle, tmp_path: Path
) -> None:
    page.search("商标")
    settle(window)
    out = tmp_path / "培训.csv"
    export(qtbot, window, page, out)
    qtbot.waitUntil(out.is_file)
    settle(window)
    lines = out.read_text("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert "商标培训" in lines[1]


def test_a_place_that_cannot_be_written_is_told(
    page: Any, window: MainWindow, qtbot: QtBot, settle: Settle, tmp_path: Path
) -> None:
    window._presenter.window = window
    (tmp_path / "占用").write_text("a file where a folder is wanted", encoding="utf-8")
    page.buttons.export_to(tmp_path / "占用" / "培训.xlsx")
    settle(window)
    qtbot.waitUntil(lambda: bool(window.findChildren(QMessageBox, "message")))
    (box,) = window.findChildren(QMessageBox, "message")
    assert "不能写入" in box.text()
    box.close()
