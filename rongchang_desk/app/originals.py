"""Signed files as they are kept, and copies of them that other programs may open."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from pathlib import Path

from rongchang_desk.app.desk import Desk
from rongchang_desk.app.files import make_folder, write_whole
from rongchang_desk.errors import CannotRead
from rongchang_desk.store import issued, returns

_FOLDER = "rongchang-desk-查看"


def return_bytes(desk: Desk, digest: str) -> bytes:
    """The original file of a received return, byte for byte; raises CannotRead."""
    try:
        return returns.original(desk.store, digest)
    except KeyError as problem:
        raise _not_here() from problem


def report_bytes(desk: Desk, digest: str) -> bytes:
    """An issued report or bulletin as it was signed; raises CannotRead."""
    try:
        return issued.pdf(desk.store, digest)
    except KeyError as problem:
        raise _not_here() from problem


def viewing_copy(data: bytes, name: str) -> Path:
    """Write bytes to a temporary file with a clear name, for another program to show.

    It is taken away when this program ends: it may hold what is not public. Raises CannotWrite.
    """
    folder = Path(tempfile.mkdtemp(prefix=f"{_FOLDER}-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = folder / name
    write_whole(path, data)
    return path


def return_copy(desk: Desk, digest: str) -> Path:
    """A temporary copy of a received return under its usual name."""
    row = returns.received_name(desk.store, digest)
    if row is None:
        raise _not_here()
    unit, month, revision = row
    name = f"{desk.plan.name_of(unit)}_{month}_月报_第{revision}版.pdf"
    return viewing_copy(return_bytes(desk, digest), name)


def report_copy(desk: Desk, digest: str, name: str) -> Path:
    """A temporary copy of an issued report."""
    return viewing_copy(report_bytes(desk, digest), f"{name}.pdf")


def made_folder(folder: Path) -> Path:
    """A folder that exists now, to be shown; raises CannotWrite."""
    make_folder(folder)
    return folder


def _not_here() -> CannotRead:
    return CannotRead("工作台里没有这份文件。", "请刷新（F5）后再试。")
