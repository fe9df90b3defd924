"""汇总报告: what the month's report will hold, making it, and the reports issued so far."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from rongchang_desk.app import district, originals, report
from rongchang_desk.app.desk import Desk
from rongchang_desk.app.district import Reported, Status, grouped
from rongchang_desk.app.report import Issued, IssuedRow
from rongchang_desk.domain.month import Month
from rongchang_desk.errors import WrongPassphrase
from rongchang_desk.ui.dialogs.passphrase import OFFICES_ADVICE, ask_passphrase
from rongchang_desk.ui.main_window import ActionButton
from rongchang_desk.ui.messages import Banner
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.office import files
from rongchang_desk.ui.office.newest_read import NewestRead
from rongchang_desk.ui.office.summary_cards import Card, SummaryCards
from rongchang_desk.ui.page import Context, Page
from rongchang_desk.ui.pdf_view import PdfView
from rongchang_desk.ui.tables import Column, Table
from rongchang_desk.ui.theme import Tone


class ReportPage(Page):
    """Left: contents of the month's report and the issued ones; right: the pages."""

    title = "汇总报告"
    help_topic = "office-report"

    shown = Signal()  # contents and list were filled
    issued = Signal(object)  # Issued: a report was written

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._status: Status | None = None
        self._read = NewestRead(context, "读取汇总情况")
        self._preview_read = NewestRead(context, "读取预览")
        self._make = self.new_action("生成汇总报告(&R)…", self._ask, name="make_report",
                                     primary=True, tip="签名生成本月的汇总报告")  # fmt: skip
        self._draft = self.new_action("预览未签名稿(&P)", self._show_draft, name="preview_draft",
                                      tip="按现有月报排出页面，先看再签")  # fmt: skip
        self._banner = Banner()
        self._cards = SummaryCards(
            (
                Card("expected", "应报"),
                Card("on_time", "按时", Tone.GOOD),
                Card("late", "迟报", Tone.WARN),
                Card("missing", "未报", Tone.BAD),
            )
        )
        self._missing = self._text("report_missing")
        self._fingerprint = self._text("report_fingerprint")
        self._fingerprint.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._table = Table(
            (
                Column("月份", lambda r: str(r.month), lambda r: r.month.label, width=104),
                Column("生成时间", lambda r: r.issued_at, width=142),
                Column("汇总指纹", lambda r: r.fingerprint,
                       lambda r: grouped(r.fingerprint[:16]) + " …", stretch=True,
                       tip=lambda r: grouped(r.fingerprint)),
            ),
            name="reports", accessible="已生成的报告", empty="还没有生成过汇总报告。",
            empty_action=self._make, settings=context.settings, identity=lambda r: r.digest,
        )  # fmt: skip
        self._table.row_chosen.connect(self._preview)
        self._table.row_activated.connect(self._open)
        self._open_action = self.new_action("打开(&O)", lambda: self._open(self._chosen()),
                                            name="open_report", tip="打开所选报告")  # fmt: skip
        self._folder_action = self.new_action("打开所在文件夹(&F)", self._open_folder,
                                              name="open_folder")  # fmt: skip
        self._table.addActions([self._open_action, self._folder_action])
        self._view = PdfView(empty="选择左边的报告即可预览，\n或点“预览未签名稿”先看本月的页面。")
        self._caption = named(QLabel(), "preview_caption")
        self._caption.setProperty("role", "muted")
        self._caption.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        split = QSplitter()
        split.setChildrenCollapsible(False)
        split.setHandleWidth(12)
        split.addWidget(self._new_left())
        split.addWidget(self._new_right())
        split.setSizes([460, 540])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(10)
        whole.addWidget(self._banner)
        whole.addWidget(self._cards)
        whole.addWidget(split, 1)
        self._choose(None)

    def subtitle(self) -> str:
        return "报告内附各单位的签名原件"

    def page_actions(self) -> list[QAction]:
        return [self._make, self._draft]

    def refresh(self) -> None:
        month = self.context.month

        def work(desk: Desk, _: object) -> tuple[Status, tuple[IssuedRow, ...]]:
            return district.status(desk, month), report.issued(desk)

        self._read.run(work, self._arrived)

    def show_month(self, month: Month) -> None:
        del month
        self._banner.hide()
        self.refresh()

    def _new_left(self) -> QWidget:
        """What the month's report will hold, over the list of those issued."""
        contents = QFrame()
        contents.setProperty("role", "card")
        inside = QVBoxLayout(contents)
        inside.setContentsMargins(16, 12, 16, 12)
        inside.setSpacing(6)
        for title, label in (
            ("未报单位", self._missing),
            ("汇总指纹", self._fingerprint),
        ):
            caption = QLabel(title)
            caption.setProperty("role", "muted")
            inside.addWidget(caption)
            inside.addWidget(label)
        heading = QLabel("已生成的报告")
        heading.setProperty("role", "heading")
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(contents)
        column.addSpacing(4)
        row = QHBoxLayout()
        row.addWidget(heading, 1)
        row.addWidget(ActionButton(self._open_action))
        row.addWidget(ActionButton(self._folder_action))
        column.addLayout(row)
        column.addWidget(self._table, 1)
        return left

    def _new_right(self) -> QWidget:
        """The pages with a line that says which file they are of."""
        right = QFrame()
        right.setProperty("role", "card")
        pages = QVBoxLayout(right)
        pages.setContentsMargins(8, 8, 8, 8)
        pages.setSpacing(4)
        pages.addWidget(self._caption)
        pages.addWidget(self._view, 1)
        return right

    # Showing

    def _arrived(self, result: tuple[Status, tuple[IssuedRow, ...]]) -> None:
        self._status, rows = result
        status = self._status
        reported = len(status.reported)
        self._cards.show_numbers(
            expected=len(status.cells),
            on_time=status.counted(Reported.ON_TIME),
            late=status.counted(Reported.LATE),
            missing=len(status.cells) - reported,
        )
        plan = self.context.desk.plan
        names = [plan.name_of(code) for code in status.missing]
        shown = "、".join(names[:12]) + (f" 等 {len(names)} 个单位" if len(names) > 12 else "")
        self._missing.setText(shown or "无，全部单位都已报送")
        self._fingerprint.setText(grouped(status.fingerprint))
        for action in (self._make, self._draft):
            action.setEnabled(reported > 0)
        self._table.set_rows(rows)
        self.shown.emit()

    def _preview(self, row: IssuedRow | None) -> None:
        self._choose(row)
        if row is None:
            return
        self._caption.setText(f"{row.month.label}汇总报告，{row.issued_at:%Y-%m-%d %H:%M} 签发")
        digest = row.digest
        self._preview_read.run(
            lambda desk, _: originals.report_bytes(desk, digest), self._view.show_pdf
        )

    def _show_draft(self) -> None:
        month = self.context.month

        def done(pages: bytes) -> None:
            self._table.clearSelection()
            self._table.setCurrentIndex(self._table.rootIndex())
            self._caption.setText(f"{month.label}汇总报告，未签名稿")
            self._view.show_pdf(pages)

        self._preview_read.drop()
        self.context.run_job(
            "正在排版", lambda desk, running: report.draft(desk, month, running), done
        )

    def _choose(self, row: IssuedRow | None) -> None:
        self._open_action.setEnabled(row is not None)

    def _chosen(self) -> IssuedRow | None:
        row: IssuedRow | None = self._table.current_row()
        return row

    # Making

    def _ask(self, problem: str = "") -> None:
        status = self._status
        if not isinstance(problem, str) or status is None:  # clicked(bool)
            problem = ""
        month = self.context.month
        ask_passphrase(
            self.window(),
            f"用办公室工作台的密钥签发{month.label}汇总报告。",
            "签名(&S)",
            lambda passphrase: self._issue(month, passphrase),
            advice=OFFICES_ADVICE,
            problem=problem,
        )

    def _issue(self, month: Month, passphrase: str) -> None:
        def failed(error: Exception) -> bool:
            if isinstance(error, WrongPassphrase):
                self._ask(error.message)
                return True
            return False

        self._banner.hide()
        self._make.setEnabled(False)
        job = self.context.run_job(
            "正在生成汇总报告",
            lambda desk, running: report.issue_under(desk, month, passphrase, running),
            self._done,
            failed=failed,
            cancelled=lambda: self._banner.show_message("已取消，没有生成报告。"),
        )
        job.ended.connect(self._job_ended)

    def _job_ended(self) -> None:
        self._make.setEnabled(bool(self._status and self._status.reported))

    def _done(self, made: Issued) -> None:
        self._banner.show_message(
            f"已生成 {made.month.label}汇总报告，内附 {made.returns} 个单位的月报原件。",
            f"文件：{made.file}",
            Tone.GOOD,
        )
        self.context.changed()
        self.refresh()
        self.issued.emit(made)

    def _open(self, row: IssuedRow | None) -> None:
        if row is not None:
            name = report.name_of(self.context.desk, row.month)
            files.open_copy(
                self.context, lambda desk, _: originals.report_copy(desk, row.digest, name)
            )

    def _open_folder(self) -> None:
        folder: Path = self.context.desk.exports

        files.open_copy(self.context, lambda _desk, _running: originals.made_folder(folder))

    def _text(self, name: str) -> QLabel:
        label = named(QLabel("—"), name)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        return label
