"""台账: the registers that evidence the unit's tasks, one at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from rongchang_desk.app import record as app_record
from rongchang_desk.domain.finding import Where
from rongchang_desk.domain.plan import Field, FieldType, Register
from rongchang_desk.domain.records import RegisterEntry
from rongchang_desk.ui import theme
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.page import Context
from rongchang_desk.ui.tables import Align, Column
from rongchang_desk.ui.theme import Tone
from rongchang_desk.ui.tone_label import ToneLabel
from rongchang_desk.ui.unit.cards import Card
from rongchang_desk.ui.unit.records_page import Line, RecordsPage

FIELDS_SHOWN = 2


class RegistersPage(RecordsPage):
    """Rows registered in a month; `register` records of the register chosen at the left."""

    title = "台账"
    help_topic = "registers"
    search_hint = "搜索台账内容"
    kind = "register"
    noun = "条目"
    empty = "本月这本台账还没有登记。\n按 Ctrl+N 新增，或从 Excel 复制后按 Ctrl+V 粘贴。"

    def __init__(self, context: Context) -> None:
        plan, unit = context.desk.plan, context.desk.unit_code
        self._registers = plan.registers_of(unit)
        self._list = named(QListWidget(), "register_list", "台账目录")
        self._list.setMinimumWidth(theme.current().px(150))
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setTextElideMode(Qt.TextElideMode.ElideRight)
        for register in self._registers:
            item = QListWidgetItem(register.title)
            item.setData(Qt.ItemDataRole.UserRole, register.code)
            self._list.addItem(item)
        self._list.setCurrentRow(0)
        self._list.setStyleSheet(
            "QListWidget { padding: 4px; } QListWidget::item { padding: 6px 0; }"
        )
        self._has_been_shown = False
        self._about = named(ToneLabel(), "register_about")
        super().__init__(context)
        self._list.currentItemChanged.connect(lambda *_: self._register_chosen())

    def beside(self) -> Sequence[QWidget]:
        return (self._list,)

    def above(self) -> QWidget | None:
        return self._about

    def code(self) -> str:
        item = self._list.currentItem()
        return str(item.data(Qt.ItemDataRole.UserRole)) if item else ""

    def refresh(self) -> None:
        if not self._registers:
            return
        if not self._has_been_shown:
            self._has_been_shown = True
            self._begin_where_entries_are()
        super().refresh()

    def records(self) -> tuple[RegisterEntry, ...]:
        entries = app_record.of_month(self.context.desk, self.context.month).entries
        self._show_counts(entries)
        code = self.code()
        return tuple(entry for entry in entries if entry.register == code)

    def show_fields(self) -> None:
        super().show_fields()
        register = self._register()
        if register:
            tasks = "、".join(str(task) for task in register.tasks)
            serves = f"对应任务 {tasks}。" if tasks else "各单位都登记。"
            self._about.say(f"{register.title}：{serves}{register.note}")

    def columns(self) -> Sequence[Column]:
        register = self._register()
        if register is None:
            return ()
        shown = [f for f in register.fields if f.type is not FieldType.DATE][:FIELDS_SHOWN]
        return (
            Column("登记日期", lambda line: line.record.day, width=106),
            *(_column(field, stretch=number == 0) for number, field in enumerate(shown)),
        )

    def narrowed(self, *, is_wide: bool) -> None:
        del is_wide
        self.cards.hide()

    def card_values(self, lines: Sequence[Line]) -> Sequence[Card]:
        del lines
        return ()

    def show_target(self, target: object) -> None:
        if isinstance(target, Where) and target.record:
            entry = app_record.get(self.context.desk, target.record)
            if isinstance(entry, RegisterEntry):
                for row, register in enumerate(self._registers):
                    if register.code == entry.register:
                        self._list.setCurrentRow(row)
        super().show_target(target)

    def _register(self) -> Register | None:
        return next((r for r in self._registers if r.code == self.code()), None)

    def _begin_where_entries_are(self) -> None:
        entries = app_record.of_month(self.context.desk, self.context.month).entries
        used = {entry.register for entry in entries}
        rows = [n for n, register in enumerate(self._registers) if register.code in used]
        self._list.blockSignals(True)
        self._list.setCurrentRow(rows[0] if rows else 0)
        self._list.blockSignals(False)

    def _register_chosen(self) -> None:
        self._put_fresh_away()
        self._fresh = None
        self.show_fields()
        self.reload(keep=False)

    def _show_counts(self, entries: Sequence[RegisterEntry]) -> None:
        counts = Counter(entry.register for entry in entries)
        for row, register in enumerate(self._registers):
            item = self._list.item(row)
            number = counts[register.code]
            item.setText(f"{register.title}（{number}）" if number else register.title)
            item.setToolTip(item.text())


def _column(field: Field, *, stretch: bool) -> Column:
    numeric = field.type in (FieldType.NUMBER, FieldType.MONEY)

    def shown(line: Line) -> str:
        return str(line.record.get(field.code)) or ("未填" if field.required else "—")

    def tone(line: Line) -> Tone | None:
        if line.record.get(field.code):
            return None
        return Tone.BAD if field.required else Tone.QUIET

    return Column(
        field.title,
        lambda line: line.record.get(field.code) or None,
        text=shown,
        tone=tone,
        align=Align.END if numeric else Align.START,
        width=96,
        stretch=stretch,
        tip=lambda line: line.record.get(field.code),
        key=field.code,
    )
