"""Asks for the passphrase of the desk's keys. It checks nothing and keeps nothing."""

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

UNITS_ADVICE = "口令只用于这一次签名，不会保存。忘记口令请联系领导小组办公室换发密钥。"
OFFICES_ADVICE = (
    "由两个人各管一半的，先由第一人、紧接着由第二人输入，中间不加空格。"
    "口令只用于这一次签名，不会保存；忘记后无法找回。"
)


def ask_passphrase(
    parent: QWidget,
    what: str,
    accept: str,
    given: Callable[[str], None],
    *,
    advice: str,
    problem: str = "",
) -> QDialog:
    """Ask for the passphrase; `given(passphrase)` is called unless the person cancels.

    `what` says what it is needed for, `accept` names the button, `advice` what to do without
    it (`UNITS_ADVICE` or `OFFICES_ADVICE`), `problem` why it is asked again. What is typed is
    handed on as it is: a space may belong to it. Returns at once, the dialog stays open by
    itself.
    """
    dialog = named(QDialog(parent), "passphrase_dialog")
    dialog.setWindowTitle("输入签名口令")
    words = named(QLabel(what), "passphrase_text")
    words.setTextFormat(Qt.TextFormat.PlainText)
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
    further = named(QLabel(advice), "passphrase_advice")
    further.setProperty("role", "muted")
    further.setWordWrap(True)
    go = named(QPushButton(accept), "passphrase_accept")
    go.setProperty("primary", True)
    go.setDefault(True)
    go.setEnabled(False)
    line.textChanged.connect(lambda text: go.setEnabled(bool(text)))
    line.textEdited.connect(lambda: reason.say(""))
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
    for widget in (words, line, reason, show, further):
        column.addWidget(widget)
    column.addSpacing(6)
    column.addLayout(buttons)
    reason.say(problem, Tone.BAD)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setMinimumWidth(theme.current().px(420))
    dialog.open()
    line.setFocus()
    return dialog
