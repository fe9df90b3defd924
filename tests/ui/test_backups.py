"""The backups a window makes by itself, and that none of them keeps it open."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from rongchang_desk.app import backup
from rongchang_desk.app.desk import Desk
from rongchang_desk.errors import CannotWrite
from rongchang_desk.ui import backups
from rongchang_desk.ui.backups import PROBLEM, AutomaticBackup
from rongchang_desk.ui.main_window import MainWindow

from .conftest import NOW


def made(desk: Desk) -> list[str]:
    return sorted(path.name for path in (desk.folder / "备份").glob("*"))


def backup_state(window: MainWindow) -> str:
    label = window.findChild(QLabel, "status_backup")
    assert label is not None
    return label.text()


@pytest.fixture
def looked_after(
    new_window: Callable[[], MainWindow], monkeypatch: pytest.MonkeyPatch
) -> MainWindow:
    """A window with automatic backups; the first one comes only when a test wants it."""
    monkeypatch.setattr(backups, "FIRST_AFTER", 60_000)
    window = new_window()
    AutomaticBackup(window)
    return window


@pytest.fixture
def opened(
    new_window: Callable[[], MainWindow], monkeypatch: pytest.MonkeyPatch
) -> Callable[[], MainWindow]:
    """Opens a window whose first backup comes at once."""
    monkeypatch.setattr(backups, "FIRST_AFTER", 0)

    def make() -> MainWindow:
        window = new_window()
        AutomaticBackup(window)
        return window

    return make


def close(qtbot: QtBot, window: MainWindow) -> None:
    with qtbot.waitSignal(window.closed):
        window.close()
    assert not window.isVisible()


def test_closing_leaves_a_backup_that_can_be_restored(
    looked_after: MainWindow, desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    assert backup_state(looked_after) == "尚未备份"
    close(qtbot, looked_after)
    assert made(desk) == ["自动备份_2026-10-20_103200.zip"]
    with Desk.open(backup.restore(desk.folder / "备份" / made(desk)[0], tmp_path / "新")) as again:
        assert again.plan.code == desk.plan.code


def test_the_first_opening_of_a_day_makes_a_backup(
    opened: Callable[[], MainWindow], desk: Desk, qtbot: QtBot
) -> None:
    window = opened()
    qtbot.waitUntil(lambda: backup_state(window) == "上次备份：今天 10:32")
    assert made(desk) == ["自动备份_2026-10-20_103200.zip"]


def test_the_second_opening_of_a_day_makes_none(
    opened: Callable[[], MainWindow], desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup.back_up_by_itself(desk)
    monkeypatch.setattr(backup, "back_up_by_itself", lambda _: pytest.fail("made another"))
    window = opened()
    assert backup_state(window) == "上次备份：今天 10:32"
    qtbot.wait(50)  # nothing to wait for: nothing shall happen
    assert len(made(desk)) == 1
    window.before_closing = None


def test_a_failed_closing_is_made_good_at_the_next_opening(
    opened: Callable[[], MainWindow], desk: Desk, qtbot: QtBot
) -> None:
    backup.back_up_by_itself(desk)
    desk.clock = lambda: NOW + timedelta(minutes=5)
    first = opened()  # its timer fires in the event loop only
    first.settings.setValue(PROBLEM, True)
    qtbot.waitUntil(lambda: not first.settings.contains(PROBLEM))
    assert made(desk) == ["自动备份_2026-10-20_103700.zip"]


def test_a_failure_at_opening_is_told_in_the_status_bar(
    opened: Callable[[], MainWindow], desk: Desk, qtbot: QtBot
) -> None:
    (desk.folder / "备份").write_text("挡路的文件", encoding="utf-8")
    window = opened()
    qtbot.waitUntil(lambda: backup_state(window) == "自动备份失败")
    assert "自动备份失败：不能写入" in window.statusBar().currentMessage()
    label = window.findChild(QLabel, "status_backup")
    assert label is not None
    assert "不能写入" in label.toolTip()


@pytest.mark.parametrize("error", [CannotWrite("磁盘已满。"), ValueError("a bug")])
def test_a_failure_at_closing_does_not_keep_the_window(
    looked_after: MainWindow,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
) -> None:
    def fail(_desk: Desk) -> None:
        raise error

    monkeypatch.setattr(backup, "back_up_by_itself", fail)
    close(qtbot, looked_after)
    assert looked_after.settings.contains(PROBLEM)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """A backup that takes until the gate is opened."""
    opened = threading.Event()
    real = backup.back_up_by_itself

    def slow(desk: Desk) -> Any:
        opened.wait(20)
        return real(desk)

    monkeypatch.setattr(backup, "back_up_by_itself", slow)
    monkeypatch.setattr(backups, "STRIP_AFTER", 50)
    return opened


def test_a_slow_backup_says_what_the_window_waits_for(
    looked_after: MainWindow, qtbot: QtBot, gate: threading.Event, desk: Desk
) -> None:
    looked_after.close()
    assert looked_after.isVisible()
    qtbot.waitUntil(lambda: looked_after.findChild(QWidget, "closing_strip") is not None)
    strip = looked_after.findChild(QWidget, "closing_strip")
    assert strip is not None
    qtbot.waitUntil(strip.isVisible)
    with qtbot.waitSignal(looked_after.closed):
        gate.set()
    assert len(made(desk)) == 1


def test_whoever_does_not_want_to_wait_sends_the_window_away(
    looked_after: MainWindow, qtbot: QtBot, gate: threading.Event, desk: Desk
) -> None:
    looked_after.close()
    qtbot.waitUntil(lambda: looked_after.findChild(QToolButton, "closing_hide") is not None)
    button = looked_after.findChild(QToolButton, "closing_hide")
    assert button is not None
    qtbot.waitUntil(button.isVisible)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert not looked_after.isVisible()
    with qtbot.waitSignal(looked_after.closed):
        gate.set()
    assert len(made(desk)) == 1


def test_a_backup_that_never_ends_is_left_behind(
    looked_after: MainWindow,
    qtbot: QtBot,
    gate: threading.Event,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(backups, "LONGEST", 100)
    close(qtbot, looked_after)
    from rongchang_desk.ui.jobs import Jobs

    jobs = looked_after.findChild(Jobs)
    assert jobs is not None
    gate.set()
    qtbot.waitUntil(lambda: not jobs.is_busy())  # so that the thread ends within this test


def test_logging_off_waits_for_no_backup(
    looked_after: MainWindow, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QGuiApplication, "isSavingSession", lambda _: True)
    looked_after.close()
    assert not looked_after.isVisible()
    assert made(desk) == []
