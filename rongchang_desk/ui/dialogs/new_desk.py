"""What the dialogs that make a new desk share: rows, a banner, the work and its cancelling.

A dialog stays open until its desk stands or the person gives up; while the work goes on, its
fields are locked and Esc cancels the work first.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from rongchang_desk.app.running import Running
from rongchang_desk.errors import DeskError
from rongchang_desk.ui import theme
from rongchang_desk.ui.job_strip import JobStrip
from rongchang_desk.ui.jobs import Jobs
from rongchang_desk.ui.messages import Banner
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.theme import Tone

_leaving: set[NewDeskDialog] = set()  # closed, but some quiet work still has to end


class NewDeskDialog(QDialog):
    """Subclasses add rows, and start `run_work` in `begin`."""

    drops = ""  # the suffix of files that may be dropped anywhere on the dialog

    def __init__(
        self, title: str, advice: str, made: Callable[[Path], None], parent: QWidget | None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAcceptDrops(True)
        self._made = made
        self.jobs = Jobs(None, self._present, self)
        heading = QLabel(title)
        heading.setProperty("role", "heading")
        words = QLabel(advice)
        words.setWordWrap(True)
        words.setProperty("role", "muted")
        self.banner = Banner()
        self._form = QWidget()
        self._grid = QGridLayout(self._form)
        self._grid.setContentsMargins(0, 4, 0, 4)
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(10)
        self._grid.setColumnStretch(1, 1)
        self._strip = JobStrip(self.jobs)
        self.jobs.changed.connect(self._jobs_changed)
        self._give_up = named(QPushButton("取消(&C)"), "new_desk_cancel")
        self._give_up.setAutoDefault(False)
        self._give_up.clicked.connect(self.reject)
        self._go = named(QPushButton("建立工作台(&O)"), "new_desk_accept")
        self._go.setProperty("primary", True)
        self._go.clicked.connect(self._go_clicked)
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(self._give_up)
        buttons.addWidget(self._go)
        asking = QWidget()
        column = QVBoxLayout(asking)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        for widget in (heading, words, self.banner, self._form):
            column.addWidget(widget)
        column.addStretch()
        column.addWidget(self._strip)
        column.addLayout(buttons)
        self.pages = QStackedWidget()
        self.pages.addWidget(asking)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(22, 20, 22, 18)
        whole.addWidget(self.pages)
        self._go.setDefault(True)  # only now does the button know its dialog
        self.setMinimumWidth(theme.current().px(620))

    def fit(self) -> None:
        """Take the height that what is shown now wants."""
        QTimer.singleShot(0, self, self._fit)

    def add_row(self, label: str, widget: QWidget, buddy: QWidget | None = None) -> None:
        """A labelled row; `label` carries the mnemonic that leads to `buddy`."""
        row = self._grid.rowCount()
        top = Qt.AlignmentFlag.AlignTop
        if label:
            text = QLabel(label)
            text.setMinimumHeight(theme.current().px(34))
            text.setBuddy(buddy or widget)
            self._grid.addWidget(text, row, 0, top)
        self._grid.addWidget(widget, row, 1, top)
        for field in widget.findChildren(QLineEdit) or [widget]:
            field.setAcceptDrops(
                False
            )  # a dropped file is for the dialog, not its path for a field

    def begin(self) -> None:
        """The person wants the desk: check the answers and start the work."""
        raise NotImplementedError

    def dropped(self, path: Path) -> None:
        """A file with the suffix `drops` was dropped."""

    def forget(self) -> None:
        """Take typed passphrases away; called when the dialog is over."""

    def complain(self, field: QWidget, text: str, hint: str = "") -> None:
        """Say what is wrong with one field and lead there."""
        self.banner.show_message(text, hint, Tone.BAD)
        # Later: while the work is ending, the fields are still locked.
        QTimer.singleShot(0, field, field.setFocus)
        if isinstance(field, QLineEdit):
            field.selectAll()
            mark_wrong(field, True)

    def run_work(
        self,
        work: Callable[[Running], Any],
        done: Callable[[Any], None],
        failed: Callable[[DeskError], bool],
    ) -> None:
        """Do the work beside the dialog; `failed` returns True when it told the person."""

        def handled(error: Exception) -> bool:
            if isinstance(error, DeskError) and not failed(error):
                self.banner.show_error(error)
            return isinstance(error, DeskError)

        self.banner.hide()
        self.jobs.run(
            "正在建立工作台",
            lambda _desk, running: work(running),
            done,
            failed=handled,
            cancelled=lambda: self.banner.show_message("已取消，没有留下任何文件。"),
        )

    def finish(self, folder: Path) -> None:
        """Close, and hand the new desk's folder on."""
        self.accept()
        self._made(folder)

    def reject(self) -> None:
        job = self.jobs.shown()
        if job is None:
            super().reject()
        else:
            job.cancel()
            self._strip.look()

    def done(self, result: int) -> None:
        self.forget()
        super().done(result)
        if self.jobs.is_busy():
            # Not before the last look at a slow folder has ended, even when the window goes.
            _leaving.add(self)
            self.setParent(None)
            self.jobs.all_ended.connect(self._left)
        else:
            self.deleteLater()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._dropped(event.mimeData()) and self.jobs.shown() is None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = self._dropped(event.mimeData())
        if path:
            event.acceptProposedAction()
            self.dropped(path)

    def _dropped(self, data: QMimeData) -> Path | None:
        paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
        return next((path for path in paths if path.suffix.lower() == self.drops), None)

    def _go_clicked(self) -> None:
        if self.jobs.shown() is None:
            self.begin()

    def _jobs_changed(self) -> None:
        is_free = self.jobs.shown() is None
        self._form.setEnabled(is_free)
        self._go.setEnabled(is_free)
        self._give_up.setEnabled(is_free)

    def _fit(self) -> None:
        layout = self.layout()
        if layout:
            layout.activate()
            # adjustSize would stop at two thirds of the screen.
            wrapped = layout.totalHeightForWidth(self.width())
            self.resize(self.width(), max(wrapped, layout.totalMinimumSize().height()))

    def _left(self) -> None:
        _leaving.discard(self)
        self.deleteLater()

    def _present(self, error: Exception) -> None:
        raise error  # a bug: to the hook that shows the crash dialog


def mark_wrong(field: QLineEdit, is_wrong: bool) -> None:
    """Paint a field red, or as usual again."""
    if bool(field.property("wrong")) != is_wrong:
        field.setProperty("wrong", is_wrong)
        field.style().unpolish(field)
        field.style().polish(field)


def colour_note(label: QLabel, text: str, tone: Tone) -> None:
    """A short note below a field, in a tone's colour; an empty text hides it."""
    label.setText(text)
    label.setStyleSheet(f"color: {theme.current().palette.ink(tone).name()};")
    label.setVisible(bool(text))


def new_note(name: str) -> QLabel:
    """A hidden note for `colour_note`."""
    label = named(QLabel(), name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("role", "muted")
    label.setWordWrap(True)
    label.hide()
    return label
