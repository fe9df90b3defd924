"""设置: the names for new months, backups, the look, the calendar's corrections, and what is what.

For both kinds of desk. What is changed holds at once; names and corrections can be undone.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from PySide6.QtCore import QDate, QEvent, Qt, QUrl
from PySide6.QtGui import (
    QAction,
    QDesktopServices,
    QGuiApplication,
    QKeySequence,
    QResizeEvent,
    QUndoCommand,
    QUndoStack,
)
from PySide6.QtWidgets import (
    QBoxLayout,
    QButtonGroup,
    QComboBox,
    QDateEdit,
    QFileDialog,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from rongchang_desk.app import backup, holiday_corrections
from rongchang_desk.app import record as app_record
from rongchang_desk.app.about import About, about
from rongchang_desk.app.desk import Role
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.monthly_return import Signatories
from rongchang_desk.errors import DeskError
from rongchang_desk.ui import theme
from rongchang_desk.ui.look_menu import PALETTES, SCALES
from rongchang_desk.ui.messages import ask
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.page import Context, Page
from rongchang_desk.ui.paper_font_lines import PaperFontLines
from rongchang_desk.ui.tables import Align, Cell, Column, Table
from rongchang_desk.ui.theme import Tone
from rongchang_desk.ui.tone_label import ToneLabel

SIDE_BY_SIDE = 860  # pixels at 100 % from which the cards stand in two columns
LONGEST_NAME = 40
ROLES = (("preparer", "填报人(&1)"), ("checker", "审核人(&2)"), ("approver", "负责人(&3)"))
WORDS = {True: "上班", False: "休息"}


class SettingsPage(Page):
    """Cards in two columns, one a matter."""

    title = "设置"
    help_topic = "settings"
    has_month = False

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.undo_stack = QUndoStack(self)
        self._undo = self.new_action(
            "撤销(&Z)", self._undo_last, name="settings_undo", shortcut="Ctrl+Z",
            tip="撤销上一步（Ctrl+Z）",
        )  # fmt: skip
        self._redo = self.new_action(
            "重做(&Y)", self._redo_last, name="settings_redo", shortcut="Ctrl+Y",
            tip="重做（Ctrl+Y）",
        )  # fmt: skip
        self._redo.setShortcuts([QKeySequence("Ctrl+Y"), QKeySequence("Ctrl+Shift+Z")])
        self.addActions([self._undo, self._redo])
        # A bound method: Qt drops the connection before it deletes the stack.
        self.undo_stack.indexChanged.connect(self._enable)
        is_unit = context.desk.role is Role.UNIT
        self._names: dict[str, QLineEdit] = {}
        left = [self._names_card()] if is_unit else []
        self._fonts = None if is_unit else PaperFontLines(context)
        left += [self._backup_card(), self._look_card(), *self._font_cards()]
        right = [self._holiday_card(), self._about_card()]
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setContentsMargins(0, 0, 6, 0)
        self._columns.setSpacing(14)
        for cards in (left, right):
            column = QVBoxLayout()
            column.setSpacing(14)
            for card in cards:
                column.addWidget(card)
            column.addStretch()
            self._columns.addLayout(column, 1)
        inside = QWidget()
        inside.setLayout(self._columns)
        area = named(QScrollArea(), "settings_area")
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area)
        self._told_of = ""  # the digest of the plan that the facts are about
        self._enable()

    # Page

    def subtitle(self) -> str:
        return "改动立即生效"

    def page_actions(self) -> list[QAction]:
        return [self._undo, self._redo]

    def refresh(self) -> None:
        desk = self.context.desk
        if self._names:
            names = app_record.remembered(desk)
            for role, line in self._names.items():
                line.setText(getattr(names, role))
        self._folder.setText(str(desk.folder / "备份"))
        newest = backup.newest_backup(desk)
        self._newest.setText(f"上次备份：{newest:%Y-%m-%d %H:%M}" if newest else "还没有备份")
        self._show_corrections()
        self._mark_look()
        if self._fonts is not None:
            self._fonts.refresh()
        if self._told_of != desk.plan_digest:
            self._told_of = desk.plan_digest
            self.context.run_job(
                "读取软件信息", lambda desk, _running: about(desk), self._show_about, quiet=True
            )

    def show_month(self, month: Month) -> None:
        """Settings are of no month."""

    def may_leave(self) -> bool:
        self._names_left()
        return True

    # Names

    def _names_card(self) -> QFrame:
        card, column = _card("names", "月报上的姓名")
        column.addWidget(_advice("新的月份先用这些姓名；已经填过姓名的月份不变。"))
        form = QFormLayout()
        form.setHorizontalSpacing(14)
        form.setVerticalSpacing(8)
        for role, label in ROLES:
            line = named(QLineEdit(), f"name_{role}")
            line.setMaxLength(LONGEST_NAME)
            line.editingFinished.connect(self._names_left)
            self._names[role] = line
            form.addRow(label, line)
            line.setAccessibleName(label.split("(")[0])
        column.addLayout(form)
        return card

    def _names_left(self) -> None:
        """A name was left: keep all as they stand now."""
        if not self._names:
            return
        before = app_record.remembered(self.context.desk)
        after = Signatories(*(" ".join(self._names[role].text().split()) for role, _ in ROLES))
        if after != before:
            desk = self.context.desk
            self._push(
                "修改姓名",
                lambda: app_record.remember(desk, after),
                lambda: app_record.remember(desk, before),
            )

    # Backups

    def _backup_card(self) -> QFrame:
        card, column = _card("backup", "备份")
        column.addWidget(_advice("每天第一次打开和每次关闭时自动备份到这个文件夹："))
        self._folder = named(QLabel(), "backup_folder")
        self._folder.setWordWrap(True)
        self._folder.setTextFormat(Qt.TextFormat.PlainText)
        self._folder.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._newest = named(QLabel(), "backup_newest")
        self._newest.setProperty("role", "muted")
        self._restored = named(ToneLabel(), "restore_told")
        self._back_up = named(QPushButton("立即备份(&B)"), "backup_now")
        self._back_up.clicked.connect(self._back_up_now)
        show = named(QPushButton("打开文件夹(&O)"), "backup_show")
        show.clicked.connect(self._show_folder)
        self._restore = named(QPushButton("从备份恢复(&R)…"), "backup_restore")
        self._restore.setToolTip("恢复到一个新文件夹，不改动现在的工作台")
        self._restore.clicked.connect(self._choose_backup)
        line = QHBoxLayout()
        line.setSpacing(8)
        for button in (self._back_up, show, self._restore):
            line.addWidget(button)
        line.addStretch()
        for widget in (self._folder, self._newest):
            column.addWidget(widget)
        column.addLayout(line)
        column.addWidget(self._restored)
        return card

    def _back_up_now(self) -> None:
        self._back_up.setEnabled(False)
        job = self.context.run_job(
            "正在备份", lambda desk, _running: backup.back_up_by_itself(desk), self._backed_up
        )
        job.ended.connect(self._backup_over)

    def _backup_over(self) -> None:
        self._back_up.setEnabled(True)

    def _backed_up(self, made: backup.BackedUp) -> None:
        newest = backup.newest_backup(self.context.desk)
        self.context.show_backup_time(newest)
        self.refresh()
        self.context.notify(f"已备份：{made.file.name}")

    def _show_folder(self) -> None:
        folder = self.context.desk.folder / "备份"
        if not (folder.is_dir() and QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))):
            self.context.notify("备份文件夹还打不开：请先点“立即备份”。")

    def _choose_backup(self) -> None:
        dialog = QFileDialog(self.window(), "选择备份文件")
        dialog.setObjectName("restore_file_dialog")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters(["备份文件 (*.zip)", "所有文件 (*)"])
        folder = self.context.desk.folder / "备份"
        if folder.is_dir():
            dialog.setDirectory(str(folder))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self._choose_place(Path(name)))
        dialog.open()

    def _choose_place(self, file: Path) -> None:
        """Ask for the folder in which the restored desk gets a new one of its own."""
        dialog = QFileDialog(self.window(), "恢复到哪个文件夹里（会新建一个子文件夹）")
        dialog.setObjectName("restore_place_dialog")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setDirectory(str(self.context.desk.folder.parent))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self._restore_into(file, Path(name)))
        dialog.open()

    def _restore_into(self, file: Path, place: Path) -> None:
        self._restore.setEnabled(False)
        self._restored.say("")
        job = self.context.run_job(
            "正在从备份恢复",
            lambda desk, _running: backup.restore_beside(desk, file, place),
            self._restoring_done,
        )
        job.ended.connect(self._restore_over)

    def _restore_over(self) -> None:
        self._restore.setEnabled(True)

    def _restoring_done(self, folder: Path) -> None:
        self._restored.say(f"已恢复到：{folder}", Tone.GOOD)
        ask(
            self.window(),
            f"已恢复到新文件夹“{folder.name}”。",
            f"{folder}\n现在的工作台没有改动。要打开恢复出来的工作台吗？",
            "打开恢复的工作台(&O)",
            lambda: self.context.open_desk(folder),
            refuse="留在现在的工作台(&S)",
        )

    # The look

    def _look_card(self) -> QFrame:
        card, column = _card("look", "外观")
        self._palettes = self._radios(column, "颜色", PALETTES, "palette")
        self._scales = self._radios(column, "字号", SCALES, "scale")
        return card

    def _radios(
        self,
        column: QVBoxLayout,
        title: str,
        choices: tuple[tuple[str, str], ...] | tuple[tuple[int, str], ...],
        name: str,
    ) -> dict[str, QRadioButton]:
        line = QHBoxLayout()
        line.setSpacing(16)
        label = QLabel(title)
        label.setProperty("role", "muted")
        line.addWidget(label)
        group = QButtonGroup(self)
        made: dict[str, QRadioButton] = {}
        for value, text in choices:
            # Mnemonics of the menu would meet those of the page.
            radio = named(QRadioButton(text.split("(")[0].removeprefix("字号 ")), f"{name}_{value}")
            radio.clicked.connect(self._look_chosen)
            group.addButton(radio)
            line.addWidget(radio)
            made[str(value)] = radio
        line.addStretch()
        column.addLayout(line)
        return made

    def _look_chosen(self) -> None:
        palette = next((n for n, r in self._palettes.items() if r.isChecked()), "light")
        scale = next((int(n) for n, r in self._scales.items() if r.isChecked()), 100)
        self.context.choose_look(palette, scale)

    def _mark_look(self) -> None:
        """Check what is in force: the menu or another window may have changed it."""
        look = theme.current()
        for name, radio in self._palettes.items():
            radio.setChecked(name == look.palette.name)
        for name, radio in self._scales.items():
            radio.setChecked(name == str(look.scale))

    # Holidays

    def _holiday_card(self) -> QFrame:
        card, column = _card("holidays", "节假日调整")
        column.addWidget(
            _advice("国务院放假通知晚于软件发布，或者本地另有安排时，在这里更正；截止日随之变化。")
        )
        self._day = named(QDateEdit(), "holiday_day", "日期")
        self._day.setDisplayFormat("yyyy-MM-dd")
        today = self.context.desk.today()
        self._day.setDate(QDate(today.year, today.month, today.day))
        self._works = named(QComboBox(), "holiday_works", "上班或休息")
        for works in (False, True):
            self._works.addItem(WORDS[works], works)
        add = named(QPushButton("添加(&A)"), "holiday_add")
        add.clicked.connect(self._add_correction)
        self._remove = named(QPushButton("移除所选(&L)"), "holiday_remove")
        self._remove.setToolTip("恢复为公布的日历（Delete）")
        self._remove.clicked.connect(self._remove_corrections)
        line = QHBoxLayout()
        line.setSpacing(8)
        for widget in (self._day, self._works, add, self._remove):
            line.addWidget(widget)
        line.addStretch()
        self._wrong = named(ToneLabel(), "holiday_message")
        self.holidays = Table(
            (
                Column("日期", lambda row: row.day, width=112),
                Column("星期", lambda row: weekday(row.day), width=70),
                Column(
                    "调整为", lambda row: WORDS[row.works], cell=Cell.PILL, width=92,
                    tone=lambda row: Tone.BUSY if row.works else Tone.GOOD, align=Align.CENTER,
                ),
                Column(
                    "公布的日历", lambda row: WORDS[row.published], stretch=True,
                    tone=lambda _row: Tone.QUIET,
                    text=lambda row: WORDS[row.published]
                    + ("（相同）" if row.published == row.works else ""),
                ),
            ),
            name="holiday_table",
            accessible="节假日调整",
            empty="没有调整，按公布的日历计算。",
            settings=self.context.settings,
            identity=lambda row: row.day,
        )  # fmt: skip
        delete = QAction("移除所选", self.holidays)
        delete.setShortcut(QKeySequence(Qt.Key.Key_Delete))
        delete.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        delete.triggered.connect(self._remove_corrections)
        self.holidays.addAction(delete)
        self.holidays.selectionModel().selectionChanged.connect(lambda *_: self._enable())
        column.addLayout(line)
        column.addWidget(self._wrong)
        column.addWidget(self.holidays)
        return card

    def _show_corrections(self) -> None:
        self.holidays.set_rows(holiday_corrections.corrections(self.context.desk))
        self._fit_table()
        self._enable()

    def _add_correction(self) -> None:
        chosen = self._day.date()
        day = date(chosen.year(), chosen.month(), chosen.day())
        works = bool(self._works.currentData())
        try:
            wanted = holiday_corrections.corrected(self.context.desk, day, works)
        except DeskError as problem:
            self._wrong.say(str(problem), Tone.BAD)
            return
        self._wrong.say("")
        self._set_corrections(f"{day} {WORDS[works]}", wanted)
        self.holidays.choose(day)

    def _remove_corrections(self) -> None:
        rows = self.holidays.chosen_rows()
        wanted = self.context.desk.holiday_overrides()
        for row in rows:
            wanted.pop(row.day, None)
        if rows:
            self._set_corrections(f"移除 {len(rows)} 天", wanted)

    def _set_corrections(self, text: str, wanted: dict[date, bool]) -> None:
        desk = self.context.desk
        before = desk.holiday_overrides()
        if wanted != before:
            self._push(
                text,
                lambda: holiday_corrections.set_corrections(desk, wanted),
                lambda: holiday_corrections.set_corrections(desk, before),
            )

    # Fonts

    def _font_cards(self) -> list[QFrame]:
        """The office's own fonts; a unit's returns always have the shipped ones."""
        if self._fonts is None:
            return []
        card, column = _card("fonts", "公文字体")
        column.addWidget(
            _advice("汇总报告、通报和往来文件可用本单位持有许可的字体；单位月报始终用随附字体。")
        )
        column.addWidget(self._fonts)
        return [card]

    # What is what

    def _about_card(self) -> QFrame:
        card, column = _card("about", "关于")
        form = QFormLayout()
        form.setHorizontalSpacing(14)
        form.setVerticalSpacing(8)
        self._facts: dict[str, QLabel] = {}
        for name, title in (
            ("version", "软件版本"), ("plan", "方案"), ("root", "根证书指纹"),
        ):  # fmt: skip
            value = named(QLabel(), f"about_{name}")
            value.setWordWrap(True)
            value.setTextFormat(Qt.TextFormat.PlainText)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label = QLabel(title)
            label.setProperty("role", "muted")
            self._facts[name] = value
            form.addRow(label, value)
        column.addLayout(form)
        self._copy = named(QPushButton("复制指纹(&C)"), "about_copy")
        self._copy.setToolTip("与办公室发的纸质指纹逐组核对")
        self._copy.clicked.connect(self._copy_root)
        self._copy.setEnabled(False)
        column.addWidget(self._copy, 0, Qt.AlignmentFlag.AlignLeft)
        return card

    def _show_about(self, facts: About) -> None:
        self._facts["version"].setText(facts.version)
        self._facts["plan"].setText(facts.plan)
        self._facts["root"].setText(_lines(facts.root) or "没有找到根证书，请联系办公室。")
        self._root = facts.root
        self._copy.setEnabled(bool(facts.root))

    def _copy_root(self) -> None:
        QGuiApplication.clipboard().setText(self._root)
        self.context.notify("已复制根证书指纹。")

    # Undo

    def _push(self, text: str, does: Callable[[], None], undoes: Callable[[], None]) -> None:
        self.undo_stack.push(_Change(self, text, does, undoes))

    def after_change(self) -> None:
        """A setting was stored: show it here, and let the others know."""
        self.context.saved()
        self.context.changed()
        self.refresh()

    def _undo_last(self) -> None:
        self._names_left()
        self.undo_stack.undo()

    def _redo_last(self) -> None:
        self._names_left()
        self.undo_stack.redo()

    def _enable(self, _index: int = 0) -> None:
        self._undo.setEnabled(self.undo_stack.canUndo())
        self._redo.setEnabled(self.undo_stack.canRedo())
        self._remove.setEnabled(bool(self.holidays.chosen_rows()))

    # Room

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_wide = self.width() >= theme.current().px(SIDE_BY_SIDE)
        self._columns.setDirection(
            QBoxLayout.Direction.LeftToRight if is_wide else QBoxLayout.Direction.TopToBottom
        )

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_facts"):
            self._mark_look()
            self._fit_table()

    def _fit_table(self) -> None:
        """The table shows up to six rows before it scrolls."""
        look = theme.current()
        rows = min(max(self.holidays.table_model.rowCount(), 2), 6)
        self.holidays.setFixedHeight(look.px(40) + rows * look.px(38) + 4)


class _Change(QUndoCommand):
    """A setting, and the way back."""

    def __init__(
        self, page: SettingsPage, text: str, does: Callable[[], None], undoes: Callable[[], None]
    ) -> None:
        super().__init__(text)
        self._page = page
        self._does = does
        self._undoes = undoes

    def redo(self) -> None:
        self._carry_out(self._does)

    def undo(self) -> None:
        self._carry_out(self._undoes)

    def _carry_out(self, work: Callable[[], None]) -> None:
        try:
            work()
        except DeskError as problem:
            self._page.context.present(problem)
            self.setObsolete(True)
            return
        self._page.after_change()


def weekday(day: date) -> str:
    """`周一`…`周日`."""
    return f"周{'一二三四五六日'[day.weekday()]}"


def _card(name: str, title: str) -> tuple[QFrame, QVBoxLayout]:
    card = named(QFrame(), f"settings_{name}")
    card.setProperty("role", "card")
    heading = QLabel(title)
    heading.setProperty("role", "heading")
    column = QVBoxLayout(card)
    column.setContentsMargins(18, 14, 18, 16)
    column.setSpacing(10)
    column.addWidget(heading)
    return card, column


def _advice(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "muted")
    label.setWordWrap(True)
    return label


def _lines(groups: str) -> str:
    """Groups of four, eight groups a line: short enough to read aloud."""
    parts = groups.split()
    return "\n".join("  ".join(parts[n : n + 8]) for n in range(0, len(parts), 8))
