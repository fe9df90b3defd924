"""Evidence below the forms: dropped, chosen, opened, taken off, undone, refused."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent, QImage
from PySide6.QtWidgets import QApplication, QFileDialog, QListWidget, QMessageBox
from pytestqt.qtbot import QtBot

from rongchang_desk.app import evidence, record
from rongchang_desk.app.desk import Desk
from rongchang_desk.app.fields import blank
from rongchang_desk.domain.records import Evidence, Training
from rongchang_desk.ui.main_window import MainWindow
from rongchang_desk.ui.unit import evidence_strip
from rongchang_desk.ui.unit.evidence_strip import EvidenceStrip
from rongchang_desk.ui.unit.records_page import RecordsPage
from tests.district import MONTH, District
from tests.ui.unit.driving import CONTROL, LEFT, child, click, label, line, type_into

PAGES = ("progress", "readings", "training", "publicity", "registers", "problems")
Settle = Callable[[MainWindow], None]


@pytest.fixture
def page(window: MainWindow, district: District, qtbot: QtBot) -> RecordsPage:
    """The page of trainings with one session and its form."""
    district.record("C1", district.training("C1"))
    window.go_to("training")
    shown = window.current_page()
    assert isinstance(shown, RecordsPage)
    click(qtbot, window, "training_details")
    return shown


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "现场照片.png"
    picture = QImage(400, 200, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.darkGreen)
    assert picture.save(str(path))
    return path


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """What was handed to the system's programs."""
    paths: list[Path] = []

    def open_url(url: QUrl) -> bool:
        paths.append(Path(url.toLocalFile()))
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    return paths


def strip_of(page: Any) -> EvidenceStrip:
    strip: EvidenceStrip = page.findChildren(EvidenceStrip)[0]
    return strip


def chips(page: Any) -> QListWidget:
    return strip_of(page).chips


def names(page: Any) -> list[str]:
    listing = chips(page)
    return [listing.item(n).text().split("\n")[0] for n in range(listing.count())]


def stored(page: Any) -> Training:
    (session,) = record.of_month(page.context.desk, MONTH).trainings
    return session


def drop_on(strip: EvidenceStrip, *files: Path) -> bool:
    """Drop files on the strip; whether it took them."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    none = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(20, 10), Qt.DropAction.CopyAction, data, LEFT, none)
    enter.ignore()
    QApplication.sendEvent(strip, enter)
    if enter.isAccepted():
        fall = QDropEvent(QPointF(20, 10), Qt.DropAction.CopyAction, data, LEFT, none)
        QApplication.sendEvent(strip, fall)
    return enter.isAccepted()


def message(window: MainWindow) -> QMessageBox:
    boxes = [b for b in window.findChildren(QMessageBox, "message") if b.isVisible()]
    assert len(boxes) == 1
    return boxes[0]


@pytest.mark.parametrize("name", PAGES)
def test_every_page_of_records_has_a_strip(
    open_window: Callable[[str], MainWindow], name: str
) -> None:
    window = open_window("A1")
    window.go_to(name)
    shown = window.current_page()
    assert child(shown, QListWidget, f"{strip_of(shown).objectName()}_list").accessibleName()


def test_a_dropped_file_is_stored_with_its_picture_and_undone_in_one_step(
    page: RecordsPage, window: MainWindow, settle: Settle, qtbot: QtBot, photo: Path
) -> None:
    assert drop_on(strip_of(page), photo)
    settle(window)
    assert [one.name for one in stored(page).evidence] == ["现场照片.png"]
    assert names(page) == ["现场照片.png"]
    assert label(page, "training_evidence_title") == "佐证材料（1）"
    qtbot.waitUntil(
        lambda: (
            QImage(chips(page).item(0).icon().pixmap(30, 30).toImage()).pixelColor(15, 15)
            == Qt.GlobalColor.darkGreen
        )
    )
    qtbot.keyClick(window, Qt.Key.Key_Z, CONTROL)
    assert stored(page).evidence == ()
    assert not chips(page).isVisible()
    qtbot.keyClick(window, Qt.Key.Key_Y, CONTROL)
    assert names(page) == ["现场照片.png"]


def test_the_button_asks_for_files(
    page: RecordsPage, window: MainWindow, settle: Settle, qtbot: QtBot, photo: Path
) -> None:
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    click(qtbot, page, "training_evidence_add")
    dialog = child(window, QFileDialog, "evidence_dialog")
    dialog.setDirectory(str(photo.parent))
    dialog.selectFile(str(photo))
    qtbot.waitUntil(lambda: dialog.selectedFiles() == [str(photo)])
    dialog.accept()
    settle(window)
    assert names(page) == ["现场照片.png"]


def test_double_click_and_enter_open_a_copy_not_the_original(
    page: RecordsPage, window: MainWindow, settle: Settle, qtbot: QtBot, photo: Path,
    opened: list[Path],
) -> None:  # fmt: skip
    drop_on(strip_of(page), photo)
    settle(window)
    listing = chips(page)
    at = listing.visualItemRect(listing.item(0)).center()
    qtbot.mouseClick(listing.viewport(), LEFT, pos=at)
    qtbot.mouseDClick(listing.viewport(), LEFT, pos=at)
    settle(window)
    qtbot.keyClick(listing, Qt.Key.Key_Return)
    settle(window)
    assert len(opened) == 2
    for copy in opened:
        assert copy != photo
        assert (copy.name, copy.read_bytes()) == (photo.name, photo.read_bytes())


def test_delete_takes_the_chosen_file_off_and_undo_gives_it_back(
    page: RecordsPage, window: MainWindow, settle: Settle, qtbot: QtBot, photo: Path,
    tmp_path: Path,
) -> None:  # fmt: skip
    text = tmp_path / "签到表.txt"
    text.write_text("签到", "utf-8")
    drop_on(strip_of(page), photo, text)
    settle(window)
    listing = chips(page)
    at = listing.visualItemRect(listing.item(0)).center()
    qtbot.mouseClick(listing.viewport(), LEFT, pos=at)
    qtbot.keyClick(listing, Qt.Key.Key_Delete)
    assert names(page) == ["签到表.txt"]
    assert record.of_month(page.context.desk, MONTH).trainings  # the file went, not the record
    qtbot.keyClick(window, Qt.Key.Key_Z, CONTROL)
    assert names(page) == ["现场照片.png", "签到表.txt"]


def test_a_program_is_refused_and_the_other_files_are_taken(
    page: RecordsPage, window: MainWindow, settle: Settle, photo: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "照片.jpg.exe"
    bad.write_bytes(b"MZ")
    drop_on(strip_of(page), bad, photo)
    settle(window)
    assert names(page) == ["现场照片.png"]
    box = message(window)
    assert "可以运行的程序" in box.text()
    box.close()
    empty = tmp_path / "空.pdf"
    empty.touch()
    drop_on(strip_of(page), bad, empty)
    settle(window)
    box = message(window)
    assert box.text() == "有 2 个文件没有添加。"
    assert "是空的" in box.informativeText()
    box.close()
    assert names(page) == ["现场照片.png"]


def test_the_same_file_twice_is_named_once(
    page: RecordsPage, window: MainWindow, settle: Settle, photo: Path
) -> None:
    for _ in range(2):
        drop_on(strip_of(page), photo)
        settle(window)
    assert names(page) == ["现场照片.png"]
    assert page.undo_stack.count() == 1


def test_text_is_no_file_and_without_a_record_nothing_is_taken(
    open_window: Callable[[str], MainWindow], photo: Path
) -> None:
    window = open_window("C1")
    window.go_to("training")
    strip = strip_of(window.current_page())
    assert not drop_on(strip)
    assert not drop_on(strip, photo)


def test_a_content_that_is_gone_is_told_when_it_is_opened(
    page: RecordsPage, window: MainWindow, settle: Settle, qtbot: QtBot, photo: Path,
    opened: list[Path],
) -> None:  # fmt: skip
    drop_on(strip_of(page), photo)
    settle(window)
    page.context.desk.store.connection.execute("DELETE FROM evidence")
    window._presenter.window = window
    chips(page).setFocus()
    qtbot.keyClick(chips(page), Qt.Key.Key_Return)
    settle(window)
    qtbot.waitUntil(lambda: bool(window.findChildren(QMessageBox, "message")))
    box = message(window)
    assert "没有佐证材料“现场照片.png”的内容" in box.text()
    box.close()
    assert opened == []


def test_a_file_for_a_new_record_stores_the_record(
    page: RecordsPage, window: MainWindow, settle: Settle, qtbot: QtBot, photo: Path
) -> None:
    click(qtbot, window, "training_new")
    drop_on(strip_of(page), photo)
    settle(window)
    made = [t for t in record.of_month(page.context.desk, MONTH).trainings if t.evidence]
    assert [one.name for one in made[0].evidence] == ["现场照片.png"]
    type_into(qtbot, line(page, "topic"), "专利课")
    assert record.get(page.context.desk, made[0].id).topic == "专利课"  # type: ignore[union-attr]


def test_a_file_goes_to_the_record_it_was_dropped_on(
    page: RecordsPage, district: District, window: MainWindow, settle: Settle, photo: Path
) -> None:
    first = stored(page)
    other = district.training("C1", topic="另一场", day=20)
    district.record("C1", other)
    page.refresh()
    drop_on(strip_of(page), photo)
    page.grid.go_to(1, 0)
    settle(window)
    assert record.get(page.context.desk, first.id).evidence  # type: ignore[union-attr]
    assert record.get(page.context.desk, other.id) == other
    assert names(page) == []


def test_a_file_for_a_record_deleted_meanwhile_is_told(
    page: RecordsPage, window: MainWindow, settle: Settle, photo: Path
) -> None:
    strip = strip_of(page)
    strip.added.emit("nobody", ())
    assert "已经不在" in window.statusBar().currentMessage()


def test_a_file_for_a_task_not_reported_yet_stores_its_progress(
    window: MainWindow, settle: Settle, photo: Path
) -> None:
    window.go_to("progress")
    shown: Any = window.current_page()
    drop_on(strip_of(shown), photo)
    settle(window)
    (made,) = record.of_month(window.desk, MONTH).progress
    assert made.evidence[0].name == "现场照片.png"
    fresh = blank("progress", made.id, MONTH.first_day, str(made.task))
    assert evidence.detached(made, made.evidence) == fresh


def test_pictures_that_are_none_get_the_badge_of_their_ending(
    page: RecordsPage, window: MainWindow, settle: Settle, tmp_path: Path
) -> None:
    broken = tmp_path / "坏图.jpg"
    broken.write_bytes(b"no picture at all")
    drop_on(strip_of(page), broken)
    settle(window)
    assert names(page) == ["坏图.jpg"]
    assert not chips(page).item(0).icon().isNull()


def test_adding_can_be_cancelled(
    page: RecordsPage, window: MainWindow, settle: Settle, photo: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    go_on = threading.Event()
    add = evidence.add

    def slow_add(desk: Desk, path: Path, largest: int) -> Evidence:
        assert go_on.wait(10)
        return add(desk, path, largest)

    monkeypatch.setattr(evidence, "add", slow_add)
    text = tmp_path / "签到表.txt"
    text.write_text("签到", "utf-8")
    drop_on(strip_of(page), photo, text)
    window._jobs.cancel_all()
    go_on.set()
    settle(window)
    assert stored(page).evidence == ()
    assert label(page, "training_evidence_hint") == evidence_strip.HINT
