"""Choosing files and folders, and opening them with the system's own programs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from rongchang_desk.errors import DeskError
from rongchang_desk.ui.jobs import Work
from rongchang_desk.ui.page import Context


def show_with_system(context: Context, path: Path) -> None:
    """Open a file or a folder with the system's program; tells the person when it has none."""
    if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
        context.present(DeskError(f"系统没有打开“{path.name}”。", _otherwise(path)))


def _otherwise(path: Path) -> str:
    """What to do about a file or folder that the system did not open."""
    if path.is_dir():
        return f"请在文件管理器里打开这个文件夹：{path}"
    ending = path.suffix.lower()
    program = {".pdf": " PDF 阅读软件", ".docx": " WPS 或 Word", ".xlsx": " WPS 或 Excel"}.get(
        ending, f"能打开 {ending} 文件的软件" if ending else "能打开它的软件"
    )
    return f"请安装{program}，或把文件复制到别的电脑上打开：{path}"


def open_copy(context: Context, make: Work) -> None:
    """Make a copy of a kept file beside the window, then show it with the system's program."""
    context.run_job("打开文件", make, partial(show_with_system, context), quiet=True)


def choose_files(
    parent: QWidget, title: str, kinds: str, chosen: Callable[[tuple[Path, ...]], None]
) -> QFileDialog:
    """Ask for existing files; returns at once, `chosen` follows."""
    dialog = _dialog(parent, title, "choose_files")
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    dialog.setNameFilters([kinds, "所有文件 (*)"])
    dialog.filesSelected.connect(lambda names: chosen(tuple(map(Path, names))))
    dialog.open()
    return dialog


def choose_folder(parent: QWidget, title: str, chosen: Callable[[Path], None]) -> QFileDialog:
    """Ask for a folder; returns at once, `chosen` follows."""
    dialog = _dialog(parent, title, "choose_folder")
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    dialog.fileSelected.connect(lambda name: chosen(Path(name)))
    dialog.open()
    return dialog


def choose_target(
    parent: QWidget, title: str, name: str, kinds: list[str], chosen: Callable[[Path], None]
) -> QFileDialog:
    """Ask where to save a file; Qt itself asks before an existing one is replaced."""
    dialog = _dialog(parent, title, "choose_target")
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters(kinds)
    dialog.setDefaultSuffix(Path(name).suffix.lstrip("."))
    # With WPS's users in mind: the ending follows the kind chosen.
    dialog.filterSelected.connect(
        lambda kind: dialog.setDefaultSuffix(kind.split("*.")[-1].rstrip(")"))
    )
    dialog.selectFile(name)
    dialog.fileSelected.connect(lambda path: chosen(Path(path)))
    dialog.open()
    return dialog


def _dialog(parent: QWidget, title: str, name: str) -> QFileDialog:
    dialog = QFileDialog(parent, title)
    dialog.setObjectName(name)
    dialog.finished.connect(dialog.deleteLater)
    return dialog
