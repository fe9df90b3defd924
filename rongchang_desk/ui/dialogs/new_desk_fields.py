"""Fields of the dialogs that make a new desk: a folder, a passphrase typed twice, a file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths, QTimer, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from rongchang_desk.app import passphrase, places
from rongchang_desk.app.passphrase import Level
from rongchang_desk.ui.dialogs.new_desk import colour_note, mark_wrong, new_note
from rongchang_desk.ui.jobs import Jobs
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.theme import Tone

JUDGE_AFTER = 250  # ms after the last key
TONES = {
    Level.TOO_SHORT: Tone.BAD,
    Level.WEAK: Tone.WARN,
    Level.FAIR: Tone.BUSY,
    Level.GOOD: Tone.GOOD,
}
MARKS = {Level.TOO_SHORT: "○○○", Level.WEAK: "●○○", Level.FAIR: "●●○", Level.GOOD: "●●●"}


class FileField(QWidget):
    """A path that is shown and chosen, never typed."""

    chosen = Signal(object)  # Path

    def __init__(self, name: str, accessible: str, hint: str, kinds: str) -> None:
        super().__init__()
        self._title, self._kinds = f"选择{accessible}", kinds
        self.path: Path | None = None
        self.line = named(QLineEdit(readOnly=True), name, accessible)
        self.line.setPlaceholderText(hint)
        self.button = named(QPushButton("选择(&L)…"), f"{name}_choose", f"选择{accessible}")
        self.button.setAutoDefault(False)
        self.button.clicked.connect(self._choose)
        self.note = new_note(f"{name}_note")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.line, 1)
        row.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.note)

    def show_path(self, path: Path) -> None:
        """Take a path, as if it had been chosen."""
        self.path = path
        mark_wrong(self.line, False)
        self.line.setText(str(path))
        self.chosen.emit(path)

    def _choose(self) -> None:
        dialog = QFileDialog(self, self._title)
        dialog.setObjectName(f"{self.line.objectName()}_dialog")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([self._kinds, "所有文件 (*)"])
        dialog.fileSelected.connect(lambda name: self.show_path(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


class FolderField(QWidget):
    """The new desk's folder, with what speaks against it below."""

    judged = Signal(object)  # places.Judged

    def __init__(self, jobs: Jobs, name: str) -> None:
        super().__init__()
        self._jobs = jobs
        self._name = name
        self._is_own = False  # whether the person chose the place
        self._asked = 0
        self.problem = ""
        self.line = named(QLineEdit(), "new_desk_folder", "工作台文件夹")
        self.line.textEdited.connect(self._typed)
        self.line.textChanged.connect(self._changed)
        button = named(QPushButton("更改(&B)…"), "new_desk_folder_choose", "更改工作台文件夹")
        button.setAutoDefault(False)
        button.clicked.connect(self._choose)
        self._note = new_note("new_desk_folder_note")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(JUDGE_AFTER)
        self._timer.timeout.connect(self._judge)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.line, 1)
        row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self._note)
        self.propose(name)

    def folder(self) -> Path:
        """What the field says now."""
        return Path(self.line.text().strip()).expanduser()

    def propose(self, name: str) -> None:
        """A folder of that name in the person's documents, unless a place was chosen already."""
        self._name = name
        if not self._is_own:
            documents = QStandardPaths.StandardLocation.DocumentsLocation
            parent = Path(QStandardPaths.writableLocation(documents) or Path.home())
            self.line.setText(str(places.fresh_folder(parent, name)))

    def _typed(self) -> None:
        self._is_own = True

    def _changed(self) -> None:
        mark_wrong(self.line, False)
        self.problem = ""
        self._timer.start()

    def _choose(self) -> None:
        dialog = QFileDialog(self, "选择存放工作台的位置")
        dialog.setObjectName("new_desk_folder_dialog")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda path: self._chosen(Path(path)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _chosen(self, folder: Path) -> None:
        """An empty folder is taken as it is; in a full one a folder of our own is proposed."""
        self._is_own = True
        fresh = places.fresh_folder(folder.parent, folder.name) == folder
        self.line.setText(str(folder if fresh else places.fresh_folder(folder, self._name)))

    def _judge(self) -> None:
        self._asked += 1
        asked, folder = self._asked, self.folder()

        def judged(result: places.Judged) -> None:
            if asked != self._asked:
                return
            self.problem = result.problem
            mark_wrong(self.line, bool(result.problem))
            if result.problem:
                colour_note(self._note, result.problem, Tone.BAD)
            else:
                colour_note(self._note, "\n".join(result.warnings), Tone.WARN)
            self.judged.emit(result)

        self._jobs.run("查看文件夹", lambda _d, _r: places.judge(folder), judged, quiet=True)


class NewPassphrase(QWidget):
    """A passphrase typed twice, with its strength in plain words."""

    def __init__(self, name: str, accessible: str, shortest: int = passphrase.SHORTEST) -> None:
        super().__init__()
        self._accessible = accessible
        self._shortest = shortest
        self.first = named(QLineEdit(), name, accessible)
        self.again = named(QLineEdit(), f"{name}_again", f"再输入一次{accessible}")
        self.first.setPlaceholderText(f"至少 {shortest} 个字符")
        self.again.setPlaceholderText("再输入一次")
        self._note = new_note(f"{name}_note")
        row = QHBoxLayout()
        row.setSpacing(8)
        for field in (self.first, self.again):
            field.setEchoMode(QLineEdit.EchoMode.Password)
            field.textChanged.connect(self._changed)
            row.addWidget(field, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self._note)

    def text(self) -> str:
        """What was typed, as it is: a space may belong to it."""
        return self.first.text()

    def problem(self) -> tuple[QLineEdit, str] | None:
        """The field that is wrong and why; None when both can be taken."""
        strength = passphrase.strength(self.first.text(), self._shortest)
        if strength.level is Level.TOO_SHORT:
            return self.first, f"{self._accessible}{strength.hint}"
        if self.first.text() != self.again.text():
            return self.again, f"两次输入的{self._accessible}不一致，请重新输入一次。"
        return None

    def show_typed(self, is_shown: bool) -> None:
        """Show or hide what is typed."""
        mode = QLineEdit.EchoMode.Normal if is_shown else QLineEdit.EchoMode.Password
        self.first.setEchoMode(mode)
        self.again.setEchoMode(mode)

    def forget(self) -> None:
        """Take the typed text away."""
        self.first.clear()
        self.again.clear()

    def _changed(self) -> None:
        mark_wrong(self.first, False)
        mark_wrong(self.again, False)
        first, again = self.first.text(), self.again.text()
        if not first:
            colour_note(self._note, "", Tone.QUIET)
        elif again and not first.startswith(again):
            colour_note(self._note, "两次输入不一致。", Tone.BAD)
        else:
            strength = passphrase.strength(first, self._shortest)
            text = f"{MARKS[strength.level]} {strength.hint}"
            colour_note(self._note, text, TONES[strength.level])
