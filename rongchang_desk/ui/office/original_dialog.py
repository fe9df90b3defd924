"""Shows the original of a return inside the window, at the page of one record."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QMenu, QPushButton, QVBoxLayout, QWidget

from rongchang_desk.app import evidence, originals, tracing
from rongchang_desk.app.tracing import Traced
from rongchang_desk.domain.records import Evidence
from rongchang_desk.ui import files, theme
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.page import Context
from rongchang_desk.ui.pdf_view import PdfView


def show_original(context: Context, parent: QWidget, digest: str, record: str = "") -> None:
    """Read an original beside the window, then show it at the page of a record."""

    def arrived(found: Traced) -> None:
        OriginalDialog(context, parent, found).show_it()

    context.run_job(
        "打开原件", lambda desk, _: tracing.trace(desk, digest, record), arrived, quiet=True
    )


class OriginalDialog(QDialog):
    """The pages of one signed file; the same bytes may be handed to the system's program."""

    def __init__(self, context: Context, parent: QWidget, found: Traced) -> None:
        super().__init__(parent.window())
        self.setObjectName("original_dialog")
        self.setWindowTitle(found.title)
        self._context, self._found = context, found
        self.view = PdfView()
        self._place = named(QLabel(), "original_place")
        self._place.setProperty("role", "muted")
        self.view.found.connect(self._say_place)
        outside = named(QPushButton("用系统程序打开(&O)"), "original_outside")
        outside.setAutoDefault(False)
        outside.clicked.connect(self._open_outside)
        self._evidence = named(
            QPushButton(f"佐证材料 {len(found.evidence)}(&E)"), "original_evidence"
        )
        self._evidence.setAutoDefault(False)
        self._evidence.setVisible(bool(found.evidence))
        self._evidence.setMenu(self._evidence_menu())
        close = named(QPushButton("关闭(&C)"), "original_close")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        buttons.addWidget(self._place, 1)
        buttons.addWidget(self._evidence)
        buttons.addWidget(outside)
        buttons.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 12)
        column.addWidget(self.view, 1)
        column.addLayout(buttons)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def show_it(self) -> None:
        """Open as large as the window allows."""
        look = theme.current()
        around = self.parentWidget()
        room = around.size() if around else self.size()
        self.resize(min(look.px(860), room.width() - 60), max(room.height() - 60, look.px(420)))
        self.view.show_pdf(self._found.data, self._found.words)
        self.open()
        self.view.setFocus()

    def _say_place(self, page: int) -> None:
        self._place.setText(f"这条记录在第 {page} 页" if page else "没有找到这条记录所在的页")

    def _evidence_menu(self) -> QMenu:
        """The files listed with the record; those that came open as a copy."""
        menu = named(QMenu(self), "original_evidence_menu", "佐证材料")
        for listed in self._found.evidence:
            one = listed.evidence
            name = evidence.safe_name(one.name).replace("&", "&&")
            text = f"{name}　{evidence.size_text(one.size)}"
            action = menu.addAction(text if listed.is_here else f"{text}　还没有收到")
            action.setEnabled(listed.is_here)
            action.triggered.connect(partial(self._open_evidence, one))
        return menu

    def _open_evidence(self, one: Evidence, _checked: bool = False) -> None:
        files.open_copy(self._context, lambda desk, _running: evidence.open_copy(desk, one))

    def _open_outside(self) -> None:
        found = self._found
        files.open_copy(
            self._context, lambda _desk, _running: originals.viewing_copy(found.data, found.name)
        )
