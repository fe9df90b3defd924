"""导出佐证材料包: offered when there is something to send; missing names, refusals, cancel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from rongchang_desk.app import evidence
from rongchang_desk.ui.main_window import MainWindow
from tests.district import PASSPHRASE, District
from tests.ui.unit.driving import child, click, label, type_into

Settle = Callable[[MainWindow], None]
Hold = Callable[[int], None]


@pytest.fixture
def page(district: District, window: MainWindow) -> Any:
    """The return page of a month whose signed return lists a photo and a sheet."""
    desk, files = district.desk("C1"), []
    for name, body in (("照片.jpg", b"\xff\xd8 photo"), ("签到表.txt", b"names")):
        path = district.folder / name
        path.write_bytes(body)
        files.append(evidence.add(desk, path))
    district.record("C1", replace(district.training("C1"), evidence=tuple(files)))
    window.go_to("return")
    return window.current_page()


def answer(window: MainWindow, qtbot: QtBot, passphrase: str) -> None:
    dialog = child(window, QDialog, "passphrase_dialog")
    type_into(qtbot, child(dialog, QLineEdit, "passphrase"), passphrase, leave=False)
    click(qtbot, dialog, "passphrase_accept")


def exported(district: District) -> list[Path]:
    return sorted(district.desk("C1").exports.glob("*佐证材料包*.pdf"))


def test_what_is_signed_can_be_sent_and_the_office_takes_it(
    page: Any, window: MainWindow, qtbot: QtBot, settle: Settle, district: District
) -> None:
    assert not page._evidence.isEnabled()
    assert "还没有签名月报" in page._evidence.toolTip()
    returned = district.export("C1")
    page.refresh()
    click(qtbot, window, "export_evidence")
    assert "2 件" in label(child(window, QDialog, "passphrase_dialog"), "passphrase_text")
    answer(window, qtbot, "错的口令")
    settle(window)
    assert exported(district) == []
    answer(window, qtbot, PASSPHRASE)
    settle(window)
    (file,) = exported(district)
    assert "材料 2 件" in label(page, "banner_text")
    district.take(returned)
    assert district.take(file).of("accepted")


def test_missing_files_are_told_by_name(
    page: Any, window: MainWindow, qtbot: QtBot, settle: Settle, district: District
) -> None:
    district.export("C1")
    store = district.desk("C1").store
    with store.transaction():
        store.connection.execute("DELETE FROM evidence WHERE name = '照片.jpg'")
    page.refresh()
    click(qtbot, window, "export_evidence")
    answer(window, qtbot, PASSPHRASE)
    settle(window)
    assert "照片.jpg" in label(page, "banner_text")
    assert len(exported(district)) == 1


def test_cancelled_nothing_half_written_remains(
    page: Any, window: MainWindow, qtbot: QtBot, settle: Settle, district: District, hold: Hold
) -> None:
    district.export("C1")
    page.refresh()
    hold(0)
    click(qtbot, window, "export_evidence")
    answer(window, qtbot, PASSPHRASE)
    QTest.mouseClick(child(window, QPushButton, "job_cancel"), Qt.MouseButton.LeftButton)
    settle(window)
    assert "已取消" in label(page, "banner_text")
    assert exported(district) == []
