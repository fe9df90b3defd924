"""报送情况: colour and glyph for each standing, and whom to remind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTFont
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
)
from pytestqt.qtbot import QtBot

from rongchang_desk import assets
from rongchang_desk.app import key_register, receipt_checks, standing
from rongchang_desk.app.district import Reported
from rongchang_desk.domain.month import Month
from rongchang_desk.ui import theme
from rongchang_desk.ui.main_window import MainWindow
from rongchang_desk.ui.office import (
    board_tables,
    contact_edits,
    key_dialogs,
    key_exports,
    kit_making,
    matrix_view,
    plan_page,
    plan_rows,
    plan_section,
    settle_page,
    take_in_page,
    unit_rows,
    units_page,
)
from rongchang_desk.ui.office.matrix_page import MatrixPage, answers_to
from rongchang_desk.ui.office.matrix_view import GLYPHS, MatrixView
from tests.district import MONTH, PASSPHRASE, District, at
from tests.ui.office.conftest import child
from tests.ui.office.driving import choose
from tests.ui.office.stories import conflict

Visit = Callable[[str], Any]
OCTOBER = 9  # its column


def shown(page: MatrixPage) -> dict[str, str]:
    """The glyph of each unit shown, in October."""
    model = child(page, MatrixView, "matrix").matrix
    return {
        row.unit.code: str(model.index(number, OCTOBER).data() or "")
        for number, row in enumerate(model.rows)
    }


def point(page: MatrixPage, code: str, column: int = OCTOBER) -> QPoint:
    view = child(page, MatrixView, "matrix")
    codes = [row.unit.code for row in view.matrix.rows]
    index = view.matrix.index(codes.index(code), column)
    view.scrollTo(index)
    centre: QPoint = view.visualRect(index).center()
    return centre


def filled(district: District) -> None:
    """A1 on time, B1 zero, C1 late, A2 amended, C2 missing; the day is past the due day."""
    first = district.report("A1")
    district.record("B1")
    district.record("A2", district.progress("A2"))
    files = [district.export("B1"), district.export("A2")]
    district.record("A2", district.training("A2"))
    district.take(first, *files, district.export("A2", amend="漏报一场培训"))
    district.clock.now = at(20)
    district.take(district.report("C1"))


def test_every_standing_has_its_own_glyph(visit: Visit, district: District) -> None:
    filled(district)
    page = visit("matrix")
    assert shown(page) == {"A1": "✓", "A2": "✓改", "B1": "✓零", "C1": "△", "C2": "×"}
    assert len(set(GLYPHS.values())) == len(Reported)


def test_before_the_due_day_nobody_is_called_missing(visit: Visit, district: District) -> None:
    page = visit("matrix")
    assert set(shown(page).values()) == {"·"}


def test_months_before_the_desk_was_in_use_are_nobodys_fault(
    visit: Visit, district: District
) -> None:
    filled(district)
    page = visit("matrix")
    model = child(page, MatrixView, "matrix").matrix
    assert model.headerData(0, Qt.Orientation.Horizontal) == "1月"
    assert model.headerData(OCTOBER, Qt.Orientation.Horizontal) == "10月\n4/5"
    assert model.index(0, 0).data() is None
    assert [model.index(row, 12).data() for row in range(5)] == ["1/1"] * 4 + ["0/1"]


def test_a_missing_return_is_painted_strongest(
    visit: Visit, qtbot: QtBot, district: District, plain_look: None
) -> None:
    filled(district)
    page = visit("matrix")
    view = child(page, MatrixView, "matrix")
    for name in ("light", "dark"):
        theme.apply(QApplication.instance(), name)  # type: ignore[arg-type]
        picture = view.viewport().grab().toImage()
        palette = theme.current().palette
        missing = picture.pixelColor(point(page, "C2") + QPoint(-20, 8)).name()
        on_time = picture.pixelColor(point(page, "A1") + QPoint(-20, 8)).name()
        assert missing == palette.bad
        assert on_time == palette.good_soft


def test_the_tooltip_tells_revision_receipt_and_due_day(visit: Visit, district: District) -> None:
    filled(district)
    page = visit("matrix")
    model = child(page, MatrixView, "matrix").matrix
    tip = model.index(1, OCTOBER).data(Qt.ItemDataRole.ToolTipRole)
    assert tip.splitlines()[:5] == [
        "市统计局　2026年10月",
        "按时、更正过",
        "第 2 版",
        "收到 2026-11-02 09:00",
        "截止 2026-11-10",
    ]
    assert "双击" not in model.index(4, OCTOBER).data(Qt.ItemDataRole.ToolTipRole)


def test_only_the_missing_units_are_shown_on_request(visit: Visit, district: District) -> None:
    filled(district)
    page = visit("matrix")
    box = child(page, QCheckBox, "only_missing")
    assert box.text() == "只看10月未报的单位(&U)"
    QTest.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(10, box.height() // 2))
    assert list(shown(page)) == ["C2"]


def test_search_finds_names_and_pinyin_initials(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District
) -> None:
    page = visit("matrix")
    field = child(window, QLineEdit, "search")
    QTest.keyClicks(field, "szsc")
    qtbot.waitUntil(lambda: list(shown(page)) == ["A1"])
    field.setText("没有这个单位")
    qtbot.waitUntil(lambda: not shown(page))
    assert child(page, QLabel, "matrix_empty").isVisible()
    assert answers_to(district.office.plan.unit("B1"), "东门")
    assert not answers_to(district.office.plan.unit("B1"), "东门 镇")


def test_the_reminder_names_the_missing_units_only(
    visit: Visit, window: MainWindow, district: District
) -> None:
    filled(district)
    visit("matrix")
    QTest.mouseClick(child(window, QPushButton, "reminder"), Qt.MouseButton.LeftButton)
    text = QGuiApplication.clipboard().text()
    assert "2026年11月10日前" in text
    assert text.splitlines()[1:] == ["1. 柳湾镇"]


def test_a_month_without_missing_units_copies_nothing(
    visit: Visit, window: MainWindow, district: District
) -> None:
    district.take(*(district.report(code) for code in ("A1", "A2", "B1", "C1", "C2")))
    visit("matrix")
    QGuiApplication.clipboard().setText("原来的内容")
    QTest.mouseClick(child(window, QPushButton, "reminder"), Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "原来的内容"
    assert "没有需要催报" in window.statusBar().currentMessage()


def test_double_click_opens_that_units_original(
    visit: Visit, qtbot: QtBot, district: District, opened: list[str]
) -> None:
    file = district.report("C1")
    district.take(file)
    page = visit("matrix")
    viewport = child(page, MatrixView, "matrix").viewport()
    place = point(page, "C1")
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(lambda: bool(opened))
    assert Path(opened[0]).read_bytes() == file.read_bytes()


def test_enter_on_a_missing_return_says_so_and_opens_nothing(
    visit: Visit, window: MainWindow, district: District, opened: list[str]
) -> None:
    filled(district)
    page = visit("matrix")
    view = child(page, MatrixView, "matrix")
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=point(page, "C2"))
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert window.statusBar().currentMessage() == "柳湾镇还没有报送2026年10月月报。"
    assert opened == []


def test_the_selection_is_copied_with_units_and_months(visit: Visit, district: District) -> None:
    filled(district)
    page = visit("matrix")
    view = child(page, MatrixView, "matrix")
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=point(page, "B1"))
    QTest.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "单位\t2026年10月\n东门街道\t按时、零报告"


def test_another_month_of_the_year_is_counted_without_reading_again(
    visit: Visit, window: MainWindow, district: District
) -> None:
    filled(district)
    page = visit("matrix")
    window.show_month(Month(2026, 9))  # before the desk was in use: nothing is expected
    assert child(page, QLabel, "card_expected_number").text() == "0"
    assert child(page, QLabel, "card_missing_number").text() == "0"
    window.show_month(MONTH)
    assert child(page, QLabel, "card_missing_number").text() == "1"
    assert child(page, QLabel, "card_on_time_number").text() == "3"


def test_another_year_is_read(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District
) -> None:
    page = visit("matrix")
    with qtbot.waitSignal(page.shown):
        window.show_month(Month(2025, 12))
    assert child(page, MatrixView, "matrix").matrix.year.year == 2025


def test_the_year_is_exported_as_a_table(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District, tmp_path: Path
) -> None:
    import python_calamine

    filled(district)
    page = visit("matrix")
    QTest.mouseClick(child(window, QPushButton, "export_matrix"), Qt.MouseButton.LeftButton)
    out = tmp_path / "报送情况.xlsx"
    choose(qtbot, page, "choose_target", out)
    qtbot.waitUntil(out.exists)
    rows = python_calamine.load_workbook(out).get_sheet_by_index(0).to_python()
    assert rows[0] == ["单位", "2026年10月", "2026年11月", "已报/应报"]
    assert rows[4] == ["河西镇", "迟报", "未到期", "1/1"]


def test_the_notice_to_the_missing_units_is_written_for_wps(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District, tmp_path: Path
) -> None:
    from docx import Document

    filled(district)
    page = visit("matrix")
    QTest.mouseClick(child(window, QPushButton, "reminder_docx"), Qt.MouseButton.LeftButton)
    out = tmp_path / "催报通知.docx"
    choose(qtbot, page, "choose_target", out)
    qtbot.waitUntil(out.exists)
    (table, *_) = Document(str(out)).tables
    assert [row.cells[1].text for row in table.rows[1:]] == ["柳湾镇"]


def test_a_conflict_leads_to_the_page_that_settles_it(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District, opened: list[str]
) -> None:
    conflict(district)
    page = visit("matrix")
    assert shown(page)["A1"] == "≠"
    view = child(page, MatrixView, "matrix")
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=point(page, "A1"))
    QTest.keyClick(view, Qt.Key.Key_Return)
    settle = window.current_page()
    assert isinstance(settle, settle_page.SettlePage)
    with qtbot.waitSignal(settle.shown):
        pass
    assert settle._conflicts.current_row().fork.unit == "A1"
    assert opened == []


def test_the_shipped_font_has_every_glyph_of_the_pages() -> None:
    used = set("".join(GLYPHS.values())) | {matrix_view.ZERO, matrix_view.REVISED}
    used |= set("".join(take_in_page.GLYPHS.values()))
    used |= {glyph for glyph, _ in board_tables.STATES.values()}
    for module in (
        board_tables, matrix_view, settle_page, take_in_page, units_page,
        contact_edits, key_dialogs, key_exports, kit_making,
        plan_page, plan_rows, plan_section, unit_rows,
    ):  # fmt: skip
        assert module.__file__
        used |= {c for c in Path(module.__file__).read_text("utf-8") if ord(c) > 127}
    for name in theme.FONT_FILES:
        known = TTFont(assets.resource("fonts", name)).getBestCmap()
        assert {c for c in used if ord(c) not in known} == set()


def test_a_return_of_the_day_after_the_due_day_is_late(visit: Visit, district: District) -> None:
    due = district.office.due(MONTH)
    district.clock.now = at(due.day, 23)
    on_time = district.report("A1")
    district.take(on_time)
    district.clock.now += timedelta(hours=1)
    district.take(district.report("B1"))
    page = visit("matrix")
    assert (shown(page)["A1"], shown(page)["B1"]) == ("✓", "△")


def test_a_locked_month_a_slip_and_a_refused_file_are_seen_in_the_grid(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District
) -> None:
    district.take(district.report("A1"))
    standing.lock_month(district.office, MONTH)
    district.take(district.report("B1"))
    page = visit("matrix")
    view = child(page, MatrixView, "matrix")
    header = view.matrix.headerData(OCTOBER, Qt.Orientation.Horizontal)
    assert header == "10月锁\n1/5"
    assert shown(page)["B1"] == "·退"
    assert shown(page)["C2"] == "·"
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=point(page, "B1"))
    page._ask_reopening()
    dialog = child(window, QDialog, "letter_dialog")
    assert child(dialog, QComboBox, "letter_unit").currentData() == "B1"
    child(dialog, QPlainTextEdit, "letter_text").setPlainText("设备故障。")
    child(dialog, QLineEdit, "letter_passphrase").setText(PASSPHRASE)
    with qtbot.waitSignal(page.shown, timeout=60_000):
        QTest.mouseClick(child(dialog, QPushButton, "letter_accept"), Qt.MouseButton.LeftButton)
    assert shown(page)["B1"] == "·退开"
    assert "补报许可" in window.statusBar().currentMessage()


def test_a_return_since_the_loss_of_a_key_is_marked_until_it_was_checked(
    visit: Visit, qtbot: QtBot, district: District
) -> None:
    office = district.office
    district.take(district.report("A1"), district.report("B1"))
    key_register.revoke(office, "B1", PASSPHRASE, "遗失", lost_since=office.today())
    page = visit("matrix")
    assert (shown(page)["A1"], shown(page)["B1"]) == ("✓", "✓疑")
    (doubt,) = receipt_checks.doubts(office)
    receipt_checks.check(office, doubt.digest, "张镕", "电话核对一致")
    with qtbot.waitSignal(page.shown, timeout=20_000):
        page.refresh()
    assert shown(page)["B1"] == "✓"
