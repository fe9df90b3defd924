"""Whether a font file of the office's own may be used for its papers.

Official papers are set in 方正小标宋 and 仿宋_GB2312, which may not be shipped; an office that
holds a licence points the Desk at its files. A unit's return never uses them: whoever takes it
in draws it again and compares.
"""

from __future__ import annotations

from pathlib import Path

from reportlab.pdfbase.ttfonts import TTFont

from rongchang_desk.errors import FoundWrong

LARGEST = 64 * 1024 * 1024
"""Bytes; the largest Chinese fonts have about 30 MB."""
_RESTRICTED, _NO_SUBSETS, _ONLY_BITMAPS = 0x0002, 0x0100, 0x0200
_LICENCE_BITS = 0x000F
_SIGNS = "0123456789ABCabc，。、；：？！（）《》〈〉〔〕“”‘’—…·％"
_LEVEL_1 = bytes(
    code
    for row in range(0xB0, 0xD8)
    for cell in range(0xA1, 0xFA if row == 0xD7 else 0xFF)
    for code in (row, cell)
).decode("gb2312")
"""The 3,755 common characters of GB 2312, level 1."""
_HINT = "请选择字库厂商提供的 TrueType 字体文件（.ttf）；不选时使用随附字体。"


def check(path: Path) -> None:
    """Raise FoundWrong, which says in Chinese why a file will not do for official papers.

    Unreadable, no TrueType, not to be embedded by its licence (OS/2 fsType), damaged, or
    without common characters.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise FoundWrong(f"“{path.name}”太大，不像是字体文件。", _HINT)
        data = path.read_bytes()
    except OSError as error:
        raise FoundWrong(f"读不出字体文件“{path}”。", "请检查文件是否还在、能否打开。") from error
    if data[:4] == b"OTTO":
        raise FoundWrong(f"“{path.name}”是 PostScript 轮廓的字体，无法嵌入。", _HINT)
    if data[:4] == b"ttcf":
        raise FoundWrong(f"“{path.name}”是几种字体的合集，无法嵌入。", _HINT)
    if data[:4] not in (b"\0\1\0\0", b"true"):
        raise FoundWrong(f"“{path.name}”不是 TrueType 字体文件。", _HINT)
    _check_licence(path, data)
    try:
        face = TTFont("checked", str(path), asciiReadable=False, shapable=False).face
    except Exception as error:  # whatever reportlab makes of a damaged table
        raise FoundWrong(f"“{path.name}”已经损坏或不是完整的字体文件。", _HINT) from error
    missing = [sign for sign in _SIGNS + _LEVEL_1 if ord(sign) not in face.charToGlyph]
    if missing:
        raise FoundWrong(
            f"“{path.name}”缺少{len(missing)}个常用字符，例如“{''.join(missing[:6])}”。", _HINT
        )


def _check_licence(path: Path, data: bytes) -> None:
    """What the maker allows: fsType of the table OS/2 (OpenType 1.9)."""
    count = int.from_bytes(data[4:6], "big")
    for index in range(count):
        entry = data[12 + 16 * index : 28 + 16 * index]
        if entry[:4] == b"OS/2":
            start = int.from_bytes(entry[8:12], "big")
            allowed = int.from_bytes(data[start + 8 : start + 10], "big")
            forbidden = allowed & _LICENCE_BITS == _RESTRICTED or allowed & (
                _NO_SUBSETS | _ONLY_BITMAPS
            )
            if forbidden:
                raise FoundWrong(f"“{path.name}”的许可不允许嵌入文件。", _HINT)
            return
    raise FoundWrong(f"“{path.name}”没有注明能否嵌入文件。", _HINT)
