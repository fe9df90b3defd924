"""单位与密钥: certificates and kits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QTabWidget,
)
from pytestqt.qtbot import QtBot

from rongchang_desk.app import (
    enrol,
    key_register,
    own_key,
    parcel_opening,
    parcels,
    receipt_checks,
)
from rongchang_desk.app.district import grouped
from rongchang_desk.domain.key_state import Route
from rongchang_desk.store.keys import Contact
from rongchang_desk.ui.main_window import MainWindow
from rongchang_desk.ui.office import kit_making, unit_rows
from rongchang_desk.ui.tables import Table
from rongchang_desk.ui.tone_label import ToneLabel
from tests.district import PASSPHRASE, District, at, without_c1
from tests.ui.office.conftest import child
from tests.ui.office.driving import choose, escape, type_passphrase, when_asked

Visit = Callable[[str], Any]
Hold = Callable[[int], None]
WAIT = 60_000


def agree(page: Any) -> None:
    """Say that a second kit is meant."""
    question = child(page, QMessageBox, "question")
    assert "已经有证书" in question.text()
    QTest.mouseClick(child(question, QPushButton, "question_accept"), Qt.MouseButton.LeftButton)


def test_every_unit_is_listed_with_its_certificate(visit: Visit, district: District) -> None:
    page = visit("units")
    rows = child(page, Table, "units").table_model.rows
    assert [m.unit.code for m in rows] == ["A1", "A2", "B1", "C1", "C2"]
    assert unit_rows.state_text(rows[0]) == "○ 已签发"
    fingerprint = child(page, QLabel, "root_fingerprint").text()
    assert fingerprint == grouped(enrol.root_fingerprint(district.office))
    assert len(fingerprint.split()) == 16


def test_kits_are_made_for_the_chosen_units_and_open_with_their_slip(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District, tmp_path: Path
) -> None:
    page = visit("units")
    button = child(window, QPushButton, "kits_selected")
    assert not button.isEnabled()
    child(page, Table, "units").selectRow(2)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    agree(page)
    out = tmp_path / "入网包"
    out.mkdir()
    with qtbot.waitSignal(page.made, timeout=WAIT) as made:
        choose_folder(qtbot, page, out)
    (kit,) = made.args[0]
    assert kit.unit == "B1"
    joined = enrol.join(tmp_path / "desk", kit.path, enrol.slip_beside(kit.path), "新的口令 12345")
    assert joined.unit_code == "B1"
    joined.close()


def test_kits_for_all_leave_out_units_that_no_longer_report(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District, tmp_path: Path
) -> None:
    window.desk.adopt_plan(without_c1())
    page = visit("units")
    next(a for a in page.page_actions() if a.objectName() == "kits_all").trigger()
    assert "已不再报送的单位不在其中：河西镇。" in child(page, QLabel, "banner_text").text()
    agree(page)
    out = tmp_path / "入网包"
    out.mkdir()
    with qtbot.waitSignal(page.made, timeout=WAIT) as made:
        choose_folder(qtbot, page, out)
    assert [kit.unit for kit in made.args[0]] == ["A1", "A2", "B1", "C2"]


def test_a_wrong_passphrase_makes_no_kit(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District, tmp_path: Path
) -> None:
    page = visit("units")
    problems: list[str] = []

    def first(dialog: Any) -> None:
        type_passphrase("不对的口令")(dialog)
        when_asked(second)

    def second(dialog: Any) -> None:
        problems.append(child(dialog, ToneLabel, "passphrase_problem").said)
        escape(dialog)

    when_asked(first)
    kit_making.ask(page, (district.office.plan.unit("B1"),), tmp_path / "kits")
    qtbot.waitUntil(lambda: bool(problems), timeout=WAIT)
    assert not (tmp_path / "kits").exists()


def test_cancelling_keeps_the_kits_made_so_far(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District, tmp_path: Path, hold: Hold
) -> None:
    page = visit("units")
    hold(1)
    kit_making.make(page, district.office.plan.units, tmp_path / "kits", PASSPHRASE)
    QTest.mouseClick(child(window, QPushButton, "job_cancel"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window._jobs.is_busy(), timeout=WAIT)
    assert "已取消" in child(page, QLabel, "banner_text").text()
    made = len(list((tmp_path / "kits").glob("*.kit")))
    assert made < 5
    rows = key_register.members(district.office)
    assert sum(m.count for m in rows) == 5 + made


def test_the_root_is_exported_with_its_fingerprint(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District, tmp_path: Path
) -> None:
    page = visit("units")
    QTest.mouseClick(child(window, QPushButton, "export_root"), Qt.MouseButton.LeftButton)
    choose(qtbot, page, "choose_target", tmp_path / "根证书.pem")
    qtbot.waitUntil(lambda: "根证书已导出" in child(page, QLabel, "banner_text").text())
    assert (tmp_path / "根证书.pem").read_text().startswith("-----BEGIN CERTIFICATE")
    fingerprint = grouped(enrol.root_fingerprint(district.office))
    assert fingerprint in child(page, QLabel, "banner_text").text()


def choose_folder(qtbot: QtBot, page: Any, folder: Path) -> None:
    """Choose a folder in the open dialog, and give the passphrase that is asked for then."""
    dialog = child(page, QFileDialog, "choose_folder")
    qtbot.waitUntil(dialog.isVisible)
    dialog.setDirectory(str(folder))
    when_asked(type_passphrase(PASSPHRASE))
    dialog.accept()


# Contacts


def key(widget: Any, key_: Qt.Key, *, control: bool = False) -> None:
    held = Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier.NoModifier
    QTest.keyClick(widget, key_, held)


def contact(district: District, code: str) -> Contact:
    members = key_register.members(district.office)
    return next(m.contact for m in members if m.unit.code == code)


def test_a_contact_is_typed_into_its_cell_and_can_be_undone(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District
) -> None:
    page = visit("units")
    table = child(page, Table, "units")
    table.setCurrentIndex(table.table_model.index(2, unit_rows.FIRST_FIELD + 1))
    table.setFocus()
    key(table, Qt.Key.Key_F2)
    editor = table.findChild(QLineEdit)
    assert editor is not None
    editor.insert(" 023-46 ")
    key(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: contact(district, "B1") == Contact("B1", phone="023-46"))
    assert table.current_row().unit.code == "B1"
    key(window, Qt.Key.Key_Z, control=True)
    assert contact(district, "B1") == Contact("B1")
    key(window, Qt.Key.Key_Y, control=True)
    assert contact(district, "B1").phone == "023-46"


def test_a_block_from_excel_goes_to_the_units_it_names(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District
) -> None:
    page = visit("units")
    table = child(page, Table, "units")
    table.selectRow(0)
    table.setFocus()
    QGuiApplication.clipboard().setText(
        "单位\t联系人\t手机\t房间\n河西镇\t李娟\t1380000\t301\n无名镇\t王\t1\t2\nB1\t赵\t\t"
    )
    key(table, Qt.Key.Key_V, control=True)
    assert contact(district, "C1") == Contact("C1", "李娟", "1380000", "301")
    assert contact(district, "B1") == Contact("B1", "赵")
    assert "第 3 行：没有这个单位" in child(page, QLabel, "banner_text").text()
    key(window, Qt.Key.Key_Z, control=True)  # the whole block is one step
    assert contact(district, "C1") == Contact("C1")


# The life of keys


def dialog_of(window: MainWindow, qtbot: QtBot) -> QDialog:
    qtbot.waitUntil(
        lambda: any(d.isVisible() for d in window.findChildren(QDialog, "letter_dialog")),
        timeout=WAIT,
    )
    return next(d for d in window.findChildren(QDialog, "letter_dialog") if d.isVisible())


def sign(dialog: QDialog, passphrase: str = PASSPHRASE) -> None:
    child(dialog, QLineEdit, "letter_passphrase").insert(passphrase)
    QTest.mouseClick(child(dialog, QPushButton, "letter_accept"), Qt.MouseButton.LeftButton)


def press(window: MainWindow, name: str) -> None:
    button = child(window, QPushButton, name)
    assert button.isEnabled(), name
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def state(page: Any, code: str) -> str:
    rows = child(page, Table, "units").table_model.rows
    return next(unit_rows.state_text(m) for m in rows if m.unit.code == code)


def test_handing_over_a_kit_is_noted(visit: Visit, window: MainWindow, qtbot: QtBot) -> None:
    page = visit("units")
    assert not child(window, QPushButton, "note_handed").isEnabled()
    child(page, Table, "units").choose("B1")
    press(window, "note_handed")
    dialog = dialog_of(window, qtbot)
    line = child(dialog, QLineEdit, "handed_to")
    line.insert("王同志")
    key(line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: state(page, "B1") == "→ 已交付", timeout=WAIT)
    assert state(page, "C1") == "○ 已签发"


def test_a_lost_key_is_revoked_after_a_wrong_passphrase_and_its_receipt_is_checked(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District
) -> None:
    district.take(district.report("B1"))
    page = visit("units")
    assert state(page, "B1") == "✓ 使用中"
    child(page, Table, "units").choose("B1")
    press(window, "revoke_keys")
    dialog = dialog_of(window, qtbot)
    child(dialog, QLineEdit, "revoke_because").insert("U盘遗失")
    sign(dialog, "不对的口令 wrong")
    problem = child(dialog, ToneLabel, "letter_problem")
    qtbot.waitUntil(lambda: "口令" in problem.said, timeout=WAIT)
    assert key_register.members(district.office)[2].count == 1
    with qtbot.waitSignal(page.written, timeout=WAIT):
        sign(dialog)
    qtbot.waitUntil(lambda: state(page, "B1") == "× 已挂失", timeout=WAIT)
    tabs = child(page, QTabWidget, "unit_tabs")
    assert tabs.tabText(2) == "待核实 1(&Q)"
    tabs.setCurrentIndex(2)
    checks = child(page, Table, "receipt_checks")
    checks.selectRow(0)
    press(window, "check_receipt")
    dialog = dialog_of(window, qtbot)
    child(dialog, QLineEdit, "checked_by").insert("张镕")
    go = child(dialog, QPushButton, "letter_accept")
    assert not go.isEnabled()
    child(dialog, QLineEdit, "check_note").insert("电话核对一致")
    QTest.mouseClick(go, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: tabs.tabText(2) == "待核实(&Q)", timeout=WAIT)
    assert receipt_checks.doubtful(district.office) == frozenset()
    assert checks.table_model.rows[0].state == "✓ 核实无误"


def test_a_request_is_certified_only_with_the_fingerprint_the_unit_read_out(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District, tmp_path: Path
) -> None:
    asked = own_key.make_request(district.desk("B1"), PASSPHRASE, tmp_path / "申请.csr")
    page = visit("units")
    press(window, "issue_request")
    choose(qtbot, page, "choose_files", asked.file)
    dialog = dialog_of(window, qtbot)
    shown = child(dialog, QLabel, "letter_what").text().replace(" ", "").lower()
    assert asked.fingerprint in shown
    assert "东门街道（b1）" in shown
    heard = child(dialog, QLineEdit, "heard_fingerprint")
    heard.insert("0000 0000 0000 0000")
    sign(dialog)
    problem = child(dialog, ToneLabel, "letter_problem")
    qtbot.waitUntil(lambda: "不一致" in problem.said, timeout=WAIT)
    heard.clear()
    heard.insert(asked.fingerprint[:16])
    with qtbot.waitSignal(page.written, timeout=WAIT) as made:
        QTest.mouseClick(child(dialog, QPushButton, "letter_accept"), Qt.MouseButton.LeftButton)
    assert made.args[0].file.is_file()
    qtbot.waitUntil(
        lambda: any(r.key.route is Route.REQUEST for r in rows_of(page, "key_register")),
        timeout=WAIT,
    )


def rows_of(page: Any, name: str) -> tuple[Any, ...]:
    rows: tuple[Any, ...] = child(page, Table, name).table_model.rows
    return rows


def test_the_register_is_exported_as_a_signed_document(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District, tmp_path: Path
) -> None:
    page = visit("units")
    child(page, QTabWidget, "unit_tabs").setCurrentIndex(1)
    assert len(rows_of(page, "key_register")) == 6
    press(window, "export_register")
    choose(qtbot, page, "choose_target", tmp_path / "登记簿.pdf")
    dialog = dialog_of(window, qtbot)
    with qtbot.waitSignal(page.written, timeout=WAIT):
        sign(dialog)
    assert (tmp_path / "登记簿.pdf").read_bytes().startswith(b"%PDF")


def test_a_new_clerks_kit_ends_the_old_key_on_its_day(
    visit: Visit, window: MainWindow, qtbot: QtBot, district: District, tmp_path: Path
) -> None:
    page = visit("units")
    child(page, Table, "units").choose("C1")
    press(window, "hand_over")
    folder = child(page, QFileDialog, "choose_folder")
    qtbot.waitUntil(folder.isVisible)
    folder.setDirectory(str(tmp_path))
    folder.accept()
    dialog = dialog_of(window, qtbot)
    with qtbot.waitSignal(page.written, timeout=WAIT) as made:
        sign(dialog)
    kit, number = made.args[0]
    assert (kit.unit, number) == ("C1", 2)
    old = next(k for k in key_register.keys_of(district.office) if k.unit == "C1")
    assert old.in_words(district.office.now()) == "已换证（2026年11月16日停用）"


def test_a_return_after_its_certificate_expired_is_taken_in_by_a_persons_word(
    visit: Visit,
    window: MainWindow,
    qtbot: QtBot,
    district: District,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(enrol, "validity", lambda _plan, now: (now - timedelta(days=1), at(4)))
        made = parcels.write_renewal(district.office, "B1", PASSPHRASE)
    parcel_opening.open_parcel(district.desk("B1"), made.file, PASSPHRASE)
    file = district.report("B1")
    district.clock.now = at(6)
    district.take(file)
    page = visit("units")
    tabs = child(page, QTabWidget, "unit_tabs")
    assert tabs.tabText(2) == "待核实 1(&Q)"
    tabs.setCurrentIndex(2)
    child(page, Table, "receipt_checks").selectRow(0)
    assert child(window, QPushButton, "refuse_expired").isEnabled()
    press(window, "check_receipt")
    dialog = dialog_of(window, qtbot)
    child(dialog, QLineEdit, "checked_by").insert("张镕")
    child(dialog, QLineEdit, "check_note").insert("证书正在更新")
    with qtbot.waitSignal(page.written, timeout=WAIT) as done:
        QTest.mouseClick(child(dialog, QPushButton, "letter_accept"), Qt.MouseButton.LeftButton)
    assert [outcome.outcome for outcome in done.args[0]] == ["accepted"]
    qtbot.waitUntil(lambda: tabs.tabText(2) == "待核实(&Q)", timeout=WAIT)
    assert rows_of(page, "receipt_checks")[0].state == "✓ 已收"
