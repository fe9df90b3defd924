"""月报: the assistant from the check over the preview to the signed file.

Going back loses nothing: names and explanations are stored on leaving their fields, the reason
of an amendment is kept for its month.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QAction, QDesktopServices
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
)

from rongchang_desk.app import evidence_sending, export
from rongchang_desk.app.export import AmendmentWish, Exported, Prepared
from rongchang_desk.app.overview import MonthState, Overview, overview
from rongchang_desk.domain.finding import Finding, Where, has_errors
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.monthly_return import file_name
from rongchang_desk.errors import DeskError, WrongPassphrase
from rongchang_desk.ui.dialogs.passphrase import UNITS_ADVICE, ask_passphrase
from rongchang_desk.ui.messages import Banner
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.page import Context, Page
from rongchang_desk.ui.theme import Tone
from rongchang_desk.ui.unit import evidence_export
from rongchang_desk.ui.unit.badges import show_badges
from rongchang_desk.ui.unit.findings import page_of
from rongchang_desk.ui.unit.preview import Preview, show_in_dialog
from rongchang_desk.ui.unit.return_check import CheckStep
from rongchang_desk.ui.unit.return_sign import SignStep
from rongchang_desk.ui.unit.steps import StepBar

CHECK, PREVIEW, SIGN = range(3)


@dataclass(frozen=True)
class Written:
    """A signed file that was written in this session."""

    exported: Exported
    pdf: bytes


class ReturnPage(Page):
    """Check, preview, sign."""

    title = "月报"
    help_topic = "return"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._seen: Overview | None = None
        self._prepared: Prepared | None = None
        self._month = context.month
        self._jumped = ""
        self._next_finding = self.new_action(
            "下一处问题(&J)", self._jump_on, name="return_jump", shortcut="F8",
            tip="跳到下一处需要处理的地方（F8）",
        )  # fmt: skip
        self.addAction(self._next_finding)
        self._evidence = self.new_action(
            "导出佐证材料包(&E)…", self._export_evidence, name="export_evidence"
        )
        self._banner = Banner()
        self._bar = StepBar(("检查", "预览", "签名导出"))
        self._bar.chosen.connect(self._go_back_to)
        self._check = CheckStep(context)
        self._check.jump.connect(self._jump)
        self._check.open_issued.connect(self._open_issued)
        self._check.changed.connect(self._enable)
        self._view = Preview()
        self._sign = SignStep(context)
        self._sign.sign.connect(self._ask_to_sign)
        self._sign.elsewhere.connect(self._choose_place)
        self._sign.open_folder.connect(self._open_folder)
        self._sign.print_it.connect(self._print)
        self._stack = named(QStackedWidget(), "return_steps")
        for step in (self._check, self._view, self._sign):
            self._stack.addWidget(step)
        self._back = named(QPushButton("上一步(&B)"), "return_back")
        self._back.clicked.connect(self._go_back)
        self._forward = named(QPushButton("下一步(&N)"), "return_forward")
        self._forward.setProperty("primary", True)
        self._forward.clicked.connect(self._go_on)
        self._why = named(QLabel(), "return_why")
        self._why.setProperty("role", "muted")
        buttons = QHBoxLayout()
        buttons.addWidget(self._why, 1)
        buttons.addWidget(self._back)
        buttons.addWidget(self._forward)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        column.addWidget(self._bar)
        column.addWidget(self._banner)
        column.addWidget(self._stack, 1)
        column.addLayout(buttons)

    # Page

    def subtitle(self) -> str:
        due = self.context.desk.due(self.context.month)
        return f"{due.month}月{due.day}日截止报送"

    def page_actions(self) -> list[QAction]:
        return [self._next_finding, self._evidence]

    def refresh(self) -> None:
        """Look at the month anew; what was prepared from older records is given up."""
        self._month = self.context.month
        self._prepared = None
        self._seen = overview(self.context.desk, self._month)
        self._check.show_month(self._seen)
        self._enable_evidence()
        self._show_step(CHECK)

    def show_month(self, month: Month) -> None:
        del month
        self._check.commit()
        self._banner.hide()
        self.refresh()

    def show_target(self, target: object) -> None:
        if isinstance(target, Where):
            self._show_step(CHECK)
            self._check.focus_field(target.field)

    def may_leave(self) -> bool:
        self._check.commit()
        return True

    # Steps

    def _show_step(self, step: int) -> None:
        self._stack.setCurrentIndex(step)
        self._bar.show_step(step)
        self._enable()

    def _enable(self) -> None:
        step = self._stack.currentIndex()
        why = self._hindrance() if step == CHECK else ""
        self._why.setText(why)
        self._back.setVisible(step != CHECK)
        self._forward.setVisible(step != SIGN)
        self._forward.setText("下一步：预览(&N)" if step == CHECK else "下一步：签名(&N)")
        self._forward.setEnabled(not why)
        self._next_finding.setEnabled(bool(self._check.findings))
        self._bar.set_reachable(SIGN if self._prepared else CHECK)

    def _hindrance(self) -> str:
        """Why the month cannot be previewed yet; empty when it can."""
        if self._seen is None:
            return " "
        if self._seen.state is MonthState.SIGNED:
            return ""  # what was signed may always be written again
        if self._seen.state is MonthState.NOT_ASKED:
            return "按方案，本单位这个月不需报送。"
        if has_errors(self._check.findings):
            return "有必须改正的错误，双击可跳到要改的地方。"
        if self._seen.state is MonthState.CHANGED and self._check.wish() is None:
            return "本月已生成过，内容有改动：请选更正类型并写明原因。"
        return ""

    def _go_on(self) -> None:
        if self._stack.currentIndex() == PREVIEW:
            if self._prepared:
                self._sign.show_prepared(self._prepared, self._seen)
                self._show_step(SIGN)
            return
        self._check.commit()
        if self._hindrance():
            self._enable()
            return
        self._banner.hide()
        self._forward.setEnabled(False)
        month, wish = self._month, self._wish()

        def work(desk: Any, running: Any) -> Prepared:
            running.step(0, 1, "排版")
            return export.prepare(desk, month, wish)

        self.context.run_job(
            "正在排版月报", work, lambda made: self._show_preview(month, made),
            failed=self._failed, cancelled=self._enable,
        )  # fmt: skip

    def _show_preview(self, month: Month, prepared: Prepared) -> None:
        if month != self._month or self._stack.currentIndex() != CHECK:
            return
        self._prepared = prepared
        self._show_step(PREVIEW)
        self._view.show_pdf(prepared.pages)

    def _go_back(self) -> None:
        self._go_back_to(self._stack.currentIndex() - 1)

    def _go_back_to(self, step: int) -> None:
        if step == CHECK:
            self.refresh()
        elif self._prepared and step == PREVIEW:
            self._show_step(PREVIEW)
        elif self._prepared and step == SIGN:
            self._sign.show_prepared(self._prepared, self._seen)
            self._show_step(SIGN)

    def _wish(self) -> AmendmentWish | None:
        is_changed = self._seen is not None and self._seen.state is MonthState.CHANGED
        return self._check.wish() if is_changed else None

    # Findings

    def _jump(self, finding: Finding) -> None:
        page = page_of(finding.where)
        self._jumped = _name(finding)
        if page == "return":
            self._check.focus_field(finding.where.field)
        else:
            self.context.go_to(page, finding.where)

    def _jump_on(self) -> None:
        """To the finding behind the one that was jumped to last."""
        findings = self._check.shown_findings()
        names = [_name(finding) for finding in findings]
        at = names.index(self._jumped) + 1 if self._jumped in names else 0
        if findings:
            self._jump(findings[at % len(findings)])

    # Signing

    def _ask_to_sign(self) -> None:
        if self._prepared is None:
            return
        if self._is_again():
            self._write_again()
            return
        self._ask("")

    def _is_again(self) -> bool:
        return self._prepared is not None and any(
            issued.digest == self._prepared.digest
            for issued in export.issued(self.context.desk, self._month)
        )

    def _ask(self, problem: str) -> None:
        assert self._prepared is not None
        value = self._prepared.monthly_return
        ask_passphrase(
            self.window(),
            f"用本单位的密钥签发{value.month.label}月报第 {value.revision} 版。",
            "签名(&S)",
            self._export,
            advice=UNITS_ADVICE,
            problem=problem,
        )

    def _export(self, passphrase: str) -> None:
        month, wish, out = self._month, self._wish(), self._sign.place()

        def work(desk: Any, running: Any) -> Written:
            running.step(0, 3, "打开密钥")
            identity = desk.identity(passphrase)
            made = export.export(desk, month, identity, out=out, wish=wish, running=running)
            return Written(made, export.issued_pdf(desk, made.digest))

        self._run_signing("正在签名", work)

    def _write_again(self) -> None:
        assert self._prepared is not None
        value, digest = self._prepared.monthly_return, self._prepared.digest
        out = self._sign.place() or self.context.desk.exports / file_name(value)

        def work(desk: Any, running: Any) -> Written:
            running.step(0, 1, out.name)
            export.write_again(desk, digest, out)
            pdf = export.issued_pdf(desk, digest)
            made = Exported(
                out, value.unit, value.month, value.revision, digest, len(pdf), again=True
            )
            return Written(made, pdf)

        self._run_signing("正在写出月报", work)

    def _run_signing(self, title: str, work: Callable[[Any, Any], Written]) -> None:
        self._banner.hide()
        self._sign.set_busy(is_busy=True)
        self.context.run_job(
            title, work, self._signed,
            failed=self._failed, cancelled=lambda: self._sign.set_busy(is_busy=False),
        )  # fmt: skip

    def _signed(self, written: Written) -> None:
        made = written.exported
        self._sign.set_busy(is_busy=False)
        self._check.forget_wish(made.month)
        self.context.changed()
        self.context.saved()
        if made.month != self._month:  # the person went on to another month meanwhile
            self.context.notify(f"{made.month.label}月报第 {made.revision} 版已写入 {made.file}")
            return
        self._sign.show_written(made, written.pdf)
        self._seen = overview(self.context.desk, self._month)
        self._check.show_month(self._seen)
        self._enable_evidence()
        show_badges(self.context, self._seen)

    def _failed(self, problem: Exception) -> bool:
        self._sign.set_busy(is_busy=False)
        self._enable()
        if isinstance(problem, WrongPassphrase):
            self._ask(problem.message)
            return True
        if not isinstance(problem, DeskError):
            return False
        self._banner.show_error(problem)
        return True

    def _choose_place(self) -> None:
        if self._prepared is None:
            return
        name = file_name(self._prepared.monthly_return)
        folder = str(self.context.settings.value("return/folder", str(Path.home())))
        chosen, _ = QFileDialog.getSaveFileName(
            self, "月报保存到", str(Path(folder) / name), "PDF 文件 (*.pdf)"
        )
        if chosen:
            self.context.settings.setValue("return/folder", str(Path(chosen).parent))
            path = Path(chosen)
            if path.suffix.lower() != ".pdf":
                path = path.with_name(f"{path.name}.pdf")
            self._sign.set_place(path)

    # Afterwards

    def _open_folder(self, file: Path) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(file.parent))):
            self._banner.show_message(
                "不能打开文件夹。", f"请在文件管理器中打开：{file.parent}", Tone.WARN
            )

    def _enable_evidence(self) -> None:
        why = evidence_export.hindrance(evidence_sending.listed(self.context.desk, self._month))
        self._evidence.setEnabled(not why)
        self._evidence.setToolTip(why or "把月报所列的佐证材料装成签名的材料包，报送办公室")

    def _export_evidence(self) -> None:
        what = evidence_sending.listed(self.context.desk, self._month)
        if what is not None:
            evidence_export.ask_to_export(self.context, self, self._banner, what)

    def _open_issued(self, digest: str, title: str) -> None:
        show_in_dialog(self.window(), title, export.issued_pdf(self.context.desk, digest))

    def _print(self, pdf: bytes) -> None:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        dialog = named(QPrintDialog(printer, self.window()), "print_dialog")

        def accepted() -> None:
            self._send(pdf, printer)

        dialog.accepted.connect(accepted)
        dialog.finished.connect(dialog.deleteLater)
        QDialog.open(dialog)  # QPrintDialog hides it behind one that wants a slot's name

    def _send(self, pdf: bytes, printer: Any) -> None:
        from rongchang_desk.ui.unit.printing import print_pdf

        self.context.run_job(
            "正在打印",
            lambda _, running: print_pdf(pdf, printer, running),
            lambda count: self.context.notify(f"已送打印 {count} 页。"),
        )


def _name(finding: Finding) -> str:
    return f"{finding.code} {finding.where} {finding.message}"
