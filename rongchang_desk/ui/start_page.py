"""What the program shows when it knows no desk to open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QLabel,
    QMainWindow,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from rongchang_desk.ui.naming import named


@dataclass(frozen=True)
class Beginning:
    """A way to get a new desk: `start(window, made)` opens its dialog, which calls
    `made(folder)` when the desk stands."""

    name: str
    label: str
    start: Callable[[QWidget, Callable[[Path], None]], None]


class StartWindow(QMainWindow):
    """Open a desk, or begin one; `chosen` carries the folder."""

    chosen = Signal(object)  # Path

    def __init__(self, recent: Sequence[Path], beginnings: Sequence[Beginning]) -> None:
        super().__init__()
        self.setObjectName("start_window")
        self.setWindowTitle("荣昌知产强市工作台")
        self.resize(1000, 640)
        page = named(QWidget(), "start_page")
        page.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        card = QFrame()
        card.setProperty("role", "card")
        card.setFixedWidth(480)
        column = QVBoxLayout(card)
        column.setContentsMargins(36, 32, 36, 32)
        column.setSpacing(12)
        title = named(QLabel("荣昌知产强市工作台"), "page_title")
        advice = named(QLabel("请打开已有的工作台，或者建立新的工作台。"), "page_subtitle")
        column.addWidget(title)
        column.addWidget(advice)
        column.addSpacing(8)
        opening = named(QPushButton("打开工作台(&O)…"), "start_open")
        opening.setProperty("primary", True)
        opening.clicked.connect(self._open_clicked)
        column.addWidget(opening)
        for beginning in beginnings:
            button = named(QPushButton(beginning.label), f"start_{beginning.name}")
            button.clicked.connect(lambda _=False, b=beginning: b.start(self, self.chosen.emit))
            column.addWidget(button)
        if recent:
            column.addSpacing(8)
            heading = QLabel("最近打开的工作台")
            heading.setProperty("role", "muted")
            column.addWidget(heading)
        for number, folder in enumerate(recent):
            # A folder's & is a letter, not a mnemonic.
            name = f"{folder.name}　{folder.parent}".replace("&", "&&")
            button = named(QPushButton(name), f"start_recent_{number}")
            button.setToolTip(str(folder))
            button.setStyleSheet("text-align: left;")
            button.clicked.connect(lambda _=False, f=folder: self.chosen.emit(f))
            column.addWidget(button)
        whole = QVBoxLayout(page)
        whole.addStretch()
        whole.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        whole.addStretch()
        self.setCentralWidget(page)

    def _open_clicked(self) -> None:
        dialog = QFileDialog(self, "打开工作台文件夹")
        dialog.setObjectName("open_dialog")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda path: self.chosen.emit(Path(path)))
        dialog.open()
