"""The office's passphrase dialog."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QDialog, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from rongchang_desk.ui.dialogs.office_passphrase import PassphraseDialog, ask_passphrase
from tests.ui.office.driving import escape, type_passphrase, when_asked


@pytest.fixture
def dialog(qtbot: QtBot) -> PassphraseDialog:
    made = PassphraseDialog("生成汇总报告", "请输入口令。", "口令不对。")
    qtbot.addWidget(made)
    made.show()
    return made


def field(dialog: QDialog) -> QLineEdit:
    found = dialog.findChild(QLineEdit, "passphrase_field")
    assert found is not None
    return found


def test_what_is_typed_comes_back_as_it_is() -> None:
    when_asked(type_passphrase(" 四个 词 的口令 "))
    assert ask_passphrase(None, "签名", "请输入口令。") == " 四个 词 的口令 "


def test_esc_gives_nothing() -> None:
    when_asked(escape)
    assert ask_passphrase(None, "签名", "请输入口令。") is None


def test_an_empty_passphrase_cannot_be_given(dialog: PassphraseDialog) -> None:
    go = dialog.findChild(QPushButton, "passphrase_accept")
    assert go is not None
    assert not go.isEnabled()
    QTest.keyClick(field(dialog), Qt.Key.Key_Return)
    assert dialog.isVisible()
    QTest.keyClicks(field(dialog), "x")
    assert go.isEnabled()


def test_the_text_is_hidden_until_asked_for(dialog: PassphraseDialog) -> None:
    assert field(dialog).echoMode() == QLineEdit.EchoMode.Password
    box = dialog.findChild(QCheckBox, "passphrase_shown")
    assert box is not None
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Space)
    assert field(dialog).echoMode() == QLineEdit.EchoMode.Normal


def test_the_problem_stands_until_something_is_typed(dialog: PassphraseDialog) -> None:
    problem = dialog.findChild(QLabel, "passphrase_problem")
    assert problem is not None
    assert problem.text() == "口令不对。"
    assert problem.isVisible()
    QTest.keyClicks(field(dialog), "x")
    assert not problem.isVisible()


def test_nothing_typed_remains_in_the_dialog(dialog: PassphraseDialog) -> None:
    QTest.keyClicks(field(dialog), "secret")
    dialog.forget()
    assert field(dialog).text() == ""
