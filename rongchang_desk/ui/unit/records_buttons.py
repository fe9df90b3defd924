"""The buttons of a page of records, with their keys: new, as this one, delete, filter, copy, paste,
export. Those of one step back and forth belong to every editing page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction

from rongchang_desk.app.desk import Desk
from rongchang_desk.app.running import Running
from rongchang_desk.app.table_export import write_records
from rongchang_desk.ui.files import choose_target

if TYPE_CHECKING:
    from rongchang_desk.ui.unit.records_page import RecordsPage

TABLE_FILES = ["Excel 工作簿 (*.xlsx)", "CSV 表格 (*.csv)"]


class RecordsButtons:
    """Makes the actions of a page, and does what they say."""

    def __init__(self, page: RecordsPage) -> None:
        self._page = page
        self.new = self._made(
            "新增(&N)", self._start_new, "new", "Ctrl+N", f"新增{page.noun}（Ctrl+N）", primary=True
        )
        self.export = self._made(
            "导出表格(&E)…", self._ask_where_to_export, "export", "Ctrl+E",
            "把表格里列出的各行（按现在的筛选和排序）写成 Excel 或 CSV（Ctrl+E）",
        )  # fmt: skip
        self.details = self._made(
            "详细(&I)", page.toggle_form, "details", "Ctrl+I",
            "在右侧的表单里看全、修改这一条，附佐证材料（Ctrl+I，或双击行号）",
        )  # fmt: skip
        self.details.setCheckable(True)
        self.filter = self._made(
            "筛选(&F)", self._toggle_filter, "filter", "Ctrl+Shift+L", "按列筛选（Ctrl+Shift+L）"
        )
        self.double = self._made(
            "照此再建(&D)", self._duplicate, "duplicate", "Ctrl+Shift+D",
            "照选中的行再建（Ctrl+Shift+D）",
        )  # fmt: skip
        self.bin = self._made(
            "删除行(&L)", lambda: page.bin_rows(page.grid.rows_touched()), "delete", "Ctrl+-",
            "选中的行移入回收站，可撤销（Ctrl+减号）",
        )  # fmt: skip
        self.paste = self._made(
            "粘贴(&P)", self._paste, "paste", "", "粘贴从 Excel、WPS 复制的内容（Ctrl+V）"
        )
        self.copy = self._made(
            "复制整行(&C)", page.grid.blocks.copy_rows, "copy", "",
            "连同标题复制，可粘贴到 Excel、WPS",
        )  # fmt: skip
        page.listen(self.new, self.export, self.details, self.filter, self.double, self.bin)
        page.grid.addActions([self.details, self.double, self.copy, self.bin])

    def in_order(self) -> list[QAction]:
        """All of the page, most important first."""
        page = self._page
        return [
            self.new, self.details, page.undo_action, self.filter, self.paste, self.copy,
            self.double, self.bin, page.redo_action, self.export,
        ]  # fmt: skip

    def enable(self, *, is_held: bool) -> None:
        """Offer what can be done with the chosen rows; while the page is held, nothing that
        changes rows."""
        is_stored = bool(self._page.grid.rows_touched())
        self.copy.setEnabled(is_stored)
        for action in (self.double, self.bin):
            action.setEnabled(is_stored and not is_held)
        for action in (self.new, self.paste):
            action.setEnabled(not is_held)

    def _made(
        self,
        text: str,
        does: Callable[[], object],
        name: str,
        keys: str,
        tip: str,
        *,
        primary: bool = False,
    ) -> QAction:
        name = f"{self._page.kind}_{name}"
        return self._page.new_action(text, does, name=name, shortcut=keys, tip=tip, primary=primary)

    def _start_new(self) -> None:
        page = self._page
        page.finish_typing()
        if not page.fields:
            return
        page.grid.go_to(len(page.model.row_ids), 0)
        if page.form.isHidden():
            page.grid.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            page.form.focus_field(page.fields[1].code)

    def _toggle_filter(self) -> None:
        column = max(self._page.grid.currentIndex().column(), 0)
        titles = self._page.grid.titles
        titles.show_lines(not titles.is_open, column)

    def _duplicate(self) -> None:
        page = self._page
        page.finish_typing()
        copies = tuple(
            replace(record, id=page.context.desk.new_id(), evidence=())
            for record in page.records_at(page.grid.rows_touched())
        )
        if copies:
            page.push(f"照此再建 {len(copies)} {page.measure}", (), copies)
            page.grid.go_to(len(page.model.row_ids) - len(copies), 0)

    def _paste(self) -> None:
        self._page.finish_typing()
        self._page.grid.blocks.paste()

    def _ask_where_to_export(self) -> None:
        page = self._page
        page.form.commit()
        name = f"{page.context.desk.title}_{page.context.month}_{page.export_title()}.xlsx"
        choose_target(page, "导出表格", name, TABLE_FILES, self.export_to)

    def export_to(self, out: Path) -> None:
        """Write the rows that are listed into a file, beside the window."""
        page = self._page
        query, fields, title = page.rows.query(), page.fields, page.export_title()

        def work(desk: Desk, running: Running) -> int:
            return write_records(desk, query, fields, title, out, running)

        def done(number: int) -> None:
            page.context.notify(f"已导出 {number:,} {page.measure}：{out}")

        page.context.run_job("正在导出表格", work, done)
