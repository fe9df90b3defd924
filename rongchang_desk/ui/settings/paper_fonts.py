"""公文字体 in the settings: which font files the office's papers are set in."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
)

from rongchang_desk.app import paper_fonts
from rongchang_desk.app.desk import Desk
from rongchang_desk.app.paper_fonts import PaperFont
from rongchang_desk.app.running import Running
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.page import Context
from rongchang_desk.ui.settings.card import Card

_SHIPPED = "随附字体"


class PaperFontsCard(Card):
    """One line a font: what it is for, which file, and buttons to choose one or give it up."""

    def __init__(self, context: Context) -> None:
        super().__init__(
            context, "fonts", "公文字体",
            "汇总报告、通报和往来文件可用本单位持有许可的字体；单位月报始终用随附字体。",
        )  # fmt: skip
        self._files: dict[PaperFont, QLabel] = {}
        self._buttons: list[QPushButton] = []
        self._resets: dict[PaperFont, QPushButton] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        for row, font in enumerate(PaperFont):
            name = font.name.lower()
            label = QLabel(font.label)
            label.setProperty("role", "muted")
            file = named(QLabel(), f"font_file_{name}")
            file.setTextFormat(Qt.TextFormat.PlainText)
            file.setWordWrap(True)
            choose = named(QPushButton("选择…"), f"font_choose_{name}")
            choose.setAccessibleName(f"选择{font.label}的字体文件")
            choose.clicked.connect(partial(self._choose, font))
            reset = named(QPushButton("恢复"), f"font_reset_{name}")
            reset.setAccessibleName(f"{font.label}恢复随附字体")
            reset.setToolTip("恢复随附字体")
            reset.clicked.connect(partial(self._set, {font: None}))
            for column, widget in enumerate((label, file, choose, reset)):
                grid.addWidget(widget, row, column)
            self._files[font], self._resets[font] = file, reset
            self._buttons.append(choose)
        find = named(QPushButton("用本机已装的公文字体(&F)"), "font_find")
        find.setToolTip("在本机查找方正小标宋、仿宋、楷体、黑体（Windows 自带后三种）")
        find.clicked.connect(self._find)
        self._buttons.append(find)
        below = QHBoxLayout()
        below.addWidget(find)
        below.addStretch()
        self.column.addLayout(grid)
        self.column.addLayout(below)

    def refresh(self) -> None:
        """Show what is chosen."""
        chosen = paper_fonts.chosen(self.context.desk)
        for font, label in self._files.items():
            file = chosen.get(font)
            label.setText(file.name if file else _SHIPPED)
            label.setToolTip(str(file or ""))
            self._resets[font].setEnabled(file is not None)

    def _choose(self, font: PaperFont) -> None:
        dialog = QFileDialog(self.window(), f"选择字体文件：{font.label}")
        dialog.setObjectName("font_file_dialog")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters(["TrueType 字体 (*.ttf *.TTF)", "所有文件 (*)"])
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self._set({font: Path(name)}))
        dialog.open()

    def _find(self) -> None:
        found = paper_fonts.installed()
        if found:
            self._set(dict(found))
        else:
            self.context.notify("本机没有找到方正小标宋、仿宋、楷体、黑体的字体文件。")

    def _set(self, wanted: dict[PaperFont, Path | None], _checked: bool = False) -> None:
        """Checking a font takes a moment: beside the window, one after the other."""

        def work(desk: Desk, _running: Running) -> None:
            for font, file in wanted.items():
                paper_fonts.choose(desk, font, file)

        self._enable(False)
        job = self.context.run_job("正在检查字体", work)
        job.ended.connect(self._ended)

    def _ended(self) -> None:
        self._enable(True)
        self.refresh()

    def _enable(self, on: bool) -> None:
        for button in (*self._buttons, *self._resets.values()):
            button.setEnabled(on)
