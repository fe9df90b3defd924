"""Evidence files 佐证材料: taking them into the desk, naming them in records, opening a copy.

Records change only through `app.record.change`, so attaching and detaching can be undone; a
content that was detached stays in the store for that. What the system would run is never taken.
"""

from __future__ import annotations

import atexit
import hashlib
import os
import shutil
import stat
import tempfile
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from rongchang_desk.app.desk import Desk, Role
from rongchang_desk.app.files import cannot_write, read_bytes
from rongchang_desk.app.running import Running
from rongchang_desk.domain.records import (
    Evidence,
    Problem,
    Progress,
    Publicity,
    Reading,
    RegisterEntry,
    Training,
)
from rongchang_desk.errors import CannotRead, DeskDamaged, DeskError, UsageError
from rongchang_desk.store import evidence as stored

LARGEST = 50 * 1024 * 1024
"""Bytes of one file, unless told otherwise."""

LONGEST_NAME = 80  # characters: fits the 255 bytes of a Linux file name in Chinese too

# Endings that Windows or a Linux desktop may run, install or take for a link.
RUNNABLE = frozenset(
    "apk app appimage application appref-ms bat bin chm cmd com command cpl deb desktop dll exe"
    " gadget hta inf ins isp jar js jse lnk msc msi msix msp mst out pif pl ps1 ps1xml psm1 py"
    " pyc pyw rb reg rpm run scf scr sct settingcontent-ms sh shb shs sys url vb vbe vbs wll"
    " ws wsc wsf wsh xll".split()
)
PICTURES = frozenset(("jpg", "jpeg", "png", "bmp", "gif", "webp"))

_RESERVED = {"con", "prn", "aux", "nul"} | {f"{p}{n}" for p in ("com", "lpt") for n in range(1, 10)}

R = TypeVar("R", Progress, Reading, Training, Publicity, RegisterEntry, Problem)


@dataclass(frozen=True, slots=True)
class Added:
    """The files that were taken in, and for each other one why it was not."""

    files: tuple[Evidence, ...]
    refused: tuple[DeskError, ...]


def add(desk: Desk, path: Path, largest: int = LARGEST) -> Evidence:
    """Take one file of at most `largest` bytes into the desk's store, its content once.

    Raises UsageError for an empty, too large or runnable file, CannotRead when it cannot be
    read, CannotWrite when the store cannot take it.
    """
    desk.require(Role.UNIT)
    name = safe_name(path.name)
    if is_runnable(name):
        raise UsageError(
            f"“{path.name}”是可以运行的程序或快捷方式，不能作为佐证材料。",
            "请添加照片、扫描件、PDF 或文档；确需保存的，请先打印成 PDF。",
        )
    _check_size(path, largest)
    body = read_bytes(path)
    if not body:
        raise UsageError(f"文件“{path.name}”是空的，没有添加。", "请核对是否选错了文件。")
    evidence = Evidence(name, len(body), hashlib.sha256(body).hexdigest())
    stored.put(desk.store, evidence, body, desk.now())
    return evidence


def add_all(desk: Desk, paths: Sequence[Path], running: Running, largest: int = LARGEST) -> Added:
    """Take several files in; one that is refused does not stop the others. Raises Cancelled:
    what was taken in by then stays in the store and is named nowhere."""
    files: list[Evidence] = []
    refused: list[DeskError] = []
    for number, path in enumerate(paths):
        running.step(number, len(paths), path.name)
        try:
            files.append(add(desk, path, largest))
        except (UsageError, CannotRead) as problem:
            refused.append(problem)
    return Added(tuple(files), tuple(refused))


def attached(record: R, files: Iterable[Evidence]) -> R:
    """The record with these files named too; a content it names already is not named twice."""
    known = {one.sha256: one for one in record.evidence}
    for one in files:
        known.setdefault(one.sha256, one)
    return replace(record, evidence=tuple(known.values()))


def detached(record: R, files: Iterable[Evidence]) -> R:
    """The record without these files."""
    gone = {one.sha256 for one in files}
    return replace(record, evidence=tuple(e for e in record.evidence if e.sha256 not in gone))


def content(desk: Desk, evidence: Evidence) -> bytes:
    """The file's bytes, as they were added.

    Raises CannotRead when the store has none, DeskDamaged when they are not what was added.
    """
    body = stored.body(desk.store, evidence.sha256)
    if body is None:
        raise CannotRead(
            f"工作台里没有佐证材料“{evidence.name}”的内容。",
            "请重新添加这个文件；也可以从备份恢复后再找。",
        )
    if hashlib.sha256(body).hexdigest() != evidence.sha256:
        raise DeskDamaged(
            f"佐证材料“{evidence.name}”的内容与添加时不一致，没有打开。",
            "数据可能已损坏：请重新添加原文件，或从备份恢复。",
        )
    return body


def open_copy(desk: Desk, evidence: Evidence) -> Path:
    """A read-only copy under a safe name in a folder of its own, for the system's program.

    The folder goes when the program ends. Raises UsageError for a name the system would run,
    and like `content`.
    """
    name = safe_name(evidence.name)
    if is_runnable(name):
        raise UsageError(
            f"“{name}”是可以运行的程序或快捷方式，没有打开。", "请删除它，换成文档或图片。"
        )
    body = content(desk, evidence)
    path = Path(name)
    try:
        folder = Path(tempfile.mkdtemp(prefix="rongchang-desk-"))
        atexit.register(_remove, folder)
        path = folder / name
        path.write_bytes(body)
        path.chmod(stat.S_IREAD)
    except OSError as problem:
        raise cannot_write(path, problem) from problem
    return path


def safe_name(name: str) -> str:
    """A file name that every system takes and shows as it is: no paths, no invisible or
    direction-changing characters, no device names, not too long; the ending stays."""
    shown = unicodedata.normalize("NFC", name)
    shown = "".join(
        "_" if c in '<>:"/\\|?*' else c for c in shown if unicodedata.category(c)[0] != "C"
    )
    stem, dot, ending = shown.strip().rstrip(" .").rpartition(".")
    if not dot:
        stem, ending = ending, ""
    stem = stem.strip(" .")[: LONGEST_NAME - len(ending[:20]) - 1] or "佐证材料"
    if stem.split(".")[0].casefold() in _RESERVED:
        stem = f"_{stem}"
    return f"{stem}{dot}{ending[:20]}"


def is_runnable(name: str) -> bool:
    """Whether the system might run a file of this name instead of showing it."""
    return _ending(name) in RUNNABLE


def is_picture(evidence: Evidence) -> bool:
    """Whether a small picture of it can be shown."""
    return _ending(evidence.name) in PICTURES


def size_text(size: int) -> str:
    """`812 字节`, `35 KB`, `1.2 MB`."""
    if size < 1024:
        return f"{size} 字节"
    if size < 1024 * 1024:
        return f"{size / 1024:.0f} KB"
    return f"{size / 1024 / 1024:.1f} MB"


def _ending(name: str) -> str:
    return os.path.splitext(name.rstrip(" ."))[1].lstrip(".").casefold()


def _check_size(path: Path, largest: int) -> None:
    """Refuse a file that is too large before it is read."""
    try:
        size = path.stat().st_size
    except OSError:
        return  # reading it says why
    if path.is_file() and size > largest:
        raise UsageError(
            f"文件“{path.name}”有 {size_text(size)}，超过 {size_text(largest)}，没有添加。",
            "请压缩图片、降低扫描分辨率或拆成几个文件后再添加。",
        )


def _remove(folder: Path) -> None:
    """Take the copies away; one that a program still holds open stays."""
    for file in folder.glob("*"):
        try:
            file.chmod(stat.S_IREAD | stat.S_IWRITE)  # Windows removes no read-only file
        except OSError:
            continue
    shutil.rmtree(folder, ignore_errors=True)
