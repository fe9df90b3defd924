"""A desk whose data file is damaged: which backup is good, and putting it in the file's place.

The damaged store is never deleted: it is set aside inside the desk's folder, for whoever may
still read something out of it. Nothing here opens the damaged store to change it.
"""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from rongchang_desk.app import backup, regain
from rongchang_desk.app.clock import Clock, system_clock
from rongchang_desk.app.desk import Desk, Role
from rongchang_desk.app.files import cannot_write, make_folder
from rongchang_desk.app.running import Running
from rongchang_desk.errors import CannotRead, CannotWrite, DeskDamaged, DeskError, DeskTooNew
from rongchang_desk.store.database import FILE_NAME, open_store
from rongchang_desk.store.lock import lock

log = logging.getLogger(__name__)

ASIDE = "损坏的数据"
# The store's side files first: they must never meet another store, not even after a power cut.
_STORE_FILES = (f"{FILE_NAME}-wal", f"{FILE_NAME}-shm", f"{FILE_NAME}-journal", FILE_NAME)


@dataclass(frozen=True, slots=True)
class GoodBackup:
    """A backup that passed its check; `skipped` newer ones did not."""

    made: datetime
    file: Path
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class Recovered:
    """A desk that stands again, as it was when the backup was made."""

    folder: Path
    aside: Path
    """Where the damaged files lie now."""
    made: datetime
    at: datetime
    regained: tuple[str, ...] | None = None
    """A unit's signed returns that the backup lacked and 报出/ had: `2026年9月第2版`."""

    @property
    def lost(self) -> str:
        """How much time's work is lost at most, in words."""
        return length(self.at - self.made)


def newest_good(folder: Path, running: Running | None = None) -> GoodBackup | None:
    """The newest automatic backup of a desk that passes its check; None when none does.

    The desk itself is not opened. Raises CannotWrite when there is no room for checking,
    Cancelled.
    """
    running = running or Running()
    found = backup.automatic_backups(folder)
    for skipped, (made, file) in enumerate(found):
        running.step(skipped, len(found), file.name)
        try:
            with backup.opened_backup(file):
                return GoodBackup(made, file, skipped)
        except (CannotRead, DeskDamaged, DeskTooNew):
            continue
    return None


def recover(
    folder: Path,
    good: GoodBackup,
    running: Running | None = None,
    *,
    clock: Clock = system_clock,
) -> Recovered:
    """Set a desk's damaged store aside and put a backup's in its place.

    Keys in the folder stay; those missing come from the backup. Raises DeskLocked while the
    desk is open somewhere, CannotRead or DeskDamaged when the backup is not sound (any more),
    CannotWrite, Cancelled; the folder's store is then where it was.
    """
    running = running or Running()
    folder = folder.absolute()
    guard = lock(folder)
    try:
        running.step(0, 3, "检查备份")
        with backup.opened_backup(good.file) as contents:
            running.step(1, 3, "另存损坏的数据")
            now = clock()
            aside = _new_folder(folder / ASIDE, f"{now:%Y-%m-%d_%H%M%S}")
            moved = _set_aside(folder, aside)
            running.show(2, 3, "写入备份")
            try:
                backup.put_back(contents, folder)
            except CannotWrite:
                _move_back(moved)
                raise
        running.show(3, 3, "完成")
        regained = _regained(folder, clock)
    finally:
        guard.release()
    return Recovered(folder, aside, good.made, now, regained)


def examine(folder: Path) -> backup.Diagnosis:
    """The health of a desk, and for a damaged one what helps.

    Raises DeskDamaged, whose hint names the newest good backup, when the store is damaged; and
    whatever opening a desk raises.
    """
    try:
        with Desk.open(folder) as desk:
            findings = desk.store.check()
            if findings:
                raise DeskDamaged(f"工作台“{folder}”的数据已损坏（{findings[0]}）。")
            return backup.diagnose(desk)
    except DeskDamaged as problem:
        raise DeskDamaged(problem.message, advice(newest_good(folder))) from problem


def advice(good: GoodBackup | None) -> str:
    """What to do about a damaged desk, given its newest good backup."""
    if good is None:
        return (
            "工作台的“备份”文件夹里没有完好的备份。请找一找存放在别处的备份，用 restore 恢复到"
            "一个新文件夹；损坏的文件请保留，不要删除。"
        )
    skipped = f"（更新的 {good.skipped} 份备份也已损坏）" if good.skipped else ""
    return (
        f"最近的完好备份是 {good.made:%Y-%m-%d %H:%M} 的“{good.file}”{skipped}。"
        "请在窗口中打开这个工作台，按提示恢复；或用 restore 把备份恢复到一个新文件夹。"
    )


def length(span: timedelta) -> str:
    """A length of time in words, rounded up: never less than it is."""
    minutes = max(1, -(-int(span.total_seconds()) // 60))
    if minutes < 60:
        return f"{minutes} 分钟"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} 小时 {minutes} 分钟" if minutes else f"{hours} 小时"
    days, hours = divmod(hours + (1 if minutes else 0), 24)
    return f"{days} 天 {hours} 小时" if hours else f"{days} 天"


def _regained(folder: Path, clock: Clock) -> tuple[str, ...] | None:
    """What a unit's 报出/ knows of its returns beyond the backup, now on the books again; None
    for the office, and when it could not be looked at: signing looks again.
    """
    with open_store(folder) as store:
        desk = Desk(folder, store, clock=clock)
        if desk.role is not Role.UNIT:
            return None
        try:
            return tuple(regain.label(value) for value in regain.regain(desk))
        except DeskError as problem:  # the desk stands all the same
            log.warning("returns cannot be regained: %s", type(problem).__name__)
            return None


def _new_folder(parent: Path, name: str) -> Path:
    """A folder of that name that was not there before; raises CannotWrite."""
    folder, number = parent / name, 2
    while folder.exists():
        folder = parent / f"{name}_{number}"
        number += 1
    make_folder(folder)
    return folder


def _set_aside(folder: Path, aside: Path) -> list[tuple[Path, Path]]:
    """Move the store's files; the moves made. Raises CannotWrite, all being back then."""
    moved: list[tuple[Path, Path]] = []
    for name in _STORE_FILES:
        here, there = folder / name, aside / name
        if not here.exists():
            continue
        try:
            os.replace(here, there)
        except OSError as problem:
            _move_back(moved)
            raise cannot_write(here, problem) from problem
        moved.append((here, there))
    return moved


def _move_back(moved: list[tuple[Path, Path]]) -> None:
    for here, there in reversed(moved):
        os.replace(there, here)
    if moved:
        moved[0][1].parent.rmdir()
