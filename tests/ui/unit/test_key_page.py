"""本单位密钥: a request for one's own key, and a new kit's key, with keys and mouse."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QFileDialog, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from rongchang_desk.app import enrol, own_key
from rongchang_desk.errors import WrongPassphrase
from rongchang_desk.ui.main_window import MainWindow
from rongchang_desk.ui.messages import Presenter
from rongchang_desk.ui.tone_label import ToneLabel
from rongchang_desk.ui.unit import PAGES
from rongchang_desk.ui.unit.key_page import KeyPage
from tests.district import PASSPHRASE, District
from tests.ui.office.conftest import child
from tests.ui.office.driving import choose, escape, type_passphrase, when_asked

WAIT = 60_000


@pytest.fixture
def window(qtbot: QtBot, district: District) -> MainWindow:
    made = MainWindow(district.desk("B1"), PAGES, Presenter())

    def let_jobs_end(_: QWidget) -> None:
        made._jobs.cancel_all()
        qtbot.waitUntil(lambda: not made._jobs.is_busy(), timeout=WAIT)

    qtbot.addWidget(made, before_close_func=let_jobs_end)
    made.resize(1280, 800)
    made.show()
    return made


@pytest.fixture
def page(window: MainWindow, qtbot: QtBot) -> KeyPage:
    window.go_to("key")
    found = window.current_page()
    assert isinstance(found, KeyPage)
    qtbot.waitUntil(lambda: bool(child(found, QLabel, "key_unit").text()), timeout=WAIT)
    return found


def press(window: MainWindow, name: str) -> None:
    QTest.mouseClick(child(window, QPushButton, name), Qt.MouseButton.LeftButton)


def test_the_page_tells_whose_key_it_is_and_how_long_it_lasts(
    page: KeyPage, district: District
) -> None:
    own = own_key.own_key(district.desk("B1"))
    assert child(page, QLabel, "key_unit").text() == "东门街道（B1）"
    assert child(page, QLabel, "key_until").text().startswith(f"{own.not_after:%Y-%m-%d}")
    shown = child(page, QLabel, "key_fingerprint").text().replace(" ", "").lower()
    assert shown == own.sha256
    assert child(page, ToneLabel, "key_state").said.startswith("✓")


def test_a_request_is_written_with_the_fingerprint_to_read_out(
    page: KeyPage, window: MainWindow, qtbot: QtBot, district: District, tmp_path: Path
) -> None:
    press(window, "request_key")
    when_asked(type_passphrase(PASSPHRASE))
    with qtbot.waitSignal(page.requested, timeout=WAIT) as made:
        choose(qtbot, page, "choose_target", tmp_path / "申请.csr")
    assert (tmp_path / "申请.csr").read_bytes().startswith(b"-----BEGIN CERTIFICATE REQUEST")
    said = child(page, QLabel, "banner_text").text().replace(" ", "").lower()
    assert made.args[0].fingerprint in said
    qtbot.waitUntil(lambda: "等办公室签发" in child(page, ToneLabel, "key_state").said)


def test_a_wrong_passphrase_is_asked_again_and_writes_nothing(
    page: KeyPage, window: MainWindow, qtbot: QtBot, district: District, tmp_path: Path
) -> None:
    problems: list[str] = []

    def second(dialog: Any) -> None:
        problems.append(child(dialog, ToneLabel, "passphrase_problem").said)
        escape(dialog)

    def first(dialog: Any) -> None:
        type_passphrase("不对的口令 wrong")(dialog)
        when_asked(second)

    when_asked(first)
    page._ask_request(tmp_path / "申请.csr")
    qtbot.waitUntil(lambda: bool(problems), timeout=WAIT)
    assert not (tmp_path / "申请.csr").exists()
    assert not district.desk("B1").request.exists()


def ask_for_kit(page: KeyPage, window: MainWindow, qtbot: QtBot, kit: Path) -> QDialog:
    press(window, "take_over_key")
    dialog = child(page, QFileDialog, "choose_files")
    qtbot.waitUntil(dialog.isVisible)
    field = child(dialog, QLineEdit, "fileNameEdit")
    field.setText(str(kit))
    QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(
        lambda: any(d.isVisible() for d in window.findChildren(QDialog, "letter_dialog"))
    )
    return next(d for d in window.findChildren(QDialog, "letter_dialog") if d.isVisible())


def test_a_new_kits_key_is_taken_over_under_a_new_passphrase(
    page: KeyPage, window: MainWindow, qtbot: QtBot, district: District, tmp_path: Path
) -> None:
    (kit,) = enrol.enrol(district.office, ["B1"], PASSPHRASE, tmp_path)
    before = child(page, QLabel, "key_fingerprint").text()
    dialog = ask_for_kit(page, window, qtbot, kit.path)
    assert child(dialog, QLineEdit, "kit_password").text() == kit.password  # from its slip
    child(dialog, QLineEdit, "new_passphrase").insert("新的口令 2026 B1")
    again = child(dialog, QLineEdit, "new_passphrase_again")
    again.insert("另一个口令")
    go = child(dialog, QPushButton, "letter_accept")
    QTest.mouseClick(go, Qt.MouseButton.LeftButton)
    assert "不一致" in child(dialog, ToneLabel, "letter_problem").said
    again.clear()
    again.insert("新的口令 2026 B1")
    with qtbot.waitSignal(page.taken_over, timeout=WAIT):
        QTest.mouseClick(go, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: child(page, QLabel, "key_fingerprint").text() != before, timeout=WAIT)
    with pytest.raises(WrongPassphrase):
        district.desk("B1").identity(PASSPHRASE)
    assert district.desk("B1").identity("新的口令 2026 B1").unit_code == "B1"


def test_another_units_kit_is_refused_and_the_key_stays(
    page: KeyPage, window: MainWindow, qtbot: QtBot, district: District, tmp_path: Path
) -> None:
    (kit,) = enrol.enrol(district.office, ["C1"], PASSPHRASE, tmp_path)
    dialog = ask_for_kit(page, window, qtbot, kit.path)
    for name in ("new_passphrase", "new_passphrase_again"):
        child(dialog, QLineEdit, name).insert("新的口令 2026 B1")
    QTest.mouseClick(child(dialog, QPushButton, "letter_accept"), Qt.MouseButton.LeftButton)
    problem = child(dialog, ToneLabel, "letter_problem")
    qtbot.waitUntil(lambda: "不是本单位的入网包" in problem.said, timeout=WAIT)
    assert district.desk("B1").identity(PASSPHRASE).unit_code == "B1"
