"""建立单位工作台: from the office's kit, its one-time password and a passphrase of one's own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from rongchang_desk.app import enrol, passphrase, places
from rongchang_desk.app.running import Running
from rongchang_desk.errors import DeskError, FoundWrong, WrongPassphrase
from rongchang_desk.ui.dialogs.new_desk import (
    NewDeskDialog,
    colour_note,
    mark_wrong,
)
from rongchang_desk.ui.dialogs.new_desk_fields import FileField, FolderField, NewPassphrase
from rongchang_desk.ui.naming import named
from rongchang_desk.ui.theme import Tone

FOLDER_NAME = "知产强市工作台"


class UnitDeskDialog(NewDeskDialog):
    """One page, top to bottom; the kit says whose desk it becomes."""

    drops = ".kit"

    def __init__(self, made: Callable[[Path], None], parent: QWidget | None = None) -> None:
        super().__init__(
            "用入网包建立单位工作台",
            "入网包（.kit 文件）和一次性口令由领导小组办公室分两路交给本单位。"
            "每个入网包只用一次，建好后请妥善保管或删除。",
            made,
            parent,
        )
        self.setObjectName("unit_desk_dialog")
        self._unit = ""
        self._kit = FileField("kit", "入网包", "点“选择”，或把 .kit 文件拖到这里", "入网包 (*.kit)")
        self._kit.chosen.connect(self._kit_chosen)
        self._password = named(QLineEdit(), "kit_password", "一次性口令")
        self._password.setPlaceholderText("口令条上的 20 个字符，大小写和短横线不限")
        self._password.textEdited.connect(lambda _: mark_wrong(self._password, False))
        self._own = NewPassphrase("own_passphrase", "本单位口令")
        shown = named(QCheckBox("显示口令(&S)"), "passphrase_shown")
        shown.toggled.connect(self._own.show_typed)
        self._folder = FolderField(self.jobs, FOLDER_NAME)
        self.add_row("入网包(&K)", self._kit, self._kit.button)
        self.add_row("一次性口令(&P)", self._password)
        self.add_row("本单位口令(&W)", self._own, self._own.first)
        self.add_row("", shown)
        self.add_row("存放位置(&D)", self._folder, self._folder.line)
        self._kit.button.setFocus()

    def dropped(self, path: Path) -> None:
        self._kit.show_path(path)

    def forget(self) -> None:
        self._password.clear()
        self._own.forget()

    def begin(self) -> None:
        kit = self._kit.path
        if kit is None or not self._unit:
            self.complain(self._kit.line, "请先选择本单位的入网包。")
        elif not self._password.text().strip():
            self.complain(self._password, "请输入一次性口令。", "它印在办公室单独交来的口令条上。")
        elif wrong := self._own.problem():
            self.complain(*wrong)
        elif self._folder.problem:
            self.complain(self._folder.line, self._folder.problem)
        else:
            self._join(kit)

    def _join(self, kit: Path) -> None:
        folder = self._folder.folder()
        password = passphrase.one_time(self._password.text())
        own = self._own.text()

        def work(running: Running) -> Path:
            places.require(folder)
            enrol.join(folder, kit, password, own, running=running).close()
            return folder

        self.run_work(work, self.finish, self._failed)

    def _failed(self, error: DeskError) -> bool:
        if isinstance(error, WrongPassphrase):
            self.complain(
                self._password,
                "一次性口令不对，没有建立工作台。",
                "请对照口令条重新输入；口令条和入网包必须是同一单位、同一次制作的。",
            )
        elif isinstance(error, FoundWrong):
            self.complain(self._kit.line, error.message, error.hint)
        else:
            return False
        return True

    # The kit

    def _kit_chosen(self, path: Path) -> None:
        self._unit = ""

        def failed(error: Exception) -> bool:
            if not isinstance(error, DeskError):
                return False
            if path == self._kit.path:
                mark_wrong(self._kit.line, True)
                colour_note(self._kit.note, f"{error.message}{error.hint}", Tone.BAD)
            return True

        self.jobs.run(
            "查看入网包",
            lambda _desk, _running: enrol.kit_unit(path),
            lambda unit: self._kit_read(path, unit),
            failed=failed,
            quiet=True,
        )

    def _kit_read(self, path: Path, unit: tuple[str, str]) -> None:
        if path != self._kit.path:  # another one was chosen meanwhile
            return
        code, self._unit = unit
        self.banner.hide()
        colour_note(self._kit.note, f"✓ 这是{self._unit}（{code}）的入网包。", Tone.GOOD)
        self._folder.propose(f"{FOLDER_NAME}_{self._unit}")
        self._password.setFocus()
