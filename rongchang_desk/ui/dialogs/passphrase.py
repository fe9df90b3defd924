"""Asks for the passphrase of the desk's key. It is handed on and kept nowhere."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from rongchang_desk.ui import theme
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.theme import Tone
from rongchang_desk.ui.tone_label import ToneLabel


def ask_passphrase(
    parent: QWidget,
    what: str,
    accept: str,
    given: Callable[[str], None],
    *,
    problem: str = "",
) -> QDialog:
    """Ask for the passphrase; `given(passphrase)` is called unless the person cancels.

    `what` says what it is needed for, `accept` names the button, `problem` why it is asked
    again. Returns at once, the dialog stays open by itself.
    """
    dialog = named(QDialog(parent), "passphrase_dialog")
    dialog.setWindowTitle("输入签名口令")
    words = QLabel(what)
    words.setWordWrap(True)
    line = named(QLineEdit(), "passphrase", "签名口令")
    line.setEchoMode(QLineEdit.EchoMode.Password)
    line.setPlaceholderText("签名口令")
    show = named(QCheckBox("显示口令(&V)"), "passphrase_show")
    show.toggled.connect(
        lambda is_on: line.setEchoMode(
            QLineEdit.EchoMode.Normal if is_on else QLineEdit.EchoMode.Password
        )
    )
    reason = named(ToneLabel(), "passphrase_problem")
    advice = QLabel("口令只用于这一次签名，不会保存。忘记口令请联系领导小组办公室换发密钥。")
    advice.setProperty("role", "muted")
    advice.setWordWrap(True)
    go = named(QPushButton(accept), "passphrase_accept")
    go.setProperty("primary", True)
    go.setDefault(True)
    go.setEnabled(False)
    line.textChanged.connect(lambda text: go.setEnabled(bool(text)))
    stay = named(QPushButton("取消(&C)"), "passphrase_cancel")
    stay.setAutoDefault(False)

    def accepted() -> None:
        passphrase = line.text()
        line.clear()
        dialog.accept()
        given(passphrase)

    go.clicked.connect(accepted)
    stay.clicked.connect(dialog.reject)
    buttons = QHBoxLayout()
    buttons.addStretch()
    buttons.addWidget(stay)
    buttons.addWidget(go)
    column = QVBoxLayout(dialog)
    column.setContentsMargins(20, 18, 20, 16)
    column.setSpacing(10)
    for widget in (words, line, reason, show, advice):
        column.addWidget(widget)
    column.addSpacing(6)
    column.addLayout(buttons)
    reason.say(problem, Tone.BAD)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setMinimumWidth(theme.current().px(420))
    dialog.open()
    line.setFocus()
    return dialog
