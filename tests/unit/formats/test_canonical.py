from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rongchang_desk.domain.month import Month
from rongchang_desk.domain.records import Evidence, Value
from rongchang_desk.formats import canonical
from rongchang_desk.formats.errors import FormatError

texts = st.text(st.characters(exclude_categories=("Cs",)))
keys = st.text(st.characters(exclude_categories=("Cs",), max_codepoint=0xFFFF))
trees = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts,
    lambda inner: st.lists(inner) | st.dictionaries(keys, inner),
    max_leaves=30,
)


@given(trees)
def test_the_bytes_are_those_of_sorted_compact_json(tree: object) -> None:
    plain = json.dumps(tree, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert canonical.dumps(tree) == plain.encode()


@given(trees)
def test_what_is_encoded_reads_back_as_it_was(tree: object) -> None:
    assert json.loads(canonical.dumps(tree)) == tree


def test_control_characters_take_the_short_escapes_of_the_standard() -> None:
    assert canonical.dumps('\b\t\n\f\r\x01\x1f\x7f"\\/€') == (
        b'"\\b\\t\\n\\f\\r\\u0001\\u001f\x7f\\"\\\\/' + "€".encode() + b'"'
    )


def test_keys_are_sorted_in_dataclasses_too() -> None:
    assert canonical.dumps(Evidence("a.pdf", 3, "00")) == b'{"name":"a.pdf","sha256":"00","size":3}'


def test_months_dates_and_states_have_one_written_form() -> None:
    value = {"m": Month(2026, 3), "d": date(2026, 3, 9), "v": Value.of(0)}
    assert canonical.dumps(value) == (
        b'{"d":"2026-03-09","m":"2026-03","v":{"number":"0","state":"zero"}}'
    )


@pytest.mark.parametrize(
    ("number", "text"),
    [("1E+3", "1000"), ("12.50", "12.5"), ("-0", "0"), ("0.00", "0"), ("1E-7", "0.0000001"),
     ("-3.10", "-3.1"), ("100", "100")],
)  # fmt: skip
def test_equal_decimals_are_written_alike_and_without_exponent(number: str, text: str) -> None:
    assert canonical.dumps(Decimal(number)) == f'"{text}"'.encode()


@pytest.mark.parametrize("number", ["1E+999999999", "1E-41", "NaN", "Infinity"])
def test_a_decimal_out_of_range_is_refused(number: str) -> None:
    with pytest.raises(FormatError, match="超出"):
        canonical.dumps([Decimal(number)])


@pytest.mark.parametrize("number", [2**53, -(2**53)])
def test_an_integer_that_doubles_cannot_hold_is_refused(number: int) -> None:
    with pytest.raises(FormatError, match="超出"):
        canonical.dumps({"n": number})


@pytest.mark.parametrize("value", [1.5, {"a": [2.0]}, {"😀": 1}, {"a": object()}])
def test_what_has_no_canonical_form_is_a_mistake_of_the_caller(value: object) -> None:
    with pytest.raises(TypeError):
        canonical.dumps(value)


def test_a_lone_surrogate_is_refused_with_a_message() -> None:
    with pytest.raises(FormatError, match="字符"):
        canonical.dumps({"a": "x\ud800"})


def test_the_digest_is_sha256_in_hex() -> None:
    assert canonical.digest(b"abc") == (
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )
