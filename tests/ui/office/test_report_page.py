"""汇总报告: contents, passphrase, issuing, previewing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from rongchang_desk.app import district as picture
from rongchang_desk.app import report
from rongchang_desk.app.district import grouped
from rongchang_desk.domain.period import Period
from rongchang_desk.ui.main_window import MainWindow
from rongchang_desk.ui.pdf_view import PdfView
from rongchang_desk.ui.tables import Table
from rongchang_desk.ui.tone_label import ToneLabel
from tests.district import MONTH, PASSPHRASE, District
from tests.ui.office.conftest import child
from tests.ui.office.driving import escape, type_passphrase, when_asked

Visit = Callable[[str], Any]
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
    with qtbot.waitSignal(view.loaded, timeout=WAIT):
        child(page, Table, "reports").selectRow(0)
    assert view.page_count >= 2
    QTest.mouseClick(child(page, QPushButton, "open_report"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(opened), timeout=WAIT)
    assert Path(opened[0]).read_bytes() == written[0].read_bytes()
    QTest.mouseClick(child(page, QPushButton, "open_folder"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(opened) == 2, timeout=WAIT)
    assert Path(opened[1]) == district.office.exports


def test_a_wrong_passphrase_is_asked_again_and_issues_nothing(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District
) -> None:
    district.take(district.report("A1"))
    visit("report")
    problems: list[str] = []

    def second(dialog: QDialog) -> None:
        problems.append(child(dialog, ToneLabel, "passphrase_problem").said)
        escape(dialog)

    def first(dialog: QDialog) -> None:
        type_passphrase("不对的口令")(dialog)
        when_asked(second)

    when_asked(first)
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
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District
) -> None:
    district.take(district.report("A1"))
    page = visit("report")
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
