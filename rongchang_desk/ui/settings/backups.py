"""备份: where backups lie, one more now, and a desk made from one."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton

from rongchang_desk.app import backup
from rongchang_desk.ui.messages import ask
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.page import Context
from rongchang_desk.ui.settings.card import Card
from rongchang_desk.ui.theme import Tone
from rongchang_desk.ui.tone_label import ToneLabel


class BackupCard(Card):
    """The folder of backups, and what can be done with them."""

    def __init__(self, context: Context) -> None:
        super().__init__(
            context, "backup", "备份", "每天第一次打开和每次关闭时自动备份到这个文件夹："
        )
        self._folder = named(QLabel(), "backup_folder")
        self._folder.setWordWrap(True)
        self._folder.setTextFormat(Qt.TextFormat.PlainText)
        self._folder.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._newest = named(QLabel(), "backup_newest")
        self._newest.setProperty("role", "muted")
        self._restored = named(ToneLabel(), "restore_told")
        self._back_up = named(QPushButton("立即备份(&B)"), "backup_now")
        self._back_up.clicked.connect(self._back_up_now)
        show = named(QPushButton("打开文件夹(&O)"), "backup_show")
        show.clicked.connect(self._show_folder)
        self._restore = named(QPushButton("从备份恢复(&R)…"), "backup_restore")
        self._restore.setToolTip("恢复到一个新文件夹，不改动现在的工作台")
        self._restore.clicked.connect(self._choose_backup)
        line = QHBoxLayout()
        line.setSpacing(8)
        for button in (self._back_up, show, self._restore):
            line.addWidget(button)
        line.addStretch()
        for widget in (self._folder, self._newest):
            self.column.addWidget(widget)
        self.column.addLayout(line)
        self.column.addWidget(self._restored)

    def refresh(self) -> None:
        desk = self.context.desk
        self._folder.setText(str(desk.folder / "备份"))
        newest = backup.newest_backup(desk)
        self._newest.setText(f"上次备份：{newest:%Y-%m-%d %H:%M}" if newest else "还没有备份")

    def _back_up_now(self) -> None:
        self._back_up.setEnabled(False)
        job = self.context.run_job(
            "正在备份", lambda desk, _running: backup.back_up_by_itself(desk), self._backed_up
        )
        job.ended.connect(self._backup_over)

    def _backup_over(self) -> None:
        self._back_up.setEnabled(True)

    def _backed_up(self, made: backup.BackedUp) -> None:
        newest = backup.newest_backup(self.context.desk)
        self.context.show_backup_time(newest)
        self.refresh()
        self.context.notify(f"已备份：{made.file.name}")

    def _show_folder(self) -> None:
        folder = self.context.desk.folder / "备份"
        if not (folder.is_dir() and QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))):
            self.context.notify("备份文件夹还打不开：请先点“立即备份”。")

    def _choose_backup(self) -> None:
        dialog = QFileDialog(self.window(), "选择备份文件")
        dialog.setObjectName("restore_file_dialog")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters(["备份文件 (*.zip)", "所有文件 (*)"])
        folder = self.context.desk.folder / "备份"
        if folder.is_dir():
            dialog.setDirectory(str(folder))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self._choose_place(Path(name)))
        dialog.open()

    def _choose_place(self, file: Path) -> None:
        """Ask for the folder in which the restored desk gets a new one of its own."""
        dialog = QFileDialog(self.window(), "恢复到哪个文件夹里（会新建一个子文件夹）")
        dialog.setObjectName("restore_place_dialog")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setDirectory(str(self.context.desk.folder.parent))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self._restore_into(file, Path(name)))
        dialog.open()

    def _restore_into(self, file: Path, place: Path) -> None:
        self._restore.setEnabled(False)
        self._restored.say("")
        job = self.context.run_job(
            "正在从备份恢复",
            lambda desk, _running: backup.restore_beside(desk, file, place),
            self._restoring_done,
        )
        job.ended.connect(self._restore_over)

    def _restore_over(self) -> None:
        self._restore.setEnabled(True)

    def _restoring_done(self, folder: Path) -> None:
        self._restored.say(f"已恢复到：{folder}", Tone.GOOD)
        ask(
            self.window(),
            f"已恢复到新文件夹“{folder.name}”。",
            f"{folder}\n现在的工作台没有改动。要打开恢复出来的工作台吗？",
            "打开恢复的工作台(&O)",
            lambda: self.context.open_desk(folder),
            refuse="留在现在的工作台(&S)",
        )
