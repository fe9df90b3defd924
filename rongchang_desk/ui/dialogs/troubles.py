"""The pasted rows that could not be taken, with the reason of each."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from rongchang_desk.app.paste import Trouble
from rongchang_desk.ui import theme
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.tables import Align, Column, Table

COLUMNS = (
    Column("行", lambda trouble: trouble.row or None, align=Align.CENTER, width=56),
    Column("栏目", lambda trouble: trouble.field, width=140),
    Column("原因", lambda trouble: trouble.reason, stretch=True, tip=lambda t: t.reason),
)


def show_troubles(parent: QWidget, troubles: Sequence[Trouble], *, taken: int) -> QDialog:
    """Say which rows were not taken; returns at once, the dialog stays open by itself."""
    look = theme.current()
    dialog = named(QDialog(parent), "troubles")
    dialog.setWindowTitle("粘贴结果")
    rows = len({trouble.row for trouble in troubles})
    words = QLabel(
        f"有 {rows} 行没有粘贴，其余 {taken} 行已保存。"
        "请在原表中改正这几行后再次粘贴，已粘贴的行不会重复。"
    )
    words.setWordWrap(True)
    table = Table(COLUMNS, name="troubles_table", accessible="没有粘贴的行", empty="")
    table.set_rows(troubles)
    close = named(QPushButton("知道了(&O)"), "troubles_ok")
    close.clicked.connect(dialog.accept)
    buttons = QHBoxLayout()
    buttons.addStretch()
    buttons.addWidget(close)
    column = QVBoxLayout(dialog)
    column.setContentsMargins(20, 18, 20, 16)
    column.setSpacing(12)
    column.addWidget(words)
    column.addWidget(table, 1)
    column.addLayout(buttons)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.resize(look.px(640), look.px(360))
    dialog.open()
    return dialog
