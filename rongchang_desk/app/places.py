"""Where a new desk may live: what speaks against a folder, and a good one to propose.

Nothing here writes. A desk belongs on the computer's own disk: on a network drive two people
can open it at once, and a removable one can be pulled out in the middle of writing.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from rongchang_desk.errors import UsageError

_NETWORK = {"cifs", "smb3", "smbfs", "nfs", "nfs4", "ncpfs", "afs", "9p", "davfs", "fuse.sshfs",
            "fuse.davfs2", "fuse.rclone", "fuse.gvfsd-fuse", "ceph", "glusterfs"}  # fmt: skip
_MEDIA = ("/media/", "/run/media/", "/mnt/usb")


class Drive(Enum):
    """What kind of drive a folder is on."""

    OWN = "own"
    NETWORK = "network"
    REMOVABLE = "removable"


@dataclass(frozen=True, slots=True)
class Judged:
    """What speaks against a folder: `problem` forbids it, `warnings` are for the person."""

    problem: str = ""
    warnings: tuple[str, ...] = ()


def judge(folder: Path, drive: Callable[[Path], Drive] | None = None) -> Judged:
    """What speaks against a folder as the place of a new desk; it need not exist yet."""
    if not folder.is_absolute():
        return Judged("请填写完整的文件夹路径，或点“更改”选择。")
    try:
        if problem := _problem(folder):
            return Judged(problem)
        warnings = []
        kind = (drive or drive_of)(folder)
        if kind is Drive.NETWORK:
            warnings.append("这是网络位置：多人同时打开会损坏数据，建议放在本机磁盘。")
        elif kind is Drive.REMOVABLE:
            warnings.append("这是移动存储（U盘、移动硬盘）：容易丢失或中途拔出，建议放在本机磁盘。")
        if folder.is_dir() and any(folder.iterdir()):
            warnings.append("文件夹里已有别的文件，建议换一个空文件夹。")
    except OSError:
        return Judged("不能读取这个文件夹，请检查权限或换一个位置。")
    return Judged("", tuple(warnings))


def require(folder: Path) -> None:
    """Raise UsageError when a folder cannot become a new desk's."""
    if problem := judge(folder, lambda _: Drive.OWN).problem:
        raise UsageError(problem, f"现在填的是：{folder}")


def _problem(folder: Path) -> str:
    if (folder / "desk.sqlite").exists():
        return "这个文件夹里已经有一个工作台。请换一个文件夹；要打开它，请用“打开工作台”。"
    if folder.exists() and not folder.is_dir():
        return "这是一个文件，不是文件夹。"
    if (folder / "keys").exists():
        return "这个文件夹里已有名为 keys 的内容，会与工作台的密钥混在一起，请换一个文件夹。"
    standing = _standing(folder)
    if not standing.is_dir():
        return f"“{standing.name}”是一个文件，不能在它下面建文件夹。"
    if not os.access(standing, os.W_OK):
        return "没有写入这个位置的权限，请换一个文件夹。"
    return ""


def fresh_folder(parent: Path, name: str) -> Path:
    """A folder below `parent` that does not exist or is empty: `name`, else `name（2）`…"""
    number = 1
    while True:
        folder = parent / (name if number == 1 else f"{name}（{number}）")
        if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
            return folder
        number += 1


def drive_of(folder: Path) -> Drive:
    """The kind of drive a folder (or its nearest existing parent) is on; `OWN` when unknown."""
    text = str(folder)
    if text.startswith(("\\\\", "//")):
        return Drive.NETWORK
    if sys.platform == "win32":
        return _windows_drive(folder)
    try:
        mounts = Path("/proc/self/mounts").read_text("utf-8", "replace")
    except OSError:
        return Drive.OWN
    return drive_among(mounts.splitlines(), _standing(folder).resolve())


def drive_among(mounts: Iterable[str], folder: Path) -> Drive:
    """The kind of drive by Linux's table of mounts (`device place type …` a line)."""
    place, kind = "", ""
    for line in mounts:
        parts = line.split(" ")
        if len(parts) < 3:
            continue
        at = parts[1].replace("\\040", " ").rstrip("/")
        # The longest place that holds the folder counts, the last one of equals.
        if (str(folder) == at or str(folder).startswith(f"{at}/")) and len(at) >= len(place):
            place, kind = at, parts[2]
    if kind in _NETWORK:
        return Drive.NETWORK
    if f"{place}/".startswith(_MEDIA):
        return Drive.REMOVABLE
    return Drive.OWN


def _windows_drive(folder: Path) -> Drive:
    # mypy checks on Linux, where ctypes has no windll.
    import ctypes

    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009
    kinds = {2: Drive.REMOVABLE, 4: Drive.NETWORK}  # DRIVE_REMOVABLE, DRIVE_REMOTE
    return kinds.get(kernel.GetDriveTypeW(folder.anchor), Drive.OWN)


def _standing(folder: Path) -> Path:
    """The folder itself, or the nearest parent that exists."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder
