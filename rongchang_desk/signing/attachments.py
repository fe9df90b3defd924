"""Packing and unpacking the files carried inside a sealed PDF (FlateDecode, with bounds)."""

from __future__ import annotations

import re
import zlib

from rongchang_desk.signing.raw_file import MARKS

_MARK = re.compile(b"|".join(re.escape(mark) for mark in MARKS))


class TooLarge(Exception):
    """A stream inflates beyond its bound."""


class Malformed(Exception):
    """A stream is not exactly one zlib stream."""


def deflate(data: bytes) -> bytes:
    """`data` compressed so that none of the raw file's marks can be read in the result.

    zlib stores what does not shrink, so an attached PDF could show its own `%%EOF` to the raw
    check. Flushing inside each mark keeps its two halves apart.
    """
    compressor = zlib.compressobj(9)
    parts: list[bytes] = []
    done = 0
    for mark in _MARK.finditer(data):
        middle = mark.start() + 2
        parts += (compressor.compress(data[done:middle]), compressor.flush(zlib.Z_SYNC_FLUSH))
        done = middle
    parts += (compressor.compress(data[done:]), compressor.flush())
    return b"".join(parts)


def inflate(data: bytes, limit: int) -> bytes:
    """The content of one zlib stream of at most `limit` bytes. Raises TooLarge or Malformed."""
    stream = zlib.decompressobj()
    try:
        content = stream.decompress(data, limit + 1)
    except zlib.error as error:
        raise Malformed from error
    if len(content) > limit:
        raise TooLarge
    if not stream.eof or stream.unused_data:
        raise Malformed
    return content
