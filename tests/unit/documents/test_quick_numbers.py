"""Numbers of page operators: short, and near enough to what reportlab itself would write."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rongchang_desk.documents.quick_numbers import written


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"), (-0.0, "0"), (0.00001, "0"), (-0.00004, "0"), (12, "12"), (100.0, "100"),
        (12.5, "12.5"), (0.75, ".75"), (-0.5, "-.5"), (10.0605, "10.0605"), (29.62000001, "29.62"),
    ],
)  # fmt: skip
def test_a_number_is_written_as_short_as_it_can_be(number: float, text: str) -> None:
    assert written(number) == text


@given(st.floats(-20000, 20000))
def test_any_number_is_plain_pdf_and_near(number: float) -> None:
    text = written(number)
    assert re.fullmatch(r"-?(?:\d+|\d*\.\d{1,4})", text)  # no exponent: PDF has none
    assert abs(float(text) - number) <= 0.00005 + 1e-9


def test_what_is_no_number_on_paper_is_an_error() -> None:
    for wrong in (float("nan"), float("inf")):
        with pytest.raises(ValueError, match="no number"):
            written(wrong)
