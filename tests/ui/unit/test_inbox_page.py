"""办公室来件: parcels are dropped and chosen, told, refused; orders are answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFrame,
    QLabel,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
)
from pytestqt.qtbot import QtBot

from rongchang_desk.app import parcel_opening, parcels, standing
from rongchang_desk.app.parcels import Written
from rongchang_desk.app.standing import State, standing_of
from rongchang_desk.ui.main_window import MainWindow
from rongchang_desk.ui.pdf_view import PdfView
from rongchang_desk.ui.tables import Table
from rongchang_desk.ui.tone_label import ToneLabel
from tests.district import MONTH, PASSPHRASE, PLAN_FILE, District, at
from tests.ui.office.driving import choose
from tests.ui.unit.driving import child, click, click_row, drop, label, texts, type_into

Settle = Callable[[MainWindow], None]
Hold = Callable[[int], None]
DUE = date(2026, 11, 20)


@pytest.fixture
def folders(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was handed to the system's programs; only the handing over is faked."""
    opened: list[str] = []

    def keep(url: QUrl) -> bool:
        opened.append(url.toLocalFile())
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", keep)
    return opened


@pytest.fixture
def page(window: MainWindow, settle: Settle) -> Any:
    window.go_to("inbox")
    settle(window)
    return window.current_page()


def order(
    district: District, title: str = "培训场次", due: date = DUE, unit: str = "C1"
) -> Written:
    office = district.office
    return parcels.write_supervision(
        office, unit, title, "请报送进度。", due, office.identity(PASSPHRASE)
    )


def receipt(district: District, unit: str = "C1") -> Written:
    district.take(district.report(unit))
    office = district.office
    out = parcels.outbox(office)
    made = parcels.write_receipt(office, MONTH, office.identity(PASSPHRASE), out)
    return next(one for one in made if one.parcel.addressee == unit)


def bring(qtbot: QtBot, window: MainWindow, *paths: Path) -> None:
    """Drop files and wait until they are judged and the lists filled again."""
    page: Any = window.current_page()
    with qtbot.waitSignal(page.opened, timeout=60_000):
        assert drop(window, *paths)
    qtbot.waitUntil(lambda: not window._jobs.is_busy(), timeout=60_000)


def banner(page: Any) -> str:
    return label(page, "banner_text")


def badge(window: MainWindow) -> str:
    items = child(window, QListWidget, "navigation").findItems(
        "办公室来件", Qt.MatchFlag.MatchStartsWith
    )
    return str(items[0].text())


def test_an_empty_inbox_says_what_to_do(page: Any) -> None:
    table = child(page, Table, "parcels")
    assert "回执" in child(table, QLabel, "empty_text").text()
    assert not child(page, QFrame, "orders").isVisible()


def test_a_dropped_receipt_makes_the_month_received_and_says_so(
    page: Any, district: District, window: MainWindow, qtbot: QtBot
) -> None:
    bring(qtbot, window, receipt(district).file)
    assert "已收到2026年10月月报第1版" in banner(page)
    assert standing_of(window.desk, MONTH).state is State.RECEIVED
    table = child(page, Table, "parcels")
    assert texts(table, 1) == ["回执"]
    assert texts(table, 4) == ["第1版改为“已收”"]


def test_a_file_is_chosen_with_the_keyboard(
    page: Any, district: District, window: MainWindow, qtbot: QtBot
) -> None:
    made = receipt(district)
    qtbot.keyClick(window, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    with qtbot.waitSignal(page.opened, timeout=60_000):
        choose(qtbot, page, "choose_files", made.file)
    assert standing_of(window.desk, MONTH).state is State.RECEIVED


def test_opening_again_changes_nothing_and_says_so(
    page: Any, district: District, window: MainWindow, qtbot: QtBot
) -> None:
    made = receipt(district)
    bring(qtbot, window, made.file)
    bring(qtbot, window, made.file)
    assert banner(page).startswith("＝")
    assert "打开过" in banner(page)
    assert child(page, Table, "parcels").table_model.rowCount() == 1


def test_a_batch_is_opened_in_the_order_of_issue_whatever_the_order_of_files(
    page: Any, district: District, window: MainWindow, qtbot: QtBot
) -> None:
    office = district.office
    key = office.identity(PASSPHRASE)
    bulletin = parcels.write_bulletin(office, MONTH, "通报", key)
    slip = parcels.write_reopening(office, "C1", MONTH, "漏报", key)
    again = parcels.write_bulletin(office, MONTH, "再通报", key)
    bring(qtbot, window, again.file, slip.file, bulletin.file)
    assert "没有打开" not in banner(page)  # the slip would be stale after the second bulletin
    assert len(parcel_opening.opened(window.desk)) == 3
    assert standing.month_locked(window.desk, MONTH)


def test_a_tampered_parcel_and_one_for_another_unit_are_refused_beside_a_good_one(
    page: Any, district: District, window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    good, foreign = receipt(district), order(district, unit="A2")
    data = bytearray(good.file.read_bytes())
    data[len(data) // 3] ^= 1
    bad = tmp_path / "改过.pdf"
    bad.write_bytes(bytes(data))
    bring(qtbot, window, bad, foreign.file, good.file)
    told = banner(page)
    assert told.startswith("✓ 办公室已收到")
    assert "“改过.pdf”没有打开，工作台没有任何改动" in told
    assert "不是发给本工作台的" in told
    assert len(parcel_opening.opened(window.desk)) == 1


def test_what_is_no_parcel_is_refused(
    page: Any, window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "笔记.pdf").write_text("不是PDF")
    bring(qtbot, window, tmp_path / "笔记.pdf", tmp_path / "没有.pdf")
    assert banner(page).count("×") == 2
    assert parcel_opening.opened(window.desk) == ()


def test_a_double_click_shows_the_pages(
    page: Any, district: District, window: MainWindow, qtbot: QtBot
) -> None:
    bring(qtbot, window, receipt(district).file)
    click_row(qtbot, child(page, Table, "parcels"), 0, twice=True)
    qtbot.waitUntil(lambda: window.findChild(QDialog, "pdf_dialog") is not None, timeout=60_000)
    dialog = child(window, QDialog, "pdf_dialog")
    view = child(dialog, PdfView, "pdf_view")
    qtbot.waitUntil(lambda: view.page_count >= 1, timeout=60_000)
    assert "回执" in dialog.windowTitle()
    dialog.close()


def test_orders_show_their_light_and_the_badge_counts_them(
    page: Any, district: District, window: MainWindow, qtbot: QtBot
) -> None:
    district.clock.now = at(2)
    made = [
        order(district, "一", date(2026, 11, 4)),
        order(district, "二", date(2026, 11, 8)),
        order(district, "三", date(2026, 11, 30)),
    ]
    district.clock.now = at(5)
    bring(qtbot, window, *(one.file for one in made))
    window.go_to("home")
    window.go_to("inbox")
    matters = child(page, Table, "matters")
    assert matters.isVisible()
    assert texts(matters, 1) == ["! 已逾期", "● 临近到期", "○ 待反馈"]
    assert badge(window) == "办公室来件（3）"


def give_feedback(qtbot: QtBot, window: MainWindow, passphrase: str) -> Any:
    """Open the dialog with the mouse, fill it with keys, and sign."""
    click(qtbot, window, "write_feedback")
    dialog = child(window, QDialog, "letter_dialog")
    type_into(qtbot, child(dialog, QPlainTextEdit, "feedback_text"), "已补办两场。")
    field = child(dialog, QLineEdit, "letter_passphrase")
    type_into(qtbot, field, passphrase, leave=False)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    return dialog


def test_an_order_is_answered_and_the_office_can_open_the_answer(
    page: Any, district: District, window: MainWindow, qtbot: QtBot, folders: list[str]
) -> None:
    bring(qtbot, window, order(district).file)
    with qtbot.waitSignal(page.written, timeout=60_000) as written:
        give_feedback(qtbot, window, PASSPHRASE)
    qtbot.waitUntil(lambda: not window._jobs.is_busy(), timeout=60_000)
    file = written.args[0].file
    assert folders == [str(window.desk.exports)]
    assert file.parent == window.desk.exports
    assert str(file) in banner(page)
    assert badge(window) == "办公室来件"
    assert not child(page, QFrame, "orders").isVisible()
    parcel_opening.open_feedback(district.office, file)
    assert standing.open_matters(district.office) == ()


def test_a_wrong_passphrase_keeps_the_text_and_writes_nothing(
    page: Any, district: District, window: MainWindow, qtbot: QtBot, settle: Settle
) -> None:
    bring(qtbot, window, order(district).file)
    dialog = give_feedback(qtbot, window, "不是这个口令")
    settle(window)
    assert child(dialog, ToneLabel, "letter_problem").said
    assert child(dialog, QPlainTextEdit, "feedback_text").toPlainText() == "已补办两场。"
    assert child(dialog, QLineEdit, "letter_passphrase").text() == ""
    assert not child(dialog, QPushButton, "letter_accept").isEnabled()
    click(qtbot, dialog, "letter_cancel")
    assert parcels.issued(window.desk) == ()
    assert len(standing.open_matters(window.desk)) == 1


def test_a_feedback_without_a_text_cannot_be_signed(
    page: Any, district: District, window: MainWindow, qtbot: QtBot
) -> None:
    bring(qtbot, window, order(district).file)
    click(qtbot, window, "write_feedback")
    dialog = child(window, QDialog, "letter_dialog")
    type_into(qtbot, child(dialog, QLineEdit, "letter_passphrase"), PASSPHRASE, leave=False)
    type_into(qtbot, child(dialog, QPlainTextEdit, "feedback_text"), " ")
    assert not child(dialog, QPushButton, "letter_accept").isEnabled()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert parcels.issued(window.desk) == ()


def answer(qtbot: QtBot, window: MainWindow, passphrase: str) -> None:
    """Answer the passphrase dialog that a renewal brings up."""
    qtbot.waitUntil(
        lambda: window.findChild(QDialog, "passphrase_dialog") is not None, timeout=60_000
    )
    dialog = child(window, QDialog, "passphrase_dialog")
    type_into(qtbot, child(dialog, QLineEdit, "passphrase"), passphrase, leave=False)
    click(qtbot, dialog, "passphrase_accept")
    qtbot.waitUntil(lambda: window.findChild(QDialog, "passphrase_dialog") is not dialog)


def test_a_renewal_asks_for_the_passphrase_until_it_is_right(
    page: Any, district: District, window: MainWindow, qtbot: QtBot, settle: Settle
) -> None:
    made = parcels.write_renewal(district.office, "C1", PASSPHRASE)
    before = window.desk.certificate()
    assert drop(window, made.file)
    answer(qtbot, window, "不是这个口令")
    qtbot.waitUntil(
        lambda: window.findChild(QDialog, "passphrase_dialog") is not None, timeout=60_000
    )
    assert child(window, ToneLabel, "passphrase_problem").said
    assert window.desk.certificate() == before
    with qtbot.waitSignal(page.opened, timeout=60_000):
        answer(qtbot, window, PASSPHRASE)
    settle(window)
    assert "证书已更新" in banner(page)
    assert window.desk.certificate() != before


def test_without_the_passphrase_the_other_parcels_are_still_opened(
    page: Any, district: District, window: MainWindow, qtbot: QtBot, settle: Settle
) -> None:
    made = parcels.write_renewal(district.office, "C1", PASSPHRASE)
    before = window.desk.certificate()
    assert drop(window, made.file, receipt(district).file)
    qtbot.waitUntil(
        lambda: window.findChild(QDialog, "passphrase_dialog") is not None, timeout=60_000
    )
    with qtbot.waitSignal(page.opened, timeout=60_000):
        click(qtbot, child(window, QDialog, "passphrase_dialog"), "passphrase_cancel")
    settle(window)
    assert window.desk.certificate() == before
    assert standing_of(window.desk, MONTH).state is State.RECEIVED


def test_a_cancelled_opening_opens_nothing(
    page: Any, district: District, window: MainWindow, qtbot: QtBot, settle: Settle, hold: Hold
) -> None:
    made = order(district)
    hold(0)
    assert drop(window, made.file)
    click(qtbot, window, "job_cancel")
    settle(window)
    assert "已取消" in banner(page)
    assert parcel_opening.opened(window.desk) == ()
    assert window.findChild(QFileDialog) is None


def plan_parcel(district: District, version: int) -> Written:
    """A plan update to all units: another due day, a first month later, a renamed task."""
    office = district.office
    body = PLAN_FILE.read_text(encoding="utf-8")
    for old, new in (
        ("version = 2", f"version = {version}"),
        ("due_day = 10", "due_day = 12"),
        ('title = "广泛宣传"', 'title = "宣传进企业"'),
    ):
        assert old in body
        body = body.replace(old, new)
    return parcels.write_plan(office, body.encode(), office.identity(PASSPHRASE))


def test_a_new_plan_is_taken_up_at_once_and_page_and_month_stay(
    page: Any, district: District, window: MainWindow, qtbot: QtBot
) -> None:
    window.show_month(MONTH.previous)
    window.go_to("progress")
    tasks = child(window.current_page(), Table, "progress_table")
    assert "广泛宣传" in texts(tasks, 1)
    window.go_to("inbox")
    bring(qtbot, window, plan_parcel(district, 3).file)
    assert window.current_page() is page
    assert "已启用方案第3版" in banner(page)
    assert "重新打开" not in banner(page)
    assert window.month == MONTH.previous
    window.go_to("progress")
    shown: Any = window.current_page()
    assert "宣传进企业" in texts(child(shown, Table, "progress_table"), 1)
    assert shown.subtitle() == "10月12日截止报送"


def test_a_stale_plan_is_refused_and_every_page_stays_as_it_was(
    page: Any, district: District, window: MainWindow, qtbot: QtBot
) -> None:
    older = plan_parcel(district, 3)
    bring(qtbot, window, plan_parcel(district, 4).file)
    window.go_to("progress")
    before = window.current_page()
    window.go_to("inbox")
    bring(qtbot, window, older.file)
    assert banner(page).startswith("×")
    assert window.desk.plan.version == 4
    window.go_to("progress")
    assert window.current_page() is before


def test_more_time_is_asked_for_and_the_office_learns_of_it(
    page: Any, district: District, window: MainWindow, qtbot: QtBot, folders: list[str]
) -> None:
    bring(qtbot, window, order(district).file)
    click(qtbot, window, "ask_for_time")
    dialog = child(window, QDialog, "letter_dialog")
    type_into(qtbot, child(dialog, QPlainTextEdit, "extension_text"), "等场地。")
    field = child(dialog, QLineEdit, "letter_passphrase")
    type_into(qtbot, field, PASSPHRASE, leave=False)
    with qtbot.waitSignal(page.written, timeout=60_000) as written:
        qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not window._jobs.is_busy(), timeout=60_000)
    made = written.args[0]
    assert "延期申请已签名" in banner(page)
    assert texts(child(page, Table, "matters"), 3) == ["等延期答复"]
    assert not child(window, QPushButton, "ask_for_time").isEnabled(), "one request at a time"
    parcel_opening.open_feedback(district.office, made.file)
    (matter,) = standing.open_matters(district.office)
    assert matter.request == made.parcel
