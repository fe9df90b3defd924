"""汇总报告: what a report or bulletin will hold, making it, and those issued so far."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from rongchang_desk.app import issued_papers, originals, report, twins
from rongchang_desk.app.desk import Desk
from rongchang_desk.app.district import grouped
from rongchang_desk.app.issued_papers import IssuedRow, Touched
from rongchang_desk.app.report import Issued, Outlook, PaperKind, Wish
from rongchang_desk.domain.month import Month
from rongchang_desk.errors import WrongPassphrase
from rongchang_desk.ui import files
from rongchang_desk.ui.action_button import ActionButton
from rongchang_desk.ui.dialogs.passphrase import OFFICES_ADVICE, ask_passphrase
from rongchang_desk.ui.jobs import Work
from rongchang_desk.ui.messages import Banner
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.office.issued_list import IssuedList
from rongchang_desk.ui.office.newest_read import NewestRead
from rongchang_desk.ui.office.report_wish import WishChooser
from rongchang_desk.ui.office.summary_cards import Card, SummaryCards
from rongchang_desk.ui.page import Context, Page
from rongchang_desk.ui.pdf_view import PdfView
from rongchang_desk.ui.theme import Tone

_TWINS = ["Word 文字 (*.docx)", "表格 (*.xlsx)"]
Contents = tuple[Outlook, tuple[IssuedRow, ...], tuple[Touched, ...]]


class ReportPage(Page):
    """Left: what is wanted, what it would rest on, and the issued ones; right: the pages."""

    title = "汇总报告"
    help_topic = "office-report"

    shown = Signal()  # contents and list were filled
    issued = Signal(object)  # Issued: a paper was written
    exported = Signal(object)  # Path: an editable twin was written

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._outlook: Outlook | None = None
        self._read = NewestRead(context, "读取汇总情况")
        self._preview_read = NewestRead(context, "读取预览")
        self._make = self.new_action("生成并签名(&R)…", self._ask, name="make_report",
                                     primary=True, tip="签名生成所选的报告或通报")  # fmt: skip
        self._draft = self.new_action("预览未签名稿(&P)", self._show_draft, name="preview_draft",
                                      tip="按现有月报排出页面，先看再签")  # fmt: skip
        self._twin = self.new_action("导出 Word／表格(&E)…", self._export_draft,
                                     name="export_draft",
                                     tip="按现有月报写出可编辑的文件")  # fmt: skip
        self._banner = Banner()
        self._cards = SummaryCards(
            (
                Card("expected", "应报"),
                Card("on_time", "按时", Tone.GOOD),
                Card("late", "迟报", Tone.WARN),
                Card("missing", "未报", Tone.BAD),
            )
        )
        self._wish = WishChooser()
        self._wish.chosen.connect(self._kind_chosen)
        self._months = self._text("report_months")
        self._missing = self._text("report_missing")
        self._fingerprint = self._text("report_fingerprint")
        self._fingerprint.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._open_action = self.new_action("打开(&O)", lambda: self._open(self._list.current()),
                                            name="open_report", tip="打开所选报告")  # fmt: skip
        self._save_action = self.new_action("另存 Word／表格(&W)…", self._export_issued,
                                            name="export_issued",
                                            tip="把所选报告写成内容相同的可编辑文件")  # fmt: skip
        self._folder_action = self.new_action("打开文件夹(&F)", self._open_folder,
                                              name="open_folder",
                                              tip="打开放报告的文件夹")  # fmt: skip
        names = {unit.code: unit.name for unit in context.desk.plan.units}
        self._made = ""  # the digest of what was signed just now
        self._list = IssuedList(names, self._make, context.settings)
        self._list.chosen.connect(self._preview)
        self._list.opened.connect(self._open)
        self._list.table.addActions([self._open_action, self._save_action, self._folder_action])
        self._view = PdfView(empty="选择左边的报告即可预览，\n或点“预览未签名稿”先看页面。")
        self._caption = named(QLabel(), "preview_caption")
        self._caption.setProperty("role", "muted")
        self._caption.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        split = QSplitter()
        split.setChildrenCollapsible(False)
        split.setHandleWidth(12)
        split.addWidget(self._new_left())
        split.addWidget(self._new_right())
        split.setSizes([500, 500])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(10)
        whole.addWidget(self._banner)
        whole.addWidget(self._cards)
        whole.addWidget(split, 1)
        self._preview(None)

    def subtitle(self) -> str:
        return "报告和通报内附各单位的签名原件"

    def page_actions(self) -> list[QAction]:
        return [self._make, self._draft, self._twin, self._folder_action]

    def refresh(self) -> None:
        period = self._wanted().period

        def work(desk: Desk, _: object) -> Contents:
            return (
                report.outlook(desk, period), report.issued(desk), issued_papers.touched(desk)
            )  # fmt: skip

        self._read.run(work, self._arrived)

    def show_month(self, month: Month) -> None:
        del month
        self._banner.hide()
        self.refresh()

    def _kind_chosen(self) -> None:
        self._banner.hide()
        self.refresh()

    def _wanted(self) -> Wish:
        return self._wish.wish(self.context.month)

    def _new_left(self) -> QWidget:
        """What is wanted and what it would rest on, over the list of those issued."""
        contents = QFrame()
        contents.setProperty("role", "card")
        inside = QVBoxLayout(contents)
        inside.setContentsMargins(16, 10, 16, 12)
        inside.setSpacing(6)
        inside.addWidget(self._wish)
        facts = QFormLayout()
        facts.setContentsMargins(0, 0, 0, 0)
        for title, label in (
            ("纳入月份", self._months),
            ("未报单位", self._missing),
            ("汇总指纹", self._fingerprint),
        ):
            caption = QLabel(title)
            caption.setProperty("role", "muted")
            facts.addRow(caption, label)
        inside.addLayout(facts)
        heading = QLabel("已生成的报告")
        heading.setProperty("role", "heading")
        scrolled = QWidget()
        upper = QVBoxLayout(scrolled)
        upper.setContentsMargins(0, 0, 0, 0)
        upper.setSpacing(8)
        upper.addWidget(contents)
        upper.addWidget(heading)
        upper.addWidget(self._list, 1)
        side = _Side()
        side.setWidget(scrolled)
        # Below what scrolls: in sight however large the text is.
        row = QHBoxLayout()
        for action in (self._open_action, self._save_action):
            row.addWidget(ActionButton(action, self))
        row.addStretch()
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(side, 1)
        column.addLayout(row)
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

    def _arrived(self, result: Contents) -> None:
        outlook, rows, touched = result
        self._outlook = outlook
        self._cards.show_numbers(
            expected=outlook.expected,
            on_time=outlook.on_time,
            late=outlook.late,
            missing=outlook.expected - outlook.reported,
        )
        several = len(outlook.months) > 1
        names = [f"{name}（{n} 份）" if several else name for name, n in outlook.missing]
        shown = "、".join(names[:12]) + (f" 等 {len(names)} 个单位" if len(names) > 12 else "")
        self._months.setText(_span(outlook.months))
        self._missing.setText((shown or "无，全部单位都已报送") if outlook.months else "—")
        self._fingerprint.setText(grouped(outlook.fingerprint) or "—")
        self._enable()
        self._list.show_rows(rows, touched)
        if self._made and self._list.table.choose(self._made):  # what was signed is shown at once
            self._made = ""
        self.shown.emit()

    def _enable(self) -> None:
        ready = self._outlook is not None and self._outlook.reported > 0
        for action in (self._make, self._draft, self._twin):
            action.setEnabled(ready)

    def _preview(self, row: IssuedRow | None) -> None:
        self._open_action.setEnabled(row is not None)
        self._save_action.setEnabled(row is not None)
        if row is None:
            return
        name = issued_papers.wish_of(row).label
        self._caption.setText(f"{name}，{row.issued_at:%Y-%m-%d %H:%M} 签发")
        digest = row.digest
        self._preview_read.run(
            lambda desk, _: originals.report_bytes(desk, digest), self._view.show_pdf
        )

    def _show_draft(self) -> None:
        wish = self._wanted()

        def done(pages: bytes) -> None:
            self._list.clear_choice()
            self._caption.setText(f"{wish.label}，未签名稿")
            self._view.show_pdf(pages)

        self._preview_read.drop()
        self.context.run_job(
            "正在排版", lambda desk, running: report.draft(desk, wish, running), done
        )

    # Making

    def _ask(self, problem: object = "") -> None:
        """Ask for the passphrase; `problem` is why it is asked again (or a click's bool)."""
        wish = self._wanted()
        ask_passphrase(
            self.window(),
            f"用办公室工作台的密钥签发{wish.label}。",
            "签名(&S)",
            lambda passphrase: self._issue(wish, passphrase),
            advice=OFFICES_ADVICE,
            problem=problem if isinstance(problem, str) else "",
        )

    def _issue(self, wish: Wish, passphrase: str) -> None:
        def failed(error: Exception) -> bool:
            if isinstance(error, WrongPassphrase):
                self._ask(error.message)
                return True
            return False

        self._banner.hide()
        self._make.setEnabled(False)
        job = self.context.run_job(
            f"正在生成{wish.label}",
            lambda desk, running: report.issue_under(desk, wish, passphrase, running),
            self._done,
            failed=failed,
            cancelled=lambda: self._banner.show_message("已取消，没有生成报告。"),
        )
        job.ended.connect(self._enable)

    def _done(self, made: Issued) -> None:
        more = "要让各单位锁定该月，请到“往来文件”另发通报。"
        self._banner.show_message(
            f"已生成 {made.wish.label}，内附 {made.returns} 份月报原件。",
            f"文件：{made.file}" + (more if made.wish.kind is PaperKind.BULLETIN else ""),
            Tone.GOOD,
        )
        self._made = made.digest
        self.context.changed()
        self.refresh()
        self.issued.emit(made)

    # Editable twins

    def _export_draft(self) -> None:
        wish = self._wanted()
        name = report.name_of(self.context.desk, wish)

        def save(path: Path) -> None:
            self._write_twin(lambda desk, running: twins.write(desk, wish, path, running))

        files.choose_target(self, "导出可编辑的文件", f"{name}.docx", _TWINS, save)

    def _export_issued(self) -> None:
        row = self._list.current()
        if row is None:
            return
        name = report.name_of(self.context.desk, issued_papers.wish_of(row))

        def save(path: Path) -> None:
            self._write_twin(lambda desk, running: twins.write_issued(desk, row, path, running))

        files.choose_target(self, "另存可编辑的文件", f"{name}.docx", _TWINS, save)

    def _write_twin(self, work: Work) -> None:
        def done(path: Path) -> None:
            self._banner.show_message("已导出，数字与报告一致。", f"文件：{path}", Tone.GOOD)
            self.exported.emit(path)

        self._banner.hide()
        self.context.run_job(
            "正在导出", work, done,
            cancelled=lambda: self._banner.show_message("已取消，没有写出文件。"),
        )  # fmt: skip

    def _open(self, row: IssuedRow | None) -> None:
        if row is not None:
            name = report.name_of(self.context.desk, issued_papers.wish_of(row))
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


class _Side(QScrollArea):
    """Scrolls up and down where there is little room; always as wide as what it holds."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("report_side")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def minimumSizeHint(self) -> QSize:
        inner = self.widget().minimumSizeHint() if self.widget() else QSize()
        return QSize(inner.width() + self.verticalScrollBar().sizeHint().width(), 120)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().event(event)


def _span(months: tuple[Month, ...]) -> str:
    if not months:
        return "还没有已经结束的月份"
    if len(months) == 1:
        return months[0].label
    return f"{months[0].label}至{months[-1].label}，共 {len(months)} 个月"
