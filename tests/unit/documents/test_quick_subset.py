"""The quick subsets are reportlab's own, byte for byte."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.pdfbase.ttfonts import TTFontFile

from rongchang_desk.documents import fonts, quick_subset

characters = st.lists(
    st.sampled_from("荣昌区知识产权工作领导小组镕喆堃0123456789 ABCxyz，。、（）—①②𬀩")
    | st.characters(),
    max_size=60,
    unique=True,
)


@given(st.sampled_from([fonts.SONG, fonts.HEADLINE, fonts.HEI, fonts.KAI, fonts.FANG]), characters)
@settings(max_examples=60, deadline=None)
def test_both_ways_make_the_same_font_of_any_characters(name: str, wanted: list[str]) -> None:
    face = fonts.face_of(name)
    codes = [0, *map(ord, wanted)]
    assert face.makeSubset(codes) == TTFontFile.makeSubset(face, codes)


def test_a_subset_of_half_the_font_needs_wide_offsets_and_is_the_same() -> None:
    face = fonts.face_of(fonts.SONG)
    codes = sorted(face.charToGlyph)[:2500]
    made = face.makeSubset(codes)
    assert len(made) > 0x20000
    assert made == TTFontFile.makeSubset(face, codes)


def test_glyphs_made_of_others_are_left_to_reportlab() -> None:
    face = fonts.face_of(fonts.SONG)
    left: list[Sequence[int]] = []

    def slow(codes: Sequence[int]) -> bytes:
        left.append(codes)
        return b"by reportlab"

    fixed = quick_subset._Fixed(face)
    assert quick_subset._subset(fixed, slow, [0, ord("荣")]) != b"by reportlab"
    start = fixed.places[fixed.glyph_of[ord("荣")]]
    fixed.data = fixed.data[:start] + b"\xff\xff" + fixed.data[start + 2 :]
    assert quick_subset._subset(fixed, slow, [0, ord("荣")]) == b"by reportlab"
    assert left == [[0, ord("荣")]]


def test_a_font_that_is_damaged_is_never_quietly_cut_short() -> None:
    fixed = quick_subset._Fixed(fonts.face_of(fonts.SONG))
    fixed.metrics = fixed.metrics[:1]
    with pytest.raises(IndexError):
        quick_subset._subset(fixed, lambda codes: b"", [0, ord("荣")])
