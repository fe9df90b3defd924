"""One process has a desk at a time: a lock on a file, which the system drops when we die.

The two system calls behind it are called directly: the libraries for it cost an eighth of the
window's whole start.
"""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

from rongchang_desk.errors import CannotWrite, DeskLocked

FILE_NAME = "desk.lock"
_TAKEN = {errno.EACCES, errno.EAGAIN, errno.EDEADLK}


class DeskLock:
    """A lock that is held; `release` it, or end the process."""

    def __init__(self, handle: int) -> None:
        self._handle: int | None = handle

    def release(self) -> None:
        """Let others have the desk; a second call does nothing."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def lock(folder: Path) -> DeskLock:
    """Take a desk for this process; raises DeskLocked when it is taken, CannotWrite."""
    try:
        # Python opens files so that child processes do not inherit them (PEP 446).
        handle = os.open(folder / FILE_NAME, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as problem:
        raise CannotWrite(
            f"不能在文件夹“{folder}”中写入。", "请检查文件夹权限，或换一个可以写入的位置。"
        ) from problem
    try:
        _take(handle)
    except OSError as problem:
        os.close(handle)
        if problem.errno not in _TAKEN:
            raise CannotWrite(
                f"文件夹“{folder}”所在的磁盘不支持加锁。", "请把工作台放在本机硬盘上。"
            ) from problem
        raise DeskLocked(
            f"工作台“{folder}”已在另一个窗口或程序中打开。",
            "请先关闭那个窗口；如果确认没有打开，请重新启动电脑后再试。",
        ) from problem
    return DeskLock(handle)


if sys.platform == "win32":
    import msvcrt

    def _take(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
