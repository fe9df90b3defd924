"""Paragraphs: a last line is not a single character where papers ask for that."""

from __future__ import annotations

import pytest

from rongchang_desk.documents import fonts
from rongchang_desk.documents.page import PITCH, SIZE_3, WIDTH
from rongchang_desk.documents.paragraph import Paragraph
from rongchang_desk.documents.text import Line, Span


def lines(text: str | list[Span], *, paired: bool = True) -> list[Line]:
    made = Paragraph(text, size=SIZE_3, leading=PITCH, indent=2, paired=paired)
    made.wrap(WIDTH, 1000)
    return list(made._lines or ())


@pytest.mark.parametrize("end", ["。", "”。", "）；"])
def test_a_single_character_in_the_last_line_gets_another(end: str) -> None:
    text = "推" * (26 + 28) + "进" + end
    assert [line.text for line in lines(text, paired=False)][-1] == f"进{end}"
    made = lines(text)
    assert [line.text for line in made][-1] == f"推进{end}"
    assert "".join(line.text for line in made) == text
    widths = [sum(atom[1] for atom in line.atoms) * SIZE_3 / 1000 for line in made]
    assert [line.width for line in made] == pytest.approx(widths)
    assert [(line.first, line.last) for line in made] == [
        (True, False), (False, False), (False, True),
    ]  # fmt: skip


def test_the_character_given_takes_along_what_may_not_be_parted_from_it() -> None:
    text = "推" * (26 + 26) + "进，进。"
    assert lines(text, paired=False)[-1].text == "进。"
    assert lines(text)[-1].text == "进，进。"
    noted: list[Span] = [("推" * (26 + 27) + "进", fonts.FANG), ("去重。", fonts.NOTE)]
    bare = [line.text for line in lines([*noted, ("场进。", fonts.FANG)], paired=False)]
    held = lines([*noted, ("场进。", fonts.FANG)])
    assert "".join(bare) == "".join(line.text for line in held)
    assert not held[-1].text.startswith("。")


@pytest.mark.parametrize("text", ["推" * 28, "推进。", "推" * 26, "推" * 26 + "2026"])
def test_other_paragraphs_stay_as_they_are(text: str) -> None:
    one, other = lines(text), lines(text, paired=False)
    assert [line.text for line in one] == [line.text for line in other]


def test_forms_are_set_as_they_were() -> None:
    text = "推" * (26 + 28) + "进。"
    usual = Paragraph(text, size=SIZE_3, leading=PITCH, indent=2)
    usual.wrap(WIDTH, 1000)
    assert usual._lines is not None
    assert usual._lines[-1].text == "进。"
