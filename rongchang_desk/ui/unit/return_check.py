"""The return's first step: findings with their explanations, names, the reason of an amendment,
and the versions already issued.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from rongchang_desk.app import export
from rongchang_desk.app import record as app_record
from rongchang_desk.app.export import AmendmentWish
from rongchang_desk.app.overview import MonthState, Overview, overview
from rongchang_desk.domain.finding import Finding, Severity
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.monthly_return import AmendmentKind
from rongchang_desk.ui import theme
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.page import Context
from rongchang_desk.ui.tables import Align, Column, Table
from rongchang_desk.ui.theme import Tone
from rongchang_desk.ui.tone_label import ToneLabel
from rongchang_desk.ui.unit.findings import FindingsTable, count_of

SIDE_WIDTH, NARROW_SIDE = 330, 236
SIDE_BY_SIDE = 760  # page width, at 100 % text size, from which the table shows all columns
NAMES = (("preparer", "填报人"), ("checker", "审核人"), ("approver", "负责人"))


class CheckStep(QWidget):
    """Shows what is wrong and takes what a return needs besides the records."""

    jump = Signal(object)  # Finding
    open_issued = Signal(str, str)  # digest, title
    changed = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._month = context.month
        self._seen: Overview | None = None
        self._explained: dict[tuple[str, str], str] = {}
        self._wishes: dict[Month, tuple[str, str]] = {}  # kind and reason typed, by month
        self.findings: tuple[Finding, ...] = ()
        self._summary = named(ToneLabel(), "check_summary")
        self._table = FindingsTable(
            "check_findings",
            empty="检查通过，没有发现问题。",
            settings=context.settings,
            further=(
                Column(
                    "说明",
                    lambda finding: self._explanation(finding) or None,
                    text=self._explanation_text,
                    tone=lambda finding: None if self._explanation(finding) else Tone.QUIET,
                    width=150,
                    tip=self._explanation,
                ),
            ),
        )
        self._table.row_activated.connect(self.jump)
        self._table.row_chosen.connect(self._finding_chosen)
        self._why_label = named(ToneLabel(), "check_explained")
        self._why = named(QLineEdit(), "check_explanation", "对所选提醒的说明")
        self._why.setPlaceholderText("选中一条提醒，在这里写明原因")
        self._why.editingFinished.connect(self._explain)
        self._about: Finding | None = None
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self._summary)
        left.addWidget(self._table, 1)
        left.addWidget(self._why_label)
        left.addWidget(self._why)
        side = QWidget()
        right = QVBoxLayout(side)
        right.setContentsMargins(0, 0, 4, 0)
        right.setSpacing(14)
        right.addWidget(self._names_card())
        right.addWidget(self._amend_card())
        right.addWidget(self._issued_card(), 1)
        area = named(QScrollArea(), "check_side")
        area.setWidget(side)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._side = area
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(14)
        row.addLayout(left, 1)
        row.addWidget(area)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        look = theme.current()
        is_wide = self.width() >= look.px(SIDE_BY_SIDE)
        self._side.setFixedWidth(look.px(SIDE_WIDTH if is_wide else NARROW_SIDE))
        for number, column in enumerate(self._table.table_model.columns):
            if column.name in ("所在", "说明"):
                self._table.setColumnHidden(number, not is_wide)
        for number, column in enumerate(self._issued.table_model.columns):
            if column.name == "更正":  # the row's tip tells it, too
                self._issued.setColumnHidden(number, not is_wide)

    # Making it

    def _names_card(self) -> QWidget:
        card, grid = _card("names_card", "签署人员")
        self._names: dict[str, QLineEdit] = {}
        for row, (role, title) in enumerate(NAMES, 1):
            line = named(QLineEdit(), f"name_{role}", title)
            line.editingFinished.connect(self._keep_names)
            label = QLabel(title)
            label.setBuddy(line)
            grid.addWidget(label, row, 0)
            grid.addWidget(line, row, 1)
            self._names[role] = line
        return card

    def _amend_card(self) -> QWidget:
        card, grid = _card("amend_card", "更正已生成的月报")
        self._amend = card
        self._kind = named(QComboBox(), "amend_kind", "更正类型")
        self._kind.setPlaceholderText("请选择")
        for kind in AmendmentKind:
            self._kind.addItem(kind.label, kind.value)
        self._kind.setCurrentIndex(-1)
        self._kind.activated.connect(lambda _: self._wish_typed())
        self._reason = named(QLineEdit(), "amend_reason", "更正原因")
        self._reason.setPlaceholderText("印在月报上，必须填写")
        self._reason.textEdited.connect(lambda _: self._wish_typed())
        for row, (title, widget) in enumerate((("类型", self._kind), ("原因", self._reason)), 1):
            grid.addWidget(QLabel(title), row, 0)
            grid.addWidget(widget, row, 1)
        return card

    def _issued_card(self) -> QWidget:
        card, grid = _card("issued_card", "已生成的版本（双击打开）")
        self._issued = Table(
            (
                Column(
                    "版本",
                    lambda issued: issued.monthly_return.revision,
                    text=lambda issued: f"第 {issued.monthly_return.revision} 版",
                    width=70,
                ),
                Column(
                    "生成时间",
                    lambda issued: issued.issued_at,
                    text=lambda issued: issued.issued_at[:16].replace("T", " "),
                    stretch=True,
                    tip=_reason,
                ),
                Column(
                    "更正",
                    _amended,
                    align=Align.CENTER,
                    width=80,
                    tip=_reason,
                ),
            ),
            name="check_issued",
            accessible="已生成的版本",
            empty="本月还没有生成过月报。",
            settings=self._context.settings,
            identity=lambda issued: issued.digest,
        )
        self._issued.setMinimumHeight(theme.current().px(124))
        self._issued.row_activated.connect(self._open)
        grid.addWidget(self._issued, 1, 0, 1, 2)
        grid.setRowStretch(1, 1)
        return card

    # Showing

    def show_month(self, seen: Overview) -> None:
        """Show a month; what was typed about it comes back."""
        desk = self._context.desk
        self._seen, self._month = seen, seen.month
        self.findings = seen.findings
        sheet = app_record.month_sheet(desk, seen.month)
        self._explained = {(e.code, e.where): e.text for e in sheet.explanations}
        for role, line in self._names.items():
            line.setText(getattr(sheet.signatories, role))
        self._table.set_findings(seen.findings)
        self._finding_chosen(self._table.current_row())
        self._issued.set_rows(reversed(export.issued(desk, seen.month)))
        self._amend.setVisible(seen.state is MonthState.CHANGED)
        kind, reason = self._wishes.get(seen.month, ("", ""))
        self._kind.setCurrentIndex(self._kind.findData(kind) if kind else -1)
        self._reason.setText(reason)
        self._say_summary()

    def _say_summary(self) -> None:
        assert self._seen is not None
        errors = count_of(self.findings, Severity.ERROR)
        warnings = [f for f in self.findings if f.severity is Severity.WARNING]
        open_ones = sum(not self._explanation(finding) for finding in warnings)
        if self._seen.state is MonthState.NOT_ASKED:
            self._summary.say("按方案，本单位这个月不需报送。")
            return
        is_signed = self._seen.state is MonthState.SIGNED
        if errors and is_signed:
            self._summary.say(
                f"第 {self._seen.revision} 版已生成，可以再次写出同一个文件；"
                f"另有 {errors} 处错误，改正后才能生成新的一版。",
                Tone.WARN,
            )
        elif errors:
            self._summary.say(f"有 {errors} 处错误必须改正，{len(warnings)} 条提醒。", Tone.BAD)
        elif is_signed:
            self._summary.say(
                f"第 {self._seen.revision} 版已生成，此后内容没有改动；可以再次写出同一个文件。",
                Tone.GOOD,
            )
        elif open_ones:
            self._summary.say(
                f"没有错误，可以生成。还有 {open_ones} 条提醒没有说明，请尽量说明原因。", Tone.WARN
            )
        else:
            self._summary.say("检查通过，可以生成月报。", Tone.GOOD)

    def shown_findings(self) -> tuple[Finding, ...]:
        """The findings in the order of the table."""
        return self._table.table_model.rows

    def focus_field(self, field: str) -> None:
        """Put the cursor into one of the names."""
        if field in self._names:
            self._names[field].setFocus(Qt.FocusReason.OtherFocusReason)

    def wish(self) -> AmendmentWish | None:
        """The amendment's kind and reason, when both are given."""
        kind, reason = self._wishes.get(self._month, ("", ""))
        if not kind or not reason.strip():
            return None
        return AmendmentWish(AmendmentKind(kind), reason.strip())

    def forget_wish(self, month: Month) -> None:
        """The amendment was made: the next one needs a reason of its own."""
        self._wishes.pop(month, None)

    def commit(self) -> None:
        """Store what is being typed."""
        if self._seen is not None:
            self._keep_names()
            self._explain()

    # What the person does

    def _keep_names(self) -> None:
        desk = self._context.desk
        typed = {role: line.text().strip() for role, line in self._names.items()}
        names = app_record.month_sheet(desk, self._month).signatories
        if all(typed[role] == getattr(names, role) for role, _ in NAMES):
            return
        app_record.state(
            desk, self._month, preparer=typed["preparer"], checker=typed["checker"],
            approver=typed["approver"],
        )  # fmt: skip
        self._stored()

    def _explain(self) -> None:
        finding = self._about
        if finding is None or self._why.text().strip() == self._explanation(finding):
            return
        app_record.explain(self._context.desk, self._month, finding, self._why.text())
        self._stored()

    def _stored(self) -> None:
        """Look again after something was stored about the month."""
        self._context.saved()
        self._context.changed()
        focus = self.focusWidget()
        self.show_month(overview(self._context.desk, self._month))
        if focus is not None:
            focus.setFocus()
        self.changed.emit()

    def _wish_typed(self) -> None:
        self._wishes[self._month] = (str(self._kind.currentData() or ""), self._reason.text())
        self.changed.emit()

    def _finding_chosen(self, finding: Finding | None) -> None:
        is_warning = finding is not None and finding.severity is Severity.WARNING
        self._about = finding if is_warning else None
        self._why.setEnabled(is_warning)
        self._why_label.say(finding.message if finding is not None else "提醒的说明随月报送办公室")
        self._why.setText(self._explanation(finding) if finding is not None else "")

    def _explanation(self, finding: Finding) -> str:
        return self._explained.get((finding.code, str(finding.where)), "")

    def _explanation_text(self, finding: Finding) -> str:
        if finding.severity is not Severity.WARNING:
            return ""
        return self._explanation(finding) or "未说明"

    def _open(self, issued: Any) -> None:
        value = issued.monthly_return
        self.open_issued.emit(issued.digest, f"{value.month.label}月报第 {value.revision} 版")


def _reason(issued: Any) -> str:
    amends = issued.monthly_return.amends
    return f"{amends.kind.label}：{amends.reason}" if amends else ""


def _amended(issued: Any) -> str | None:
    amends = issued.monthly_return.amends
    return amends.kind.label if amends else None


def _card(name: str, title: str) -> tuple[QFrame, QGridLayout]:
    card = named(QFrame(), name)
    card.setProperty("role", "card")
    grid = QGridLayout(card)
    grid.setContentsMargins(16, 12, 16, 14)
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(8)
    heading = QLabel(title)
    heading.setProperty("role", "heading")
    grid.addWidget(heading, 0, 0, 1, 2)
    grid.setColumnStretch(1, 1)
    return card, grid
