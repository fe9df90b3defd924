"""接收月报: files, folders and zips come in, and what became of each is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QLabel, QTabBar, QVBoxLayout

from rongchang_desk.app import intake, originals, sending_back, table_export
from rongchang_desk.app import take_in as taking
from rongchang_desk.app.desk import Desk
from rongchang_desk.app.intake import Entry
from rongchang_desk.app.outcome import TakenIn
from rongchang_desk.app.parcels import Written
from rongchang_desk.app.running import Running
from rongchang_desk.app.sending_back import Slips
from rongchang_desk.errors import WrongPassphrase
from rongchang_desk.ui import files, theme
from rongchang_desk.ui.dialogs.passphrase import OFFICES_ADVICE, ask_passphrase
from rongchang_desk.ui.messages import Banner
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.office.newest_read import NewestRead
from rongchang_desk.ui.page import Context, Page
from rongchang_desk.ui.tables import Align, Cell, Column, Table
from rongchang_desk.ui.theme import Tone

GLYPHS = {"accepted": "✓", "duplicate": "＝", "held": "…", "refused": "×"}
TONES = {
    "accepted": Tone.GOOD, "duplicate": Tone.QUIET, "held": Tone.WARN, "refused": Tone.BAD,
}  # fmt: skip
OUTCOMES = ("", "accepted", "duplicate", "held", "refused")
HEADER = ("结果", "单位", "月份", "版本", "文件", "收到时间", "说明")


def entry_row(entry: Entry) -> tuple[str, ...]:
    """An entry as texts, in the order of `HEADER`: for copying and exporting."""
    return (
        entry.label,
        entry.unit,
        entry.month.label if entry.month else "",
        f"第 {entry.revision} 版" if entry.revision else "",
        entry.file,
        f"{entry.at:%Y-%m-%d %H:%M}",
        "；".join(entry.reasons),
    )


def unit_shown(entry: Entry) -> str:
    """Whose the file is; what nobody vouches for is said to be unknown."""
    return entry.unit or ("签名不能证明" if entry.outcome == "refused" else "")


def _by_hand(found: Slips) -> str:
    """What is left to a person, in words; empty when nothing is."""
    count = len(found.unknown)
    if not count:
        return ""
    return f"另有 {count} 份文件的签名不能证明是谁报的，请到“下发与来件”页核对后手工退回。"


COLUMNS = (
    Column("结果", lambda e: OUTCOMES.index(e.outcome), lambda e: f"{GLYPHS[e.outcome]} {e.label}",
           cell=Cell.PILL, tone=lambda e: TONES[e.outcome], width=138),
    Column("单位", lambda e: e.unit, unit_shown, width=132,
           tone=lambda e: None if e.unit else Tone.QUIET),
    Column("月份", lambda e: str(e.month or ""), lambda e: e.month.label if e.month else "",
           width=100),
    Column("版本", lambda e: e.revision or None, lambda e: entry_row(e)[3], align=Align.CENTER,
           width=76),
    Column("文件", lambda e: e.file, width=230, tip=lambda e: e.file),
    Column("收到时间", lambda e: e.at, width=142),
    Column("说明", lambda e: "；".join(e.reasons), stretch=True,
           tip=lambda e: "\n".join(e.reasons)),
)  # fmt: skip


class TakeInPage(Page):
    """One list with two sides: this batch, or the whole intake log."""

    title = "接收月报"
    help_topic = "office-take-in"
    has_month = False
    search_hint = "搜索单位、文件、说明"
    accepts_files = True

    shown = Signal()  # the intake log was read and the list filled
    taken = Signal(object)  # TakenIn: a batch was judged, to its end or until it was cancelled
    sent_back = Signal(object)  # the slips written

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._batch: tuple[Entry, ...] = ()
        self._log: tuple[Entry, ...] = ()
        self._text = ""
        self._read = NewestRead(context, "读取收文记录")
        self._choose = self.new_action(
            "选择文件(&O)…", self._choose_files, name="choose_files", primary=True,
            shortcut="Ctrl+O", tip="选择签名月报或压缩包（Ctrl+O）",
        )  # fmt: skip
        self._actions = [
            self._choose,
            self.new_action("一键退回(&R)…", self._ask_slips, name="send_back",
                            tip="给列表中退回的文件和认定有误的月报写退回单"),
            self.new_action("导出清单(&E)…", self._export, name="export_list",
                            tip="把列表导出为表格文件"),
            self.new_action("选择文件夹(&D)…", self._choose_folder, name="choose_folder",
                            tip="接收整个文件夹里的月报"),
        ]  # fmt: skip
        self.addAction(self._choose)  # a button alone would not hear the shortcut
        self._banner = Banner()
        self._scope = named(QTabBar(), "scope", "范围")
        self._scope.addTab("本次接收")
        self._scope.addTab("全部收文记录")
        self._scope.setCurrentIndex(1)
        self._outcomes = named(QTabBar(), "outcomes", "按结果筛选")
        for outcome in OUTCOMES:
            self._outcomes.addTab(intake.OUTCOME_LABELS.get(outcome, "全部"))
        for bar in (self._scope, self._outcomes):
            bar.setDrawBase(False)
            bar.setExpanding(False)
            bar.currentChanged.connect(self._show)
        self._table = Table(
            COLUMNS,
            name="intake",
            accessible="收文清单",
            empty="还没有收到月报。\n把签名月报、压缩包或整个文件夹拖到窗口里，即可接收。",
            empty_action=self._choose,
            settings=context.settings,
            identity=lambda e: (e.at, e.file),
        )
        self._table.row_activated.connect(self._open)
        self._table.addAction(
            self.new_action("复制整个清单(&Y)", self._copy, name="copy_list",
                            shortcut="Ctrl+Shift+C")
        )  # fmt: skip
        self._table.row_chosen.connect(self._show_detail)
        self._detail = named(QLabel(), "intake_detail", "所选文件的说明")
        self._detail.setTextFormat(Qt.TextFormat.PlainText)
        self._detail.setWordWrap(True)
        self._detail.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._frame = QFrame()
        self._frame.setProperty("role", "card")
        inside = QVBoxLayout(self._frame)
        inside.setContentsMargins(14, 10, 14, 10)
        inside.addWidget(self._detail)
        self._frame.hide()
        self._bars = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._bars.addWidget(self._scope)
        self._bars.addStretch()
        self._bars.addWidget(self._outcomes)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self._banner)
        column.addLayout(self._bars)
        column.addWidget(self._table, 1)
        column.addWidget(self._frame)

    def subtitle(self) -> str:
        return "月报、压缩包、文件夹可以拖到窗口里"

    def page_actions(self) -> list[QAction]:
        return self._actions

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        way = QBoxLayout.Direction
        roomy = self.width() >= theme.current().px(600)
        self._bars.setDirection(way.LeftToRight if roomy else way.TopToBottom)

    def refresh(self) -> None:
        self._read.run(lambda desk, _: intake.log(desk), self._log_read)

    def search(self, text: str) -> None:
        self._text = text
        self._filter()

    def dropped(self, paths: tuple[Path, ...]) -> None:
        self.take_in(paths)

    def take_in(self, paths: tuple[Path, ...]) -> None:
        """Take files in beside the window; several batches wait for one another."""

        def work(desk: Desk, running: Running) -> tuple[TakenIn, tuple[Entry, ...]]:
            taken = taking.take_in(desk, paths, running)
            return taken, intake.batch(desk, taken)

        self._banner.hide()
        self.context.run_job(
            "正在接收月报",
            work,
            self._taken,
            cancelled=lambda: self._banner.show_message("已取消，这一批文件都没有接收。"),
            cancel_text="取消（已接收的保留）",
        )

    # What came

    def _taken(self, result: tuple[TakenIn, tuple[Entry, ...]]) -> None:
        taken, self._batch = result
        words = taken.so_far()
        if taken.cancelled:
            self._banner.show_message(f"已取消，已接收的保留：{words}。", tone=Tone.WARN)
        elif not taken.outcomes:
            self._banner.show_message(
                "没有找到可以接收的文件。", "请选择 PDF 月报、压缩包或装有它们的文件夹。"
            )
        else:
            bad, waits = taken.of("refused"), taken.of("held")
            hint = "退回和待处理的原因见列表“说明”栏。" if bad or waits else ""
            tone = Tone.BAD if bad else Tone.WARN if waits else Tone.GOOD
            self._banner.show_message(f"接收完成：{words}。", hint, tone)
        for bar in (self._scope, self._outcomes):
            bar.blockSignals(True)  # the list is filled once, below
            bar.setCurrentIndex(0)
            bar.blockSignals(False)
        self.context.notify(f"接收完成：{words}")
        self.context.changed()
        self.refresh()
        self._show()
        self.taken.emit(taken)

    def _log_read(self, log: tuple[Entry, ...]) -> None:
        self._log = log
        self._show()
        self.shown.emit()

    def _show(self) -> None:
        entries = self._batch if self._scope.currentIndex() == 0 else self._log
        counts = Counter(entry.outcome for entry in entries)
        for number, outcome in enumerate(OUTCOMES):
            label = intake.OUTCOME_LABELS[outcome] if outcome else "全部"
            count = counts[outcome] if outcome else len(entries)
            self._outcomes.setTabText(number, f"{label} {count}")
        self._filter()
        self._table.set_rows(entries)

    def _filter(self) -> None:
        outcome = OUTCOMES[self._outcomes.currentIndex()]
        keep: Callable[[Entry], bool] | None = None
        if outcome:

            def keep(entry: Entry) -> bool:
                return entry.outcome == outcome

        self._table.set_filter(self._text, keep)

    def _show_detail(self, entry: Entry | None) -> None:
        self._frame.setVisible(bool(entry and entry.reasons))
        if entry:
            self._detail.setText("\n".join([entry.file, *entry.reasons]))

    # What a person does

    def _choose_files(self) -> None:
        files.choose_files(self, "选择要接收的月报", "签名月报和压缩包 (*.pdf *.zip)", self.take_in)

    def _choose_folder(self) -> None:
        files.choose_folder(self, "选择装有月报的文件夹", lambda path: self.take_in((path,)))

    def _open(self, entry: Entry) -> None:
        if not entry.digest:
            self.context.notify(
                "这个文件没有收下，工作台里没有原件。"
                if entry.is_return
                else "材料包的来件在“下发与来件”页，材料在“验收材料”里。"
            )
            return
        files.open_copy(self.context, lambda desk, _: originals.return_copy(desk, entry.digest))

    # Sending back

    def _ask_slips(self) -> None:
        """Find out what is to be sent back among the files listed, then ask for the passphrase."""
        entries = self._table.table_model.rows
        self._banner.hide()
        self.context.run_job(
            "查找要退回的月报",
            lambda desk, _: sending_back.wanted(desk, entries),
            self._slips_found,
            quiet=True,
        )

    def _slips_found(self, found: Slips) -> None:
        if not found.wanted:
            self._banner.show_message("没有可以直接写退回单的月报。", _by_hand(found))
            return
        self._ask_passphrase(found)

    def _ask_passphrase(self, found: Slips, problem: str = "") -> None:
        names = [self.context.desk.plan.name_of(slip.unit) for slip in found.wanted]
        ask_passphrase(
            self.window(),
            f"写退回单 {len(names)} 份：{'、'.join(dict.fromkeys(names))}。\n{_by_hand(found)}",
            "签名(&S)",
            lambda passphrase: self._write_slips(found, passphrase),
            advice=OFFICES_ADVICE,
            problem=problem,
        )

    def _write_slips(self, found: Slips, passphrase: str) -> None:
        def failed(error: Exception) -> bool:
            if isinstance(error, WrongPassphrase):
                self._ask_passphrase(found, error.message)
            return isinstance(error, WrongPassphrase)

        self.context.run_job(
            "正在写退回单",
            lambda desk, running: sending_back.write_wanted(
                desk, found.wanted, passphrase, running
            ),
            lambda made: self._slips_written(found, made),
            failed=failed,
            cancelled=lambda: self._banner.show_message("已取消，先前写好的退回单保留。"),
            cancel_text="取消（已写好的保留）",
        )

    def _slips_written(self, found: Slips, made: tuple[Written, ...]) -> None:
        folder = made[0].file.parent
        words = f"✓ 已写好退回单 {len(made)} 份，请发给单位。{_by_hand(found)}"
        self._banner.show_message(words, f"文件夹：{folder}", Tone.GOOD)
        self.context.changed()
        files.show_with_system(self.context, folder)
        self.sent_back.emit(made)

    def _rows(self) -> list[tuple[str, ...]]:
        return [entry_row(entry) for entry in self._table.table_model.rows]

    def _copy(self) -> None:
        rows = [HEADER, *self._rows()]
        text = "\n".join("\t".join(" ".join(cell.split()) for cell in row) for row in rows)
        QGuiApplication.clipboard().setText(text)
        self.context.notify(f"已复制 {len(rows) - 1} 行。")

    def _export(self) -> None:
        rows = self._rows()
        name = f"收文清单_{self.context.desk.today():%Y-%m-%d}.xlsx"

        def save(path: Path) -> None:
            self.context.run_job(
                "导出清单",
                lambda _desk, _running: table_export.write_table(path, "收文清单", HEADER, rows),
                lambda out: self.context.notify(f"已导出 {len(rows)} 行：{out}"),
            )

        files.choose_target(self, "导出收文清单", name, ["表格 (*.xlsx)", "文本表格 (*.csv)"], save)
