"""The return's last step: what will be signed, where the file goes, what to do with it then."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from rongchang_desk.app.district import grouped
from rongchang_desk.app.export import Exported, Prepared
from rongchang_desk.app.overview import MonthState, Overview
from rongchang_desk.domain.monthly_return import file_name
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.page import Context
from rongchang_desk.ui.theme import Tone
from rongchang_desk.ui.tone_label import ToneLabel


class SignStep(QWidget):
    """Tells the page what the person wants; signs nothing itself."""

    sign = Signal()
    elsewhere = Signal()
    open_folder = Signal(object)  # Path of the file
    print_it = Signal(object)  # bytes

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._place: Path | None = None
        self._file: Path | None = None
        self._pdf = b""
        self._facts = named(QFrame(), "sign_facts")
        self._facts.setProperty("role", "card")
        self._grid = QGridLayout(self._facts)
        self._grid.setContentsMargins(20, 16, 20, 16)
        self._grid.setHorizontalSpacing(18)
        self._grid.setVerticalSpacing(10)
        self._grid.setColumnStretch(1, 1)
        self._values = [
            self._fact(row, title)
            for row, title in enumerate(("月报", "内容", "签署人员", "更正", "保存到"))
        ]
        self._other = named(QPushButton("另选位置(&P)…"), "sign_elsewhere")
        self._other.clicked.connect(self.elsewhere)
        self._go = named(QPushButton("签名导出(&S)"), "sign_go")
        self._go.setProperty("primary", True)
        self._go.clicked.connect(self.sign)
        buttons = QHBoxLayout()
        buttons.setSpacing(10)
        buttons.addStretch()
        buttons.addWidget(self._other)
        buttons.addWidget(self._go)
        self._grid.addLayout(buttons, 5, 0, 1, 2)
        self._done = self._new_done()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        column.addWidget(self._facts)
        column.addWidget(self._done)
        column.addStretch()

    def _new_done(self) -> QFrame:
        card = named(QFrame(), "sign_done")
        card.setProperty("role", "card")
        self._told = named(ToneLabel(), "sign_told")
        self._path = named(QLabel(), "sign_path")
        self._path.setWordWrap(True)
        self._path.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._digest = named(QLabel(), "sign_digest")
        self._digest.setProperty("role", "muted")
        self._digest.setWordWrap(True)
        self._digest.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        folder = named(QPushButton("打开所在文件夹(&O)"), "sign_folder")
        folder.clicked.connect(lambda: self.open_folder.emit(self._file))
        paper = named(QPushButton("打印(&T)…"), "sign_print")
        paper.clicked.connect(lambda: self.print_it.emit(self._pdf))
        after = QHBoxLayout()
        after.setSpacing(10)
        after.addWidget(folder)
        after.addWidget(paper)
        after.addStretch()
        done = QVBoxLayout(card)
        done.setContentsMargins(20, 16, 20, 16)
        done.setSpacing(10)
        for widget in (self._told, self._path, self._digest):
            done.addWidget(widget)
        done.addLayout(after)
        return card

    def show_prepared(self, prepared: Prepared, seen: Overview | None) -> None:
        """Show what will be signed."""
        value = prepared.monthly_return
        names = value.signatories
        is_again = seen is not None and seen.state is MonthState.SIGNED
        amends = value.amends
        said = (
            f"{value.unit_name}　{value.month.label}　第 {value.revision} 版",
            "零报告（本月无活动）" if value.zero else f"{len(value.records.all())} 条记录",
            "　".join(
                f"{title} {name or '未填'}"
                for title, name in (
                    ("填报人", names.preparer),
                    ("审核人", names.checker),
                    ("负责人", names.approver),
                )
            ),
            f"{amends.kind.label}：{amends.reason}" if amends else "无，这是首次生成",
        )
        for label, text in zip(self._values, said, strict=False):
            label.setText(text)
        self._place = None
        self._default = self._context.desk.exports / file_name(value)
        self._values[4].setText(str(self._default))
        self._go.setText("再次写出(&S)" if is_again else "签名导出(&S)")
        self._done.hide()

    def place(self) -> Path | None:
        """Where the person wants the file; None for the desk's own folder."""
        return self._place

    def set_place(self, path: Path) -> None:
        """The person chose another place."""
        self._place = path
        self._values[4].setText(str(path))

    def set_busy(self, *, is_busy: bool) -> None:
        """While signing, nothing else can be asked for."""
        self._go.setEnabled(not is_busy)
        self._other.setEnabled(not is_busy)

    def show_written(self, exported: Exported, pdf: bytes) -> None:
        """Say what was written and where."""
        self._file, self._pdf = exported.file, pdf
        what = "已再次写出" if exported.again else "已签名生成"
        self._told.say(
            f"✓ {what}{exported.month.label}月报第 {exported.revision} 版，"
            "请把这个文件报送领导小组办公室。",
            Tone.GOOD,
        )
        self._path.setText(str(exported.file))
        self._digest.setText(f"校验码：{grouped(exported.digest)}")
        self._go.setText("再次写出(&S)")
        self._done.show()

    def _fact(self, row: int, title: str) -> QLabel:
        label = QLabel(title)
        label.setProperty("role", "muted")
        value = named(QLabel(), f"sign_fact_{row}", title)
        value.setTextFormat(Qt.TextFormat.PlainText)
        value.setWordWrap(True)
        self._grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(value, row, 1)
        return value
