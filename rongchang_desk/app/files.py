"""Files written whole or not at all, and read with a clear message when they cannot be."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from rongchang_desk.errors import CannotRead, CannotWrite

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@contextmanager
def ready_to_appear(path: Path, data: bytes) -> Iterator[None]:
    """Write a file under a temporary name and sync it; it takes its name after the block.

    So what the block stores and the file stand or fall together: when the block fails, nothing
    appears. An existing file of that name is replaced only by a complete new one. Raises
    CannotWrite; from the last step only when the name itself cannot be taken.
    """
    with appearing(path) as file:
        try:
            file.write(data)
            _sync(file)
        except OSError as problem:
            raise cannot_write(path, problem) from problem
        yield


@contextmanager
def appearing(path: Path) -> Iterator[BinaryIO]:
    """A file to write and read back under a temporary name; synced, it takes its name after the
    block. When the block fails, nothing appears. Raises CannotWrite.
    """
    import tempfile

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")
    except OSError as problem:
        raise cannot_write(path, problem) from problem
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w+b") as file:
            yield file
            try:
                _sync(file)
            except OSError as problem:
                raise cannot_write(path, problem) from problem
        try:
            temporary.chmod(0o644)
            temporary.replace(path)
        except OSError as problem:
            raise cannot_write(path, problem) from problem
    finally:
        temporary.unlink(missing_ok=True)


def _sync(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def write_whole(path: Path, data: bytes) -> None:
    """Write a file under a temporary name, sync it, rename it; raises CannotWrite."""
    with ready_to_appear(path, data):
        pass


def write_secret(path: Path, data: bytes) -> None:
    """Like `write_whole`, readable by the owner only: for keys and passwords."""
    write_whole(path, data)
    if os.name == "posix":
        path.chmod(0o600)


def read_bytes(path: Path, largest: int = 512 * 1024 * 1024) -> bytes:
    """The content of a file of at most `largest` bytes; raises CannotRead."""
    try:
        if path.stat().st_size > largest:
            raise CannotRead(
                f"文件“{path}”太大（超过 {largest // 1024 // 1024} MB），没有读取。",
                "请核对是否选错了文件。",
            )
        return path.read_bytes()
    except OSError as problem:
        raise cannot_read(path, problem) from problem


def make_folder(path: Path) -> None:
    """Make a folder with its parents; raises CannotWrite."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise cannot_write(path, problem) from problem


def cannot_read(path: Path, problem: OSError) -> CannotRead:
    """What an operating system's refusal to read means to a person."""
    if isinstance(problem, FileNotFoundError):
        return CannotRead(f"找不到文件“{path}”。", "请核对文件名和所在文件夹。")
    return CannotRead(
        f"不能读取“{path}”（{_reason(problem)}）。", "请检查文件权限或存储介质后再试。"
    )


def cannot_write(path: Path, problem: OSError) -> CannotWrite:
    """What an operating system's refusal to write means to a person."""
    if problem.errno in _FULL:
        return CannotWrite(
            f"磁盘空间不足，“{path}”没有写入。", "请清理磁盘空间或换一个位置；原有文件没有改动。"
        )
    return CannotWrite(
        f"不能写入“{path}”（{_reason(problem)}）。",
        "请检查文件夹是否存在、是否有写入权限，或换一个位置；原有文件没有改动。",
    )


def _reason(problem: OSError) -> str:
    known = {
        errno.EACCES: "没有权限",
        errno.EPERM: "没有权限",
        errno.EROFS: "只读介质",
        errno.ENOENT: "路径不存在",
        errno.ENOTDIR: "上级不是文件夹",
        errno.EISDIR: "是文件夹而不是文件",
        errno.EEXIST: "同名文件已存在",
        errno.ENAMETOOLONG: "名称太长",
        errno.EBUSY: "正被其他程序使用",
        errno.EIO: "存储介质读写出错",
    }
    return known.get(problem.errno or 0, f"系统错误 {problem.errno}")
