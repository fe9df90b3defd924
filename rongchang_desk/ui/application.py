"""Starts the window: Qt, the look, the desk, and the heavy libraries after the first paint."""

from __future__ import annotations

import gc
import importlib
import logging
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QSettings, QStandardPaths, QTimer, Signal
from PySide6.QtWidgets import QApplication, QDialog, QMainWindow

from rongchang_desk.app.desk import Desk, Role
from rongchang_desk.errors import DeskDamaged, DeskError
from rongchang_desk.ui import chinese, theme
from rongchang_desk.ui.main_window import MainWindow
from rongchang_desk.ui.messages import Presenter, install_hooks
from rongchang_desk.ui.page import PageEntry

log = logging.getLogger(__name__)

RECENT_KEPT = 6
# Slow to import (about two seconds together) and needed by nearly every session.
HEAVY = ("pypinyin", "rongchang_desk.signing.envelope", "rongchang_desk.documents.return_pdf")


def run(folder: Path | None = None) -> int:
    """Show the window on a desk (the given one, else the last used) until it is closed.

    Without a desk the start page comes up. Returns the exit code of the program.
    """
    application = new_application(sys.argv[:1])
    session = Session(application, preferences())
    session.begin(folder)
    return application.exec()


def new_application(arguments: list[str]) -> QApplication:
    """The QApplication with our look and language; one a process."""
    mend_input_method()
    application = QApplication(arguments)
    application.setApplicationName("rongchang-desk")
    application.setApplicationDisplayName("荣昌知产强市工作台")
    chinese.install(application)
    return application


def mend_input_method() -> None:
    """Where the desktop says fcitx, use ibus: the Qt we ship has no fcitx plugin, and fcitx
    speaks ibus's protocol."""
    if os.environ.get("QT_IM_MODULE", "").startswith("fcitx"):
        os.environ["QT_IM_MODULE"] = "ibus"


def preferences() -> QSettings:
    """The person's own settings, in an ini file in their configuration folder."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericConfigLocation)
    return QSettings(f"{folder}/rongchang-desk/window.ini", QSettings.Format.IniFormat)


class Session(QObject):
    """One run of the program: which desk is open, in which window."""

    opened = Signal(object)  # the window that is shown now

    def __init__(self, application: QApplication, settings: QSettings) -> None:
        super().__init__(application)
        self._settings = settings
        self._application = application
        self._window: QMainWindow | None = None
        self._desk: Desk | None = None
        self._presenter = Presenter()
        self._presenter.mend = self._offer_recovery_of_open
        self._undo_hooks = install_hooks(self._presenter)
        self._is_warm = False
        self.apply_look()

    @property
    def window(self) -> QMainWindow | None:
        """The window shown now."""
        return self._window

    def apply_look(self) -> None:
        """Put the person's palette and text size in force."""
        theme.apply(
            self._application,
            str(self._settings.value("look/palette", "light")),
            int(str(self._settings.value("look/scale", 100))),
        )

    def set_look(self, palette: str, scale: int) -> None:
        """Choose a palette (`light`, `dark`) and a text size (100–150), now and from now on."""
        self._settings.setValue("look/palette", palette)
        self._settings.setValue("look/scale", scale)
        self.apply_look()

    def begin(self, folder: Path | None) -> None:
        """Open the given desk, else the last one; else show the start page."""
        if folder is not None:
            self.open(folder)
            return
        recent = self.recent()
        if recent:
            self.open(recent[0])
        else:
            self.show_start()

    def open(self, folder: Path) -> None:
        """Show a desk's window instead of the present one; on failure say why and stay.

        For a damaged desk its newest good backup is offered.
        """
        if self._window and self._desk and self._desk.folder == folder.absolute():
            self._window.activateWindow()
            return
        desk: Desk | None = None
        try:
            desk = Desk.open(folder)
            window = MainWindow(desk, pages_for(desk), self._presenter)
        except DeskError as error:
            if desk is not None:
                desk.close()
            if self._window is None:
                self.show_start()
            if isinstance(error, DeskDamaged):
                self._offer_recovery(folder.absolute(), error)
            else:
                self._presenter.present(error)
            return
        window.closed.connect(desk.close)
        window.look_chosen.connect(self.set_look)
        window.desk_wanted.connect(self.open)
        window.first_painted.connect(
            lambda: QTimer.singleShot(0, window, lambda: self._furnish(window))
        )
        self._remember(folder)
        self._show(window)
        self._desk = desk

    def _furnish(self, window: MainWindow) -> None:
        """The frame stands; now the page comes, and what works behind it."""
        gc.enable()  # see __main__
        from rongchang_desk.ui.backups import AutomaticBackup

        window.open_first_page()
        AutomaticBackup(window)
        if not self._is_warm:
            self._is_warm = True
            QTimer.singleShot(300, self, prewarm)

    def _offer_recovery(
        self,
        folder: Path,
        problem: DeskError,
        make_free: Callable[[Callable[[], None]], None] | None = None,
    ) -> QDialog:
        """Ask whether a damaged desk shall be put back from its newest good backup."""
        from rongchang_desk.ui.dialogs.recovery import RecoveryDialog

        dialog = RecoveryDialog(
            folder, problem, self._presenter.present, self._window, make_free=make_free
        )
        dialog.recovered.connect(self.open)
        dialog.open()
        return dialog

    def _offer_recovery_of_open(self, problem: DeskDamaged) -> bool:
        """The same for the desk that is open: its window closes before anything is put back.

        False when another store than that desk's is damaged.
        """
        window = self._window
        if not isinstance(window, MainWindow) or problem.folder != window.desk.folder:
            return False
        if window.findChildren(QDialog, "recovery_dialog"):
            return True  # it is on the screen already

        def make_free(go: Callable[[], None]) -> None:
            window.before_closing = None  # no backup of a damaged store
            window.closed.connect(go)  # the desk is closed first: it was connected first
            self._desk = None
            self.show_start()
            dialog.setParent(self._window, dialog.windowFlags())
            dialog.open()

        dialog = self._offer_recovery(window.desk.folder, problem, make_free)
        return True

    def show_start(self) -> None:
        """Show the start page instead of the present window."""
        from rongchang_desk.ui.dialogs import BEGINNINGS
        from rongchang_desk.ui.start_page import StartWindow

        gc.enable()
        window = StartWindow(self.recent(), BEGINNINGS)
        window.chosen.connect(self.open)
        self._show(window)

    def recent(self) -> list[Path]:
        """The desks opened lately that are still there, the last one first."""
        stored = self._settings.value("desks/recent", [])
        # An ini file gives a list of one back as a plain text.
        names = [stored] if isinstance(stored, str) else list(stored or [])  # type: ignore[call-overload]
        return [Path(str(name)) for name in names if (Path(str(name)) / "desk.sqlite").is_file()]

    def end(self) -> None:
        """Undo what a session changes outside itself."""
        self._undo_hooks()

    def _remember(self, folder: Path) -> None:
        folder = folder.absolute()
        others = [path for path in self.recent() if path != folder]
        names = [str(path) for path in [folder, *others][:RECENT_KEPT]]
        self._settings.setValue("desks/recent", names)

    def _show(self, window: QMainWindow) -> None:
        before, self._window = self._window, window
        self._presenter.window = window
        window.show()
        if isinstance(before, MainWindow):
            before.closed.connect(before.deleteLater)  # it may have to finish something first
            before.close()
        elif before:
            before.close()
            before.deleteLater()
        self.opened.emit(window)


def pages_for(desk: Desk) -> tuple[PageEntry, ...]:
    """The pages of a desk's navigation, by whose desk it is."""
    if desk.role is Role.UNIT:
        from rongchang_desk.ui.unit import PAGES
    else:
        from rongchang_desk.ui.office import PAGES
    return PAGES


def prewarm() -> threading.Thread:
    """Import the heavy libraries on a daemon thread, so that the first export does not wait."""

    def load() -> None:
        for name in HEAVY:
            try:
                importlib.import_module(name)
            except ImportError:
                # It is reported where it is needed, with the person's context.
                log.warning("cannot import %s beforehand", name, exc_info=True)
        # What was imported stays: walking it would stop the window for 60 ms now and then.
        gc.freeze()

    thread = threading.Thread(target=load, name="prewarm", daemon=True)
    thread.start()
    return thread
