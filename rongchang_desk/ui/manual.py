"""The manual's pages (`resources/manual/<topic>.md`) in a window of their own."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QFont, QTextBlockFormat, QTextCursor, QTextFormat
from PySide6.QtWidgets import QDialog, QTextBrowser, QVBoxLayout, QWidget

from rongchang_desk import assets
from rongchang_desk.ui import theme
from rongchang_desk.ui.naming import named

HEADINGS = {1: 20, 2: 16}  # level -> size in pixels at 100 %; what Qt makes of them is huge
LINE_HEIGHT = 120  # per cent: Chinese wants air between its lines


def show_manual(parent: QWidget, topic: str) -> bool:
    """Open one manual page beside the window; False when there is no such page."""
    path = assets.resource("manual", f"{topic}.md")
    if not path.is_file():
        return False
    look = theme.current()
    dialog = QDialog(parent)
    dialog.setObjectName("manual")
    dialog.setWindowTitle("使用手册")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    room = parent.window().size()
    dialog.resize(look.px(720), min(look.px(600), max(room.height(), 480)))
    text = named(QTextBrowser(), "manual_text")
    text.setAccessibleName("使用手册")
    text.setSearchPaths([str(path.parent)])
    text.setOpenExternalLinks(False)
    text.sourceChanged.connect(lambda _: _set_out(text))
    text.setSource(QUrl(path.name))
    column = QVBoxLayout(dialog)
    column.addWidget(text)
    dialog.show()
    return True


def _set_out(text: QTextBrowser) -> None:
    """Give a page that was just loaded our sizes and distances."""
    look = theme.current()
    document = text.document()
    document.setDocumentMargin(look.px(20))
    block = document.begin()
    while block.isValid():
        cursor = QTextCursor(block)
        shape = QTextBlockFormat()
        shape.setLineHeight(LINE_HEIGHT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        shape.setBottomMargin(look.px(3 if block.textList() else 8))
        level = block.blockFormat().headingLevel()
        if level:
            shape.setTopMargin(look.px(0 if level == 1 else 10))
            cursor.movePosition(
                QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor
            )
            letters = cursor.charFormat()
            letters.clearProperty(QTextFormat.Property.FontSizeAdjustment)  # it would win
            size = look.px(HEADINGS.get(level, 14))
            letters.setProperty(QTextFormat.Property.FontPixelSize, size)
            letters.setFontWeight(QFont.Weight.Bold)
            cursor.setCharFormat(letters)
        cursor.mergeBlockFormat(shape)
        block = block.next()
    text.moveCursor(QTextCursor.MoveOperation.Start)
