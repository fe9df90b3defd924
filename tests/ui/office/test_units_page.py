"""单位与密钥: certificates and kits."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from rongchang_desk.app import enrol, key_register
from rongchang_desk.app.district import grouped
from rongchang_desk.ui.main_window import MainWindow
from rongchang_desk.ui.office import unit_rows
from rongchang_desk.ui.tables import Table
from rongchang_desk.ui.tone_label import ToneLabel
from tests.district import PASSPHRASE, District
from tests.ui.office.conftest import child
from tests.ui.office.driving import choose, escape, type_passphrase, when_asked

Visit = Callable[[str], Any]
WAIT = 60_000


def agree(page: Any) -> None:
    """Say that a second kit is meant."""
    question = child(page, QMessageBox, "question")
    assert "已经有证书" in question.text()
    QTest.mouseClick(child(question, QPushButton, "question_accept"), Qt.MouseButton.LeftButton)


def test_every_unit_is_listed_with_its_certificate(visit: Visit, district: District) -> None:
    page = visit("units")
    rows = child(page, Table, "units").table_model.rows
    assert [m.unit.code for m in rows] == ["A1", "A2", "B1", "C1", "C2"]
    assert unit_rows.state_text(rows[0]) == "○ 已签发"
    fingerprint = child(page, QLabel, "root_fingerprint").text()
    assert fingerprint == grouped(enrol.root_fingerprint(district.office))
    assert len(fingerprint.split()) == 16


def test_kits_are_made_for_the_chosen_units_and_open_with_their_slip(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District, tmp_path: Path
) -> None:
    page = visit("units")
    button = child(window, QPushButton, "kits_selected")
    assert not button.isEnabled()
    child(page, Table, "units").selectRow(2)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    agree(page)
    out = tmp_path / "入网包"
    out.mkdir()
    with qtbot.waitSignal(page.made, timeout=WAIT) as made:
        choose_folder(qtbot, page, out)
    (kit,) = made.args[0]
    assert kit.unit == "B1"
    joined = enrol.join(tmp_path / "desk", kit.path, enrol.slip_beside(kit.path), "新的口令 12345")
    assert joined.unit_code == "B1"
    joined.close()


def test_a_wrong_passphrase_makes_no_kit(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District, tmp_path: Path
) -> None:
    page = visit("units")
    problems: list[str] = []

    def first(dialog: Any) -> None:
        type_passphrase("不对的口令")(dialog)
        when_asked(second)

    def second(dialog: Any) -> None:
        problems.append(child(dialog, ToneLabel, "passphrase_problem").said)
        escape(dialog)

    when_asked(first)
    page._ask((district.office.plan.unit("B1"),), tmp_path / "kits")
    qtbot.waitUntil(lambda: bool(problems), timeout=WAIT)
    assert not (tmp_path / "kits").exists()


def test_cancelling_keeps_the_kits_made_so_far(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District, tmp_path: Path
) -> None:
    page = visit("units")
    page._make(district.office.plan.units, tmp_path / "kits", PASSPHRASE)
    QTest.mouseClick(child(window, QPushButton, "job_cancel"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window._jobs.is_busy(), timeout=WAIT)
    assert "已取消" in child(page, QLabel, "banner_text").text()
    made = len(list((tmp_path / "kits").glob("*.kit")))
    assert made < 5
    rows = key_register.members(district.office)
    assert sum(m.count for m in rows) == 5 + made


def test_the_root_is_exported_with_its_fingerprint(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District, tmp_path: Path
) -> None:
    page = visit("units")
    QTest.mouseClick(child(window, QPushButton, "export_root"), Qt.MouseButton.LeftButton)
    choose(qtbot, page, "choose_target", tmp_path / "根证书.pem")
    qtbot.waitUntil(lambda: "根证书已导出" in child(page, QLabel, "banner_text").text())
    assert (tmp_path / "根证书.pem").read_text().startswith("-----BEGIN CERTIFICATE")
    fingerprint = grouped(enrol.root_fingerprint(district.office))
    assert fingerprint in child(page, QLabel, "banner_text").text()


def choose_folder(qtbot: QtBot, page: Any, folder: Path) -> None:
    """Choose a folder in the open dialog, and give the passphrase that is asked for then."""
    dialog = child(page, QFileDialog, "choose_folder")
    qtbot.waitUntil(dialog.isVisible)
    dialog.setDirectory(str(folder))
    when_asked(type_passphrase(PASSPHRASE))
    dialog.accept()
