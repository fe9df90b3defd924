"""The rules of the assessment: edit, check, save as a new version; older versions."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from rongchang_desk.app import assessment
from rongchang_desk.app.assessment import InForce, RulesVersion
from rongchang_desk.domain.assessment_rules import AssessmentRules
from rongchang_desk.domain.plan import TO_CONFIRM
from rongchang_desk.errors import FoundWrong
from rongchang_desk.ui import theme
from rongchang_desk.ui.dialogs.note import NoteDialog
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.office.rules_grid import RulesGrid, Typed
from rongchang_desk.ui.page import Context
from rongchang_desk.ui.tables import Align, Column, Table
from rongchang_desk.ui.theme import Tone
from rongchang_desk.ui.tone_label import ToneLabel

TOLD = 4
"""Mistakes named below the grid; the others wait in their cells' tool tips."""


class RulesTab(QWidget):
    """Grid, check and history. `saved` says that a new version is in force."""

    saved = Signal(int)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setObjectName("rules_tab")
        self._context = context
        self._in_force: InForce | None = None
        self._version = named(QLabel(), "rules_version")
        self._version.setWordWrap(True)
        self._grid = RulesGrid()
        self._grid.itemChanged.connect(self._changed)
        self._ranking = named(QCheckBox("给单位排名(&K)"), "rules_ranking")
        self._ranking.setToolTip("默认不排名，为基层减负")
        self._ranking.toggled.connect(self._changed)
        self._problems = named(ToneLabel(), "rules_problems")
        self._history = Table(
            (
                Column("版本", lambda v: v.version, lambda v: f"第 {v.version} 版", width=80),
                Column("保存时间", lambda v: v.saved_at, width=146),
                Column("修改人", lambda v: v.author, width=110),
                Column("满分", lambda v: v.rules.most, lambda v: f"{v.rules.most.normalize():f}",
                       align=Align.END, width=68),
                Column("修改原因", lambda v: v.reason, stretch=True, tip=lambda v: v.reason),
            ),
            name="rules_history", accessible="规则的历史版本",
            empty="还没有修改过，执行的是方案文件所载的规则。", settings=context.settings,
            identity=lambda v: v.version,
        )  # fmt: skip
        self._history.row_activated.connect(self._show_version)
        self._save = _button("保存为新版本(&V)…", "rules_save", self._ask)
        self._save.setProperty("primary", True)
        self._undo = _button("放弃改动(&B)", "rules_undo", self._put_back)
        self._put_together()

    def _put_together(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(_button("增加一条(&A)", "rules_add", self._add))
        buttons.addWidget(_button("删去所选(&D)", "rules_remove", self._remove))
        buttons.addWidget(self._ranking)
        buttons.addStretch()
        buttons.addWidget(self._undo)
        buttons.addWidget(self._save)
        heading = QLabel("历史版本（双击取出到上面修改）")
        heading.setProperty("role", "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._version)
        column.addWidget(self._grid, 3)
        column.addLayout(buttons)
        column.addWidget(self._problems)
        column.addWidget(heading)
        column.addWidget(self._history, 1)

    # Showing

    def refresh(self) -> None:
        """Show the rules in force and the history; what is being edited stays."""
        desk = self._context.desk
        self._history.setMinimumHeight(theme.current().px(84))
        self._history.set_rows(assessment.rules_history(desk))
        before = self._in_force
        is_edited = self.is_changed()
        try:
            self._in_force = assessment.rules_in_force(desk)
        except FoundWrong as missing:
            self._in_force = None
            self._version.setText(f"{missing.message}\n{missing.hint}")
            self._grid.setRowCount(0)
            self._enable()
            return
        version = self._in_force.version
        self._version.setText(
            f"现行规则：第 {version} 版"
            if version
            else f"现行规则：方案文件所载，为暂定，{TO_CONFIRM}；修改后保存为第 1 版。"
        )
        if before is None or not is_edited:
            self._fill(self._in_force.rules)
        self._enable()

    def is_changed(self) -> bool:
        """Whether the grid differs from the rules in force."""
        if self._in_force is None:
            return False
        typed = self._typed()
        return bool(typed.wrong) or typed.rules != self._in_force.rules

    def _show_version(self, version: RulesVersion) -> None:
        self._fill(version.rules)
        self._changed()

    def _put_back(self) -> None:
        if self._in_force:
            self._fill(self._in_force.rules)
            self._changed()

    def _fill(self, rules: AssessmentRules) -> None:
        self._ranking.blockSignals(True)
        self._ranking.setChecked(rules.ranking)
        self._ranking.blockSignals(False)
        self._grid.fill(rules)

    # Editing

    def _add(self) -> None:
        self._grid.add_rule()
        self._changed()

    def _remove(self) -> None:
        row = self._grid.currentRow()
        if row >= 0:
            self._grid.removeRow(row)
            self._changed()

    def _changed(self, *_: object) -> None:
        """Check what is typed: every mistake is named and its cell turns red."""
        wrong = self._typed().wrong
        self._grid.mark(wrong)
        self._problems.say("\n".join(message for _, _, message in wrong[:TOLD]), Tone.BAD)
        self._enable()

    def _enable(self) -> None:
        self._undo.setEnabled(self.is_changed())
        self._save.setEnabled(self.is_changed() and not self._typed().wrong)

    def _typed(self) -> Typed:
        return self._grid.typed(ranking=self._ranking.isChecked())

    # Saving

    def _ask(self) -> None:
        dialog = NoteDialog(
            self, "保存考核规则", "新版本从现在起用于计分；已冻结的考核结果不受影响。", "保存(&S)"
        )
        author = dialog.add_line("修改人(&M)", "rules_author")
        reason = dialog.add_text("修改原因(&R)", "rules_reason", hint="例如：领导小组会议决定")
        dialog.ask(lambda: self._keep(author.text(), reason.toPlainText()))

    def _keep(self, author: str, reason: str) -> None:
        desk = self._context.desk
        rules = self._typed().rules
        version, findings = assessment.save_rules(desk, rules, author, reason)
        if findings:  # the grid was checked, but the app has the last word
            raise FoundWrong("\n".join(f.message for f in findings), "请改正后再保存。")
        self._in_force = InForce(version, rules)
        self._context.saved()
        self._context.notify(f"考核规则已保存为第 {version} 版。")
        self.refresh()
        self.saved.emit(version)


def _button(text: str, name: str, clicked: Callable[[], None]) -> QPushButton:
    button = named(QPushButton(text), name)
    button.setAutoDefault(False)
    button.clicked.connect(clicked)
    return button
