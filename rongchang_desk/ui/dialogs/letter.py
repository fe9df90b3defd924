"""Asks what a letter 来往件 says and for the passphrase that signs it, if it is signed at all.

The dialog stays open until the letter is written, so that nothing typed is lost by a wrong
passphrase or another refusal. It signs and keeps nothing itself.
"""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from rongchang_desk.errors import DeskError, WrongPassphrase
from rongchang_desk.ui.dialogs.fields import FieldsDialog, captioned_grid, is_empty
from rongchang_desk.ui.naming import named


class LetterDialog(FieldsDialog):
    """Fields put in by the page, then the passphrase; `wanted` says it is to be written."""

    wanted = Signal(str)  # the passphrase, as typed; empty when nothing is signed

    def __init__(
        self, parent: QWidget, title: str, what: str, accept: str, *, advice: str = "",
        signed: bool = True,
    ) -> None:  # fmt: skip
        super().__init__(parent, "letter", title, what, accept, width=520)
        self._is_signed = signed
        self._busy = False
        self._passphrase = named(QLineEdit(), "letter_passphrase", "签名口令")
        self._passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self._passphrase.setPlaceholderText("签名口令")
        self._passphrase.textChanged.connect(self._enable)
        self._secret = captioned_grid()
        self._column.insertLayout(self._column.indexOf(self._problem), self._secret)
        self._put_secret_in()
        if advice:
            further = named(QLabel(advice), "letter_advice")
            further.setProperty("role", "muted")
            further.setWordWrap(True)
            self._column.insertWidget(self._column.indexOf(self._problem) + 1, further)
        self._column.insertSpacing(self._column.count() - 1, 4)

    def _put_secret_in(self) -> None:
        caption = QLabel("口令(&P)")
        caption.setBuddy(self._passphrase)
        self._captions += [caption] if self._is_signed else []
        for column, widget in enumerate((caption, self._passphrase)):
            widget.setVisible(self._is_signed)
            self._secret.addWidget(widget, 0, column)

    def show_it(self) -> None:
        """Open, with the keyboard in the first field that is empty."""
        width = max((label.sizeHint().width() for label in self._captions), default=0)
        self._grid.setColumnMinimumWidth(0, width)
        self._secret.setColumnMinimumWidth(0, width)
        # The passphrase was made first: it comes after the fields in the tab order.
        for before, after in pairwise([*self._fields, self._passphrase, self._stay, self._go]):
            QWidget.setTabOrder(before, after)
        self._enable()
        self._fit()
        self.open()
        last = self._passphrase if self._is_signed else self._go
        next((field for field in self._fields if is_empty(field)), last).setFocus()

    # What comes of it

    def show_problem(self, error: DeskError) -> None:
        """It was refused: say why, keep everything but the passphrase."""
        self._set_busy(is_busy=False)
        super().show_problem(error)
        if isinstance(error, WrongPassphrase):
            self._passphrase.clear()
            self._passphrase.setFocus()

    def set_idle(self) -> None:
        """The work ended without a letter and without a refusal."""
        self._set_busy(is_busy=False)

    def reject(self) -> None:
        if not self._busy:  # it may be on its way already
            super().reject()

    def _pressed(self) -> None:
        self._problem.say("")
        self._set_busy(is_busy=True)
        self.wanted.emit(self._passphrase.text())

    def _set_busy(self, *, is_busy: bool) -> None:
        self._busy = is_busy
        self._stay.setEnabled(not is_busy)
        self._enable()

    def _is_ready(self) -> bool:
        has_secret = bool(self._passphrase.text()) or not self._is_signed
        return has_secret and not self._busy
