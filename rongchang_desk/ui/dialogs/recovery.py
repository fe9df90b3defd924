"""A damaged desk: offers its newest good backup, puts it back, and says what may be lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from rongchang_desk.app import recovery
from rongchang_desk.app.recovery import GoodBackup, Recovered
from rongchang_desk.errors import DeskError
from rongchang_desk.ui import theme
from rongchang_desk.ui.job_strip import JobStrip
from rongchang_desk.ui.jobs import Jobs
from rongchang_desk.ui.messages import Banner
from rongchang_desk.ui.naming import named


class RecoveryDialog(QDialog):
    """Looks for a good backup of a damaged desk as soon as it is shown.

    `make_free(go)` is called when the person accepts, and calls `go()` once nobody has the desk
    open any more. `recovered` carries the desk's folder, after the person has read what is lost.
    """

    recovered = Signal(object)  # Path

    def __init__(
        self,
        folder: Path,
        problem: DeskError,
        present: Callable[[Exception], None],
        parent: QWidget | None = None,
        *,
        make_free: Callable[[Callable[[], None]], None] | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("recovery_dialog")
        self.setWindowTitle("工作台的数据已损坏")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._folder = folder
        self._good: GoodBackup | None = None
        self._stands: Recovered | None = None
        self._make_free = make_free or (lambda go: go())
        self._jobs = Jobs(None, present, self)
        self._heading = named(_words(problem.message), "recovery_heading")
        self._heading.setProperty("role", "heading")
        self._words = named(_words("正在检查这个工作台的备份…"), "recovery_words")
        self._banner = Banner()
        self._restore = named(QPushButton("用最近的完好备份恢复(&R)"), "recovery_restore")
        self._restore.setProperty("primary", True)
        self._restore.setAutoDefault(False)
        self._restore.clicked.connect(self._restore_clicked)
        self._show = named(QPushButton("查看文件夹(&F)"), "recovery_folder")
        self._show.setAutoDefault(False)
        self._show.clicked.connect(self._show_clicked)
        self._leave = named(QPushButton("取消(&C)"), "recovery_cancel")
        self._leave.setDefault(True)
        self._leave.clicked.connect(self.reject)
        self._restore.hide()
        buttons = QHBoxLayout()
        buttons.addWidget(self._show)
        buttons.addStretch()
        buttons.addWidget(self._restore)
        buttons.addWidget(self._leave)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 18)
        column.setSpacing(14)
        column.addWidget(self._heading)
        column.addWidget(self._words)
        column.addWidget(self._banner)
        column.addWidget(JobStrip(self._jobs))
        column.addLayout(buttons)
        self.setMinimumWidth(theme.current().px(600))
        self._jobs.run(
            "正在检查备份",
            lambda _desk, running: recovery.newest_good(folder, running),
            self._found,
            failed=self._failed,
            cancelled=self._not_looked,
        )

    # The three states: looking, offering, standing again

    def _found(self, good: GoodBackup | None) -> None:
        self._good = good
        if good is None:
            self._words.setText(
                "这个工作台的“备份”文件夹里没有完好的备份。请找一找存放在别处的备份文件；"
                "损坏的数据请保留，不要删除。"
            )
            self._leave.setText("关闭(&C)")
            return
        skipped = f"（更新的 {good.skipped} 份备份也已损坏，没有采用。）" if good.skipped else ""
        self._words.setText(
            f"最近的完好备份是 {good.made:%Y-%m-%d %H:%M} 的，已通过检查。{skipped}\n"
            f"恢复时，损坏的数据会移到文件夹里的“{recovery.ASIDE}”中保存，不会删除；"
            "这份备份以后录入的内容需要补录。"
        )
        self._restore.setText(f"用最近的完好备份（{good.made:%m-%d %H:%M}）恢复(&R)")
        self._restore.show()

    def _restore_clicked(self) -> None:
        self._restore.setEnabled(False)
        self._banner.hide()
        self._make_free(self._recover)

    def _recover(self) -> None:
        good = self._good
        assert good is not None
        self._jobs.run(
            "正在恢复",
            lambda _desk, running: recovery.recover(self._folder, good, running),
            self._stands_again,
            failed=self._failed,
            cancelled=lambda: self._restore.setEnabled(True),
        )

    def _stands_again(self, made: Recovered) -> None:
        self._stands = made
        self.setWindowTitle("工作台已恢复")
        self._heading.setText(f"工作台已恢复到 {made.made:%Y-%m-%d %H:%M} 的备份。")
        regained = ""
        if made.regained:
            regained = (
                f"此后签过的月报在“报出”文件夹里找到，已补登：{'、'.join(made.regained)}；"
                "再生成时版本号接着往下排。\n"
            )
        elif made.regained is not None:
            regained = (
                "“报出”文件夹里没有这份备份以后签过的月报；存放在别处的，请先与办公室核对版本。\n"
            )
        self._words.setText(
            f"最多丢失此后 {made.lost} 内的录入和收发记录，请核对后补录。"
            f"{regained}损坏的数据保存在：{made.aside}"
        )
        self._restore.hide()
        self._leave.setText("打开工作台(&O)")
        self._leave.setProperty("primary", True)
        self._leave.style().polish(self._leave)

    def _failed(self, error: Exception) -> bool:
        if not isinstance(error, DeskError):
            return False
        self._restore.setEnabled(True)
        if self._good is None:
            self._not_looked()
        self._banner.show_error(error)
        return True

    def _not_looked(self) -> None:
        self._words.setText("备份没有检查完。重新打开这个工作台，可以再检查一次。")

    def _show_clicked(self) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder))):
            self._banner.show_message("系统没有能打开文件夹的程序。", str(self._folder))

    # Qt's side

    def reject(self) -> None:
        """Every way to leave comes here; work that goes on ends first, never half done."""
        if self._jobs.is_busy():
            self._jobs.cancel_all()
            self._jobs.all_ended.connect(self.reject, Qt.ConnectionType.SingleShotConnection)
            return
        super().reject()
        if self._stands is not None:
            self.recovered.emit(self._stands.folder)


def _words(text: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse
        | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    return label
