"""Completing a line by what its text contains or by pinyin initials: `cysz` offers 昌元…."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QCompleter

from rongchang_desk.app.initials import initials_at_hand

FOUND_BY = int(Qt.ItemDataRole.UserRole)


class _Names(QAbstractListModel):
    """Names with what each is found by, looked up when it is asked for."""

    def __init__(self, names: Sequence[str], parent: QObject) -> None:
        super().__init__(parent)
        self._names = tuple(names)

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._names)

    def data(
        self,
        index: QModelIndex | QPersistentModelIndex,
        role: int = int(Qt.ItemDataRole.DisplayRole),
    ) -> str | None:
        name = self._names[index.row()]
        if role == FOUND_BY:
            return f"{name}\n{initials_at_hand(name)}"
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return name
        return None


class NameCompleter(QCompleter):
    """Offers the names that fit; with a `mark` it completes the last of several parts."""

    def __init__(self, names: Sequence[str], parent: QObject, mark: str = "") -> None:
        super().__init__(parent)
        self._mark = mark
        self._before = ""  # the parts that stand before the one being typed
        self.setModel(_Names(names, self))
        self.setCompletionRole(FOUND_BY)
        self.setFilterMode(Qt.MatchFlag.MatchContains)
        self.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)

    def splitPath(self, path: str) -> list[str]:
        """Qt asks what to look for in the line's text."""
        if not self._mark:
            return [path]
        before, mark, last = path.rpartition(self._mark)
        self._before = before + mark
        return [last.strip()]

    def pathFromIndex(self, index: QModelIndex | QPersistentModelIndex) -> str:
        """Qt asks what a chosen name makes of the line's text."""
        name: str = index.data(Qt.ItemDataRole.DisplayRole)
        return self._before + name
