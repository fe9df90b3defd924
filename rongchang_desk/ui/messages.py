"""The one place that tells a person about a failure: dialogs, banners and the crash report.

A `DeskError` is shown with its message and hint. Anything else is a bug: the person gets a calm
Chinese dialog and a report to copy that holds versions and code lines, never record contents
(so no exception texts, no values of variables).
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import TracebackType

from PySide6 import QtCore
from PySide6.QtCore import QObject, QTimer, Signal, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from rongchang_desk import __version__
from rongchang_desk.errors import Cancelled, DeskDamaged, DeskError
from rongchang_desk.ui import theme
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.theme import Tone

log = logging.getLogger(__name__)


class Presenter(QObject):
    """Shows every failure of one window, whichever thread it comes from.

    `present(error)` may be called from any thread and never blocks. One crash dialog at a time:
    a bug in a paint event would otherwise open hundreds.
    """

    _arrived = Signal(object)

    def __init__(self, window: QWidget | None = None) -> None:
        super().__init__()
        self.window = window  # what dialogs belong to; changes when another desk is opened
        # Takes care of a damaged store; False when it is not the one it can help with.
        self.mend: Callable[[DeskDamaged], bool] | None = None
        self._crash: CrashDialog | None = None
        # A bound method: Qt brings what another thread emits to the window's thread.
        self._arrived.connect(self._show_soon)

    def present(self, error: BaseException) -> None:
        """Tell the person about an error; a cancellation is no news."""
        if not isinstance(error, Cancelled):
            self._arrived.emit(error)

    def _show_soon(self, error: BaseException) -> None:
        # After what is going on, so that one who calls from the window's thread is not held up.
        QTimer.singleShot(0, self, partial(self._show, error))

    def _show(self, error: BaseException) -> None:
        if isinstance(error, DeskDamaged) and self.mend is not None and self.mend(error):
            return
        if isinstance(error, DeskError):
            tell(self.window, error.message, error.hint, icon=QMessageBox.Icon.Warning)
            return
        report = diagnosis(error)
        log.error("unexpected failure\n%s", report)
        if self._crash is None:
            self._crash = CrashDialog(report, self.window)
            self._crash.finished.connect(self._crash_closed)
            self._crash.open()

    def _crash_closed(self) -> None:
        self._crash = None


def tell(
    parent: QWidget | None,
    text: str,
    hint: str = "",
    *,
    icon: QMessageBox.Icon = QMessageBox.Icon.Information,
) -> QMessageBox:
    """A message with one button; returns at once, the dialog stays open by itself."""
    box = QMessageBox(icon, "荣昌知产强市工作台", text, QMessageBox.StandardButton.NoButton, parent)
    box.setObjectName("message")
    box.setTextFormat(QtCore.Qt.TextFormat.PlainText)
    box.setInformativeText(hint)
    button = box.addButton("知道了(&O)", QMessageBox.ButtonRole.AcceptRole)
    button.setObjectName("message_ok")
    box.setAttribute(QtCore.Qt.WidgetAttribute.WA_DeleteOnClose)
    box.open()
    return box


def ask(
    parent: QWidget | None,
    text: str,
    hint: str,
    accept: str,
    accepted: Callable[[], None],
    *,
    refuse: str = "取消(&C)",
) -> QMessageBox:
    """A question whose safe answer is the default; `accepted` is called for the other one.

    `accept` names what will happen (`删除(&D)`), never just 确定.
    """
    box = QMessageBox(
        QMessageBox.Icon.Question,
        "荣昌知产强市工作台",
        text,
        QMessageBox.StandardButton.NoButton,
        parent,
    )
    box.setObjectName("question")
    box.setTextFormat(QtCore.Qt.TextFormat.PlainText)
    box.setInformativeText(hint)
    go = box.addButton(accept, QMessageBox.ButtonRole.AcceptRole)
    go.setObjectName("question_accept")
    stay = box.addButton(refuse, QMessageBox.ButtonRole.RejectRole)
    stay.setObjectName("question_refuse")
    box.setDefaultButton(stay)
    box.setEscapeButton(stay)
    box.setAttribute(QtCore.Qt.WidgetAttribute.WA_DeleteOnClose)
    go.clicked.connect(accepted)
    box.open()
    return box


class Banner(QFrame):
    """A message inside a page that interrupts nobody; hidden until `show_message`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self.setProperty("role", "banner")
        self._text = named(QLabel(), "banner_text")
        self._text.setTextFormat(QtCore.Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        self._close = named(QToolButton(), "banner_close")
        self._close.setIcon(theme.icon("close"))
        self._close.setAccessibleName("关闭此提示")
        self._close.setToolTip("关闭此提示")
        self._close.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 8, 8)
        row.addWidget(self._text, 1)
        row.addWidget(self._close, 0, QtCore.Qt.AlignmentFlag.AlignTop)
        self.hide()

    def show_message(self, text: str, hint: str = "", tone: Tone = Tone.WARN) -> None:
        """Show a text and what to do next."""
        self._text.setText(f"{text}\n{hint}" if hint else text)
        self.setAccessibleName(text)
        self.setProperty("tone", tone.value)
        self.style().unpolish(self)
        self.style().polish(self)
        self.show()

    def show_error(self, error: DeskError) -> None:
        """Show a failure with its hint."""
        self.show_message(error.message, error.hint, Tone.BAD)


class CrashDialog(QDialog):
    """Says that the program made a mistake, and offers the report for copying."""

    def __init__(self, report: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("crash_dialog")
        self.setWindowTitle("程序出现意外错误")
        self._report = report
        heading = QLabel("程序出现意外错误，刚才的操作没有完成。")
        heading.setProperty("role", "heading")
        advice = QLabel(
            "已经保存的数据不受影响。请复制诊断信息，发给软件维护人员；"
            "如果问题反复出现，请先关闭工作台再重新打开。\n"
            "诊断信息只含软件版本和出错位置，不含任何填报内容。"
        )
        advice.setWordWrap(True)
        details = named(QPlainTextEdit(report, readOnly=True), "crash_report")
        details.setAccessibleName("诊断信息")
        self._copy = named(QPushButton("复制诊断信息(&C)"), "crash_copy")
        self._copy.setProperty("primary", True)
        self._copy.clicked.connect(self._copy_clicked)
        close = named(QPushButton("关闭(&X)"), "crash_close")
        close.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(self._copy)
        buttons.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(12)
        column.addWidget(heading)
        column.addWidget(advice)
        column.addWidget(details)
        column.addLayout(buttons)
        self.setAttribute(QtCore.Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(640, 420)

    def _copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self._report)
        self._copy.setText("已复制")


def diagnosis(error: BaseException) -> str:
    """Versions, the kinds of the errors and the code lines they passed; no contents."""
    import platform
    import traceback

    lines = [
        f"荣昌知产强市工作台 {__version__}",
        f"Python {platform.python_version()}，Qt {qVersion()}，{platform.platform()}",
    ]
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        lines.append("")
        lines.append(f"{type(link).__module__}.{type(link).__qualname__}")
        lines += [
            f"  {_short(frame.filename)}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(link.__traceback__)
        ]
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
    return "\n".join(lines)


def _short(filename: str) -> str:
    """The path from the package on: folder names above it may hold a person's name."""
    parts = Path(filename).parts
    for top in ("rongchang_desk", "site-packages", "python3.11"):
        if top in parts:
            return "/".join(parts[len(parts) - parts[::-1].index(top) - 1 :])
    return parts[-1] if parts else filename


def install_hooks(presenter: Presenter) -> Callable[[], None]:
    """Send what nobody caught, on any thread, to the presenter; returns what undoes it."""
    before = sys.excepthook, threading.excepthook

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt | SystemExit):
            sys.__excepthook__(kind, error, trace)
        else:
            presenter.present(error.with_traceback(trace))

    def thread_hook(arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value and not issubclass(arguments.exc_type, SystemExit):
            presenter.present(arguments.exc_value)

    def undo() -> None:
        sys.excepthook, threading.excepthook = before

    sys.excepthook, threading.excepthook = hook, thread_hook
    return undo
