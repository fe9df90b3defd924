"""Asks for the numbers the plan does not give, and has them set."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from rongchang_desk.app import parameters
from rongchang_desk.app.desk import Desk
from rongchang_desk.errors import DeskError
from rongchang_desk.ui import theme
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.theme import Tone
from rongchang_desk.ui.tone_label import ToneLabel


def ask_parameters(parent: QWidget, desk: Desk, done: Callable[[], None]) -> QDialog:
    """Show the parameters for editing; returns at once, `done` follows when they were set."""
    now = parameters.parameters(desk)
    dialog = named(QDialog(parent), "parameters_dialog")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle("参数")
    words = QLabel(
        "方案没有规定以下数字，暂按此提示，待领导小组办公室确认。可以修改，不影响已作的认定。"
    )
    words.setWordWrap(True)
    near = _spin("near_due", now.near_due, 60)
    days = _spin("answer_days", now.answer_days, 365)
    venues = named(QPlainTextEdit(now.venue_lines), "venue_lines")
    venues.setTabChangesFocus(True)
    venues.setMinimumHeight(theme.current().px(150))
    problem = named(ToneLabel(), "parameters_problem")
    form = QFormLayout()
    form.setVerticalSpacing(10)
    form.addRow("期限前几天算临近到期(&N)", near)
    form.addRow("协调事项几天内答复(&D)", days)
    form.addRow("场地最多人数(&V)", venues)
    keep = named(QPushButton("保存(&S)"), "parameters_accept")
    keep.setProperty("primary", True)
    keep.setDefault(True)
    leave = named(QPushButton("取消(&C)"), "parameters_cancel")
    leave.clicked.connect(dialog.reject)

    def save() -> None:
        try:
            parameters.set_parameters(desk, near.value(), days.value(), venues.toPlainText())
        except DeskError as error:
            problem.say(f"{error.message}\n{error.hint}".strip(), Tone.BAD)
            return
        dialog.accept()
        done()

    keep.clicked.connect(save)
    buttons = QHBoxLayout()
    buttons.addStretch()
    buttons.addWidget(leave)
    buttons.addWidget(keep)
    column = QVBoxLayout(dialog)
    column.setContentsMargins(20, 18, 20, 16)
    column.setSpacing(12)
    column.addWidget(words)
    column.addLayout(form)
    column.addWidget(problem)
    column.addLayout(buttons)
    dialog.setMinimumWidth(theme.current().px(480))
    dialog.open()
    return dialog


def _spin(name: str, value: int, most: int) -> QSpinBox:
    box = named(QSpinBox(), name)
    box.setRange(1, most)
    box.setValue(value)
    box.setSuffix(" 天")
    return box
