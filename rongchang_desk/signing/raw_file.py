"""Step 2: the raw bytes, judged before any PDF parser sees them.

A sealed file is one revision with one gap. Parsers forgive much (several headers, trailing
bytes, a gap elsewhere than the dictionary says); these rules forgive nothing.
"""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass

HEADER = b"%PDF-1.7\n"
ENDS = (b"%%EOF", b"%%EOF\n")
MARKS = (b"%PDF-", b"startxref", b"%%EOF", b"/ByteRange")
"""Words that occur exactly once in a sealed file; compressed streams are made to avoid them."""

_RANGE = re.compile(
    rb"[ \n]?/ByteRange ?\[0 ([1-9][0-9]{0,9}) ([1-9][0-9]{0,9}) ([1-9][0-9]{0,9})\]"
)


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
    counts = {mark: data.count(mark) for mark in MARKS}
    if counts[b"%%EOF"] == 0:
        raise NotOneRevision("file-incomplete")
    if counts[b"/ByteRange"] == 0:
        raise NotOneRevision("not-signed")
    if set(counts.values()) != {1} or not data.startswith(HEADER) or not data.endswith(ENDS):
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
    if not fits:
        raise NotOneRevision("not-one-revision")
    view = memoryview(data)
    return SignedBytes(
        before=view[:start],
        after=view[end:],
        contents=_unhex(data[start + 1 : end - 1]),
        byte_range=(0, start, end, length),
    )


def _unhex(digits: bytes) -> bytes:
    """The bytes of pairs of upper-case hex digits, and of nothing else (no blanks, no a to f)."""
    try:
        contents = binascii.unhexlify(digits)
    except binascii.Error as error:
        raise NotOneRevision("not-one-revision") from error
    if binascii.hexlify(contents).upper() != digits:
        raise NotOneRevision("not-one-revision")
    return contents
