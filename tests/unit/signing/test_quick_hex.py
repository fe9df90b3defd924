"""The quick reader of hex strings gives what pyHanko's own gives, and fails where it fails."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic

from rongchang_desk.signing import quick_hex, second_opinion

hex_like = st.binary(max_size=40) | st.text("0123456789abcdefABCDEF <>\n\0g", max_size=60).map(
    str.encode
)


def read(reader: Any, data: bytes) -> tuple[str, Any, int] | tuple[str]:
    """What a reader makes of the data: the object with its type and the place after it."""
    stream = BytesIO(data)
    try:
        found = reader(stream)
    except Exception as problem:  # whatever it is, both must raise it
        return (type(problem).__name__,)
    return (type(found).__name__, found, stream.tell())


@given(hex_like, st.booleans())
@example(b"<>", False)
@example(b"<4", False)
@example(b"<414>", False)
@example(b"<41 42>rest", False)
@example(b"<feff4e2d>", False)
@example(b"<" + b"AB" * 5000 + b">tail", False)
def test_both_readers_agree_on_any_bytes(data: bytes, bracketed: bool) -> None:
    text = b"<" + data + b"> tail" if bracketed else data
    assert read(quick_hex.quick, text) == read(quick_hex.slow, text)


def test_a_string_longer_than_the_window_is_left_to_pyhanko() -> None:
    text = b"<" + b"AB" * quick_hex.LONGEST + b">"
    assert read(quick_hex.quick, text) == read(quick_hex.slow, text)


def test_pyhanko_uses_it_once_the_second_opinion_is_loaded() -> None:
    assert second_opinion.agrees
    assert generic.read_hex_string_from_stream is quick_hex.quick
