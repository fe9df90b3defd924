"""What could not be taken is red again in the next window, and its error leads there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from rongchang_desk.app import drafts, record
from rongchang_desk.app.fields import blank
from rongchang_desk.domain.finding import Finding
from rongchang_desk.ui.main_window import MainWindow
from rongchang_desk.ui.tables import Table
from rongchang_desk.ui.unit.findings import page_of
from tests.district import MONTH, District
from tests.ui.unit.driving import child, click_row, line, said, type_into

Open = Callable[[str], MainWindow]


def reopened(window: MainWindow, open_window: Open, unit: str) -> MainWindow:
    window.close()
    again = open_window(unit)
    again.go_to("home")
    return again


def jump_to_the_draft(window: MainWindow, qtbot: QtBot) -> Any:
    """Double-click the error on the home page; the page it leads to."""
    page: Any = window.current_page()
    table = child(page, Table, "home_findings")
    rows: tuple[Finding, ...] = table.table_model.rows
    at = next(n for n, finding in enumerate(rows) if finding.code == "draft-open")
    click_row(qtbot, table, at, twice=True)
    there: Any = window.current_page()
    assert there.objectName() == f"page_{page_of(rows[at].where)}"
    return there


def test_a_task_s_draft_that_began_its_record_is_red_again(
    window: MainWindow, open_window: Open, qtbot: QtBot
) -> None:
    window.go_to("progress")
    page: Any = window.current_page()
    type_into(qtbot, line(page, "percent"), "abc")
    again = reopened(window, open_window, "C1")
    there = jump_to_the_draft(again, qtbot)
    field = line(there, "percent")
    assert (field.text(), bool(field.property("wrong"))) == ("abc", True)
    assert "还没有保存" in said(there, "percent")
    qtbot.waitUntil(field.hasFocus)
    type_into(qtbot, field, "45")
    assert drafts.kept(again.desk) == ()
    assert [str(p.percent) for p in record.of_month(again.desk, MONTH).progress] == ["45"]


def test_a_reading_s_draft_is_red_again(open_window: Open, qtbot: QtBot) -> None:
    window = open_window("A1")
    window.go_to("readings")
    page: Any = window.current_page()
    type_into(qtbot, line(page, "value"), "12件多")
    again = reopened(window, open_window, "A1")
    there = jump_to_the_draft(again, qtbot)
    field = line(there, "value")
    assert (field.text(), bool(field.property("wrong"))) == ("12件多", True)
    qtbot.waitUntil(field.hasFocus)
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert (field.text(), drafts.kept(again.desk)) == ("", ())
    assert record.of_month(again.desk, MONTH).readings == ()


@pytest.mark.parametrize("number", [0, 1])
def test_a_register_s_entry_only_begun_is_found_in_its_register(
    district: District, window: MainWindow, qtbot: QtBot, number: int
) -> None:
    desk = district.desk("C1")
    registers = [r for r in desk.plan.registers if {*r.tasks} & {2, 3}]
    code = registers[number % len(registers)].code
    made = blank("register", desk.new_id(), MONTH.last_day, code)
    drafts.keep(desk, made, "day", "下月初", "“下月初”不是日期。")
    window.go_to("home")
    there = jump_to_the_draft(window, qtbot)
    assert there.code() == code
    QApplication.processEvents()
    shown = [there.model.text(row, 0) for row in range(there.model.rowCount())]
    assert "下月初" in shown
