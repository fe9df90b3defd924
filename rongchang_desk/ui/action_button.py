"""A button that shows what an action is at the moment."""

from __future__ import annotations

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QPushButton, QWidget


class ActionButton(QPushButton):
    """A push button that follows an action: text, tip, enabled, visible, primary."""

    def __init__(self, action: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._action = action
        self.setObjectName(action.objectName())
        self.setProperty("primary", bool(action.property("primary")))
        self.follow()
        # A bound method: Qt drops the connection when the button goes.
        action.changed.connect(self.follow)
        self.clicked.connect(action.trigger)

    def let_go(self) -> None:
        """Follow the action no longer, and go: a change of it would show the button again."""
        self._action.changed.disconnect(self.follow)
        self.hide()
        self.deleteLater()

    def follow(self) -> None:
        """Look like the action does now."""
        self.setText(self._action.text())
        self.setToolTip(self._action.toolTip())
        self.setAccessibleName(self._action.text().split("(")[0])
        self.setEnabled(self._action.isEnabled())
        self.setVisible(self._action.isVisible())
