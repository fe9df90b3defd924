"""What people are told when something fails."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from rongchang_desk.errors import Cancelled, DeskError
from rongchang_desk.ui import messages
from rongchang_desk.ui.messages import (
    Banner,
    CrashDialog,
    Presenter,
    ask,
    diagnosis,
    install_hooks,
    tell,
)

SECRET = "张三的身份证号"


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    return widget


@pytest.fixture
def presenter(parent: QWidget) -> Iterator[Presenter]:
    made = Presenter(parent)
    yield made
    for kind in (QMessageBox, CrashDialog):
        for dialog in parent.findChildren(kind):
            dialog.close()


def bug() -> Exception:
    secret = SECRET
    try:
        int(secret)
    except ValueError as error:
        return error
    raise AssertionError


def test_a_desk_error_is_shown_with_its_hint(
    presenter: Presenter, parent: QWidget, qtbot: QtBot
) -> None:
    presenter.present(DeskError("磁盘已满。", "请清理后重试。"))
    qtbot.waitUntil(lambda: parent.findChild(QMessageBox) is not None)
    box = parent.findChild(QMessageBox)
    assert (box.text(), box.informativeText()) == ("磁盘已满。", "请清理后重试。")


def test_a_cancellation_shows_nothing(presenter: Presenter, parent: QWidget) -> None:
    presenter.present(Cancelled())
    QApplication.processEvents()
    assert parent.findChild(QMessageBox) is None


def test_bugs_open_one_crash_dialog_however_many_there_are(
    presenter: Presenter, parent: QWidget, qtbot: QtBot
) -> None:
    for _ in range(3):
        presenter.present(bug())
    qtbot.waitUntil(lambda: parent.findChild(CrashDialog) is not None)
    QApplication.processEvents()
    assert len(parent.findChildren(CrashDialog)) == 1


def test_the_report_names_the_place_but_holds_no_contents() -> None:
    report = diagnosis(bug())
    assert "builtins.ValueError" in report
    assert "test_messages.py" in report
    assert SECRET not in report
    assert "invalid literal" not in report


def test_the_report_names_the_cause_too() -> None:
    try:
        try:
            raise KeyError(SECRET)
        except KeyError as cause:
            raise RuntimeError(SECRET) from cause
    except RuntimeError as error:
        report = diagnosis(error)
    assert "builtins.RuntimeError" in report
    assert "builtins.KeyError" in report
    assert SECRET not in report


def test_the_report_can_be_copied(parent: QWidget, qtbot: QtBot) -> None:
    dialog = CrashDialog(diagnosis(bug()), parent)
    dialog.open()
    copy = dialog.findChild(QPushButton, "crash_copy")
    qtbot.mouseClick(copy, Qt.MouseButton.LeftButton)
    assert "builtins.ValueError" in QGuiApplication.clipboard().text()
    assert copy.text() == "已复制"
    dialog.close()


def test_what_nobody_caught_on_another_thread_reaches_the_presenter(
    presenter: Presenter, parent: QWidget, qtbot: QtBot
) -> None:
    before = sys.excepthook, threading.excepthook
    undo = install_hooks(presenter)
    try:
        thread = threading.Thread(target=lambda: int(SECRET))
        thread.start()
        thread.join(5)
        qtbot.waitUntil(lambda: parent.findChild(CrashDialog) is not None)
    finally:
        undo()
    assert (sys.excepthook, threading.excepthook) == before


def test_an_error_told_by_a_worker_thread_is_drawn_on_the_windows_thread(
    presenter: Presenter, parent: QWidget, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn_on: list[threading.Thread] = []

    def keep_tell(*arguments: Any, **named: Any) -> QMessageBox:
        drawn_on.append(threading.current_thread())
        return tell(*arguments, **named)

    monkeypatch.setattr(messages, "tell", keep_tell)
    error = DeskError("U盘已拔出。", "请插好后重试。")
    worker = threading.Thread(target=lambda: presenter.present(error))
    worker.start()
    worker.join(5)
    qtbot.waitUntil(lambda: parent.findChild(QMessageBox) is not None)
    box = parent.findChild(QMessageBox)
    assert (box.text(), box.isVisible()) == ("U盘已拔出。", True)
    assert box.thread() is parent.thread()
    assert drawn_on == [threading.main_thread()]


def test_a_question_does_only_what_was_accepted(parent: QWidget, qtbot: QtBot) -> None:
    done: list[str] = []
    box = ask(parent, "删除这条记录？", "可以从回收站恢复。", "删除(&D)", lambda: done.append("x"))
    assert box.defaultButton().objectName() == "question_refuse"
    qtbot.mouseClick(box.findChild(QPushButton, "question_refuse"), Qt.MouseButton.LeftButton)
    assert done == []
    box = ask(parent, "删除这条记录？", "可以从回收站恢复。", "删除(&D)", lambda: done.append("x"))
    qtbot.mouseClick(box.findChild(QPushButton, "question_accept"), Qt.MouseButton.LeftButton)
    assert done == ["x"]


def test_a_banner_shows_an_error_until_it_is_closed(parent: QWidget, qtbot: QtBot) -> None:
    banner = Banner(parent)
    assert not banner.isVisible()
    banner.show_error(DeskError("文件被占用。", "请关闭后重试。"))
    assert banner.isVisible()
    assert banner.findChild(QLabel, "banner_text").text() == "文件被占用。\n请关闭后重试。"
    qtbot.mouseClick(banner.findChild(QWidget, "banner_close"), Qt.MouseButton.LeftButton)
    assert not banner.isVisible()
