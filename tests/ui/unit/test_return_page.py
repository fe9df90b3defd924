"""The return assistant: checked, previewed, signed, corrected; and everything that stops it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QDialog,
    QFileDialog,
    QLabel,
    QLineEdit,
    QPushButton,
)
from pytestqt.qtbot import QtBot

from rongchang_desk.app import drafts, export, record
from rongchang_desk.app.running import Running
from rongchang_desk.errors import Cancelled
from rongchang_desk.ui.main_window import MainWindow
from rongchang_desk.ui.tables import Table
from rongchang_desk.ui.tone_label import ToneLabel
from rongchang_desk.ui.unit.printing import print_pdf
from tests.district import MONTH, PASSPHRASE, District
from tests.ui.unit.driving import child, click, click_row, label, texts, type_into

Settle = Callable[[MainWindow], None]


@pytest.fixture
def page(district: District, window: MainWindow) -> Any:
    """The assistant of a month that may be signed."""
    district.record("C1", district.progress("C1"), district.training("C1"))
    window.go_to("return")
    return window.current_page()


def go_on(page: Any, window: MainWindow, qtbot: QtBot, settle: Settle) -> None:
    click(qtbot, page, "return_forward")
    settle(window)


def to_signing(page: Any, window: MainWindow, qtbot: QtBot, settle: Settle) -> None:
    go_on(page, window, qtbot, settle)
    go_on(page, window, qtbot, settle)


def sign(window: MainWindow, qtbot: QtBot, settle: Settle, passphrase: str = PASSPHRASE) -> None:
    click(qtbot, window, "sign_go")
    dialog = child(window, QDialog, "passphrase_dialog")
    type_into(qtbot, child(dialog, QLineEdit, "passphrase"), passphrase, leave=False)
    click(qtbot, dialog, "passphrase_accept")
    qtbot.waitUntil(lambda: window.findChild(QDialog, "passphrase_dialog") is not dialog)
    settle(window)


def test_the_way_from_the_check_to_the_signed_file(
    page: Any, district: District, window: MainWindow, qtbot: QtBot, settle: Settle
) -> None:
    to_signing(page, window, qtbot, settle)
    sign(window, qtbot, settle)
    (file,) = district.desk("C1").exports.iterdir()
    assert file.name == "河西镇_2026-10_月报_第1版.pdf"
    assert len(district.take(file).of("accepted")) == 1
    assert child(page, ToneLabel, "sign_told").said.startswith("✓ 已签名生成")


def test_the_preview_shows_the_real_pages(
    page: Any, window: MainWindow, qtbot: QtBot, settle: Settle
) -> None:
    click(qtbot, page, "return_forward")
    with qtbot.waitSignal(page._view.view.loaded, timeout=30_000) as loaded:
        pass
    assert loaded.args[0] >= 1
    assert page._stack.currentIndex() == 1


def test_a_wrong_passphrase_is_asked_for_again_and_nothing_is_issued(
    page: Any, window: MainWindow, qtbot: QtBot, settle: Settle
) -> None:
    to_signing(page, window, qtbot, settle)
    sign(window, qtbot, settle, "不是这个口令")
    dialog = child(window, QDialog, "passphrase_dialog")
    assert child(dialog, ToneLabel, "passphrase_problem").said
    assert child(dialog, QLineEdit, "passphrase").text() == ""
    assert export.issued(window.desk, MONTH) == ()
    click(qtbot, dialog, "passphrase_cancel")


def test_a_cancelled_passphrase_signs_nothing(
    page: Any, window: MainWindow, qtbot: QtBot, settle: Settle
) -> None:
    to_signing(page, window, qtbot, settle)
    click(qtbot, window, "sign_go")
    click(qtbot, child(window, QDialog, "passphrase_dialog"), "passphrase_cancel")
    settle(window)
    assert export.issued(window.desk, MONTH) == ()


def test_signing_that_is_cancelled_issues_nothing_and_may_be_tried_again(
    page: Any, window: MainWindow, qtbot: QtBot, settle: Settle
) -> None:
    to_signing(page, window, qtbot, settle)
    page._export(PASSPHRASE)
    window._jobs.cancel_all()
    settle(window)
    assert export.issued(window.desk, MONTH) == ()
    assert child(page, QPushButton, "sign_go").isEnabled()


def test_signing_goes_on_while_the_person_looks_at_another_month(
    page: Any, window: MainWindow, qtbot: QtBot, settle: Settle
) -> None:
    to_signing(page, window, qtbot, settle)
    page._export(PASSPHRASE)
    window.show_month(MONTH.previous)
    settle(window)
    assert len(export.issued(window.desk, MONTH)) == 1
    assert texts(child(page, Table, "check_issued"), 0) == []


def test_a_place_that_cannot_be_written_issues_nothing(
    page: Any,
    window: MainWindow,
    qtbot: QtBot,
    settle: Settle,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "文件").write_text("x")
    out = tmp_path / "文件" / "月报.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(out), ""))
    to_signing(page, window, qtbot, settle)
    click(qtbot, page, "sign_elsewhere")
    sign(window, qtbot, settle)
    assert "不能写入" in label(page, "banner_text")
    assert export.issued(window.desk, MONTH) == ()


def current(page: Any) -> str:
    """The id of the record in the grid's current row."""
    return str(page.model.record(page.grid.currentIndex().row()).id)


def test_errors_hold_back_the_preview_and_lead_to_their_row(
    district: District, window: MainWindow, qtbot: QtBot
) -> None:
    made = replace(district.training("C1"), headcounts=())
    record.change(district.desk("C1"), [made])
    window.go_to("return")
    page: Any = window.current_page()
    assert not child(page, QPushButton, "return_forward").isEnabled()
    qtbot.keyClick(page, Qt.Key.Key_F8)
    shown: Any = window.current_page()
    assert (shown.objectName(), current(shown)) == ("page_training", made.id)


def test_f8_goes_on_to_the_next_finding(
    page: Any, window: MainWindow, qtbot: QtBot, district: District
) -> None:
    first = replace(district.training("C1", topic="一"), headcounts=())
    second = replace(district.training("C1", topic="二"), headcounts=())
    record.change(district.desk("C1"), [first, second])
    page.refresh()
    seen = []
    for _ in range(2):
        qtbot.keyClick(window, Qt.Key.Key_F8)
        shown: Any = window.current_page()
        seen.append(current(shown))
        window.go_to("return")
    assert sorted(seen) == sorted([first.id, second.id])


def test_names_are_stored_and_offered_for_the_next_month(
    page: Any, window: MainWindow, qtbot: QtBot
) -> None:
    type_into(qtbot, child(page, QLineEdit, "name_preparer"), "赵新")
    assert record.month_sheet(window.desk, MONTH).signatories.preparer == "赵新"
    window.show_month(MONTH.next)
    assert child(page, QLineEdit, "name_preparer").text() == "赵新"


def test_a_warning_is_explained_where_it_stands(
    page: Any, window: MainWindow, qtbot: QtBot
) -> None:
    table = child(page, Table, "check_findings")
    row = next(n for n, text in enumerate(texts(table, 2)) if "任务 2" in text)
    click_row(qtbot, table, row)
    type_into(qtbot, child(page, QLineEdit, "check_explanation"), "本月未开展。")
    (explanation,) = record.month_sheet(window.desk, MONTH).explanations
    assert (explanation.code, explanation.text) == ("progress-missing", "本月未开展。")
    assert "本月未开展。" in texts(table, 3)


def amended(page: Any, district: District, window: MainWindow) -> None:
    """Sign the month, then change it."""
    district.export("C1")
    made = record.of_month(window.desk, MONTH).trainings[0]
    record.save(window.desk, replace(made, venue="新的地点"))
    page.refresh()


def test_a_changed_month_asks_for_kind_and_reason(
    page: Any, district: District, window: MainWindow, qtbot: QtBot, settle: Settle
) -> None:
    amended(page, district, window)
    forward = child(page, QPushButton, "return_forward")
    assert not forward.isEnabled()
    combo = child(page, QComboBox, "amend_kind")
    combo.setFocus()
    qtbot.keyClick(combo, Qt.Key.Key_End)
    assert not forward.isEnabled()
    type_into(qtbot, child(page, QLineEdit, "amend_reason"), "补充地点")
    to_signing(page, window, qtbot, settle)
    sign(window, qtbot, settle)
    last = export.issued(window.desk, MONTH)[-1].monthly_return
    assert last.revision == 2
    assert last.amends is not None
    assert (last.amends.kind.label, last.amends.reason) == ("补充", "补充地点")


def test_going_back_loses_neither_names_nor_reason(
    page: Any, district: District, window: MainWindow, qtbot: QtBot, settle: Settle
) -> None:
    amended(page, district, window)
    combo = child(page, QComboBox, "amend_kind")
    combo.setFocus()
    qtbot.keyClick(combo, Qt.Key.Key_Home)
    type_into(qtbot, child(page, QLineEdit, "amend_reason"), "更正地点")
    go_on(page, window, qtbot, settle)
    click(qtbot, page, "return_back")
    assert child(page, QLineEdit, "amend_reason").text() == "更正地点"
    assert combo.currentText() == "数据更正"


def test_an_unchanged_month_is_written_again_without_a_passphrase(
    page: Any, district: District, window: MainWindow, qtbot: QtBot, settle: Settle
) -> None:
    signed = district.export("C1")
    page.refresh()
    to_signing(page, window, qtbot, settle)
    click(qtbot, page, "sign_go")
    settle(window)
    (file,) = window.desk.exports.iterdir()
    assert file.read_bytes() == signed.read_bytes()
    assert len(export.issued(window.desk, MONTH)) == 1


def test_a_signed_month_with_an_open_draft_is_written_again_and_the_draft_stays(
    page: Any, district: District, window: MainWindow, qtbot: QtBot, settle: Settle
) -> None:
    signed = district.export("C1")
    drafts.keep(window.desk, district.training("C1"), "day", "2026-13-40", "不是日期。")
    page.refresh()
    assert "可以再次写出" in child(page, ToneLabel, "check_summary").said
    to_signing(page, window, qtbot, settle)
    click(qtbot, page, "sign_go")
    settle(window)
    (file,) = window.desk.exports.iterdir()
    assert file.read_bytes() == signed.read_bytes()
    assert len(drafts.kept(window.desk)) == 1


def test_an_open_draft_holds_back_an_amendment(
    page: Any, district: District, window: MainWindow, qtbot: QtBot
) -> None:
    district.export("C1")
    district.record("C1", district.training("C1", 12, topic="商标培训"))
    drafts.keep(window.desk, district.training("C1"), "day", "2026-13-40", "不是日期。")
    page.refresh()
    assert not child(page, QPushButton, "return_forward").isEnabled()
    assert "错误" in label(page, "return_why")


def test_earlier_revisions_are_listed_and_opened(
    page: Any, district: District, window: MainWindow, qtbot: QtBot
) -> None:
    district.export("C1")
    page.refresh()
    table = child(page, Table, "check_issued")
    assert texts(table, 0) == ["第 1 版"]
    click_row(qtbot, table, 0, twice=True)
    dialog = child(window, QDialog, "pdf_dialog")
    assert dialog.windowTitle() == "2026年10月月报第 1 版"
    with qtbot.waitSignal(dialog.findChildren(QObject, "pdf_view")[0].loaded, timeout=30_000):
        pass
    dialog.reject()


def test_the_folder_of_the_file_is_opened(
    page: Any, window: MainWindow, qtbot: QtBot, settle: Settle
) -> None:
    class Opener(QObject):
        def __init__(self) -> None:
            super().__init__()
            self.urls: list[QUrl] = []

        @Slot(QUrl)
        def take(self, url: QUrl) -> None:
            self.urls.append(url)

    opener = Opener()
    QDesktopServices.setUrlHandler("file", opener, "take")
    try:
        to_signing(page, window, qtbot, settle)
        sign(window, qtbot, settle)
        click(qtbot, page, "sign_folder")
    finally:
        QDesktopServices.unsetUrlHandler("file")
    assert [Path(url.toLocalFile()) for url in opener.urls] == [window.desk.exports]


def test_a_signed_return_prints_every_page(page: Any, district: District, tmp_path: Path) -> None:
    import pypdfium2

    pdf = district.export("C1").read_bytes()
    printer = QPrinter()
    printer.setOutputFileName(str(tmp_path / "纸.pdf"))
    count = print_pdf(pdf, printer, Running())
    paper = pypdfium2.PdfDocument(tmp_path / "纸.pdf")
    assert len(paper) == count
    paper.close()


def test_printing_stops_when_it_is_cancelled(page: Any, district: District, tmp_path: Path) -> None:
    printer = QPrinter()
    printer.setOutputFileName(str(tmp_path / "纸.pdf"))
    running = Running()
    running.cancel()
    with pytest.raises(Cancelled):
        print_pdf(district.export("C1").read_bytes(), printer, running)


def test_steps_already_done_can_be_clicked_and_others_not(
    page: Any, window: MainWindow, qtbot: QtBot, settle: Settle
) -> None:
    assert not child(page, QAbstractButton, "step_2").isEnabled()
    to_signing(page, window, qtbot, settle)
    qtbot.mouseClick(child(page, QAbstractButton, "step_1"), Qt.MouseButton.LeftButton)
    assert page._stack.currentIndex() == 1


def test_a_zero_return_is_signed_like_any_other(
    district: District, window: MainWindow, qtbot: QtBot, settle: Settle
) -> None:
    district.record("C1")
    window.go_to("return")
    page: Any = window.current_page()
    to_signing(page, window, qtbot, settle)
    assert child(page, QLabel, "sign_fact_1").text() == "零报告（本月无活动）"
    sign(window, qtbot, settle)
    assert export.issued(window.desk, MONTH)[0].monthly_return.zero
