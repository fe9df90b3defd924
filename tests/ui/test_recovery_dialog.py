"""A damaged desk in the window: its good backup is offered, put back and opened."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from rongchang_desk.app.backup import back_up_by_itself
from rongchang_desk.app.desk import Desk
from rongchang_desk.errors import DeskDamaged
from rongchang_desk.store import database
from rongchang_desk.ui import application, backups, theme
from rongchang_desk.ui.application import Session
from rongchang_desk.ui.dialogs.recovery import RecoveryDialog
from rongchang_desk.ui.main_window import MainWindow
from rongchang_desk.ui.start_page import StartWindow

from .conftest import NOW


@pytest.fixture
def session(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Session]:
    monkeypatch.setattr(application, "prewarm", lambda: None)
    monkeypatch.setattr(backups, "FIRST_AFTER", 0)
    made = Session(qapp, QSettings(str(tmp_path / "p.ini"), QSettings.Format.IniFormat))
    yield made
    window = made.window
    if window:
        window.close()
        qtbot.waitUntil(lambda: not window.isVisible())
        qtbot.addWidget(window)
    made.end()
    theme.apply(qapp)


@pytest.fixture
def backed_up(desk_folder: Path) -> Path:
    """A desk that has one backup, three hours old when the window's own clock was there."""
    with Desk.open(desk_folder, clock=lambda: NOW - timedelta(hours=3)) as desk:
        desk.store.set_setting("told", "in the backup")
        back_up_by_itself(desk)
        desk.store.set_setting("told", "after the backup")
    return desk_folder


def truncate(folder: Path) -> None:
    store = folder / "desk.sqlite"
    body = store.read_bytes()
    store.write_bytes(body[:50] if len(body) < 8192 else body[: len(body) // 2 + 9])


def spoil_a_table(folder: Path, table: str) -> None:
    """Noise over one table's page: opening does not look there."""
    with database.open_store(folder) as store:
        root = store.row("SELECT rootpage FROM sqlite_master WHERE name = ?", table)
        size = store.row("PRAGMA page_size")
    assert root is not None
    assert size is not None
    file = folder / "desk.sqlite"
    body = bytearray(file.read_bytes())
    at = (root[0] - 1) * size[0]
    body[at : at + size[0]] = random.Random(1).randbytes(size[0])
    file.write_bytes(body)


def offered(session: Session, qtbot: QtBot) -> RecoveryDialog:
    """The dialog, once it has looked at the backups."""
    found: list[RecoveryDialog] = []

    def looked() -> bool:
        window = session.window
        found[:] = window.findChildren(RecoveryDialog) if window else []
        return bool(found) and "正在检查" not in words(found[0])

    qtbot.waitUntil(looked)
    return found[0]


def words(dialog: QWidget) -> str:
    label = dialog.findChild(QLabel, "recovery_words")
    assert label is not None
    return label.text()


def button(dialog: QWidget, name: str) -> QPushButton:
    found = dialog.findChild(QPushButton, f"recovery_{name}")
    assert found is not None
    return found


def press(qtbot: QtBot, dialog: QWidget, name: str) -> None:
    qtbot.mouseClick(button(dialog, name), Qt.MouseButton.LeftButton)


def accept_and_open(session: Session, qtbot: QtBot, dialog: RecoveryDialog) -> str:
    """Restore, read what is lost, open the desk; what the dialog said."""
    press(qtbot, dialog, "restore")
    qtbot.waitUntil(lambda: "最多丢失" in words(dialog))
    said = words(dialog)
    press(qtbot, dialog, "cancel")  # it says 打开工作台 now
    qtbot.waitUntil(lambda: isinstance(session.window, MainWindow))
    return said


def test_a_damaged_desk_is_offered_its_backup_and_opened_from_it(
    session: Session, backed_up: Path, qtbot: QtBot
) -> None:
    truncate(backed_up)
    session.begin(backed_up)
    assert isinstance(session.window, StartWindow)
    dialog = offered(session, qtbot)
    assert "2026-10-20 07:32" in words(dialog)
    assert "10-20 07:32" in button(dialog, "restore").text()
    said = accept_and_open(session, qtbot, dialog)
    assert "损坏的数据" in said
    window = session.window
    assert isinstance(window, MainWindow)
    assert window.desk.folder == backed_up
    assert window.desk.store.setting("told") == "in the backup"
    assert len(list((backed_up / "损坏的数据").glob("*/desk.sqlite"))) == 1


def test_whoever_cancels_keeps_the_damaged_desk_as_it_is(
    session: Session, backed_up: Path, qtbot: QtBot
) -> None:
    truncate(backed_up)
    before = (backed_up / "desk.sqlite").read_bytes()
    session.begin(backed_up)
    dialog = offered(session, qtbot)
    with qtbot.waitSignal(dialog.destroyed):
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert isinstance(session.window, StartWindow)
    assert (backed_up / "desk.sqlite").read_bytes() == before
    assert not (backed_up / "损坏的数据").exists()


def test_without_a_good_backup_only_the_folder_is_offered(
    session: Session, desk_folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    monkeypatch.setattr(
        QDesktopServices, "openUrl", lambda url: bool(shown.append(url.toLocalFile())) or True
    )
    truncate(desk_folder)
    session.begin(desk_folder)
    dialog = offered(session, qtbot)
    assert "没有完好的备份" in words(dialog)
    assert not button(dialog, "restore").isVisible()
    press(qtbot, dialog, "folder")
    assert shown == [str(desk_folder)]
    with qtbot.waitSignal(dialog.destroyed):
        press(qtbot, dialog, "cancel")


def test_a_desk_that_another_program_holds_is_not_recovered_and_may_be_tried_again(
    session: Session, backed_up: Path, qtbot: QtBot
) -> None:
    from rongchang_desk.store.lock import lock

    truncate(backed_up)
    session.begin(backed_up)
    dialog = offered(session, qtbot)
    guard = lock(backed_up)
    press(qtbot, dialog, "restore")
    banner = dialog.findChild(QLabel, "banner_text")
    assert banner is not None
    qtbot.waitUntil(lambda: "已在另一个窗口或程序中打开" in banner.text())
    assert not (backed_up / "损坏的数据").exists()
    guard.release()
    accept_and_open(session, qtbot, dialog)


def test_a_store_that_the_days_backup_finds_damaged_leads_to_the_same_offer(
    session: Session, backed_up: Path, qtbot: QtBot
) -> None:
    spoil_a_table(backed_up, "record")
    session.begin(backed_up)
    assert isinstance(session.window, MainWindow)  # opening stays cheap and does not look
    dialog = offered(session, qtbot)
    accept_and_open(session, qtbot, dialog)
    window = session.window
    assert isinstance(window, MainWindow)
    assert window.desk.store.check() == ()
    assert window.desk.store.setting("told") == "in the backup"


def test_a_backup_asked_for_on_a_damaged_store_offers_the_recovery_again(
    session: Session, backed_up: Path, qtbot: QtBot
) -> None:
    spoil_a_table(backed_up, "record")
    session.begin(backed_up)
    first = offered(session, qtbot)
    with qtbot.waitSignal(first.destroyed):
        qtbot.keyClick(first, Qt.Key.Key_Escape)
    window = session.window
    assert isinstance(window, MainWindow)
    window.go_to("settings")
    now = window.findChild(QPushButton, "backup_now")
    assert now is not None
    qtbot.mouseClick(now, Qt.MouseButton.LeftButton)
    accept_and_open(session, qtbot, offered(session, qtbot))
    assert isinstance(session.window, MainWindow)
    assert session.window.desk.store.check() == ()


def test_a_damaged_backup_file_is_told_and_offers_no_recovery_of_the_sound_desk(
    session: Session, desk_folder: Path, qtbot: QtBot
) -> None:
    session.begin(desk_folder)
    window = session.window
    assert isinstance(window, MainWindow)
    window.present(DeskDamaged("备份中的数据没有通过检查。", "请改用另一份备份。"))
    box: list[QMessageBox] = []

    def told() -> bool:
        box[:] = window.findChildren(QMessageBox, "message")
        return bool(box)

    qtbot.waitUntil(told)
    assert "没有通过检查" in box[0].text()
    assert not window.findChildren(RecoveryDialog)
    box[0].close()
