"""月报上的姓名: who signs the returns of new months."""

from __future__ import annotations

from PySide6.QtWidgets import QFormLayout, QLineEdit

from rongchang_desk.app import record as app_record
from rongchang_desk.domain.monthly_return import Signatories
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.page import Context
from rongchang_desk.ui.settings.card import Card, Step

LONGEST_NAME = 40
ROLES = (("preparer", "填报人(&1)"), ("checker", "审核人(&2)"), ("approver", "负责人(&3)"))


class NamesCard(Card):
    """Three names, kept when one is left."""

    def __init__(self, context: Context, step: Step) -> None:
        super().__init__(
            context, "names", "月报上的姓名",
            "新的月份先用这些姓名；已经填过姓名的月份不变。",
        )  # fmt: skip
        self._step = step
        self._names: dict[str, QLineEdit] = {}
        form = QFormLayout()
        form.setHorizontalSpacing(14)
        form.setVerticalSpacing(8)
        for role, label in ROLES:
            line = named(QLineEdit(), f"name_{role}")
            line.setMaxLength(LONGEST_NAME)
            line.editingFinished.connect(self.keep)
            self._names[role] = line
            form.addRow(label, line)
            line.setAccessibleName(label.split("(")[0])
        self.column.addLayout(form)

    def refresh(self) -> None:
        names = app_record.remembered(self.context.desk)
        for role, line in self._names.items():
            line.setText(getattr(names, role))

    def keep(self) -> None:
        """Keep the names as they stand now."""
        before = app_record.remembered(self.context.desk)
        after = Signatories(*(" ".join(self._names[role].text().split()) for role, _ in ROLES))
        if after != before:
            desk = self.context.desk
            self._step(
                "修改姓名",
                lambda: app_record.remember(desk, after),
                lambda: app_record.remember(desk, before),
            )
