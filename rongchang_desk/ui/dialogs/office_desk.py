"""建立办公室工作台: the district's root key under the passphrase of two people, and the plan."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QTextDocument
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QPushButton,
    QRadioButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from rongchang_desk.app import enrol, passphrase, places
from rongchang_desk.app.district import grouped
from rongchang_desk.app.running import Running
from rongchang_desk.domain.finding import Finding
from rongchang_desk.domain.plan import Plan
from rongchang_desk.errors import DeskError, PlanFileError
from rongchang_desk.ui import theme
from rongchang_desk.ui.dialogs.new_desk import NewDeskDialog, colour_note, mark_wrong
from rongchang_desk.ui.dialogs.new_desk_fields import FileField, FolderField, NewPassphrase
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.theme import Tone

FOLDER_NAME = "知产强市办公室工作台"
WHY_TWO = (
    "根密钥能替全区任何单位签发证书，所以由两个人各管一半口令：少了任何一人都用不了。"
    "以后用到口令时，在同一栏里先由第一人、紧接着由第二人输入，中间不加空格。"
)


class OfficeDeskDialog(NewDeskDialog):
    """Asks, founds the office, then shows the root's fingerprint."""

    drops = ".toml"

    def __init__(self, made: Callable[[Path], None], parent: QWidget | None = None) -> None:
        super().__init__("建立办公室工作台", WHY_TWO, made, parent)
        self.setObjectName("office_desk_dialog")
        self._plan_body: bytes | None = None
        self._founded: Path | None = None
        least = passphrase.SHORTEST_PART
        self._first = NewPassphrase("first_person", "第一人的口令", least)
        self._second = NewPassphrase("second_person", "第二人的口令", least)
        shown = named(QCheckBox("显示口令(&S)"), "passphrase_shown")
        shown.toggled.connect(self._first.show_typed)
        shown.toggled.connect(self._second.show_typed)
        self._folder = FolderField(self.jobs, FOLDER_NAME)
        self.add_row("第一人口令(&1)", self._first, self._first.first)
        self.add_row("第二人口令(&2)", self._second, self._second.first)
        self.add_row("", shown)
        self.add_row("工作方案", self._new_plan_choice())
        self.add_row("存放位置(&D)", self._folder, self._folder.line)
        self._first.first.setFocus()

    def dropped(self, path: Path) -> None:
        self._own_plan.setChecked(True)
        self._plan_file.show_path(path)

    def forget(self) -> None:
        self._first.forget()
        self._second.forget()

    def begin(self) -> None:
        wrong = self._first.problem() or self._second.problem()
        if wrong:
            self.complain(*wrong)
        elif self._own_plan.isChecked() and self._plan_body is None:
            self.complain(self._plan_file.line, "请选择一个没有错误的方案文件，或改用附带的方案。")
        elif self._folder.problem:
            self.complain(self._folder.line, self._folder.problem)
        else:
            self._found()

    def done(self, result: int) -> None:
        founded, self._founded = self._founded, None
        super().done(result)
        if founded:  # however the last page is left, the desk stands
            self._made(founded)

    def _found(self) -> None:
        folder = self._folder.folder()
        words = self._first.text(), self._second.text()
        plan = self._plan_body if self._own_plan.isChecked() else None

        def work(running: Running) -> tuple[Path, str, str]:
            places.require(folder)
            both = passphrase.joined(*words)
            with enrol.create_office(folder, both, plan_file=plan, running=running) as desk:
                return folder, desk.title, enrol.root_fingerprint(desk)

        self.run_work(work, self._done_founding, lambda _error: False)

    # The plan

    def _new_plan_choice(self) -> QWidget:
        shipped = named(QRadioButton("荣昌区2024—2026年工作方案（随软件附带）(&R)"), "plan_shipped")
        shipped.setChecked(True)
        self._own_plan = named(QRadioButton("另选方案文件（.toml）(&T)"), "plan_own")
        self._plan_file = FileField("plan_file", "方案文件", "还没有选择", "方案文件 (*.toml)")
        self._plan_file.button.setText("选择方案(&L)…")
        self._plan_file.chosen.connect(self._plan_chosen)
        self._findings = named(QListWidget(), "plan_findings", "方案文件的错误")
        self._findings.setWordWrap(True)
        self._findings.setFixedHeight(theme.current().px(64))
        self._own_plan.toggled.connect(self._plan_kind_chosen)
        choice = QWidget()
        column = QVBoxLayout(choice)
        column.setContentsMargins(0, 6, 0, 0)
        column.setSpacing(8)
        for widget in (shipped, self._own_plan, self._plan_file, self._findings):
            column.addWidget(widget)
        self._plan_file.hide()
        self._findings.hide()
        return choice

    def _plan_kind_chosen(self, is_own: bool) -> None:
        self._plan_file.setVisible(is_own)
        self._findings.setVisible(is_own and self._findings.count() > 0)
        self.fit()

    def _plan_chosen(self, path: Path) -> None:
        self._plan_body = None
        self._findings.clear()
        self._findings.hide()

        def failed(error: Exception) -> bool:
            if not isinstance(error, DeskError):
                return False
            if path == self._plan_file.path:
                self._plan_refused(error)
            return True

        self.jobs.run(
            "检查方案文件",
            lambda _desk, _running: enrol.read_plan_file(path),
            lambda result: self._plan_read(path, *result),
            failed=failed,
            quiet=True,
        )

    def _plan_read(self, path: Path, body: bytes, plan: Plan) -> None:
        if path != self._plan_file.path:  # another one was chosen meanwhile
            return
        self._plan_body = body
        self.banner.hide()
        text = f"✓ {plan.title}：{len(plan.units)} 个单位，{len(plan.tasks)} 项任务。"
        colour_note(self._plan_file.note, text, Tone.GOOD)

    def _plan_refused(self, error: DeskError) -> None:
        mark_wrong(self._plan_file.line, True)
        if not isinstance(error, PlanFileError):
            colour_note(self._plan_file.note, f"{error.message}{error.hint}", Tone.BAD)
            return
        texts = [finding.message for finding in error.findings if isinstance(finding, Finding)]
        self._findings.addItems(texts)
        self._findings.setVisible(self._own_plan.isChecked())
        note = f"方案文件有 {len(texts)} 处错误，改正后请重新选择："
        colour_note(self._plan_file.note, note, Tone.BAD)
        self.fit()

    # The fingerprint

    def _done_founding(self, result: tuple[Path, str, str]) -> None:
        self._founded, owner, digest = result
        self.forget()
        self.pages.addWidget(self._new_last_page(owner, digest))
        self.pages.setCurrentIndex(1)
        self._opened.setDefault(True)
        self._opened.setFocus()
        self.pages.widget(0).hide()
        self.pages.widget(0).setSizePolicy(
            QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored
        )  # the stack is as high as its highest page otherwise
        self.setWindowTitle("办公室工作台已建好")
        self.fit()

    def _new_last_page(self, owner: str, digest: str) -> QWidget:
        heading = QLabel("办公室工作台已建好")
        heading.setProperty("role", "heading")
        advice = QLabel(
            "下面是全区根证书的指纹。请打印或抄下来，随入网包一起公布给各单位，"
            "以后任何人都可以用它核对收到的根证书是不是真的。"
        )
        advice.setWordWrap(True)
        text = fingerprint_lines(digest)
        shown = named(QLabel(text), "root_fingerprint", "根证书指纹")
        shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        shown.setAlignment(Qt.AlignmentFlag.AlignCenter)
        shown.setProperty("role", "figure")
        card = QFrame()
        card.setProperty("role", "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(20, 16, 20, 16)
        inside.addWidget(shown)
        copied = named(QPushButton("复制指纹(&Y)"), "fingerprint_copy")
        copied.clicked.connect(lambda: self._copy(copied, digest))
        printed = named(QPushButton("打印指纹(&P)…"), "fingerprint_print")
        printed.clicked.connect(lambda: self._print(owner, digest))
        self._opened = opened = named(QPushButton("打开工作台(&O)"), "new_desk_open")
        opened.setProperty("primary", True)
        opened.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        for button in (copied, printed):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        buttons.addStretch()
        buttons.addWidget(opened)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        for widget in (heading, advice, card):
            column.addWidget(widget)
        column.addStretch()
        column.addLayout(buttons)
        return page

    def _copy(self, button: QPushButton, digest: str) -> None:
        QGuiApplication.clipboard().setText(grouped(digest))
        button.setText("已复制")

    def _print(self, owner: str, digest: str) -> None:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        dialog = QPrintDialog(QPrinter(), self)
        dialog.setObjectName("fingerprint_print_dialog")
        if dialog.exec() == QPrintDialog.DialogCode.Accepted:
            fingerprint_sheet(owner, digest).print_(dialog.printer())
        dialog.deleteLater()


def fingerprint_lines(digest: str) -> str:
    """A digest in groups of four, four groups a line: short enough to read aloud."""
    groups = grouped(digest).split(" ")
    return "\n".join("  ".join(groups[n : n + 4]) for n in range(0, len(groups), 4))


def fingerprint_sheet(owner: str, digest: str) -> QTextDocument:
    """The page to print: whose root it is and its fingerprint."""
    sheet = QTextDocument()
    sheet.setPlainText(
        f"{owner}\n根证书指纹（SHA-256）\n\n{fingerprint_lines(digest)}\n\n"
        "收到根证书或入网包时，请核对指纹与本页完全一致。"
    )
    return sheet
