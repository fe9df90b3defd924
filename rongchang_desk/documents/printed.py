"""What the pages of a signed file hold: their content and fonts, taken out of a hostile PDF.

Only what a page of ours may have is taken. Anything else that could put something on paper, or
cover it (pictures, layers, annotations, transparency, other boxes), is not read but named: such
pages do not agree with any data. Reads with qpdf (pikepdf), so run it in a confined process.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import pikepdf

LARGEST = 64 * 1024 * 1024
"""Bytes of all contents and fonts together, after inflating."""
_MOST_BOOKMARKS = 500

_PAGE = {
    "/Type", "/Parent", "/MediaBox", "/Resources", "/Contents", "/Rotate", "/Annots",
    "/StructParents", "/Tabs",
}  # fmt: skip
_FIELD = {"/Type", "/Subtype", "/FT", "/T", "/V", "/F", "/P", "/Rect"}
_FONT = {
    "/Type", "/Subtype", "/Name", "/BaseFont", "/FirstChar", "/LastChar", "/Widths", "/ToUnicode",
    "/FontDescriptor",
}  # fmt: skip
_DESCRIPTOR = {
    "/Type", "/FontName", "/Flags", "/FontBBox", "/ItalicAngle", "/Ascent", "/Descent",
    "/CapHeight", "/StemV", "/MissingWidth", "/FontFile2",
}  # fmt: skip
_STREAM = {"/Length", "/Filter", "/Length1"}
_WORDS = {
    "/XObject": "图片或嵌入的图形",
    "/ExtGState": "透明或叠印效果",
    "/Properties": "可以隐藏的图层",
    "/Annots": "批注或表单",
    "/CropBox": "裁切后的页面范围",
    "/UserUnit": "放大或缩小的页面",
    "/Rotate": "旋转的页面",
    "/MediaBox": "移动过的页面范围",
    "/Encoding": "另行指定的字体编码",
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page: width and height in points, and the operators that paint it."""

    width: float
    height: float
    content: bytes


@dataclass(frozen=True, slots=True)
class Font:
    """An embedded font: its name, the widths of its codes, the digest of its program (hex), and
    the map from codes to characters that readers extract text by."""

    name: str
    widths: tuple[float, ...]
    program: str
    to_unicode: bytes


@dataclass(frozen=True, slots=True)
class Printed:
    """What a file's pages hold; `foreign` says in Chinese what no page of ours has, if anything."""

    sheets: tuple[Sheet, ...] = ()
    fonts: Mapping[str, Font] = field(default_factory=dict)
    bookmarks: tuple[str, ...] = ()
    foreign: str = ""


class _Foreign(Exception):
    """Something that pages of ours do not have; the message is Chinese."""


def read(pdf: bytes) -> Printed:
    """The pages of a sealed file whose structure was found in order. Never raises."""
    try:
        with pikepdf.open(BytesIO(pdf), attempt_recovery=False, suppress_warnings=True) as opened:
            printed = _read(opened)
            if opened.get_warnings():
                raise _Foreign("页面的写法不规范")
            return printed
    except _Foreign as found:
        return Printed(foreign=str(found))
    except Exception:  # noqa: BLE001  qpdf's errors, and each KeyError or TypeError of a bad shape
        return Printed(foreign="页面的写法不规范")


def _read(pdf: pikepdf.Pdf) -> Printed:
    left = _Room(LARGEST)
    tree: Any = pdf.Root.Pages
    _allow(tree, {"/Type", "/Kids", "/Count"}, "页面目录")
    pages: list[Any] = list(tree.Kids)
    alike = [page.objgen for page in pages] == [page.objgen for page in pdf.pages]
    if not alike or int(tree.Count) != len(pages):
        raise _Foreign("页面目录的写法不规范")
    sheets: list[Sheet] = []
    fonts: dict[str, Font] = {}
    known: dict[Any, Font] = {}
    fields = 0
    for number, page in enumerate(pages, 1):
        where = f"第{number}页"
        _allow(page, _PAGE, where)
        fields += _fields(page, where)
        if int(page.get("/Rotate", 0)) != 0:
            raise _foreign("/Rotate", where)
        box = [float(edge) for edge in page.MediaBox]
        if len(box) != 4 or box[:2] != [0, 0]:
            raise _foreign("/MediaBox", where)
        _allow(page.Resources, {"/Font", "/ProcSet"}, where)
        for name, font in page.Resources.Font.items():
            if font.objgen == (0, 0) or font.objgen not in known:
                known[font.objgen] = _font(font, left, where)
            if fonts.setdefault(name, known[font.objgen]) != known[font.objgen]:
                raise _Foreign(f"{where}的字体与其他页不一致")
        sheets.append(Sheet(box[2], box[3], left.inflate(page.Contents, where)))
    if fields > 1:
        raise _foreign("/Annots", "页面")
    outline: Any = pdf.Root.get("/Outlines", pikepdf.Dictionary())
    return Printed(tuple(sheets), fonts, tuple(_bookmarks(outline, set())))


def _allow(item: Any, keys: set[str], where: str) -> None:
    for key in item.keys():  # noqa: SIM118  a pikepdf object is no dict
        if key not in keys:
            raise _foreign(key, where)


def _foreign(key: str, where: str) -> _Foreign:
    return _Foreign(f"{where}含有{_WORDS.get(key, f'其他内容（{key}）')}")


def _fields(page: Any, where: str) -> int:
    """How many fields are on a page: only the signature's is allowed, which shows nothing."""
    widgets = list(page.get("/Annots", ()))
    for widget in widgets:
        keys = set(widget.keys())
        if not keys <= _FIELD or widget.Subtype != "/Widget" or widget.FT != "/Sig":
            raise _foreign("/Annots", where)
        if any(float(edge) != 0 for edge in widget.Rect):
            raise _foreign("/Annots", where)
    return len(widgets)


def _font(font: Any, left: _Room, where: str) -> Font:
    _allow(font, _FONT, where)
    descriptor = font.FontDescriptor
    _allow(descriptor, _DESCRIPTOR, where)
    symbolic = int(descriptor.Flags) & 4
    if font.Subtype != "/TrueType" or int(font.FirstChar) != 0 or not symbolic:
        raise _Foreign(f"{where}的字体不是随附的字体")
    program = left.inflate(descriptor.FontFile2, where)
    if int(descriptor.FontFile2.Length1) != len(program):  # a reader might take another font
        raise _Foreign(f"{where}的字体不完整")
    return Font(
        name=str(font.BaseFont).removeprefix("/"),
        widths=tuple(map(float, font.Widths.unparse().strip(b"[ ]").split())),
        program=hashlib.sha256(program).hexdigest(),
        to_unicode=left.inflate(font.ToUnicode, where),
    )


def _bookmarks(parent: Any, seen: set[Any]) -> Iterator[str]:
    """The titles of all bookmarks below one, or below the root of them."""
    item = parent.get("/First")
    while item is not None:
        if item.objgen in seen or len(seen) > _MOST_BOOKMARKS:
            raise _Foreign("书签的写法不规范")
        seen.add(item.objgen)
        yield str(item.Title)
        yield from _bookmarks(item, seen)
        item = item.get("/Next")


class _Room:
    """Bytes that may still be inflated."""

    def __init__(self, left: int) -> None:
        self._left = left

    def inflate(self, stream: Any, where: str) -> bytes:
        """The content of one deflated stream."""
        _allow(stream.stream_dict, _STREAM, where)
        if stream.get("/Filter") != "/FlateDecode":
            raise _Foreign(f"{where}的写法不规范")
        unpacker = zlib.decompressobj()
        content = unpacker.decompress(stream.read_raw_bytes(), self._left + 1)
        self._left -= len(content)
        if self._left < 0 or not unpacker.eof or unpacker.unused_data:
            raise _Foreign(f"{where}的内容过大或不完整")
        return content
