"""Headlines break where a reader would pause, into lines of much the same length."""

from __future__ import annotations

import pytest

from rongchang_desk.documents import fonts
from rongchang_desk.documents.headline import title_lines
from rongchang_desk.documents.page import SIZE_2, WIDTH


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        (
            "荣昌区创建国家知识产权强市建设试点城市工作月报",
            ["荣昌区创建国家知识产权", "强市建设试点城市工作月报"],
        ),
        ("关于2026年10月月报报送情况的通报", ["关于2026年10月月报报送情况的通报"]),
        ("甲\n乙", ["甲", "乙"]),
        (
            "关于加快高价值发明专利培育的督办单延期申请",
            ["关于加快高价值发明专利", "培育的督办单延期申请"],
        ),
    ],
)
def test_titles_break_between_words(title: str, lines: list[str]) -> None:
    assert title_lines(title, SIZE_2, WIDTH) == lines


def test_no_title_tears_a_word_a_date_or_a_book_title() -> None:
    for filler in range(12):
        title = f"关于{'某' * filler}区2026年10月《知识产权强市》试点城市建设工作情况的通报"
        lines = title_lines(title, SIZE_2, WIDTH)
        assert "".join(lines) == title
        for word in ("2026年10月", "知识产权", "试点城市", "工作", "情况的", "通报"):
            assert any(word in line for line in lines), (word, lines)
        assert not any(line.startswith(("》", "的")) or line.endswith("《") for line in lines)


def test_lines_fit_and_are_as_few_as_they_can_be() -> None:
    title = "知识产权" * 12
    lines = title_lines(title, SIZE_2, WIDTH)
    widths = [fonts.text_width(line, fonts.HEADLINE, SIZE_2) for line in lines]
    assert max(widths) <= WIDTH
    assert len(lines) == 3
    assert len(set(widths)) == 1


def test_a_word_longer_than_the_line_is_torn_rather_than_lost() -> None:
    title = "A" * 60
    lines = title_lines(title, SIZE_2, WIDTH)
    assert "".join(lines) == title
    assert all(fonts.text_width(line, fonts.HEADLINE, SIZE_2) <= WIDTH for line in lines)
