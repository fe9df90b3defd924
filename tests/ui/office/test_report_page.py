"""汇总报告: contents, passphrase, issuing, previewing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QTabBar,
    QWidget,
)
from pytestqt.qtbot import QtBot
from python_calamine import CalamineWorkbook

from rongchang_desk.app import district as picture
from rongchang_desk.app import issued_papers, report
from rongchang_desk.app.district import grouped
from rongchang_desk.domain.period import Period
from rongchang_desk.ui.main_window import MainWindow
from rongchang_desk.ui.pdf_view import PdfView
from rongchang_desk.ui.tables import Table
from tests.district import MONTH, PASSPHRASE, District, at
from tests.ui.office.conftest import child
from tests.ui.office.driving import (
    choose,
    escape,
    give_wrong_passphrase,
    type_passphrase,
    when_asked,
)

Visit = Callable[[str], Any]
Hold = Callable[[int], None]
WAIT = 60_000


def issue(qtbot: QtBot, window: MainWindow, page: Any) -> None:
    """Press the button, give the passphrase, and wait for the report."""
    when_asked(type_passphrase(PASSPHRASE))
    with qtbot.waitSignal(page.issued, timeout=WAIT):
        QTest.mouseClick(child(window, QPushButton, "make_report"), Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(page.shown, timeout=WAIT):
        pass


def test_the_page_tells_what_the_report_will_hold(visit: Visit, district: District) -> None:
    district.take(district.report("A1"), district.report("B1"))
    page = visit("report")
    assert child(page, QLabel, "card_on_time_number").text() == "2"
    assert child(page, QLabel, "report_missing").text() == "市统计局、河西镇、柳湾镇"
    status = picture.status(district.office, MONTH)
    assert child(page, QLabel, "report_fingerprint").text() == grouped(status.fingerprint)


def test_without_returns_there_is_nothing_to_issue(
    visit: Visit, window: MainWindow, district: District
) -> None:
    visit("report")
    assert not child(window, QPushButton, "make_report").isEnabled()
    assert not child(window, QPushButton, "preview_draft").isEnabled()


def test_a_report_is_issued_listed_and_previewed(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District, opened: list[str]
) -> None:
    district.take(district.report("A1"))
    page = visit("report")
    issue(qtbot, window, page)
    (row,) = report.issued(district.office)
    (listed,) = child(page, Table, "reports").table_model.rows
    assert listed.row == row
    written = list(district.office.exports.glob("*.pdf"))
    assert [path.name for path in written] == ["临河市试点办公室_2026-10_月度汇总报告.pdf"]
    view = child(page, PdfView, "pdf_view")
    qtbot.waitUntil(lambda: view.page_count >= 2, timeout=WAIT)  # shown without a click
    assert child(page, QLabel, "preview_caption").text().endswith("签发")
    QTest.mouseClick(child(page, QPushButton, "open_report"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(opened), timeout=WAIT)
    assert Path(opened[0]).read_bytes() == written[0].read_bytes()
    page.page_actions()[3].trigger()  # its button may be folded into 更多
    qtbot.waitUntil(lambda: len(opened) == 2, timeout=WAIT)
    assert Path(opened[1]) == district.office.exports


def test_a_wrong_passphrase_is_asked_again_and_issues_nothing(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District
) -> None:
    district.take(district.report("A1"))
    visit("report")
    problems = give_wrong_passphrase()
    QTest.mouseClick(child(window, QPushButton, "make_report"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(problems), timeout=WAIT)
    assert "口令" in problems[0]
    assert report.issued(district.office) == ()
    assert not list(district.office.exports.glob("*"))


def test_esc_in_the_passphrase_dialog_issues_nothing(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District
) -> None:
    district.take(district.report("A1"))
    visit("report")
    QTest.mouseClick(child(window, QPushButton, "make_report"), Qt.MouseButton.LeftButton)
    dialog = child(window, QDialog, "passphrase_dialog")
    qtbot.waitUntil(dialog.isVisible)
    with qtbot.waitSignal(dialog.rejected):
        escape(dialog)
    assert not window._jobs.is_busy()
    assert report.issued(district.office) == ()


def test_cancelling_leaves_no_report(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District, hold: Hold
) -> None:
    district.take(district.report("A1"))
    page = visit("report")
    hold(0)
    page._issue(report.Wish(Period.of(MONTH)), PASSPHRASE)
    QTest.mouseClick(child(window, QPushButton, "job_cancel"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window._jobs.is_busy(), timeout=WAIT)
    assert "已取消" in child(page, QLabel, "banner_text").text()
    assert report.issued(district.office) == ()
    assert child(window, QPushButton, "make_report").isEnabled()


def test_the_unsigned_pages_can_be_seen_first(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District
) -> None:
    district.take(district.report("A1"))
    page = visit("report")
    view = child(page, PdfView, "pdf_view")
    with qtbot.waitSignal(view.loaded, timeout=WAIT):
        QTest.mouseClick(child(window, QPushButton, "preview_draft"), Qt.MouseButton.LeftButton)
    assert "未签名稿" in child(page, QLabel, "preview_caption").text()
    assert report.issued(district.office) == ()


def pick(page: Any, tab: int) -> None:
    """Click a kind of report as a person does."""
    tabs = child(page, QTabBar, "report_kind")
    QTest.mouseClick(tabs, Qt.MouseButton.LeftButton, pos=tabs.tabRect(tab).center())


def test_the_year_counts_the_months_that_are_over(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District
) -> None:
    district.take(district.report("A1"))
    page = visit("report")
    with qtbot.waitSignal(page.shown, timeout=WAIT):
        pick(page, 2)
    assert child(page, QLabel, "report_months").text() == "2026年10月"
    assert not child(page, QWidget, "bulletin_words").isVisible()
    issue(qtbot, window, page)
    (row,) = report.issued(district.office)
    assert (row.kind, row.period.code) == ("report", "2026")


def test_a_quarter_without_a_month_that_is_over_cannot_be_issued(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District
) -> None:
    district.take(district.report("A1"))
    district.clock.now = at(31, month=10)
    page = visit("report")
    with qtbot.waitSignal(page.shown, timeout=WAIT):
        pick(page, 1)
    assert "还没有" in child(page, QLabel, "report_months").text()
    assert not child(window, QPushButton, "make_report").isEnabled()
    assert not child(window, QPushButton, "export_draft").isEnabled()


def test_a_bulletin_is_issued_with_the_words_typed(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District
) -> None:
    district.take(district.report("A1"))
    page = visit("report")
    with qtbot.waitSignal(page.shown, timeout=WAIT):
        pick(page, 3)
    QTest.keyClicks(child(page, QLineEdit, "bulletin_number"), "2026-5")
    demands = child(page, QPlainTextEdit, "bulletin_text")
    assert demands.isVisible()
    QTest.keyClicks(demands, "hurry")
    issue(qtbot, window, page)
    (row,) = report.issued(district.office)
    assert row.kind == "bulletin"
    paper, _ = issued_papers.paper_as_issued(district.office, row)
    assert paper.head is not None
    assert paper.head.number == "2026-5"
    assert any(getattr(block, "text", "") == "hurry" for block in paper.blocks)
    assert "锁定" in child(page, QLabel, "banner_text").text()


def test_an_amendment_shows_which_numbers_of_an_issued_report_change(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District
) -> None:
    district.record("A1", district.training("A1", 30))
    district.take(district.export("A1"))
    page = visit("report")
    issue(qtbot, window, page)
    changes = child(page, QPlainTextEdit, "report_changes")
    assert not changes.isVisible()
    district.record("A1", district.training("A1", 15, day=16))
    district.take(district.export("A1", amend="漏报一场培训"))
    with qtbot.waitSignal(page.shown, timeout=WAIT):
        page.refresh()
    table = child(page, Table, "reports")
    (listed,) = table.table_model.rows
    assert "处有变" in listed.state
    table.selectRow(0)
    assert changes.isVisible()
    text = changes.toPlainText()
    assert "2026年10月月报：第 1 版 → 第 2 版" in text
    assert "30人次 → 45人次" in text


def test_an_issued_report_is_saved_as_docx_and_the_draft_as_xlsx(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District, tmp_path: Path
) -> None:
    district.take(district.report("A1"))
    page = visit("report")
    issue(qtbot, window, page)
    child(page, Table, "reports").selectRow(0)
    QTest.mouseClick(child(window, QPushButton, "export_issued"), Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(page.exported, timeout=WAIT):
        choose(qtbot, page, "choose_target", tmp_path / "report.docx")
    QTest.mouseClick(child(window, QPushButton, "export_draft"), Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(page.exported, timeout=WAIT):
        choose(qtbot, page, "choose_target", tmp_path / "draft.xlsx")
    assert (tmp_path / "report.docx").read_bytes()[:2] == b"PK"
    assert "主要指标" in CalamineWorkbook.from_path(tmp_path / "draft.xlsx").sheet_names
    assert "已导出" in child(page, QLabel, "banner_text").text()


def test_cancelling_an_export_writes_nothing(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District, tmp_path: Path, hold: Hold
) -> None:
    district.take(district.report("A1"))
    page = visit("report")
    hold(0)
    QTest.mouseClick(child(window, QPushButton, "export_draft"), Qt.MouseButton.LeftButton)
    choose(qtbot, page, "choose_target", tmp_path / "draft.docx")
    QTest.mouseClick(child(window, QPushButton, "job_cancel"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window._jobs.is_busy(), timeout=WAIT)
    assert "已取消" in child(page, QLabel, "banner_text").text()
    assert not (tmp_path / "draft.docx").exists()
