"""Reason, name and the buttons with which a case is settled."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from rongchang_desk.ui import theme
from rongchang_desk.ui.naming import named


class Verb(NamedTuple):
    """One thing that may be done: its button's name, text and letter, and on which tabs."""

    name: str
    text: str
    key: str
    tabs: frozenset[int]
    primary: bool = False


class SettleForm(QFrame):
    """A card below the lists; `do(name)` is called for the verb whose button is pressed."""

    def __init__(self, verbs: Iterable[Verb], do: Callable[[str], object], by: str) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._verbs = tuple(verbs)
        self.why = named(QLineEdit(), "settle_reason", "认定理由")
        self.why.setPlaceholderText("例如：双方电话核实为同一场培训")
        self.who = named(QLineEdit(by), "settle_by", "认定人")
        self.who.setPlaceholderText("姓名")
        for field in (self.why, self.who):
            field.textEdited.connect(lambda _, f=field: _mark(f, False))
        why, who = QLabel("理由(&R)"), QLabel("认定人(&P)")
        why.setBuddy(self.why)
        who.setBuddy(self.who)
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setContentsMargins(0, 0, 0, 0)
        for column, widget in enumerate((why, self.why, who, self.who)):
            grid.addWidget(widget, 0, column)
        grid.setColumnStretch(1, 4)
        grid.setColumnStretch(3, 1)
        self._fields = QWidget()
        self._fields.setLayout(grid)
        self._buttons: dict[str, QPushButton] = {}
        for verb in self._verbs:
            button = named(QPushButton(f"{verb.text}(&{verb.key})"), verb.name)
            button.setProperty("primary", verb.primary)
            button.clicked.connect(lambda _=False, name=verb.name: do(name))
            self._buttons[verb.name] = button
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._row.addStretch(1)
        for primary in (False, True):
            line = QHBoxLayout()
            line.addStretch()
            for verb in self._verbs:
                if verb.primary is primary:
                    line.addWidget(self._buttons[verb.name])
            self._row.addLayout(line)
        column_box = QVBoxLayout(self)
        column_box.setContentsMargins(14, 12, 14, 12)
        column_box.setSpacing(10)
        column_box.addWidget(self._fields)
        column_box.addLayout(self._row)

    def show_tab(self, tab: int, *, enabled: bool, with_fields: bool) -> None:
        """Offer what may be done on a tab."""
        self._fields.setVisible(with_fields)
        for verb in self._verbs:
            self._buttons[verb.name].setVisible(tab in verb.tabs)
            self._buttons[verb.name].setEnabled(enabled)

    def lay_out(self, width: int) -> None:
        """The buttons in one line where there is room, else in two."""
        roomy = width >= theme.current().px(520)
        way = QBoxLayout.Direction
        self._row.setDirection(way.LeftToRight if roomy else way.TopToBottom)

    def missing(self) -> str:
        """The first thing that is not filled in, which is marked and focused; empty when none."""
        for field, words in ((self.who, "认定人"), (self.why, "认定理由")):
            is_missing = not field.text().strip()
            _mark(field, is_missing)
            if is_missing:
                field.setFocus()
                return words
        return ""


def _mark(field: QLineEdit, wrong: bool) -> None:
    field.setProperty("wrong", wrong)
    field.style().unpolish(field)
    field.style().polish(field)
