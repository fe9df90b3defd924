"""督办: cases with their lights, and what the office does about them, by key and mouse."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QTabBar,
)
from pytestqt.qtbot import QtBot

from rongchang_desk.app import parcels, supervision
from rongchang_desk.app.parcel_opening import open_parcel
from rongchang_desk.domain.matter import Stage
from rongchang_desk.domain.records import Problem
from rongchang_desk.ui.main_window import MainWindow
from rongchang_desk.ui.tables import Table
from rongchang_desk.ui.tone_label import ToneLabel
from tests.district import PASSPHRASE, District, at
from tests.ui.office.conftest import child
from tests.ui.unit.driving import type_into

Visit = Callable[[str], Any]
WAIT = 60_000
DUE = date(2026, 11, 20)


@pytest.fixture
def order(district: District) -> str:
    """An order that A1 has opened; its id."""
    key = district.office.identity(PASSPHRASE)
    made = parcels.write_supervision(district.office, "A1", "培训进度", "请抓紧。", DUE, key)
    open_parcel(district.desk("A1"), made.file)
    return made.parcel.id


def feedback(district: District, order: str) -> Path:
    unit = district.desk("A1")
    return parcels.write_feedback(unit, order, "已办两场。", unit.identity(PASSPHRASE)).file


def request(district: District, order: str) -> Path:
    unit = district.desk("A1")
    own = unit.identity(PASSPHRASE)
    return supervision.ask_for_time(unit, order, "等场地", date(2026, 12, 4), own).file


def bring(qtbot: QtBot, page: Any, *paths: Path) -> None:
    """Drop files on the page and wait until they are opened and listed."""
    with qtbot.waitSignal(page.opened, timeout=WAIT):
        page.dropped(paths)
    qtbot.waitUntil(lambda: not page.context._jobs.is_busy(), timeout=WAIT)


def dialog_of(qtbot: QtBot, window: MainWindow, button: str) -> Any:
    QTest.mouseClick(child(window, QPushButton, button), Qt.MouseButton.LeftButton)
    dialog = child(window, QDialog, "letter_dialog")
    qtbot.waitUntil(dialog.isVisible)
    return dialog


def sign(qtbot: QtBot, page: Any, dialog: Any, passphrase: str = PASSPHRASE) -> Any:
    """Type the passphrase and Enter; the letter that was written."""
    field = child(dialog, QLineEdit, "letter_passphrase")
    type_into(qtbot, field, passphrase, leave=False)
    with qtbot.waitSignal(page.written, timeout=WAIT) as made:
        qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not page.context._jobs.is_busy(), timeout=WAIT)
    return made.args[0]


def cells(page: Any) -> list[list[str]]:
    model = child(page, Table, "cases").table_model
    return [[column.shown(row) for column in model.columns] for row in model.rows]


def steps(page: Any) -> list[str]:
    return [event.what for event in child(page, Table, "case_history").table_model.rows]


def test_a_case_shows_its_light_day_and_history(
    visit: Visit, window: MainWindow, district: District, order: str
) -> None:
    district.clock.now = at(16)
    page = visit("supervision")
    assert cells(page) == [
        ["● 临近到期", "2026-11-20", "市知识产权局", "培训进度", "等单位反馈"],
    ]
    assert steps(page) == ["下发督办单，11月20日前反馈"]
    assert child(page, QLabel, "card_near_number").text() == "1"
    for name in ("close_matter", "once_more", "answer_request", "answer_problem"):
        assert not child(window, QPushButton, name).isEnabled()


def test_feedback_is_dropped_in_and_the_matter_closed(
    visit: Visit,
    window: MainWindow,
    qtbot: QtBot,
    district: District,
    order: str,
    opened: list[str],
) -> None:
    page = visit("supervision")
    bring(qtbot, page, feedback(district, order))
    assert cells(page)[0][0] == "✓ 已反馈"
    tabs = child(page, QTabBar, "case_scope")
    assert tabs.tabText(1) == "待办公室 1"
    made = sign(qtbot, page, dialog_of(qtbot, window, "close_matter"))
    assert cells(page) == [], "closed cases are not open ones"
    tabs.setCurrentIndex(tabs.count() - 1)
    assert cells(page)[0][0] == "✓ 已销号"
    assert steps(page)[-1] == "销号"
    assert opened == [str(made.file.parent)]
    assert "已销号" in open_parcel(district.desk("A1"), made.file).what


def test_a_request_for_time_is_refused_with_a_reason(
    visit: Visit,
    window: MainWindow,
    qtbot: QtBot,
    district: District,
    order: str,
    opened: list[str],
) -> None:
    page = visit("supervision")
    bring(qtbot, page, request(district, order))
    assert cells(page)[0][4] == "等延期答复"
    dialog = dialog_of(qtbot, window, "answer_request")
    child(dialog, QComboBox, "letter_verdict").setCurrentIndex(1)
    child(dialog, QLineEdit, "letter_text").setText("年内必须完成")
    made = sign(qtbot, page, dialog)
    assert made.parcel.due is None
    assert steps(page)[-1] == "不同意延期"
    assert cells(page)[0][1] == "2026-11-20"


def test_a_problem_of_a_return_is_answered(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District, opened: list[str]
) -> None:
    unit = district.desk("A1")
    problem = Problem(unit.new_id(), date(2026, 10, 20), "缺专职人员", "兼职两人。")
    district.take(district.report("A1", problem))
    page = visit("supervision")
    assert cells(page)[0][3:] == ["缺专职人员", "等办公室答复"]
    dialog = dialog_of(qtbot, window, "answer_problem")
    accept = child(dialog, QPushButton, "letter_accept")
    child(dialog, QLineEdit, "letter_passphrase").setText(PASSPHRASE)
    assert not accept.isEnabled(), "an answer needs a text"
    child(dialog, QPlainTextEdit, "letter_text").setPlainText("已安排业务骨干。")
    made = sign(qtbot, page, dialog)
    open_parcel(unit, made.file)
    assert supervision.answers(unit)[problem.id] == made.parcel


def test_a_wrong_passphrase_closes_nothing(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District, order: str
) -> None:
    page = visit("supervision")
    bring(qtbot, page, feedback(district, order))
    dialog = dialog_of(qtbot, window, "close_matter")
    field = child(dialog, QLineEdit, "letter_passphrase")
    type_into(qtbot, field, "不对的口令 wrong", leave=False)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(child(dialog, ToneLabel, "letter_problem").said), timeout=WAIT)
    (case,) = supervision.cases(district.office)
    assert case.matter is not None
    assert case.matter.stage is Stage.REVIEW


def test_a_file_that_is_no_feedback_is_refused_with_its_reason(
    visit: Visit, qtbot: QtBot, district: District, order: str
) -> None:
    page = visit("supervision")
    bring(qtbot, page, district.report("A1"))
    assert "没有打开" in child(page, QLabel, "banner_text").text()
    assert steps(page) == ["下发督办单，11月20日前反馈"]
