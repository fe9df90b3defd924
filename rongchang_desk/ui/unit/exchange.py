"""导入导出: the unit's workbook: an empty template, the month's records, and taking one in after
a look at every row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from rongchang_desk.app import record as app_record
from rongchang_desk.app.record import Imported
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.records import (
    KIND_LABELS,
    Problem,
    Progress,
    Publicity,
    Reading,
    Record,
    RegisterEntry,
    Training,
    kind_of,
)
from rongchang_desk.errors import DeskError
from rongchang_desk.ui.messages import Banner
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.page import Context, Page
from rongchang_desk.ui.tables import Align, Cell, Column, Table
from rongchang_desk.ui.theme import Tone
from rongchang_desk.ui.unit.cards import Card, CardRow

WORKBOOKS = "Excel 工作簿 (*.xlsx)"
REFUSED_COLUMNS = (
    Column("表", lambda refused: refused.sheet or None, width=150),
    Column("行", lambda refused: refused.row or None, align=Align.CENTER, width=60),
    Column("栏目", lambda refused: refused.field or None, width=140),
    Column("原因", lambda refused: refused.reason, stretch=True, tip=lambda r: r.reason),
)


@dataclass(frozen=True)
class Taken:
    """A record about to be imported, and the one it replaces."""

    record: Any
    title: str
    before: Any

    @property
    def how(self) -> str:
        if self.before is None:
            return NEW
        return SAME if self.record == self.before else REPLACED


NEW, REPLACED, SAME = "新增", "替换原有", "没有变化"
HOW_TONES = {NEW: Tone.GOOD, REPLACED: Tone.WARN, SAME: Tone.QUIET}


TAKEN_COLUMNS = (
    Column("类别", lambda taken: KIND_LABELS[kind_of(taken.record)], width=130),
    Column("月份", lambda taken: taken.record.month.label, width=110),
    Column("内容", lambda taken: taken.title, stretch=True, tip=lambda taken: taken.title),
    Column(
        "方式",
        lambda taken: taken.how,
        cell=Cell.PILL,
        tone=lambda taken: HOW_TONES[taken.how],
        align=Align.CENTER,
        width=110,
    ),
)


class ExchangePage(Page):
    """Workbooks out and in."""

    title = "导入导出"
    help_topic = "exchange"
    accepts_files = True

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._path: Path | None = None
        self._choose = self.new_action(
            "选择文件导入(&I)…", self._choose_file, name="exchange_choose", primary=True
        )
        self._template = self.new_action(
            "空白模板(&T)…", self._write_template, name="exchange_template",
            tip="本单位本月的填报表，任务、指标和台账已列好",
        )  # fmt: skip
        self._export = self.new_action(
            "导出本月(&E)…", self._write_records, name="exchange_export",
            tip="把本月的全部记录写成 Excel，也可改好后再导入",
        )  # fmt: skip
        self._banner = Banner()
        self._stack = named(QStackedWidget(), "exchange_stack")
        self._stack.addWidget(self._invitation())
        self._stack.addWidget(self._preview())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        column.addWidget(self._banner)
        column.addWidget(self._stack, 1)

    # Page

    def subtitle(self) -> str:
        return "Excel 填报表"

    def page_actions(self) -> list[QAction]:
        return [self._choose, self._template, self._export]

    def show_month(self, month: Month) -> None:
        del month  # a workbook names its own month; the preview stays

    def dropped(self, paths: tuple[Path, ...]) -> None:
        books = [path for path in paths if path.suffix.lower() == ".xlsx"]
        if len(books) == 1 and len(paths) == 1:
            self._look_at(books[0])
        elif len(paths) > 1:
            self._banner.show_message("一次只能导入一个文件。", "请逐个拖入或选择。")
        else:
            self._banner.show_message(
                f"“{paths[0].name}”不是 xlsx 工作簿。", "xls、csv 请先另存为 xlsx 再导入。"
            )

    # Making it

    def _invitation(self) -> QWidget:
        card = named(QFrame(), "exchange_drop")
        card.setProperty("role", "card")
        heading = QLabel("把填好的 Excel 表拖到这里")
        heading.setProperty("role", "heading")
        advice = QLabel(
            "或点“选择文件导入”。导入前逐行核对，有误的行会列出表名、行号、栏目和原因；\n"
            "确认后一次存入，同一任务、同一指标同一天、同日同名的活动替换原有的，不会重复。\n\n"
            "还没有填报表？点“空白模板”，得到列好本单位任务、指标和台账的工作簿。"
        )
        advice.setProperty("role", "muted")
        advice.setAlignment(Qt.AlignmentFlag.AlignCenter)
        advice.setWordWrap(True)
        button = named(QPushButton("选择文件…"), "exchange_choose_here")
        button.clicked.connect(self._choose.trigger)
        column = QVBoxLayout(card)
        column.setContentsMargins(32, 32, 32, 32)
        column.setSpacing(14)
        column.addStretch()
        column.addWidget(heading, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(advice)
        column.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch()
        return card

    def _preview(self) -> QWidget:
        self._cards = CardRow("exchange_cards")
        self._tabs = named(QTabWidget(), "exchange_tabs", "核对结果")
        self._refused = Table(
            REFUSED_COLUMNS,
            name="exchange_refused",
            accessible="不能导入的行",
            empty="没有不能导入的行。",
            settings=self.context.settings,
        )
        self._taken = Table(
            TAKEN_COLUMNS,
            name="exchange_taken",
            accessible="将要导入的内容",
            empty="没有可以导入的内容。",
            settings=self.context.settings,
        )
        self._tabs.addTab(self._refused, "")
        self._tabs.addTab(self._taken, "")
        self._name = named(QLabel(), "exchange_file")
        self._name.setTextFormat(Qt.TextFormat.PlainText)
        self._name.setProperty("role", "muted")
        self._back = named(QPushButton("不导入(&C)"), "exchange_cancel")
        self._back.clicked.connect(self._give_up)
        self._go = named(QPushButton(), "exchange_go")
        self._go.setProperty("primary", True)
        self._go.clicked.connect(self._import)
        buttons = QHBoxLayout()
        buttons.addWidget(self._name, 1)
        buttons.addWidget(self._back)
        buttons.addWidget(self._go)
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        column.addWidget(self._cards)
        column.addWidget(self._tabs, 1)
        column.addLayout(buttons)
        return holder

    # Out

    def _write_template(self) -> None:
        month = self.context.month
        path = self._ask_where(f"{self.context.desk.title}_{month}_填报表.xlsx")
        if path is None:
            return

        def work(desk: Any, running: Any) -> None:
            running.step(0, 1, path.name)
            app_record.write_template(desk, month, path)

        self.context.run_job("正在写出填报表", work, lambda _: self._written(path))

    def _write_records(self) -> None:
        month = self.context.month
        path = self._ask_where(f"{self.context.desk.title}_{month}_本月记录.xlsx")
        if path is None:
            return

        def work(desk: Any, running: Any) -> int:
            running.step(0, 1, path.name)
            return app_record.write_workbook(desk, month, path)

        self.context.run_job(
            "正在导出本月记录", work, lambda number: self._written(path, f"，共 {number} 条记录")
        )

    def _ask_where(self, name: str) -> Path | None:
        folder = str(self.context.settings.value("exchange/folder", str(Path.home())))
        chosen, _ = QFileDialog.getSaveFileName(self, "保存为", str(Path(folder) / name), WORKBOOKS)
        if not chosen:
            return None
        path = Path(chosen)
        if path.suffix.lower() != ".xlsx":
            path = path.with_name(f"{path.name}.xlsx")
        self.context.settings.setValue("exchange/folder", str(path.parent))
        return path

    def _written(self, path: Path, what: str = "") -> None:
        self._banner.show_message(f"已保存“{path.name}”{what}。", f"位置：{path}", Tone.GOOD)

    # In

    def _choose_file(self) -> None:
        folder = str(self.context.settings.value("exchange/folder", str(Path.home())))
        chosen, _ = QFileDialog.getOpenFileName(self, "选择填好的填报表", folder, WORKBOOKS)
        if chosen:
            self.context.settings.setValue("exchange/folder", str(Path(chosen).parent))
            self._look_at(Path(chosen))

    def _look_at(self, path: Path) -> None:
        """Read the workbook and show what would happen; nothing is stored."""
        self._banner.hide()

        def work(desk: Any, running: Any) -> tuple[Imported, tuple[Taken, ...]]:
            running.step(0, 1, path.name)
            found = app_record.import_workbook(desk, path, dry_run=True)
            running.step(1, 1, path.name)
            return found, tuple(
                Taken(r, title_of(desk.plan, r), app_record.get(desk, r.id)) for r in found.records
            )

        self.context.run_job(
            "正在核对填报表", work, lambda seen: self._show_preview(path, *seen),
            failed=self._failed,
        )  # fmt: skip

    def _show_preview(self, path: Path, found: Imported, taken: Sequence[Taken]) -> None:
        self._path = path
        ways = [one.how for one in taken]
        new, replaced = ways.count(NEW), ways.count(REPLACED)
        self._cards.set_cards(
            (
                Card(str(new), "新增记录", Tone.GOOD if new else None),
                Card(str(replaced), "替换原有记录", Tone.WARN if replaced else None),
                Card(str(ways.count(SAME)), "与原有相同"),
                Card(
                    str(len(found.refused)), "不能导入的地方", Tone.BAD if found.refused else None
                ),
            )
        )
        self._refused.set_rows(found.refused)
        self._taken.set_rows(taken)
        self._tabs.setTabText(0, f"不能导入（{len(found.refused)}）")
        self._tabs.setTabText(1, f"将要导入（{len(taken)}）")
        self._tabs.setCurrentIndex(0 if found.refused else 1)
        self._name.setText(path.name)
        self._name.setToolTip(str(path))
        self._go.setText(f"导入 {len(taken)} 条(&G)")
        self._go.setEnabled(bool(taken))
        self._stack.setCurrentIndex(1)

    def _import(self) -> None:
        path = self._path
        if path is None:
            return
        self._go.setEnabled(False)

        def work(desk: Any, running: Any) -> Imported:
            running.step(0, 1, path.name)
            return app_record.import_workbook(desk, path)

        self.context.run_job(
            "正在导入", work, self._imported,
            failed=self._failed, cancelled=lambda: self._go.setEnabled(True),
        )  # fmt: skip

    def _imported(self, found: Imported) -> None:
        self._stack.setCurrentIndex(0)
        self._path = None
        hint = "可到各页查看；替换前的内容请从填报表或备份中找回。"
        if found.refused:
            hint = f"另有 {len(found.refused)} 处没有导入，改正后可再次导入同一个文件，不会重复。"
        self._banner.show_message(f"已导入 {found.imported} 条记录。", hint, Tone.GOOD)
        self.context.saved()
        self.context.changed()

    def _failed(self, problem: Exception) -> bool:
        self._go.setEnabled(self._path is not None)
        if not isinstance(problem, DeskError):
            return False
        self._banner.show_error(problem)
        return True

    def _give_up(self) -> None:
        self._path = None
        self._stack.setCurrentIndex(0)
        self.context.notify("没有导入任何内容。")


def title_of(plan: Any, record: Record) -> str:
    """One line that says which record this is."""
    match record:
        case Progress():
            return f"任务 {record.task}　{record.status.label}　{record.done}"
        case Reading():
            numbers = "、".join(str(named.value) for named in record.values)
            return f"{plan.target(record.target).title}　{record.day}　{numbers}"
        case Training():
            return f"{record.day}　{record.topic}"
        case Publicity():
            return f"{record.day}　{record.theme}"
        case Problem():
            return f"{record.day}　{record.title}"
        case RegisterEntry():
            first = next((f.text for f in record.fields if f.text), "")
            return f"{plan.register(record.register).title}　{record.day}　{first}"
