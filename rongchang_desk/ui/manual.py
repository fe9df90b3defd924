"""The manual's pages (`resources/manual/<topic>.md`) in a window of their own."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl
from PySide6.QtWidgets import QDialog, QTextBrowser, QVBoxLayout, QWidget

from rongchang_desk import assets
from rongchang_desk.ui.naming import named


def show_manual(parent: QWidget, topic: str) -> bool:
    """Open one manual page beside the window; False when there is no such page."""
    path = assets.resource("manual", f"{topic}.md")
    if not path.is_file():
        return False
    dialog = QDialog(parent)
    dialog.setObjectName("manual")
    dialog.setWindowTitle("使用手册")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.resize(760, 620)
    text = named(QTextBrowser(), "manual_text")
    text.setAccessibleName("使用手册")
    text.setSearchPaths([str(path.parent)])
    text.setOpenExternalLinks(False)
    text.setSource(QUrl(path.name))
    column = QVBoxLayout(dialog)
    column.addWidget(text)
    dialog.show()
    return True
