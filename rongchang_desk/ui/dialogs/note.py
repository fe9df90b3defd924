"""A small dialog of fields that must all be filled in, kept at once when its button is pressed.

It stays open until the page accepts what was typed, so that a refusal loses nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from rongchang_desk.errors import DeskError
from rongchang_desk.ui.dialogs.fields import FieldsDialog


class NoteDialog(FieldsDialog):
    """`ask` says what the button does; a DeskError that it raises is shown here."""

    def __init__(self, parent: QWidget, title: str, what: str, accept: str) -> None:
        super().__init__(parent.window(), "note", title, what, accept, width=460)
        self._done: Callable[[], object] = lambda: None

    def ask(self, done: Callable[[], object]) -> None:
        """Open; `done()` is called when the button is pressed, and closes unless it raises."""
        self._done = done
        self._enable()
        self._fit()
        self.open()
        if self._fields:
            self._fields[0].setFocus()

    def _pressed(self) -> None:
        try:
            self._done()
        except DeskError as error:
            self.show_problem(error)
            return
        self.accept()
