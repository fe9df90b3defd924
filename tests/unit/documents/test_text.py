"""Breaking lines: the rules of Chinese typesetting, whatever the text."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rongchang_desk.documents import fonts
from rongchang_desk.documents.paragraph import Paragraph
from rongchang_desk.documents.pen import spread_of
from rongchang_desk.documents.text import (
    NO_END,
    NO_START,
    break_lines,
    clean,
    extent,
)
from rongchang_desk.errors import DeskError

SIZE = 15.75
CHINESE = "知识产权强市建设试点城市月报专利商标地理标志荣昌陶夏布折扇"
PUNCTUATION = "，。；：！？、（）《》“”〔〕…—"
PIECES = st.one_of(
    st.text(CHINESE, min_size=1, max_size=12),
    st.sampled_from([*PUNCTUATION, "……", "——", "》，", "（《", "”。"]),
    st.sampled_from(["1234567.89", "19,000", "12.5%", "GB/T", "29490—2023", "-3.5", "Logistic"]),
    st.just(" "),
)
TEXTS = st.lists(PIECES, min_size=1, max_size=60).map("".join)
WIDTHS = st.integers(min_value=4, max_value=28).map(lambda count: count * SIZE)


def _fits(text: str, width: float) -> bool:
    """Whether every unbreakable piece of the text fits into a line."""
    return extent(text, fonts.FANG).piece * SIZE / 1000 <= width


@settings(max_examples=200, deadline=None)
@given(TEXTS, WIDTHS, st.booleans())
def test_the_joined_lines_are_the_text(text: str, width: float, squeeze: bool) -> None:
    lines = break_lines([(text, fonts.FANG)], SIZE, width, squeeze=squeeze)
    assert "".join(line.text for line in lines) == clean(text)


@settings(max_examples=200, deadline=None)
@given(TEXTS, WIDTHS, st.booleans())
def test_no_line_starts_or_ends_with_a_forbidden_sign(
    text: str, width: float, squeeze: bool
) -> None:
    if not _fits(text, width):
        return
    lines = break_lines([(text, fonts.FANG)], SIZE, width, squeeze=squeeze)
    for before, after in pairwise(lines):
        assert before.text[-1] not in NO_END
        assert after.text[0] not in NO_START


@settings(max_examples=200, deadline=None)
@given(TEXTS, WIDTHS)
def test_a_line_is_never_wider_than_its_room(text: str, width: float) -> None:
    if not _fits(text, width):
        return
    for line in break_lines([(text, fonts.FANG)], SIZE, width):
        assert line.width <= width + 0.02


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(list(CHINESE)), min_size=1, max_size=60), WIDTHS)
def test_numbers_and_words_are_never_torn(filling: list[str], width: float) -> None:
    number = "1,234,567.89"
    text = "".join(character + number for character in filling)
    if not _fits(text, width):
        return
    lines = break_lines([(text, fonts.FANG)], SIZE, width)
    assert sum(line.text.count(number) for line in lines) == len(filling)


@given(st.text("，。、；", min_size=30, max_size=60))
@settings(max_examples=30, deadline=None)
def test_a_piece_wider_than_the_line_is_torn_rather_than_lost(text: str) -> None:
    lines = break_lines([(text, fonts.SONG)], SIZE, 6 * SIZE)
    assert "".join(line.text for line in lines) == text
    assert all(line.width <= 6 * SIZE + 0.02 for line in lines)


def test_twenty_eight_characters_of_3hao_fill_the_text_block() -> None:
    text = "知" * 57
    lines = break_lines([(text, fonts.FANG)], SIZE, 156 / 25.4 * 72)
    assert [len(line.text) for line in lines] == [28, 28, 1]


def test_a_closing_mark_is_pressed_into_a_justified_line_when_little_is_missing() -> None:
    text, width = "知" * 28 + "。" + "识" * 30, 28.6 * SIZE
    pressed = break_lines([(text, fonts.FANG)], SIZE, width, squeeze=True)[0]
    assert pressed.text == "知" * 28 + "。"
    assert -0.02 * SIZE <= spread_of(pressed, width, SIZE) < 0


def test_a_closing_mark_pulls_its_character_down_when_much_is_missing() -> None:
    text = "知" * 28 + "。" + "识" * 30
    for squeeze in (True, False):
        line = break_lines([(text, fonts.FANG)], SIZE, 28.2 * SIZE, squeeze=squeeze)[0]
        assert line.text == "知" * 27


def test_a_justified_line_fills_its_room_and_the_last_one_does_not() -> None:
    text = "按照“统一领导、分级负责”的原则，区市场监管局会同区财政局开展了2026年度监测。" * 2
    lines = break_lines([(text, fonts.FANG)], SIZE, 28 * SIZE)
    filled = lines[0].width + spread_of(lines[0], 28 * SIZE, SIZE) * (len(lines[0].atoms) - 1)
    assert filled == pytest.approx(28 * SIZE)
    assert spread_of(lines[-1], 28 * SIZE, SIZE) == 0


def test_line_ends_in_the_text_start_new_lines() -> None:
    lines = break_lines([("第一行\r\n第二行\n", fonts.SONG)], SIZE, 300)
    assert [line.text for line in lines] == ["第一行", "第二行", ""]


def test_invisible_characters_of_pasted_text_leave_no_mark() -> None:
    assert clean("商\u200b标\ufeff\t名") == "商标 名"


def test_rare_characters_of_names_fall_back_glyph_by_glyph() -> None:
    known = fonts.places(fonts.FANG)
    assert known["知"][0] == fonts.FANG
    assert {known[character][0] for character in "镕喆堃昇赟鄠浐㳇𬀩"} == {fonts.KAI}
    assert fonts.places(fonts.HEADLINE)["𬀩"][0] == fonts.SONG


@pytest.mark.parametrize("face", list(fonts.CHAINS))
def test_every_sign_we_print_has_a_glyph(face: str) -> None:
    fonts.check_printable("✓▲△●○■□–—…※≥≤×·‘’“”〔〕＿￥℃①Ⅳ′∶" + "榮昌陶器", face)


def test_a_character_without_a_glyph_is_refused_by_name() -> None:
    with pytest.raises(DeskError) as caught:
        break_lines([("持有人：𪚥某某", fonts.SONG)], SIZE, 300)
    assert "𪚥" in caught.value.message
    assert "U+2A6A5" in caught.value.message
    assert "持有人" in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize("character", ["\x07", "\u202e", "\ue000", "\ud800"])
def test_a_control_character_is_refused_by_its_number(character: str) -> None:
    with pytest.raises(fonts.UnprintableCharacter, match=f"U\\+{ord(character):04X}"):
        break_lines([(f"专利{character}号", fonts.SONG)], SIZE, 300)


def test_a_paragraph_breaks_between_lines_and_keeps_them_all() -> None:
    paragraph = Paragraph("知识产权" * 40, size=SIZE, leading=29.6, indent=2)
    _, height = paragraph.wrap(28 * SIZE, 1000)
    above, below = paragraph.split(28 * SIZE, height / 2)
    assert above.wrap(28 * SIZE, 1000)[1] + below.wrap(28 * SIZE, 1000)[1] == height
    assert paragraph.split(28 * SIZE, 10) == []
