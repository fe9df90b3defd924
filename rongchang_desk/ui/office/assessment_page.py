"""考核: score sheets of a period, their frozen snapshots with appeals, and the rules."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QTabWidget, QVBoxLayout

from rongchang_desk.app import assessment
from rongchang_desk.app.assessment import Snapshot, Written
from rongchang_desk.app.desk import Desk
from rongchang_desk.app.running import Running
from rongchang_desk.domain.assessment import Assessment, ScoreItem
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.period import Period, around
from rongchang_desk.errors import FoundWrong, WrongPassphrase
from rongchang_desk.ui import files
from rongchang_desk.ui.dialogs.note import NoteDialog
from rongchang_desk.ui.dialogs.passphrase import OFFICES_ADVICE, ask_passphrase
from rongchang_desk.ui.elided_label import ElidedLabel
from rongchang_desk.ui.messages import Banner
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.office.appeals_tab import AppealsTab
from rongchang_desk.ui.office.newest_read import NewestRead
from rongchang_desk.ui.office.original_dialog import show_original
from rongchang_desk.ui.office.rules_tab import RulesTab
from rongchang_desk.ui.office.score_view import ScoreView
from rongchang_desk.ui.page import Context, Page
from rongchang_desk.ui.theme import Tone

LIVE = ""  # the choice that is no snapshot
Sign = Callable[[Desk, Running, str], tuple[Written, ...]]  # desk, progress, passphrase


class AssessmentPage(Page):
    """Which period and which result stand above; scores, appeals and rules in tabs below."""

    title = "考核"
    help_topic = "office-assessment"
    search_hint = "搜索单位"

    shown = Signal()  # scores were filled, or why there are none was said
    written = Signal(object)  # tuple of Written: papers were signed

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._value: Assessment | None = None
        self._read = NewestRead(context, "计算考核得分")
        self._freeze = self.new_action(
            "冻结结果(&Z)…", self._ask_freeze, name="freeze_scores", primary=True
        )
        self._unit_paper = self.new_action(
            "所选单位得分单(&U)…", self._unit_wanted, name="paper_unit"
        )
        self._all_paper = self.new_action(
            "全部单位汇总(&W)…", lambda: self._ask_where(""), name="paper_all"
        )
        self._each_paper = self.new_action("每单位一份(&E)…", self._ask_folder, name="paper_each")
        self._banner = Banner()
        self._periods = named(QComboBox(), "assessment_period", "考核期")
        self._periods.currentIndexChanged.connect(self._period_chosen)
        self._results = named(QComboBox(), "assessment_result", "看哪一份结果")
        self._results.currentIndexChanged.connect(self._read_scores)
        self._scores = ScoreView(context.settings)
        self._scores.opened.connect(self._open)
        self._appeals = AppealsTab(context, self._scores)
        self._appeals.changed.connect(self._count_appeals)
        self._rules = RulesTab(context)
        self._rules.saved.connect(lambda _: self.refresh())
        self._tabs = named(QTabWidget(), "assessment_tabs")
        self._tabs.setDocumentMode(True)
        self._tabs.tabBar().setDrawBase(False)
        self._tabs.addTab(self._scores, "得分(&S)")
        self._tabs.addTab(self._appeals, "申诉(&P)")
        self._tabs.addTab(self._rules, "规则(&R)")
        self._about = named(ElidedLabel(), "assessment_about")
        self._about.setProperty("role", "muted")
        bar = QHBoxLayout()
        bar.setSpacing(8)
        for caption, box in (("考核期(&T)", self._periods), ("结果(&G)", self._results)):
            label = QLabel(caption)
            label.setBuddy(box)
            bar.addWidget(label)
            bar.addWidget(box)
            bar.addSpacing(10)
        bar.addWidget(self._about, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(bar)
        column.addWidget(self._banner)
        column.addWidget(self._tabs, 1)
        self._show(None)

    def subtitle(self) -> str:
        return "每一分都有出处"

    def page_actions(self) -> list[QAction]:
        return [self._freeze, self._unit_paper, self._all_paper, self._each_paper]

    def refresh(self) -> None:
        self._offer_periods()
        self._offer_results()
        self._rules.refresh()
        self._read_scores()

    def show_month(self, month: Month) -> None:
        del month
        self._offer_periods()
        self._offer_results()
        self._read_scores()

    def search(self, text: str) -> None:
        self._scores.sheets.set_filter(text)

    def may_leave(self) -> bool:
        if self._rules.is_changed():
            self._tabs.setCurrentWidget(self._rules)
            self.context.notify("考核规则的改动还没有保存：请保存为新版本，或点“放弃改动”。")
            return False
        return True

    # Choosing

    def _offer_periods(self) -> None:
        """The periods the header's month lies in; the same kind stays chosen."""
        kind = max(self._periods.currentIndex(), 0)
        self._periods.blockSignals(True)
        self._periods.clear()
        for period in around(self.context.month):
            self._periods.addItem(period.label, period.code)
        self._periods.setCurrentIndex(kind)
        self._periods.blockSignals(False)

    def _offer_results(self, chosen: str | None = None) -> None:
        """The scores as they stand now, and every snapshot of the period."""
        if chosen is None:
            chosen = self._results.currentData() or LIVE
        period = self._period().code
        self._results.blockSignals(True)
        self._results.clear()
        self._results.addItem("按现有月报计算", LIVE)
        for kept in assessment.snapshots(self.context.desk):
            if kept.period == period:
                name = f"快照 {kept.frozen_at:%Y-%m-%d %H:%M} {kept.author}"
                self._results.addItem(name, kept.digest)
        self._results.setCurrentIndex(max(self._results.findData(chosen), 0))
        self._results.blockSignals(False)

    def _period(self) -> Period:
        code = self._periods.currentData()
        return Period.parse(code) if code else around(self.context.month)[0]

    def _snapshot(self) -> str:
        """The digest of the snapshot shown; empty for the scores as they stand now."""
        return str(self._results.currentData() or LIVE)

    # Showing

    def _period_chosen(self, _: int) -> None:
        self._offer_results(LIVE)
        self._read_scores()

    def _read_scores(self, *_: object) -> None:
        period = self._period()
        snapshot = self._snapshot()

        def work(desk: Desk, _: object) -> Assessment | FoundWrong:
            try:
                if snapshot:
                    return assessment.frozen(desk, snapshot)
                return assessment.assess(desk, period)
            except FoundWrong as nothing:
                return nothing

        self._read.run(work, self._arrived)

    def _arrived(self, found: Assessment | FoundWrong) -> None:
        if isinstance(found, FoundWrong):
            self._banner.show_message(found.message, found.hint)
            self._show(None)
        else:
            if self._value is None:
                self._banner.hide()
            self._show(found)
        self.shown.emit()

    def _show(self, value: Assessment | None) -> None:
        self._value = value
        snapshot = self._snapshot() if value else LIVE
        self._scores.show_assessment(value)
        self._appeals.show_snapshot(snapshot, value)
        self._count_appeals()
        self._freeze.setEnabled(value is not None and not snapshot)
        tip = "" if snapshot else "（请先冻结结果，再从“结果”里选它）"
        for action in (self._unit_paper, self._all_paper, self._each_paper):
            action.setEnabled(bool(snapshot))
            action.setToolTip(f"{action.text().split('(', maxsplit=1)[0]}{tip}")
        self._about.show_text(self._told(value))

    def _told(self, value: Assessment | None) -> str:
        if value is None:
            return ""
        first, last = value.months[0], value.months[-1]
        span = first.label if first == last else f"{first.label}至{last.label}"
        version = f"第 {value.rules_version} 版规则" if value.rules_version else "方案所载规则"
        return f"{span}，{version}，汇总指纹 {value.fingerprint[:8].upper()}"

    def _count_appeals(self) -> None:
        count = self._appeals.open_count
        self._tabs.setTabText(1, f"申诉 {count}(&P)" if count else "申诉(&P)")

    def _open(self, item: ScoreItem) -> None:
        if item.digest:
            show_original(self.context, self, item.digest, item.record)
        else:
            self.context.notify(f"“{item.what}”没有对应的月报。")

    # Freezing

    def _ask_freeze(self) -> None:
        value = self._value
        if value is None:
            return
        dialog = NoteDialog(
            self,
            "冻结考核结果",
            f"把{value.label}现在的得分、规则版本和汇总指纹存成快照，以后不再改变；"
            "得分单和申诉都以快照为准。",
            "冻结(&Z)",
        )
        author = dialog.add_line("办理人(&N)", "freeze_author")
        dialog.ask(lambda: self._frozen(assessment.freeze(
            self.context.desk, value, author.text()
        )))  # fmt: skip

    def _frozen(self, kept: Snapshot) -> None:
        self._offer_results(kept.digest)
        self._read_scores()
        self.context.saved()
        self._banner.show_message(
            "结果已冻结。", "现在可以生成得分单；单位有异议的，在“申诉”里登记。", Tone.GOOD
        )

    # Papers

    def _unit_wanted(self) -> None:
        sheet = self._scores.chosen()
        if sheet is None:
            self.context.notify("请先在得分表里选一个单位。")
        else:
            self._ask_where(sheet.unit)

    def _ask_where(self, unit: str) -> None:
        snapshot, value = self._snapshot(), self._value
        if not snapshot or value is None:
            return
        name = assessment.paper_name(value, unit)
        files.choose_target(
            self, "生成得分单", name, ["签名的得分单 (*.pdf)"],
            lambda out: self._ask_passphrase(out.name, self._one_paper(snapshot, unit, out)),
        )  # fmt: skip

    def _one_paper(self, snapshot: str, unit: str, out: Path) -> Sign:
        def sign(desk: Desk, running: Running, passphrase: str) -> tuple[Written, ...]:
            identity = desk.identity(passphrase)
            made = assessment.write_paper(desk, snapshot, identity, out, unit=unit, running=running)
            return (made,)

        return sign

    def _ask_folder(self) -> None:
        snapshot = self._snapshot()

        def chosen(folder: Path) -> None:
            what = f"{folder.name}里每单位一份的得分单"
            self._ask_passphrase(what, self._every_paper(snapshot, folder))

        if snapshot:
            files.choose_folder(self, "每单位一份得分单，保存到哪里", chosen)

    def _every_paper(self, snapshot: str, folder: Path) -> Sign:
        def sign(desk: Desk, running: Running, passphrase: str) -> tuple[Written, ...]:
            identity = desk.identity(passphrase)
            return assessment.write_papers(desk, snapshot, identity, folder, running)

        return sign

    def _ask_passphrase(self, what: str, sign: Sign, problem: str = "") -> None:
        ask_passphrase(
            self.window(),
            f"用办公室工作台的密钥签发“{what}”。",
            "签名(&S)",
            lambda passphrase: self._write(what, sign, passphrase),
            advice=OFFICES_ADVICE,
            problem=problem,
        )

    def _write(self, what: str, sign: Sign, passphrase: str) -> None:
        def failed(error: Exception) -> bool:
            if isinstance(error, WrongPassphrase):
                self._ask_passphrase(what, sign, error.message)
                return True
            return False

        self.context.run_job(
            "正在生成得分单",
            lambda desk, running: sign(desk, running, passphrase),
            self._papers_written,
            failed=failed,
            cancelled=lambda: self._banner.show_message("已取消；已经写好的得分单保留。"),
        )

    def _papers_written(self, made: tuple[Written, ...]) -> None:
        first = made[0]
        if len(made) > 1:
            text, place = f"已生成 {len(made)} 份签名的得分单。", f"文件夹：{first.file.parent}"
        else:
            text, place = f"已生成签名的得分单（{first.units} 个单位）。", f"文件：{first.file}"
        self._banner.show_message(text, place, Tone.GOOD)
        self.written.emit(made)
