"""New desks from the start page: real dialogs, real kits, real keys and mouse."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QSettings, QStandardPaths, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QRadioButton,
    QStackedWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from rongchang_desk import assets
from rongchang_desk.app import enrol, passphrase
from rongchang_desk.app.desk import Desk, Role
from rongchang_desk.app.district import grouped
from rongchang_desk.errors import UsageError
from rongchang_desk.ui import application
from rongchang_desk.ui.application import Session
from rongchang_desk.ui.dialogs import BEGINNINGS
from rongchang_desk.ui.dialogs.new_desk import NewDeskDialog
from rongchang_desk.ui.dialogs.office_desk import fingerprint_lines, fingerprint_sheet
from rongchang_desk.ui.main_window import MainWindow
from rongchang_desk.ui.messages import Banner
from rongchang_desk.ui.start_page import StartWindow

OFFICE = "one-first-halfsecond-half-2"
OWN = "three plain words 7"


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> enrol.Kit:
    """The kit of a unit, from a real office."""
    folder = tmp_path_factory.mktemp("office")
    with enrol.create_office(folder / "office", OFFICE) as office:
        return enrol.enrol(office, ["D04"], OFFICE, folder / "kits")[0]


@pytest.fixture
def documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The person's documents, where desks are proposed."""
    folder = tmp_path / "文档"
    folder.mkdir()
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _: str(folder))
    return folder


class Start:
    """The start page, and what became of it."""

    def __init__(self, qtbot: QtBot, window: StartWindow | None = None) -> None:
        QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
        self.qtbot = qtbot
        self.window = window or StartWindow([], BEGINNINGS)
        if window is None:
            qtbot.addWidget(self.window)
        self.made: list[Path] = []
        self.window.chosen.connect(self.made.append)
        self.window.show()

    def begin(self, name: str) -> NewDeskDialog:
        self.press(self.window, f"start_{name}")
        dialog = self.window.findChild(NewDeskDialog)
        assert dialog is not None
        self.settle(dialog)
        return dialog

    def press(self, parent: QWidget, name: str) -> None:
        button = part(parent, QPushButton, name)
        assert button.isEnabled(), name
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    def write(self, parent: QWidget, name: str, text: str) -> None:
        field = part(parent, QLineEdit, name)
        field.setFocus()
        self.qtbot.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        self.qtbot.keyClick(field, Qt.Key.Key_Delete)
        if text.isascii():
            self.qtbot.keyClicks(field, text)
        else:  # QTest has no keys for Chinese
            QGuiApplication.clipboard().setText(text)
            self.qtbot.keyClick(field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)

    def settle(self, dialog: NewDeskDialog) -> None:
        self.qtbot.waitUntil(lambda: not dialog.jobs.is_busy(), timeout=20_000)

    def wait_for_focus(self, dialog: NewDeskDialog, name: str) -> None:
        field = part(dialog, QLineEdit, name)
        self.qtbot.waitUntil(lambda: dialog.focusWidget() is field)

    def accept(self, dialog: NewDeskDialog) -> None:
        self.press(dialog, "new_desk_accept")

    def complaint(self, dialog: NewDeskDialog) -> str:
        """What the banner says, once the work has ended."""
        self.settle(dialog)
        banner = part(dialog, Banner, "banner")
        assert banner.isVisible()
        return str(part(banner, QLabel, "banner_text").text())


@pytest.fixture
def start(qtbot: QtBot, documents: Path) -> Iterator[Start]:
    made = Start(qtbot)
    yield made
    for dialog in made.window.findChildren(NewDeskDialog):
        made.settle(dialog)
        dialog.reject()


def part(parent: QWidget, kind: type[Any], name: str) -> Any:
    found = parent.findChild(kind, name)
    assert found is not None, name
    return found


def drop(dialog: NewDeskDialog, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    copy, left, none = (
        Qt.DropAction.CopyAction,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    enter = QDragEnterEvent(QPoint(20, 20), copy, data, left, none)
    QApplication.sendEvent(dialog, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(dialog, QDropEvent(QPointF(20, 20), copy, data, left, none))


def fill_unit(start: Start, kit: enrol.Kit) -> NewDeskDialog:
    """The unit's dialog with right answers in every field."""
    dialog = start.begin("unit_desk")
    drop(dialog, kit.path)
    start.qtbot.waitUntil(lambda: "区教委" in part(dialog, QLabel, "kit_note").text())
    start.write(dialog, "kit_password", kit.password)
    start.write(dialog, "own_passphrase", OWN)
    start.write(dialog, "own_passphrase_again", OWN)
    start.settle(dialog)
    return dialog


def test_a_dropped_kit_says_whose_it_is_and_proposes_a_folder(
    start: Start, kit: enrol.Kit, documents: Path
) -> None:
    dialog = start.begin("unit_desk")
    drop(dialog, kit.path)
    note = part(dialog, QLabel, "kit_note")
    start.qtbot.waitUntil(lambda: note.text() == "✓ 这是区教委（D04）的入网包。")
    folder = part(dialog, QLineEdit, "new_desk_folder")
    assert folder.text() == str(documents / "知产强市工作台_区教委")
    start.wait_for_focus(dialog, "kit_password")


def test_a_clerk_gets_a_desk_with_the_kit_and_it_opens(
    start: Start, kit: enrol.Kit, documents: Path
) -> None:
    dialog = fill_unit(start, kit)
    start.accept(dialog)
    folder = documents / "知产强市工作台_区教委"
    start.qtbot.waitUntil(lambda: start.made == [folder], timeout=20_000)
    with Desk.open(folder) as desk:
        assert (desk.role, desk.unit_code) == (Role.UNIT, "D04")
        assert desk.identity(OWN).unit_code == "D04"


@pytest.mark.qt_log_ignore("grabbing the keyboard", extend=True)  # the completer, offscreen
def test_the_kit_is_chosen_with_the_keyboard_in_the_file_dialog(
    start: Start, kit: enrol.Kit
) -> None:
    dialog = start.begin("unit_desk")
    start.press(dialog, "kit_choose")
    files = part(dialog, QFileDialog, "kit_dialog")
    start.write(files, "fileNameEdit", str(kit.path))
    start.qtbot.keyClick(part(files, QLineEdit, "fileNameEdit"), Qt.Key.Key_Return)
    note = part(dialog, QLabel, "kit_note")
    start.qtbot.waitUntil(lambda: "区教委" in note.text())


def test_enter_in_the_last_field_makes_the_desk(
    start: Start, kit: enrol.Kit, documents: Path
) -> None:
    dialog = fill_unit(start, kit)
    start.write(dialog, "kit_password", kit.password.lower().replace("-", " "))
    field = part(dialog, QLineEdit, "own_passphrase_again")
    field.setFocus()
    start.qtbot.keyClick(field, Qt.Key.Key_Return)
    start.qtbot.waitUntil(lambda: bool(start.made), timeout=20_000)


def test_a_wrong_one_time_password_leads_back_to_its_field_and_leaves_nothing(
    start: Start, kit: enrol.Kit, documents: Path
) -> None:
    dialog = fill_unit(start, kit)
    start.write(dialog, "kit_password", "AAAAA-AAAAA-AAAAA-AAAAA")
    start.accept(dialog)
    assert "一次性口令不对" in start.complaint(dialog)
    start.wait_for_focus(dialog, "kit_password")
    assert part(dialog, QLineEdit, "kit_password").property("wrong")
    assert part(dialog, QLineEdit, "own_passphrase").text() == OWN  # nothing to type again
    assert (list(documents.iterdir()), start.made) == ([], [])


def test_a_damaged_kit_is_told_at_once(start: Start, kit: enrol.Kit, tmp_path: Path) -> None:
    body = bytearray(kit.path.read_bytes())
    body[len(body) // 2] ^= 1
    damaged = tmp_path / "坏.kit"
    damaged.write_bytes(body)
    dialog = start.begin("unit_desk")
    drop(dialog, damaged)
    note = part(dialog, QLabel, "kit_note")
    start.qtbot.waitUntil(lambda: "不是完好的入网包" in note.text())
    start.accept(dialog)
    assert start.complaint(dialog) == "请先选择本单位的入网包。"


def test_a_kit_that_goes_bad_before_the_work_is_refused_and_leaves_nothing(
    start: Start, kit: enrol.Kit, tmp_path: Path, documents: Path
) -> None:
    copy = tmp_path / "副本.kit"
    copy.write_bytes(kit.path.read_bytes())
    dialog = start.begin("unit_desk")
    drop(dialog, copy)
    note = part(dialog, QLabel, "kit_note")
    start.qtbot.waitUntil(lambda: "区教委" in note.text())
    copy.write_bytes(b"PK")
    start.write(dialog, "kit_password", kit.password)
    start.write(dialog, "own_passphrase", OWN)
    start.write(dialog, "own_passphrase_again", OWN)
    start.accept(dialog)
    assert "不是完好的入网包" in start.complaint(dialog)
    assert list(documents.iterdir()) == []


@pytest.mark.parametrize(
    ("first", "again", "said", "field"),
    [
        ("短口令", "短口令", "本单位口令太短：至少 8 个字符，现在 3 个。", "own_passphrase"),
        (OWN, f"{OWN}!", "两次输入的本单位口令不一致，请重新输入一次。", "own_passphrase_again"),
    ],
)
def test_a_passphrase_that_cannot_be_taken_is_told_at_its_field(
    start: Start, kit: enrol.Kit, documents: Path, first: str, again: str, said: str, field: str
) -> None:
    dialog = fill_unit(start, kit)
    start.write(dialog, "own_passphrase", first)
    start.write(dialog, "own_passphrase_again", again)
    start.accept(dialog)
    assert start.complaint(dialog) == said
    start.wait_for_focus(dialog, field)
    assert list(documents.iterdir()) == []


@pytest.mark.parametrize(
    ("typed", "mark"), [("1234", "○○○"), ("123123123", "●○○"), ("三个好记的词语连成一句", "●●●")]
)
def test_the_strength_is_said_while_typing(start: Start, typed: str, mark: str) -> None:
    dialog = start.begin("unit_desk")
    start.write(dialog, "own_passphrase", typed)
    note = part(dialog, QLabel, "own_passphrase_note")
    assert note.isVisible()
    assert note.text().startswith(mark)


def test_a_passphrase_is_hidden_until_the_person_wants_to_see_it(start: Start) -> None:
    dialog = start.begin("unit_desk")
    field = part(dialog, QLineEdit, "own_passphrase")
    assert field.echoMode() is QLineEdit.EchoMode.Password
    part(dialog, QWidget, "passphrase_shown").click()
    assert field.echoMode() is QLineEdit.EchoMode.Normal


def test_a_folder_with_a_desk_in_it_is_refused_and_the_desk_stays(
    start: Start, kit: enrol.Kit, desk_folder: Path
) -> None:
    before = (desk_folder / "desk.sqlite").read_bytes()
    dialog = fill_unit(start, kit)
    start.write(dialog, "new_desk_folder", str(desk_folder))
    note = part(dialog, QLabel, "new_desk_folder_note")
    start.qtbot.waitUntil(lambda: "已经有一个工作台" in note.text())
    start.accept(dialog)
    assert "已经有一个工作台" in start.complaint(dialog)
    assert ((desk_folder / "desk.sqlite").read_bytes(), start.made) == (before, [])


def test_the_folder_is_judged_again_when_the_person_is_faster_than_the_warning(
    start: Start, kit: enrol.Kit, desk_folder: Path
) -> None:
    dialog = fill_unit(start, kit)
    part(dialog, QLineEdit, "new_desk_folder").setText(str(desk_folder))
    start.accept(dialog)
    assert "已经有一个工作台" in start.complaint(dialog)
    assert start.made == []


def test_a_folder_with_other_files_is_warned_of_and_may_be_taken(
    start: Start, kit: enrol.Kit, tmp_path: Path
) -> None:
    full = tmp_path / "有东西"
    full.mkdir()
    (full / "别的.txt").write_text("留下", encoding="utf-8")
    dialog = fill_unit(start, kit)
    start.write(dialog, "new_desk_folder", str(full))
    note = part(dialog, QLabel, "new_desk_folder_note")
    start.qtbot.waitUntil(lambda: "已有别的文件" in note.text())
    start.accept(dialog)
    start.qtbot.waitUntil(lambda: start.made == [full], timeout=20_000)
    assert (full / "别的.txt").read_text(encoding="utf-8") == "留下"


def test_choosing_a_full_folder_proposes_one_of_our_own_below(
    start: Start, kit: enrol.Kit, tmp_path: Path
) -> None:
    full = tmp_path / "有东西"
    full.mkdir()
    (full / "别的.txt").touch()
    dialog = fill_unit(start, kit)
    start.press(dialog, "new_desk_folder_choose")
    part(dialog, QFileDialog, "new_desk_folder_dialog").fileSelected.emit(str(full))
    text = part(dialog, QLineEdit, "new_desk_folder").text()
    assert text == str(full / "知产强市工作台_区教委")


def hold(monkeypatch: pytest.MonkeyPatch, name: str) -> Callable[[], None]:
    """Let `enrol.<name>` wait at its last step until the returned function is called."""
    import threading

    gate = threading.Event()
    real = getattr(enrol, name)

    def held(*args: Any, running: Any, **rest: Any) -> Any:
        step = running.step

        def wait(done: int, total: int, what: str) -> None:
            if done == total:
                gate.wait(10)
            step(done, total, what)

        running.step = wait
        return real(*args, running=running, **rest)

    monkeypatch.setattr(enrol, name, held)
    return gate.set


@pytest.mark.parametrize("by", ["escape", "button"])
def test_cancelling_leaves_no_file_and_keeps_the_answers(
    start: Start, kit: enrol.Kit, documents: Path, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    release = hold(monkeypatch, "join")
    dialog = fill_unit(start, kit)
    start.accept(dialog)
    start.qtbot.waitUntil((documents / "知产强市工作台_区教委" / "keys").exists)
    assert not part(dialog, QLineEdit, "kit_password").isEnabled()
    if by == "escape":
        start.qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    else:
        start.press(dialog, "job_cancel")
    release()
    assert start.complaint(dialog) == "已取消，没有留下任何文件。"
    assert (list(documents.iterdir()), start.made) == ([], [])
    assert part(dialog, QLineEdit, "own_passphrase").text() == OWN
    assert dialog.isVisible()


def test_a_closed_dialog_forgets_what_was_typed(start: Start, kit: enrol.Kit) -> None:
    dialog = fill_unit(start, kit)
    fields = [part(dialog, QLineEdit, n) for n in ("kit_password", "own_passphrase")]
    with start.qtbot.waitSignal(dialog.finished):
        start.press(dialog, "new_desk_cancel")
    assert [field.text() for field in fields] == ["", ""]
    assert start.made == []


def test_from_the_start_page_to_the_open_desk_and_out_again(
    qtbot: QtBot,
    qapp: QApplication,
    kit: enrol.Kit,
    documents: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(application, "prewarm", lambda: None)
    settings = QSettings(str(tmp_path / "preferences.ini"), QSettings.Format.IniFormat)
    session = Session(qapp, settings)
    session.begin(None)
    window = session.window
    assert isinstance(window, StartWindow)
    start = Start(qtbot, window)
    dialog = fill_unit(start, kit)
    start.accept(dialog)
    qtbot.waitUntil(lambda: isinstance(session.window, MainWindow), timeout=20_000)
    opened = session.window
    assert isinstance(opened, MainWindow)
    assert opened.desk.unit_code == "D04"
    qtbot.waitUntil(lambda: opened.current_page() is not None)
    with qtbot.waitSignal(opened.closed):
        opened.close()
    qtbot.addWidget(opened)
    session.end()
    folder = documents / "知产强市工作台_区教委"
    assert session.recent() == [folder]
    assert len(list((folder / "备份").iterdir())) == 1


# The office


def fill_office(start: Start) -> NewDeskDialog:
    dialog = start.begin("office_desk")
    for name, text in (("first_person", "one-first-half"), ("second_person", "second-half-2")):
        start.write(dialog, name, text)
        start.write(dialog, f"{name}_again", text)
    return dialog


def test_an_office_is_founded_and_shows_its_root_in_groups_of_four(
    start: Start, documents: Path
) -> None:
    dialog = fill_office(start)
    start.accept(dialog)
    pages = dialog.findChild(QStackedWidget)
    assert pages is not None
    start.qtbot.waitUntil(lambda: pages.currentIndex() == 1, timeout=30_000)
    start.settle(dialog)
    folder = documents / "知产强市办公室工作台"
    with Desk.open(folder) as desk:
        digest = enrol.root_fingerprint(desk)
        assert desk.role is Role.OFFICE
        assert desk.identity(OFFICE).unit_code
    shown = part(dialog, QLabel, "root_fingerprint").text()
    assert shown.split() == [digest[n : n + 4] for n in range(0, 64, 4)]
    start.press(dialog, "fingerprint_copy")
    assert QGuiApplication.clipboard().text() == grouped(digest)
    assert start.made == []  # the person may still look at it
    start.press(dialog, "new_desk_open")
    assert start.made == [folder]


def test_closing_the_fingerprint_with_escape_opens_the_desk_too(start: Start) -> None:
    dialog = fill_office(start)
    start.accept(dialog)
    pages = dialog.findChild(QStackedWidget)
    assert pages is not None
    start.qtbot.waitUntil(lambda: pages.currentIndex() == 1, timeout=30_000)
    start.settle(dialog)
    start.qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert len(start.made) == 1


def test_one_person_cannot_give_nearly_nothing(start: Start, documents: Path) -> None:
    dialog = fill_office(start)
    start.write(dialog, "second_person", "12")
    start.write(dialog, "second_person_again", "12")
    start.accept(dialog)
    assert start.complaint(dialog) == "第二人的口令太短：至少 6 个字符，现在 2 个。"
    assert list(documents.iterdir()) == []


def test_the_findings_of_a_wrong_plan_are_listed_with_their_lines(
    start: Start, tmp_path: Path, documents: Path
) -> None:
    shipped = assets.resource("plans", "rongchang-2024-2026.toml").read_text("utf-8")
    wrong = tmp_path / "方案.toml"
    wrong.write_text(shipped.replace("due_day = 5", "du_day = 5", 1), encoding="utf-8")
    dialog = fill_office(start)
    drop(dialog, wrong)
    findings = part(dialog, QListWidget, "plan_findings")
    start.qtbot.waitUntil(findings.isVisible)
    texts = [findings.item(row).text() for row in range(findings.count())]
    assert texts == [
        "第 9 行起，plan.due_day：缺少这个字段。",
        "第 9 行起，plan.du_day：没有这个字段，请检查拼写。",
    ]
    start.accept(dialog)
    assert "没有错误的方案文件" in start.complaint(dialog)
    assert list(documents.iterdir()) == []
    wrong.write_text(shipped, encoding="utf-8")
    drop(dialog, wrong)
    note = part(dialog, QLabel, "plan_file_note")
    start.qtbot.waitUntil(lambda: note.text().startswith("✓"))
    assert not findings.isVisible()


def test_an_own_plan_is_the_one_in_force(start: Start, documents: Path) -> None:
    plan = Path(__file__).parents[1] / "data" / "linhe.toml"
    dialog = fill_office(start)
    part(dialog, QRadioButton, "plan_own").click()
    drop(dialog, plan)
    start.qtbot.waitUntil(lambda: part(dialog, QLabel, "plan_file_note").text().startswith("✓"))
    start.accept(dialog)
    pages = dialog.findChild(QStackedWidget)
    assert pages is not None
    start.qtbot.waitUntil(lambda: pages.currentIndex() == 1, timeout=30_000)
    start.settle(dialog)
    with Desk.open(documents / "知产强市办公室工作台") as desk:
        assert not desk.plan.code.startswith("rongchang")


def test_cancelling_the_office_leaves_no_file(
    start: Start, documents: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = hold(monkeypatch, "create_office")
    dialog = fill_office(start)
    start.accept(dialog)
    root = documents / "知产强市办公室工作台" / "keys" / "root.p12"
    start.qtbot.waitUntil(root.exists, timeout=20_000)
    start.qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    release()
    assert start.complaint(dialog) == "已取消，没有留下任何文件。"
    assert (list(documents.iterdir()), start.made) == ([], [])


def test_the_sheet_to_print_carries_the_whole_fingerprint(
    qapp: QApplication, tmp_path: Path
) -> None:
    digest = "0123456789abcdef" * 4
    sheet = fingerprint_sheet("区领导小组办公室", digest)
    assert fingerprint_lines(digest) in sheet.toPlainText()
    assert "".join(fingerprint_lines(digest).split()) == digest
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "指纹.pdf"))
    sheet.print_(printer)
    assert (tmp_path / "指纹.pdf").read_bytes().startswith(b"%PDF")


def test_a_half_that_is_too_short_is_refused_below_the_window_too() -> None:
    assert passphrase.joined("one-first-half", "second-half-2") == OFFICE
    with pytest.raises(UsageError, match="第一人"):
        passphrase.joined("短", "第二人的口令")
