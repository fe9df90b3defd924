"""Asks for the passphrase of the office's keys. It checks nothing and keeps nothing."""

from __future__ import annotations

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


def ask_passphrase(parent: QWidget | None, title: str, text: str, problem: str = "") -> str | None:
    """The passphrase typed, or None when the person cancels.

    `text` says what it is needed for, `problem` why it is asked again (a wrong passphrase).
    """
    dialog = PassphraseDialog(title, text, problem, parent)
    try:
        return dialog.passphrase() if dialog.exec() == QDialog.DialogCode.Accepted else None
    finally:
        dialog.forget()
        dialog.deleteLater()


class PassphraseDialog(QDialog):
    """One hidden field; Enter accepts, Esc cancels, nothing typed cannot be accepted."""

    def __init__(
        self, title: str, text: str, problem: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("passphrase_dialog")
        self.setWindowTitle(title)
        heading = QLabel(title)
        heading.setProperty("role", "heading")
        advice = named(QLabel(text), "passphrase_text")
        advice.setTextFormat(Qt.TextFormat.PlainText)
        advice.setWordWrap(True)
        label = QLabel("口令(&P)")
        self._field = named(QLineEdit(), "passphrase_field", "口令")
        self._field.setEchoMode(QLineEdit.EchoMode.Password)
        self._field.setProperty("wrong", bool(problem))
        self._field.textChanged.connect(self._typed)
        label.setBuddy(self._field)
        self._problem = named(QLabel(problem), "passphrase_problem")
        self._problem.setTextFormat(Qt.TextFormat.PlainText)
        self._problem.setWordWrap(True)
        self._problem.setStyleSheet(f"color: {theme.current().palette.bad};")
        self._problem.setVisible(bool(problem))
        shown = named(QCheckBox("显示口令(&S)"), "passphrase_shown")
        shown.toggled.connect(self._show_toggled)
        cancel = named(QPushButton("取消(&C)"), "passphrase_cancel")
        cancel.clicked.connect(self.reject)
        self._accept = named(QPushButton("确认口令(&O)"), "passphrase_accept")
        self._accept.setProperty("primary", True)
        self._accept.setDefault(True)
        self._accept.setEnabled(False)
        self._accept.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(cancel)
        buttons.addWidget(self._accept)
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 20, 22, 18)
        column.setSpacing(10)
        for widget in (heading, advice, label, self._field, self._problem, shown):
            column.addWidget(widget)
        column.addSpacing(6)
        column.addLayout(buttons)
        self.setMinimumWidth(theme.current().px(420))
        self._field.setFocus()

    def passphrase(self) -> str:
        """What was typed, as it is: a space may belong to it."""
        return self._field.text()

    def forget(self) -> None:
        """Take the typed text away."""
        self._field.clear()

    def _typed(self, text: str) -> None:
        self._accept.setEnabled(bool(text))
        self._problem.hide()

    def _show_toggled(self, is_shown: bool) -> None:
        mode = QLineEdit.EchoMode.Normal if is_shown else QLineEdit.EchoMode.Password
        self._field.setEchoMode(mode)
