"""Looks into an xlsx package before calamine reads it, for what calamine does not tell or survive.

It takes cells that show an error for empty ones, and it makes room for whatever size a file
claims, which can end the whole program. Nothing is known here of plans or records.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from rongchang_desk.formats.errors import FormatError

LARGEST_FILE = 20 * 1024 * 1024
LARGEST_UNPACKED = 200 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 256
"""A sheet beyond these is not read: calamine lays out every cell up to the farthest one, and
one stray cell in the last corner would ask for hundreds of gigabytes."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What a look at a sheet's XML tells: cells with an error by row, and a cell too far off."""

    broken: Mapping[int, str]
    beyond: str


def look_into(data: bytes) -> dict[str, Scan]:
    """A look at each sheet before calamine reads it; calamine takes error cells for empty ones.

    Raises FormatError for what is no xlsx package or would unpack to far too much.
    """
    if len(data) > LARGEST_FILE:
        raise FormatError(f"文件有 {len(data):,} 字节，太大。", "请删去图片等无关内容后再导入。")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            if sum(member.file_size for member in package.infolist()) > LARGEST_UNPACKED:
                raise FormatError("文件解开后太大。", "请删去图片等无关内容后再导入。")
            for part in ("xl/sharedStrings.xml", "xl/styles.xml"):
                if part in package.namelist():
                    _refuse_false_counts(package.read(part))
            return {name: _scan(package.read(path)) for name, path in _sheet_files(package).items()}
    except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, OSError, RuntimeError,
            EOFError, NotImplementedError) as wrong:  # fmt: skip
        raise not_a_workbook() from wrong


def not_a_workbook() -> FormatError:
    return FormatError(
        "这个文件不是 xlsx 表格，或者已经损坏。",
        "请用工作台导出的模板填写；若设了密码请先取消，若是 xls 请另存为 xlsx。",
    )


def _refuse_false_counts(content: bytes) -> None:
    """Raises ValueError for a list said to be longer than its file: calamine makes room for it."""
    for said in re.findall(rb"""(?i)\b(?:count|uniqueCount)\s*=\s*["'](\d+)["']""", content):
        if len(said) > 9 or int(said) > len(content):
            raise ValueError("a count beyond the size of the file")


def _sheet_files(package: zipfile.ZipFile) -> dict[str, str]:
    """The file of each sheet inside the package, in the order of the workbook."""
    book = package.read("xl/workbook.xml").decode()
    links = package.read("xl/_rels/workbook.xml.rels").decode()
    paths = {}
    for link in re.findall(r"<(?:\w+:)?Relationship\s[^>]*>", links):
        key, target = _attribute(link, "Id"), _attribute(link, "Target")
        paths[key] = target[1:] if target.startswith("/") else f"xl/{target}"
    files = {}
    for sheet in re.findall(r"<(?:\w+:)?sheet\s[^>]*>", book):
        files[_attribute(sheet, "name")] = paths[_attribute(sheet, r"\w+:id")]
    return files


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf"""\s{name}\s*=\s*(?:"([^"]*)"|'([^']*)')""", tag)
    return html.unescape(found[1] or found[2] or "") if found else ""


def _scan(content: bytes) -> Scan:
    broken: dict[int, str] = {}
    beyond = ""
    for tag in re.findall(r"<(?:\w+:)?c\s[^>]*[^/]>", content.decode()):
        cell = _attribute(tag, "r")
        if not cell:
            continue
        place = re.fullmatch(r"([A-Z]{1,3})([0-9]{1,7})", cell)
        row, column = (int(place[2]), _column_number(place[1])) if place else (0, 0)
        if not 0 < row <= MOST_ROWS + 1 or column > MOST_COLUMNS:
            beyond = beyond or cell[:20]
        elif _attribute(tag, "t") == "e":
            broken.setdefault(row, cell)
    return Scan(broken, beyond)


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
