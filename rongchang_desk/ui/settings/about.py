"""关于: the version, the plan, and the root certificate's fingerprint to compare with paper."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFormLayout, QLabel, QPushButton

from rongchang_desk.app.about import About, about
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.page import Context
from rongchang_desk.ui.settings.card import Card


class AboutCard(Card):
    """Facts, read once for each plan."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, "about", "关于")
        self._told_of = ""  # the digest of the plan that the facts are about
        form = QFormLayout()
        form.setHorizontalSpacing(14)
        form.setVerticalSpacing(8)
        self._facts: dict[str, QLabel] = {}
        for name, title in (
            ("version", "软件版本"), ("plan", "方案"), ("root", "根证书指纹"),
        ):  # fmt: skip
            value = named(QLabel(), f"about_{name}")
            value.setWordWrap(True)
            value.setTextFormat(Qt.TextFormat.PlainText)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label = QLabel(title)
            label.setProperty("role", "muted")
            self._facts[name] = value
            form.addRow(label, value)
        self.column.addLayout(form)
        self._copy = named(QPushButton("复制指纹(&C)"), "about_copy")
        self._copy.setToolTip("与办公室发的纸质指纹逐组核对")
        self._copy.clicked.connect(self._copy_root)
        self._copy.setEnabled(False)
        self.column.addWidget(self._copy, 0, Qt.AlignmentFlag.AlignLeft)

    def refresh(self) -> None:
        desk = self.context.desk
        if self._told_of != desk.plan_digest:
            self._told_of = desk.plan_digest
            self.context.run_job(
                "读取软件信息", lambda desk, _running: about(desk), self._show, quiet=True
            )

    def _show(self, facts: About) -> None:
        self._facts["version"].setText(facts.version)
        self._facts["plan"].setText(facts.plan)
        self._facts["root"].setText(_lines(facts.root) or "没有找到根证书，请联系办公室。")
        self._root = facts.root
        self._copy.setEnabled(bool(facts.root))

    def _copy_root(self) -> None:
        QGuiApplication.clipboard().setText(self._root)
        self.context.notify("已复制根证书指纹。")


def _lines(groups: str) -> str:
    """Groups of four, eight groups a line: short enough to read aloud."""
    parts = groups.split()
    return "\n".join("  ".join(parts[n : n + 8]) for n in range(0, len(parts), 8))
