"""The bar above the status bar: what is being done, how far, how long still, and cancel."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from rongchang_desk.ui.jobs import Job, Jobs
from rongchang_desk.ui.naming import named

LOOK_EVERY = 100  # ms between two looks at a job's progress
BAR_STEPS = 1000


class JobStrip(QFrame):
    """A bar above the status bar: what is being done, how far, how long still, and cancel."""

    def __init__(self, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("job_strip")
        self.setAccessibleName("正在进行的工作")
        self._jobs = jobs
        self._text = named(QLabel(), "job_text")
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._left = named(QLabel(), "job_time_left")
        self._bar = named(QProgressBar(), "job_bar")
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("进度")
        self._cancel = named(QPushButton(), "job_cancel")
        self._cancel.clicked.connect(self._cancel_clicked)
        words = QVBoxLayout()
        words.setSpacing(7)
        line = QHBoxLayout()
        line.addWidget(self._text, 1)
        line.addWidget(self._left)
        words.addLayout(line)
        words.addWidget(self._bar)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 10, 8)
        row.setSpacing(12)
        row.addLayout(words, 1)
        row.addWidget(self._cancel)
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY)
        self._timer.timeout.connect(self.look)
        jobs.changed.connect(self._jobs_changed)
        self.hide()

    def look(self) -> None:
        """Show where the running job is now."""
        job = self._jobs.shown()
        if job is None:
            return
        progress = job.progress()
        text = strip_text(job, self._jobs.waiting())
        metrics = self._text.fontMetrics()
        room = max(self._text.width(), 100)
        self._text.setText(metrics.elidedText(text, Qt.TextElideMode.ElideRight, room))
        self._text.setToolTip(text)
        left = job.seconds_left()
        self._left.setText("" if left is None else f"剩余约 {duration(left)}")
        if progress.total > 0:
            self._bar.setRange(0, BAR_STEPS)
            self._bar.setValue(BAR_STEPS * progress.done // progress.total)
        else:
            self._bar.setRange(0, 0)
        self._cancel.setEnabled(not job.is_cancelled)
        self._cancel.setText("正在取消…" if job.is_cancelled else job.cancel_text)

    def _jobs_changed(self) -> None:
        busy = self._jobs.shown() is not None
        self.setVisible(busy)
        if busy:
            self.look()
            self._timer.start()
        else:
            self._timer.stop()

    def _cancel_clicked(self) -> None:
        job = self._jobs.shown()
        if job:
            job.cancel()
            self.look()


def strip_text(job: Job, waiting: int) -> str:
    """`正在导入 212 / 300：某文件.pdf`, and how much work waits behind it."""
    progress = job.progress()
    text = job.title
    if progress.total > 0:
        text += f" {progress.done} / {progress.total}"
    if progress.what:
        text += f"：{progress.what}"
    if waiting:
        text += f"　（后面还有 {waiting} 项）"
    return text


def duration(seconds: float) -> str:
    """A length of time in words, never more exact than is known."""
    if seconds < 1:
        return "1 秒"
    if seconds < 60:
        return f"{round(seconds)} 秒"
    if seconds < 3600:
        return f"{round(seconds / 60)} 分钟"
    return f"{seconds / 3600:.1f} 小时"
