"""The rules of the assessment as an editable grid that marks what is wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any
from unicodedata import normalize

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from rongchang_desk.domain import assessment_rules
from rongchang_desk.domain.assessment_rules import AssessmentRules, JointCredit, Rule, RuleKind
from rongchang_desk.ui import theme
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.theme import Tone

CODE, TITLE, KIND, WEIGHT, PART, FULL, JOINT, NOTE = range(8)
FIELDS = ("code", "title", "kind", "weight", "part", "full", "joint", "note")
HEADERS = ("代码", "名称", "看什么", "分值", "部分得分", "每年满分次数", "联合活动", "计分说明")
WIDTHS = (92, 104, 104, 68, 84, 112, 150)
CHOICES = {
    KIND: tuple(kind.label for kind in RuleKind),
    JOINT: tuple(joint.label for joint in JointCredit),
}
Index = QModelIndex | QPersistentModelIndex


@dataclass
class Typed:
    """The grid read back: rules as far as they can be read, and what is wrong: (row, column,
    words), -1 where it concerns no single cell."""

    rules: AssessmentRules
    wrong: list[tuple[int, int, str]] = field(default_factory=list)


class RulesGrid(QTableWidget):
    """One rule a row; `itemChanged` follows every edit, programs change it silently."""

    def __init__(self) -> None:
        super().__init__(0, len(HEADERS))
        named(self, "rules_grid", "考核规则")
        self.setHorizontalHeaderLabels(list(HEADERS))
        self.setItemDelegate(_ChoiceDelegate(self))
        self.setColumnHidden(CODE, True)  # made by the program; people know a rule by its name
        self.verticalHeader().hide()
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        self.horizontalHeader().setDefaultAlignment(left)
        self.horizontalHeader().setSectionResizeMode(NOTE, QHeaderView.ResizeMode.Stretch)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
        )
        self._lay_out()

    def fill(self, rules: AssessmentRules) -> None:
        """Show these rules instead."""
        self.blockSignals(True)
        self.setRowCount(0)
        for rule in rules.rules:
            self._add_row(rule)
        self.blockSignals(False)
        self._lay_out()

    def add_rule(self) -> None:
        """A new row at the end, its name being typed."""
        taken = {self._text(row, CODE) for row in range(self.rowCount())}
        number = next(n for n in range(1, 1000) if f"rule{n}" not in taken)
        self.blockSignals(True)
        self._add_row(Rule(f"rule{number}", f"规则{number}", RuleKind.ON_TIME, Decimal(0)))
        self.blockSignals(False)
        self._lay_out()
        row = self.rowCount() - 1
        self.setCurrentCell(row, TITLE)
        self.edit(self.model().index(row, TITLE))

    def typed(self, *, ranking: bool) -> Typed:
        """What stands in the grid, and every mistake in it."""
        wrong: list[tuple[int, int, str]] = []
        rules = tuple(self._rule(row, wrong) for row in range(self.rowCount()))
        made = Typed(AssessmentRules(rules, ranking), wrong)
        if not wrong:
            codes = [rule.code for rule in rules]
            for finding in assessment_rules.check(made.rules):
                where = finding.where
                row = codes.index(where.record) if where.record in codes else -1
                column = FIELDS.index(where.field) if where.field in FIELDS else -1
                wrong.append((row, column, finding.message))
        return made

    def mark(self, wrong: list[tuple[int, int, str]]) -> None:
        """Colour the cells that are wrong; their tool tips say why."""
        told = {(row, column): message for row, column, message in wrong}
        self.blockSignals(True)
        for row in range(self.rowCount()):
            for column in range(len(HEADERS)):
                item = self.item(row, column)
                if item is None:
                    continue
                message = told.get((row, column), "")
                item.setToolTip(message or (item.text() if column == NOTE else ""))
                clear = QColor(0, 0, 0, 0)
                item.setBackground(theme.current().palette.wash(Tone.BAD) if message else clear)
        self.blockSignals(False)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._lay_out()

    def _lay_out(self) -> None:
        look = theme.current()
        self.horizontalHeader().setFixedHeight(look.px(38))
        self.verticalHeader().setDefaultSectionSize(look.px(36))
        for row in range(self.rowCount()):
            self.setRowHeight(row, look.px(36))
        for column, width in enumerate(WIDTHS):
            self.setColumnWidth(column, look.px(width))

    def _add_row(self, rule: Rule) -> None:
        row = self.rowCount()
        self.insertRow(row)
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
            self.setItem(row, column, item)

    def _rule(self, row: int, wrong: list[tuple[int, int, str]]) -> Rule:
        kind = next((k for k in RuleKind if k.label == self._text(row, KIND)), None)
        if kind is None:
            wrong.append((row, KIND, "请选择看什么。"))
            kind = RuleKind.ON_TIME
        joint = self._text(row, JOINT)
        code = self._text(row, CODE)
        if not (code.isascii() and code[:1].isalpha()):
            wrong.append((row, CODE, f"代码“{code}”应以字母开头，由字母和数字组成。"))
        full = self._number(row, FULL, wrong)
        if full != full.to_integral_value():
            wrong.append((row, FULL, f"每年满分次数应为整数，现为 {full}。"))
        return Rule(
            code,
            self._text(row, TITLE),
            kind,
            self._number(row, WEIGHT, wrong, required=True),
            self._number(row, PART, wrong),
            int(full),
            next((j for j in JointCredit if j.label == joint), JointCredit.EACH),
            self._text(row, NOTE),
        )

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
        item = self.item(row, column)
        return item.text().strip() if item else ""


class _ChoiceDelegate(QStyledItemDelegate):
    """A list to choose from in the columns that have one."""

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        if index.column() not in CHOICES:
            return super().createEditor(parent, option, index)
        box = named(QComboBox(parent), "rules_choice", HEADERS[index.column()])
        box.addItems(list(CHOICES[index.column()]))
        box.activated.connect(lambda _: self._chosen(box))
        return box

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        if isinstance(editor, QComboBox):
            editor.setCurrentText(str(index.data()))
        else:
            super().setEditorData(editor, index)

    def setModelData(self, editor: QWidget, model: Any, index: Index) -> None:
        if isinstance(editor, QComboBox):
            model.setData(index, editor.currentText())
        else:
            super().setModelData(editor, model, index)

    def _chosen(self, box: QComboBox) -> None:
        self.commitData.emit(box)
        self.closeEditor.emit(box)
