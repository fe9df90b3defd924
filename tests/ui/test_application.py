"""Starting: which window comes, what is remembered, what is loaded when."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QSettings, Qt
from PySide6.QtWidgets import QApplication, QMainWindow, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from rongchang_desk.ui import application, theme
from rongchang_desk.ui.application import Session
from rongchang_desk.ui.main_window import MainWindow
from rongchang_desk.ui.start_page import Beginning, StartWindow

TOP = Path(__file__).resolve().parents[2]


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "preferences.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def session(
    qapp: QApplication, qtbot: QtBot, settings: QSettings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Session]:
    monkeypatch.setattr(application, "prewarm", lambda: None)  # slow, tested by itself
    made = Session(qapp, settings)
    yield made
    if made.window:
        close(qtbot, made.window)
        qtbot.addWidget(made.window)
    made.end()
    theme.apply(qapp)


def close(qtbot: QtBot, window: QMainWindow) -> None:
    """Close a window and wait until it has: its last backup comes first."""
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible())


def test_without_a_desk_the_start_page_comes(session: Session) -> None:
    session.begin(None)
    assert isinstance(session.window, StartWindow)


def test_a_given_desk_is_opened_and_opened_again_without_asking(
    session: Session, desk_folder: Path, qapp: QApplication, settings: QSettings, qtbot: QtBot
) -> None:
    session.begin(desk_folder)
    assert isinstance(session.window, MainWindow)
    assert session.recent() == [desk_folder]
    close(qtbot, session.window)
    again = Session(qapp, settings)
    again.begin(None)
    assert isinstance(again.window, MainWindow)
    assert again.window.desk.folder == desk_folder
    close(qtbot, again.window)
    qtbot.addWidget(again.window)
    again.end()


def test_a_page_may_open_another_desk_and_choose_the_look(
    session: Session, desk_folder: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    other = tmp_path / "恢复的工作台"
    shutil.copytree(desk_folder, other)
    session.begin(desk_folder)
    first = session.window
    assert isinstance(first, MainWindow)
    first.choose_look("dark", 125)
    assert (theme.current().palette.name, theme.current().scale) == ("dark", 125)
    first.open_desk(other)
    qtbot.waitUntil(lambda: not first.isVisible())
    assert isinstance(session.window, MainWindow)
    assert session.window.desk.folder == other


def test_closing_the_window_frees_the_desk_for_others(
    session: Session, desk_folder: Path, qtbot: QtBot
) -> None:
    session.begin(desk_folder)
    assert session.window is not None
    close(qtbot, session.window)
    from rongchang_desk.app.desk import Desk

    Desk.open(desk_folder).close()


def test_a_folder_without_a_desk_is_told_and_the_start_page_stays(
    session: Session, tmp_path: Path, qtbot: QtBot
) -> None:
    empty = tmp_path / "空文件夹"
    empty.mkdir()
    session.begin(empty)
    window = session.window
    assert isinstance(window, StartWindow)
    qtbot.waitUntil(lambda: window.findChild(QMessageBox) is not None)
    window.findChild(QMessageBox).close()
    assert session.recent() == []


def test_a_desk_that_has_gone_is_no_longer_offered(
    session: Session, desk_folder: Path, settings: QSettings, tmp_path: Path
) -> None:
    settings.setValue("desks/recent", [str(tmp_path / "没有了"), str(desk_folder)])
    assert session.recent() == [desk_folder]


def test_the_look_is_remembered(session: Session, qapp: QApplication, settings: QSettings) -> None:
    session.set_look("dark", 125)
    assert theme.current().palette is theme.DARK
    theme.apply(qapp)
    again = Session(qapp, settings)
    again.end()
    assert (theme.current().palette.name, theme.current().scale) == ("dark", 125)


def test_the_start_page_offers_ways_to_begin_and_recent_desks(qtbot: QtBot, tmp_path: Path) -> None:
    started: list[str] = []
    ways = [Beginning("kit", "用入网包建立单位工作台(&K)…", lambda _w, made: made(tmp_path))]
    window = StartWindow([tmp_path / "甲&乙"], ways)
    qtbot.addWidget(window)
    window.chosen.connect(lambda path: started.append(path.name))
    window.findChild(QPushButton, "start_kit").click()
    window.findChild(QPushButton, "start_recent_0").click()
    assert started == [tmp_path.name, "甲&乙"]


@pytest.mark.parametrize(
    ("before", "after"), [("fcitx", "ibus"), ("fcitx5", "ibus"), ("ibus", "ibus"), ("xim", "xim")]
)
def test_the_input_method_is_one_our_qt_has(
    monkeypatch: pytest.MonkeyPatch, before: str, after: str
) -> None:
    monkeypatch.setenv("QT_IM_MODULE", before)
    application.mend_input_method()
    assert os.environ["QT_IM_MODULE"] == after


@pytest.mark.parametrize(
    ("context", "text", "chinese"),
    [
        ("QPlatformTheme", "Cancel", "取消"),
        ("QFileDialog", "Look in:", "查找范围："),
        ("QAbstractFileIconProvider", "Folder", "文件夹"),
    ],
)
def test_qts_own_dialogs_speak_chinese(
    qapp: QApplication, context: str, text: str, chinese: str
) -> None:
    assert QCoreApplication.translate(context, text) == chinese


def test_an_unknown_text_is_left_as_it_is(qapp: QApplication) -> None:
    assert QCoreApplication.translate("Nowhere", "Something") == "Something"


FIRST_PAINT = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from rongchang_desk.ui import application
HEAVY = ("pyhanko", "reportlab", "matplotlib")
application.prewarm = lambda: None
def painted(window):
    QTimer.singleShot(50, lambda: (print(*[n for n in HEAVY if n in sys.modules], "painted"),
                                   window.close()))
began = application.Session.begin
def begin(self, folder):
    self.opened.connect(painted)
    began(self, folder)
application.Session.begin = begin
sys.exit(application.run(Path(sys.argv[1])))
"""


def test_the_first_paint_needs_none_of_the_heavy_libraries(
    desk_folder: Path, tmp_path: Path
) -> None:
    environment = os.environ | {
        "PYTHONPATH": str(TOP),
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
    }
    done = subprocess.run(
        [sys.executable, "-c", FIRST_PAINT, str(desk_folder)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout.split()) == (0, ["painted"]), done.stderr


def test_prewarming_loads_the_heavy_libraries_on_another_thread() -> None:
    script = (
        "import sys; from rongchang_desk.ui import application; application.prewarm().join();"
        "print(all(n in sys.modules for n in application.HEAVY))"
    )
    environment = os.environ | {"PYTHONPATH": str(TOP), "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        env=environment,
        timeout=120,
        check=False,
    )
    assert done.stdout.split() == ["True"], done.stderr


def test_the_open_button_hands_over_the_chosen_folder(qtbot: QtBot, tmp_path: Path) -> None:
    from PySide6.QtWidgets import QFileDialog

    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    window = StartWindow([], [])
    qtbot.addWidget(window)
    window.show()
    window.findChild(QPushButton, "start_open").click()
    dialog = window.findChild(QFileDialog, "open_dialog")
    assert dialog is not None
    with qtbot.waitSignal(window.chosen) as told:
        dialog.fileSelected.emit(str(tmp_path))
    assert told.args == [tmp_path]
    with qtbot.waitSignal(dialog.destroyed):
        dialog.close()
