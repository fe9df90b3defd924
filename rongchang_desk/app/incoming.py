"""The files named to be taken in: found in folders and zips, and read."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rongchang_desk.app.files import read_bytes
from rongchang_desk.app.opening import LARGEST
from rongchang_desk.app.outcome import Reason
from rongchang_desk.errors import CannotRead


@dataclass(frozen=True, slots=True)
class File:
    """A file found: its name as shown, its bytes or why they could not be read."""

    name: str
    data: bytes
    trouble: Reason | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a file lies: on disk, or as a member of a zip."""

    path: Path
    member: str = ""

    @property
    def name(self) -> str:
        return f"{self.path.name} › {self.member}" if self.member else self.path.name


def found_in(paths: Iterable[Path]) -> Iterator[Place]:
    """The PDFs at the given places; anything else named outright is kept to be refused."""
    for path in paths:
        if path.is_dir():
            for inner in sorted(path.rglob("*")):
                if inner.is_file() and inner.suffix.lower() in (".pdf", ".zip"):
                    yield from (
                        _in_zip(inner) if inner.suffix.lower() == ".zip" else (Place(inner),)
                    )
        elif path.suffix.lower() == ".zip" and path.is_file():
            yield from _in_zip(path)
        else:
            yield Place(path)


def _in_zip(path: Path) -> Iterator[Place]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = [i.filename for i in archive.infolist() if not i.is_dir()]
    except (zipfile.BadZipFile, OSError):
        yield Place(path)
        return
    yield from (Place(path, name) for name in members if name.lower().endswith(".pdf"))


def read(place: Place) -> File:
    """What lies at a place; never raises for a file that cannot be read."""
    try:
        if not place.member:
            return File(place.name, read_bytes(place.path, LARGEST))
        with zipfile.ZipFile(place.path) as archive:
            if archive.getinfo(place.member).file_size > LARGEST:
                return File(place.name, b"", Reason("too-large", "压缩包里的文件太大。"))
            return File(place.name, archive.read(place.member))
    except CannotRead as problem:
        return File(place.name, b"", Reason("cannot-read", str(problem).replace("\n", "")))
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError) as problem:
        del problem  # its text is English
        return File(
            place.name, b"", Reason("cannot-read", "压缩包损坏或加了密码，不能读取其中的文件。")
        )
