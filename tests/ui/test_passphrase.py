"""The passphrase dialog of both desks."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QDialog, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from rongchang_desk.ui.dialogs.passphrase import OFFICES_ADVICE, UNITS_ADVICE, ask_passphrase
from rongchang_desk.ui.tone_label import ToneLabel


class Asked:
    """A dialog over a window, and what it has handed on."""

    def __init__(self, parent: QWidget) -> None:
        self.parent = parent
        self.given: list[str] = []
        self.dialog: QDialog = ask_passphrase(
            parent, "请输入口令。", "签名(&S)", self.given.append,
            advice=OFFICES_ADVICE, problem="口令不对。",
        )  # fmt: skip

    def part(self, kind: type[QWidget], name: str) -> QWidget:
        found = self.dialog.findChild(kind, name)
        assert found is not None, name
        return found

    @property
    def line(self) -> QLineEdit:
        line = self.part(QLineEdit, "passphrase")
        assert isinstance(line, QLineEdit)
        return line


@pytest.fixture
def asked(qtbot: QtBot) -> Asked:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    return Asked(window)


def test_what_is_typed_is_handed_on_as_it_is_and_does_not_remain(
    asked: Asked, qtbot: QtBot
) -> None:
    line = asked.line
    line.insert(" 四个 词 的口令 ")
    with qtbot.waitSignal(asked.dialog.accepted):
        QTest.keyClick(line, Qt.Key.Key_Return)
        assert line.text() == ""
    assert asked.given == [" 四个 词 的口令 "]


def test_esc_hands_nothing_on(asked: Asked, qtbot: QtBot) -> None:
    QTest.keyClicks(asked.line, "secret")
    with qtbot.waitSignal(asked.dialog.rejected):
        QTest.keyClick(asked.dialog, Qt.Key.Key_Escape)
    assert asked.given == []


def test_an_empty_passphrase_cannot_be_given(asked: Asked) -> None:
    go = asked.part(QPushButton, "passphrase_accept")
    assert not go.isEnabled()
    QTest.keyClick(asked.line, Qt.Key.Key_Return)
    assert asked.dialog.isVisible()
    assert asked.given == []
    QTest.keyClicks(asked.line, "x")
    assert go.isEnabled()


def test_the_text_is_hidden_until_asked_for(asked: Asked) -> None:
    assert asked.line.echoMode() == QLineEdit.EchoMode.Password
    box = asked.part(QCheckBox, "passphrase_show")
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Space)
    assert asked.line.echoMode() == QLineEdit.EchoMode.Normal


def test_the_problem_stands_until_something_is_typed(asked: Asked) -> None:
    problem = asked.part(ToneLabel, "passphrase_problem")
    assert isinstance(problem, ToneLabel)
    assert problem.said == "口令不对。"
    assert problem.isVisible()
    QTest.keyClicks(asked.line, "x")
    assert not problem.isVisible()


def test_the_office_is_not_sent_to_the_office(asked: Asked) -> None:
    advice = asked.part(QLabel, "passphrase_advice")
    assert isinstance(advice, QLabel)
    assert advice.text() == OFFICES_ADVICE
    assert "联系领导小组办公室" in UNITS_ADVICE
    assert "联系" not in OFFICES_ADVICE
