"""Step 2: the raw bytes, judged before any PDF parser sees them.

A sealed file is one revision with one gap. Parsers forgive much (several headers, trailing
bytes, a gap elsewhere than the dictionary says); these rules forgive nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

HEADER = b"%PDF-1.7\n"
MARKS = (b"%PDF-", b"startxref", b"%%EOF", b"/ByteRange")
"""Words that occur exactly once in a sealed file; compressed streams are made to avoid them."""

_RANGE = re.compile(
    rb"[ \n]?/ByteRange ?\[0 ([1-9][0-9]{0,9}) ([1-9][0-9]{0,9}) ([1-9][0-9]{0,9})\]"
)
_HEX = re.compile(rb"(?:[0-9A-F]{2})+")


class NotOneRevision(Exception):
    """The bytes are not one signed revision; `code` is the reason's code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class SignedBytes:
    """The file cut at its gap."""

    before: memoryview
    after: memoryview
    contents: bytes
    """The whole gap as bytes: the CMS structure and its zero padding."""
    byte_range: tuple[int, int, int, int]


def cut(data: bytes) -> SignedBytes:
    """The signed bytes and the gap of a file. Raises NotOneRevision."""
    if not data.startswith(b"%PDF-"):
        raise NotOneRevision("not-a-pdf")
    if not data.rstrip(b"\r\n\x00 ").endswith(b"%%EOF") and data.count(b"%%EOF") == 0:
        raise NotOneRevision("file-incomplete")
    if b"/ByteRange" not in data:
        raise NotOneRevision("not-signed")
    if not data.startswith(HEADER) or any(data.count(mark) != 1 for mark in MARKS):
        raise NotOneRevision("not-one-revision")
    if not (data.endswith((b"%%EOF", b"%%EOF\n"))):
        raise NotOneRevision("not-one-revision")
    at = data.index(b"/ByteRange")
    found = _RANGE.match(data, at - 1) or _RANGE.match(data, at)
    if found is None:
        raise NotOneRevision("not-one-revision")
    start, end, length = (int(number) for number in found.groups())
    fits = (
        start < end == found.start()
        and end + length == len(data)
        and data[start - 10 : start] == b"/Contents "
        and data[start : start + 1] == b"<"
        and data[end - 1 : end] == b">"
    )
    if not fits or _HEX.fullmatch(data, start + 1, end - 1) is None:
        raise NotOneRevision("not-one-revision")
    view = memoryview(data)
    return SignedBytes(
        before=view[:start],
        after=view[end:],
        contents=bytes.fromhex(data[start + 1 : end - 1].decode("ascii")),
        byte_range=(0, start, end, length),
    )
