"""台账: the registers that evidence the unit's tasks, one at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from rongchang_desk.app import drafts
from rongchang_desk.app import record as app_record
from rongchang_desk.app import rows as app_rows
from rongchang_desk.app.rows import Query
from rongchang_desk.domain.finding import Where
from rongchang_desk.domain.plan import Register
from rongchang_desk.domain.records import RegisterEntry
from rongchang_desk.ui import theme
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.page import Context
from rongchang_desk.ui.tone_label import ToneLabel
from rongchang_desk.ui.unit.cards import Card
from rongchang_desk.ui.unit.counting import Counted, Digest
from rongchang_desk.ui.unit.records_page import RecordsPage


class RegistersPage(RecordsPage):
    """Rows registered in a month; `register` records of the register chosen at the left."""

    title = "台账"
    help_topic = "registers"
    search_hint = "搜索，可用拼音首字母"
    kind = "register"
    noun = "条目"
    empty = "本月这本台账还没有登记。\n直接在上面的空行输入，或从 Excel、WPS 复制后按 Ctrl+V 粘贴。"

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

    def show_fields(self) -> None:
        super().show_fields()
        register = self._register()
        if register:
            tasks = "、".join(str(task) for task in register.tasks)
            serves = f"对应任务 {tasks}。" if tasks else "各单位都登记。"
            self._about.say(f"{register.title}：{serves}{register.note}")

    def narrowed(self, *, is_wide: bool) -> None:
        del is_wide
        self.cards.hide()

    def card_values(self, digest: Digest) -> Sequence[Card]:
        del digest
        return ()

    def counted(self, counted: Counted) -> None:
        super().counted(counted)
        self._show_counts(counted.by_register)

    def show_target(self, target: object) -> None:
        if isinstance(target, Where) and target.record:
            entry = app_record.get(self.context.desk, target.record)
            code = entry.register if isinstance(entry, RegisterEntry) else ""
            for draft in drafts.kept(self.context.desk, self.kind):
                if draft.record == target.record:  # an entry that was only begun
                    code = draft.key
            for row, register in enumerate(self._registers):
                if register.code == code:
                    self._list.setCurrentRow(row)
        super().show_target(target)

    def export_title(self) -> str:
        register = self._register()
        return register.title if register else self.title

    def _register(self) -> Register | None:
        return next((r for r in self._registers if r.code == self.code()), None)

    def _begin_where_entries_are(self) -> None:
        desk, month = self.context.desk, self.context.month
        used = (
            row
            for row, register in enumerate(self._registers)
            if app_rows.first(desk, Query(self.kind, register.code, month), 1)
        )
        self._list.blockSignals(True)
        self._list.setCurrentRow(next(used, 0))
        self._list.blockSignals(False)

    def _register_chosen(self) -> None:
        self.grid.delegate.finish()
        self.form.commit()
        self.show_fields()
        self.refresh()

    def _show_counts(self, counts: Mapping[str, int]) -> None:
        for row, register in enumerate(self._registers):
            item = self._list.item(row)
            number = counts.get(register.code, 0)
            item.setText(f"{register.title}（{number:,}）" if number else register.title)
            item.setToolTip(item.text())
