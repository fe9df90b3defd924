"""下发与来件: receipts, letters to units, the month's lock, and units' feedback."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
    QTabBar,
)
from pytestqt.qtbot import QtBot

from rongchang_desk.app import parcel_opening, parcels, standing
from rongchang_desk.app.standing import State, standing_of
from rongchang_desk.domain.parcel import ParcelKind
from rongchang_desk.ui.main_window import MainWindow
from rongchang_desk.ui.pdf_view import PdfView
from rongchang_desk.ui.tables import Table
from rongchang_desk.ui.tone_label import ToneLabel
from tests.district import MONTH, PASSPHRASE, District, at
from tests.ui.office.conftest import child
from tests.ui.office.driving import (
    choose,
    escape,
    give_wrong_passphrase,
    type_passphrase,
    when_asked,
)
from tests.ui.unit.driving import click_row, drop, texts, type_into

Visit = Callable[[str], Any]
Hold = Callable[[int], None]
WAIT = 60_000
LEFT = Qt.MouseButton.LeftButton


def press(window: Any, name: str) -> None:
    button = child(window, QPushButton, name)
    assert button.isEnabled(), name
    QTest.mouseClick(button, LEFT)


def calm(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: not window._jobs.is_busy(), timeout=WAIT)


def letter(qtbot: QtBot, window: MainWindow, button: str) -> Any:
    """Press a button and wait for the dialog of its letter."""
    press(window, button)
    calm(qtbot, window)
    dialog = child(window, QDialog, "letter_dialog")
    qtbot.waitUntil(dialog.isVisible)
    return dialog


def fill(qtbot: QtBot, dialog: Any, *, unit: str = "", text: str = "", title: str = "") -> None:
    """Choose the unit with the keyboard and type the texts."""
    if unit:
        box = child(dialog, QComboBox, "letter_unit")
        box.setFocus()
        while box.currentData() != unit:
            QTest.keyClick(box, Qt.Key.Key_Down)
    if title:
        type_into(qtbot, child(dialog, QLineEdit, "letter_title"), title)
    if text:
        type_into(qtbot, child(dialog, QPlainTextEdit, "letter_text"), text)


def sign(qtbot: QtBot, window: MainWindow, page: Any, dialog: Any) -> Any:
    """Give the passphrase, press Enter; the letters written."""
    field = child(dialog, QLineEdit, "letter_passphrase")
    type_into(qtbot, field, PASSPHRASE, leave=False)
    with qtbot.waitSignal(page.written, timeout=WAIT) as written:
        QTest.keyClick(field, Qt.Key.Key_Return)
    calm(qtbot, window)
    return written.args[0]


def banner(page: Any) -> str:
    return str(child(page, QLabel, "banner_text").text())


def said(page: Any, name: str) -> str:
    return str(child(page, ToneLabel, name).said)


def kinds(page: Any) -> list[str]:
    return texts(child(page, Table, "letters"), 1)


# -- receipts ------------------------------------------------------------------


def test_units_without_a_receipt_get_one_each(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District, opened: list[str]
) -> None:
    district.take(district.report("A1"), district.report("B1"))
    page = visit("parcels")
    assert said(page, "receipts_said").startswith("○ 2 个单位")
    when_asked(type_passphrase(PASSPHRASE))
    with qtbot.waitSignal(page.written, timeout=WAIT) as written:
        press(window, "write_receipts")
    calm(qtbot, window)
    folder = district.office.exports / "来往件"
    assert opened == [str(folder)]
    assert sorted(path.name.split("_")[0] for path in folder.iterdir()) == [
        "东门街道",
        "市知识产权局",
    ]
    assert said(page, "receipts_said") == "✓ 2026年10月已收的月报都有回执。"
    assert not child(window, QPushButton, "write_receipts").isEnabled()
    parcel_opening.open_parcel(district.desk("A1"), written.args[0][0].file)
    assert standing_of(district.desk("A1"), MONTH).state is State.RECEIVED


def test_a_later_return_gets_its_receipt_and_the_others_no_second_one(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District, opened: list[str]
) -> None:
    office = district.office
    district.take(district.report("A1"))
    key = office.identity(PASSPHRASE)
    parcels.write_receipt(office, MONTH, key, parcels.outbox(office))
    district.take(district.report("C1"))
    page = visit("parcels")
    when_asked(type_passphrase(PASSPHRASE))
    with qtbot.waitSignal(page.written, timeout=WAIT) as written:
        press(window, "write_receipts")
    assert [one.parcel.addressee for one in written.args[0]] == ["C1"]


def test_a_wrong_passphrase_is_asked_again_and_issues_nothing(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District
) -> None:
    district.take(district.report("A1"))
    visit("parcels")
    problems = give_wrong_passphrase()
    press(window, "write_receipts")
    qtbot.waitUntil(lambda: bool(problems), timeout=WAIT)
    assert "口令" in problems[0]
    assert parcels.issued(district.office) == ()


def test_cancelled_receipts_are_told(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District, hold: Hold
) -> None:
    district.take(district.report("A1"))
    page = visit("parcels")
    hold(0)
    page._write_receipts(MONTH, PASSPHRASE)
    press(window, "job_cancel")
    calm(qtbot, window)
    assert "已取消" in banner(page)
    assert parcels.issued(district.office) == ()


def test_without_returns_there_is_no_receipt_to_write(visit: Visit, window: MainWindow) -> None:
    page = visit("parcels")
    assert not child(window, QPushButton, "write_receipts").isEnabled()
    assert "还没有下发过文件" in child(page, QLabel, "empty_text").text()


# -- letters -------------------------------------------------------------------


def test_a_supervision_goes_out_and_its_feedback_comes_back(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District, opened: list[str]
) -> None:
    page = visit("parcels")
    dialog = letter(qtbot, window, "write_supervision")
    fill(qtbot, dialog, unit="C1", title="培训场次", text="请报送进度。")
    (made,) = sign(qtbot, window, page, dialog)
    assert made.file.parent == district.office.exports / "来往件"
    assert texts(child(page, Table, "letters"), 2) == ["○ 待反馈"]
    assert texts(child(page, Table, "letters"), 5) == ["2026-11-09"]
    items = child(window, QListWidget, "navigation").findItems(
        "下发与来件", Qt.MatchFlag.MatchStartsWith
    )
    assert items[0].text() == "下发与来件（1）"
    unit = district.desk("C1")
    parcel_opening.open_parcel(unit, made.file)
    answer = parcels.write_feedback(unit, made.parcel.id, "已办。", unit.identity(PASSPHRASE))
    with qtbot.waitSignal(page.opened, timeout=WAIT):
        assert drop(window, answer.file)
    calm(qtbot, window)
    assert "已收到“河西镇”的督办反馈" in banner(page)
    assert sorted(texts(child(page, Table, "letters"), 2)) == ["← 已收", "✓ 已反馈"]
    assert items[0].text() == "下发与来件"


def test_a_wrong_passphrase_keeps_what_was_typed(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District
) -> None:
    visit("parcels")
    dialog = letter(qtbot, window, "write_supervision")
    fill(qtbot, dialog, unit="B1", title="培训场次", text="请报送进度。")
    field = child(dialog, QLineEdit, "letter_passphrase")
    type_into(qtbot, field, "不对的口令", leave=False)
    QTest.keyClick(field, Qt.Key.Key_Return)
    calm(qtbot, window)
    assert "口令" in said(dialog, "letter_problem")
    assert child(dialog, QPlainTextEdit, "letter_text").toPlainText() == "请报送进度。"
    assert child(dialog, QComboBox, "letter_unit").currentData() == "B1"
    assert field.text() == ""
    escape(dialog)
    assert parcels.issued(district.office) == ()


def test_an_incomplete_letter_cannot_be_signed(
    visit: Visit, window: MainWindow, qtbot: QtBot
) -> None:
    visit("parcels")
    dialog = letter(qtbot, window, "write_reopening")
    go = child(dialog, QPushButton, "letter_accept")
    type_into(qtbot, child(dialog, QLineEdit, "letter_passphrase"), PASSPHRASE, leave=False)
    fill(qtbot, dialog, text="漏报")
    assert not go.isEnabled()  # no unit is chosen
    fill(qtbot, dialog, unit="A1")
    assert go.isEnabled()
    escape(dialog)


def test_a_bulletin_is_drafted_locks_the_month_and_a_slip_reopens_it(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District, opened: list[str]
) -> None:
    district.take(district.report("A1"))
    page = visit("parcels")
    dialog = letter(qtbot, window, "write_bulletin")
    text = child(dialog, QPlainTextEdit, "letter_text").toPlainText()
    assert text.startswith("2026年10月月报应报单位5个，按时报送1个")
    assert "河西镇" in text
    assert any("锁定" in label.said for label in dialog.findChildren(ToneLabel))
    sign(qtbot, window, page, dialog)
    assert said(page, "lock_said") == "● 2026年10月已于11月2日锁定。"
    assert standing.locked_for(district.office, "C1", MONTH)
    dialog = letter(qtbot, window, "write_reopening")
    fill(qtbot, dialog, unit="C1", text="漏报")
    (slip,) = sign(qtbot, window, page, dialog)
    assert slip.parcel.kind is ParcelKind.REOPENING
    assert said(page, "lock_said").endswith("已准予补报：河西镇。")
    assert not standing.locked_for(district.office, "C1", MONTH)
    assert kinds(page) == ["补报许可", "通报"]


def test_a_month_that_is_not_over_is_not_announced(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District
) -> None:
    page = visit("parcels")
    window.show_month(MONTH.next)
    calm(qtbot, window)
    dialog = letter(qtbot, window, "write_bulletin")
    field = child(dialog, QLineEdit, "letter_passphrase")
    type_into(qtbot, field, PASSPHRASE, leave=False)
    QTest.keyClick(field, Qt.Key.Key_Return)
    calm(qtbot, window)
    assert "还没有结束" in said(dialog, "letter_problem")
    escape(dialog)
    assert parcels.issued(district.office) == ()
    assert kinds(page) == []


def test_a_refused_file_is_sent_back_with_its_reasons(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District, opened: list[str]
) -> None:
    good = district.report("C1")
    bad = good.with_name("河西镇_2026-10_月报_第1版.pdf")
    data = bytearray(good.read_bytes())
    data[len(data) // 3] ^= 1
    bad.write_bytes(bytes(data))
    assert district.take(bad).of("refused")
    page = visit("parcels")
    dialog = letter(qtbot, window, "write_returned")
    assert child(dialog, QComboBox, "letter_unit").currentData() == "C1"
    assert child(dialog, QComboBox, "letter_month").currentData() == MONTH
    reasons = child(dialog, QPlainTextEdit, "letter_text").toPlainText()
    assert reasons
    (made,) = sign(qtbot, window, page, dialog)
    assert made.parcel.reasons == tuple(reasons.splitlines())
    parcel_opening.open_parcel(district.desk("C1"), made.file)
    assert standing_of(district.desk("C1"), MONTH).state is State.RETURNED


def test_a_received_return_is_sent_back_by_its_digest(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District, opened: list[str]
) -> None:
    district.take(district.report("B1"))
    page = visit("parcels")
    dialog = letter(qtbot, window, "write_returned")
    assert not child(dialog, QComboBox, "letter_unit").isEnabled()
    assert not child(dialog, QPushButton, "letter_accept").isEnabled()  # no reason yet
    fill(qtbot, dialog, text="人数不符\n请核对签到册")
    (made,) = sign(qtbot, window, page, dialog)
    assert made.parcel.addressee == "B1"
    assert made.parcel.answers
    assert made.parcel.reasons == ("人数不符", "请核对签到册")


def test_with_an_empty_intake_log_there_is_nothing_to_send_back(
    visit: Visit, window: MainWindow, qtbot: QtBot
) -> None:
    page = visit("parcels")
    press(window, "write_returned")
    calm(qtbot, window)
    assert "没有可以退回的月报" in banner(page)
    assert window.findChild(QDialog, "letter_dialog") is None


# -- the lock ------------------------------------------------------------------


def confirm(window: MainWindow, button: str, answer: str) -> None:
    press(window, button)
    QTest.mouseClick(child(window, QPushButton, answer), LEFT)


def test_a_month_is_locked_and_unlocked_after_a_question(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District
) -> None:
    page = visit("parcels")
    confirm(window, "lock_month", "question_refuse")
    assert standing.locks(district.office) == ()
    qtbot.waitUntil(lambda: window.findChild(QMessageBox) is None)
    confirm(window, "lock_month", "question_accept")
    calm(qtbot, window)
    assert [lock.month for lock in standing.locks(district.office)] == [MONTH]
    assert child(page, QPushButton, "lock_month").text().startswith("解除锁定")
    qtbot.waitUntil(lambda: window.findChild(QMessageBox) is None)
    confirm(window, "lock_month", "question_accept")
    calm(qtbot, window)
    assert standing.locks(district.office) == ()
    assert "没有锁定" in said(page, "lock_said")


def test_a_month_that_is_not_over_is_not_locked(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District
) -> None:
    page = visit("parcels")
    window.show_month(MONTH.next)
    calm(qtbot, window)
    confirm(window, "lock_month", "question_accept")
    assert "还没有结束" in banner(page)
    assert standing.locks(district.office) == ()


# -- what comes and the list ---------------------------------------------------


def test_what_is_no_feedback_to_this_office_is_refused(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District, tmp_path: Path
) -> None:
    office, unit = district.office, district.desk("C1")
    order = parcels.write_supervision(
        office, "C1", "培训", "请报送。", at(20).date(), office.identity(PASSPHRASE)
    )
    parcel_opening.open_parcel(unit, order.file)
    answer = parcels.write_feedback(unit, order.parcel.id, "已办。", unit.identity(PASSPHRASE))
    data = bytearray(answer.file.read_bytes())
    data[len(data) // 3] ^= 1
    bad = tmp_path / "改过.pdf"
    bad.write_bytes(bytes(data))
    page = visit("parcels")
    with qtbot.waitSignal(page.opened, timeout=WAIT):
        assert drop(window, bad, order.file)  # altered; our own order
    calm(qtbot, window)
    assert banner(page).count("工作台没有任何改动") == 2
    assert parcel_opening.opened(office) == ()
    QTest.keyClick(window, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    with qtbot.waitSignal(page.opened, timeout=WAIT):
        choose(qtbot, page, "choose_files", answer.file)
    assert len(parcel_opening.opened(office)) == 1


def test_the_list_is_filtered_shown_and_written_again(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District, tmp_path: Path
) -> None:
    office = district.office
    district.take(district.report("A1"))
    key = office.identity(PASSPHRASE)
    (made,) = parcels.write_receipt(office, MONTH, key, parcels.outbox(office))
    parcels.write_reopening(office, "B1", MONTH, "漏报", key)
    page = visit("parcels")
    bar, table = child(page, QTabBar, "letter_scope"), child(page, Table, "letters")
    assert [bar.tabText(n) for n in range(4)] == ["全部 2", "回执 1", "督办与反馈 0", "其他 1"]
    QTest.mouseClick(bar, LEFT, pos=bar.tabRect(1).center())
    assert kinds(page) == ["回执"]
    assert not child(page, QPushButton, "write_again").isEnabled()
    click_row(qtbot, table, 0, twice=True)
    qtbot.waitUntil(lambda: window.findChild(QDialog, "pdf_dialog") is not None, timeout=WAIT)
    dialog = child(window, QDialog, "pdf_dialog")
    view = child(dialog, PdfView, "pdf_view")
    qtbot.waitUntil(lambda: view.page_count >= 1, timeout=WAIT)
    dialog.close()
    press(page, "write_again")
    choose(qtbot, page, "choose_target", tmp_path / "again.pdf")
    calm(qtbot, window)
    assert (tmp_path / "again.pdf").read_bytes() == made.file.read_bytes()
