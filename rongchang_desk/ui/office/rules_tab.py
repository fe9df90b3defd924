"""The rules of the assessment as a grid: edit, check, save as a new version; older versions."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from unicodedata import normalize

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from rongchang_desk.app import assessment
from rongchang_desk.app.assessment import InForce, RulesVersion
from rongchang_desk.domain import assessment_rules
from rongchang_desk.domain.assessment_rules import AssessmentRules, JointCredit, Rule, RuleKind
from rongchang_desk.domain.plan import TO_CONFIRM
from rongchang_desk.errors import FoundWrong
from rongchang_desk.ui import theme
from rongchang_desk.ui.dialogs.note import NoteDialog
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.page import Context
from rongchang_desk.ui.tables import Align, Column, Table
from rongchang_desk.ui.theme import Tone
from rongchang_desk.ui.tone_label import ToneLabel

CODE, TITLE, KIND, WEIGHT, PART, FULL, JOINT, NOTE = range(8)
FIELDS = ("code", "title", "kind", "weight", "part", "full", "joint", "note")
HEADERS = ("代码", "名称", "看什么", "分值", "部分得分", "每年满分次数", "联合活动", "计分说明")
WIDTHS = (92, 104, 104, 68, 84, 112, 150, 240)
CHOICES: dict[int, tuple[tuple[str, str], ...]] = {
    KIND: tuple((kind.label, kind.value) for kind in RuleKind),
    JOINT: tuple((joint.label, joint.value) for joint in JointCredit),
}
WRONG = Qt.ItemDataRole.UserRole + 1


@dataclass
class _Typed:
    """The grid read back: rules as far as they can be read, and what could not be."""

    rules: AssessmentRules
    wrong: list[tuple[int, int, str]] = field(default_factory=list)


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
        self._grid = named(QTableWidget(0, len(HEADERS)), "rules_grid", "考核规则")
        self._grid.setHorizontalHeaderLabels(list(HEADERS))
        self._grid.setItemDelegate(_ChoiceDelegate(self._grid))
        self._grid.verticalHeader().hide()
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        self._grid.horizontalHeader().setDefaultAlignment(left)
        self._grid.setTabKeyNavigation(False)
        self._grid.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
        )
        self._grid.horizontalHeader().setSectionResizeMode(NOTE, QHeaderView.ResizeMode.Stretch)
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
        self._save = self._button("保存为新版本(&V)…", "rules_save", self._ask)
        self._save.setProperty("primary", True)
        self._undo = self._button("放弃改动(&B)", "rules_undo", self._put_back)
        self._put_together()

    def _put_together(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self._button("增加一条(&A)", "rules_add", self._add))
        buttons.addWidget(self._button("删去所选(&D)", "rules_remove", self._remove))
        buttons.addWidget(self._ranking, 1)
        buttons.addWidget(self._undo)
        buttons.addWidget(self._save)
        heading = QLabel("历史版本（双击取出到上面修改）")
        heading.setProperty("role", "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._version)
        column.addWidget(self._grid, 2)
        column.addLayout(buttons)
        column.addWidget(self._problems)
        column.addWidget(heading)
        column.addWidget(self._history, 1)

    # Showing

    def refresh(self) -> None:
        """Show the rules in force and the history; what is being edited stays."""
        desk = self._context.desk
        self._history.set_rows(assessment.rules_history(desk))
        before = self._in_force
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
        if before != self._in_force and (before is None or not self.is_changed(before)):
            self._fill(self._in_force.rules)
        self._enable()

    def is_changed(self, against: InForce | None = None) -> bool:
        """Whether the grid differs from the rules in force."""
        against = against or self._in_force
        if against is None:
            return False
        typed = self._typed()
        return bool(typed.wrong) or typed.rules != against.rules

    def _show_version(self, version: RulesVersion) -> None:
        self._fill(version.rules)
        self._changed()

    def _put_back(self) -> None:
        if self._in_force:
            self._fill(self._in_force.rules)
            self._changed()

    def _fill(self, rules: AssessmentRules) -> None:
        self._grid.blockSignals(True)
        self._ranking.blockSignals(True)
        self._grid.setRowCount(0)
        for rule in rules.rules:
            self._add_row(rule)
        self._ranking.setChecked(rules.ranking)
        self._grid.blockSignals(False)
        self._ranking.blockSignals(False)
        self._lay_out()

    def _add_row(self, rule: Rule) -> None:
        row = self._grid.rowCount()
        self._grid.insertRow(row)
        counted = rule.kind.counted
        texts = (
            rule.code, rule.title, rule.kind.label, f"{rule.weight.normalize():f}",
            f"{rule.part.normalize():f}" if rule.kind.parted else "",
            str(rule.full) if counted else "", rule.joint.label if counted else "", rule.note,
        )  # fmt: skip
        for column, text in enumerate(texts):
            item = QTableWidgetItem(text)
            if column in (WEIGHT, PART, FULL):
                end = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                item.setTextAlignment(end)
            self._grid.setItem(row, column, item)

    def _lay_out(self) -> None:
        look = theme.current()
        self._history.setMinimumHeight(look.px(112))
        header = self._grid.horizontalHeader()
        header.setFixedHeight(look.px(38))
        self._grid.verticalHeader().setDefaultSectionSize(look.px(36))
        for row in range(self._grid.rowCount()):
            self._grid.setRowHeight(row, look.px(36))
        for column, width in enumerate(WIDTHS[:-1]):
            self._grid.setColumnWidth(column, look.px(width))

    def showEvent(self, event: object) -> None:
        del event
        self._lay_out()

    # Editing

    def _add(self) -> None:
        taken = {self._text(row, CODE) for row in range(self._grid.rowCount())}
        number = next(n for n in range(1, 1000) if f"rule{n}" not in taken)
        self._grid.blockSignals(True)
        self._add_row(Rule(f"rule{number}", f"规则{number}", RuleKind.ON_TIME, Decimal(0)))
        self._grid.blockSignals(False)
        self._lay_out()
        row = self._grid.rowCount() - 1
        self._grid.setCurrentCell(row, TITLE)
        self._grid.editItem(self._grid.item(row, TITLE))
        self._changed()

    def _remove(self) -> None:
        row = self._grid.currentRow()
        if row >= 0:
            self._grid.removeRow(row)
            self._changed()

    def _changed(self, *_: object) -> None:
        """Check what is typed: every mistake is named and its cell turns red."""
        typed = self._typed()
        found = list(typed.wrong)
        if not found:
            codes = [rule.code for rule in typed.rules.rules]
            for finding in assessment_rules.check(typed.rules):
                where = finding.where
                row = codes.index(where.record) if where.record in codes else -1
                column = FIELDS.index(where.field) if where.field in FIELDS else -1
                found.append((row, column, finding.message))
        self._mark(found)
        self._problems.say("\n".join(message for _, _, message in found[:4]), Tone.BAD)
        self._enable(is_wrong=bool(found))

    def _mark(self, found: list[tuple[int, int, str]]) -> None:
        wrong = {(row, column): message for row, column, message in found}
        self._grid.blockSignals(True)
        for row in range(self._grid.rowCount()):
            for column in range(len(HEADERS)):
                item = self._grid.item(row, column)
                message = wrong.get((row, column), "")
                item.setToolTip(message or (item.text() if column == NOTE else ""))
                item.setData(WRONG, bool(message))
                wash = theme.current().palette.wash(Tone.BAD) if message else QColor(0, 0, 0, 0)
                item.setBackground(wash)
        self._grid.blockSignals(False)

    def _enable(self, *, is_wrong: bool = False) -> None:
        is_changed = self._in_force is not None and self.is_changed()
        self._save.setEnabled(is_changed and not is_wrong)
        self._undo.setEnabled(is_changed)

    def _typed(self) -> _Typed:
        wrong: list[tuple[int, int, str]] = []
        rules = []
        for row in range(self._grid.rowCount()):
            kind = next((k for k in RuleKind if k.label == self._text(row, KIND)), None)
            if kind is None:
                wrong.append((row, KIND, "请选择看什么。"))
                kind = RuleKind.ON_TIME
            joint = next(
                (j for j in JointCredit if j.label == self._text(row, JOINT)), JointCredit.EACH
            )
            weight = self._number(row, WEIGHT, wrong, required=True)
            part = self._number(row, PART, wrong)
            full = self._number(row, FULL, wrong)
            if full != full.to_integral_value():
                wrong.append((row, FULL, f"每年满分次数应为整数，现为 {full}。"))
            code = self._text(row, CODE)
            if not (code.isascii() and code[:1].isalpha()):
                wrong.append((row, CODE, f"代码“{code}”应以字母开头，由字母和数字组成。"))
            rules.append(
                Rule(
                    code, self._text(row, TITLE), kind, weight, part, int(full), joint,
                    self._text(row, NOTE),
                )
            )  # fmt: skip
        return _Typed(AssessmentRules(tuple(rules), self._ranking.isChecked()), wrong)

    def _number(
        self, row: int, column: int, wrong: list[tuple[int, int, str]], *, required: bool = False
    ) -> Decimal:
        text = normalize("NFKC", self._text(row, column)).replace(",", "")
        if not text and not required:
            return Decimal(0)
        try:
            number = Decimal(text)
        except InvalidOperation:
            number = Decimal("NaN")
        if number.is_finite():
            return number
        title = self._text(row, TITLE)
        wrong.append((row, column, f"{title}的{HEADERS[column]}应为数字，现为“{text}”。"))
        return Decimal(0)

    def _text(self, row: int, column: int) -> str:
        item = self._grid.item(row, column)
        return item.text().strip() if item else ""

    # Saving

    def _ask(self) -> None:
        dialog = NoteDialog(
            self, "保存考核规则", "新版本从现在起用于计分；已冻结的考核结果不受影响。", "保存(&S)"
        )
        author = dialog.add_line("修改人(&M)", "rules_author")
        reason = dialog.add_text("修改原因(&R)", "rules_reason", "例如：领导小组会议决定")
        dialog.ask(lambda: self._keep(author.text(), reason.toPlainText()))

    def _keep(self, author: str, reason: str) -> None:
        desk = self._context.desk
        version, findings = assessment.save_rules(desk, self._typed().rules, author, reason)
        if findings:  # the grid was checked, but the app has the last word
            raise FoundWrong("\n".join(f.message for f in findings), "请改正后再保存。")
        self._context.saved()
        self._context.notify(f"考核规则已保存为第 {version} 版。")
        self.refresh()
        self.saved.emit(version)

    def _button(self, text: str, name: str, clicked: object) -> QPushButton:
        button = named(QPushButton(text), name)
        button.setAutoDefault(False)
        button.clicked.connect(clicked)
        return button


class _ChoiceDelegate(QStyledItemDelegate):
    """A list to choose from in the columns that have one."""

    def createEditor(
        self, parent: QWidget, option: QStyleOptionViewItem, index: QModelIndex
    ) -> QWidget:
        if index.column() not in CHOICES:
            return super().createEditor(parent, option, index)
        box = named(QComboBox(parent), "rules_choice", HEADERS[index.column()])
        for label, value in CHOICES[index.column()]:
            box.addItem(label, value)
        box.activated.connect(lambda _: self._chosen(box))
        return box

    def setEditorData(self, editor: QWidget, index: QModelIndex) -> None:
        if isinstance(editor, QComboBox):
            editor.setCurrentText(str(index.data()))
        else:
            super().setEditorData(editor, index)

    def setModelData(self, editor: QWidget, model: object, index: QModelIndex) -> None:
        if isinstance(editor, QComboBox):
            model.setData(index, editor.currentText())  # type: ignore[attr-defined]
        else:
            super().setModelData(editor, model, index)  # type: ignore[arg-type]

    def _chosen(self, box: QComboBox) -> None:
        self.commitData.emit(box)
        self.closeEditor.emit(box)
