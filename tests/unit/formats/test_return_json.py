from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rongchang_desk import assets
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.monthly_return import MonthlyReturn, Signatories, compose
from rongchang_desk.domain.plan import Plan
from rongchang_desk.domain.records import (
    NamedValue,
    Progress,
    Reading,
    Records,
    State,
    Status,
    Training,
    Value,
    kind_of,
)
from rongchang_desk.formats import return_json
from rongchang_desk.formats.errors import FormatError
from tests.strategies import any_record, monthly_returns


@pytest.fixture
def filled(linhe: Plan) -> MonthlyReturn:
    month = Month(2026, 3)
    records = Records(
        progress=(Progress("p1", month, 1, Status.UNDER_WAY, "推进中"),),
        readings=(
            Reading("r1", "loans", month.last_day, (NamedValue("amount", Value.of("12.5")),)),
        ),
        trainings=(
            Training(
                "t1", month.first_day, "专利讲座", headcounts=(NamedValue("worker", Value.of(30)),)
            ),
        ),
    )
    return compose(
        linhe, "0" * 64, linhe.unit("A1"), month, records,
        revision=1, amends=None, signed_at="2026-04-02T09:00:00+08:00", software="1.0",
        signatories=Signatories("甲", "乙", "丙"),
    )  # fmt: skip


def changed(data: bytes, change: Callable[[dict[str, Any]], object]) -> bytes:
    """The payload with one thing changed, otherwise in canonical form."""
    tree = json.loads(data)
    change(tree)
    return json.dumps(tree, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_a_return_reads_back_as_it_was_written(data: st.DataObject, linhe: Plan) -> None:
    value = data.draw(monthly_returns(linhe))
    payload = return_json.dumps(value)
    assert return_json.loads(payload) == value
    assert return_json.dumps(return_json.loads(payload)) == payload


@given(data=st.data())
@settings(deadline=None)
def test_a_record_reads_back_as_it_was_written(data: st.DataObject, linhe: Plan) -> None:
    record = data.draw(any_record(linhe, Month(2026, 3)))
    assert return_json.record_loads(kind_of(record), return_json.record_dumps(record)) == record


@given(st.binary())
def test_arbitrary_bytes_are_refused_and_never_crash(data: bytes) -> None:
    with pytest.raises(FormatError):
        return_json.loads(data)


@given(data=st.data())
@settings(deadline=None)
def test_a_payload_with_any_byte_changed_is_refused_or_another_return(
    data: st.DataObject, linhe: Plan
) -> None:
    payload = bytearray(return_json.dumps(data.draw(monthly_returns(linhe))))
    place = data.draw(st.integers(0, len(payload) - 1))
    payload[place] ^= data.draw(st.integers(1, 255))
    try:
        value = return_json.loads(bytes(payload))
    except FormatError:
        return
    assert return_json.dumps(value) == bytes(payload)


def test_equal_figures_give_the_same_digest(filled: MonthlyReturn) -> None:
    reading = filled.readings[0]
    same = replace(reading, values=(NamedValue("amount", Value(State.VALUE, Decimal("12.50"))),))
    again = replace(filled, readings=(same,))
    assert return_json.digest(return_json.dumps(again)) == return_json.digest(
        return_json.dumps(filled)
    )


def test_another_figure_gives_another_digest(filled: MonthlyReturn) -> None:
    other = replace(filled, revision=2)
    assert return_json.digest(return_json.dumps(other)) != return_json.digest(
        return_json.dumps(filled)
    )


@pytest.mark.parametrize(
    ("what", "spoil"),
    [
        ("a space", lambda data: data.replace(b'"format":1', b'"format": 1')),
        ("a key twice", lambda data: data.replace(b'"format":1', b'"format":1,"format":1')),
        ("a byte order mark", lambda data: b"\xef\xbb\xbf" + data),
        ("something behind", lambda data: data + b"\n"),
        ("a cut end", lambda data: data[:-1]),
        ("a zero behind a fraction", lambda data: data.replace(b'"12.5"', b'"12.50"')),
        ("an exponent", lambda data: data.replace(b'"12.5"', b'"1.25E1"')),
        ("a number for a decimal", lambda data: data.replace(b'"12.5"', b"12.5")),
        ("a fraction for an integer", lambda data: data.replace(b'"format":1', b'"format":1.0')),
        ("NaN", lambda data: data.replace(b'"12.5"', b'"NaN"')),
        ("an enormous exponent", lambda data: data.replace(b'"12.5"', b'"1E+999999999"')),
        ("a lone surrogate", lambda data: data.replace("甲".encode(), b"\\ud800")),
        ("a needless escape", lambda data: data.replace("甲".encode(), b"\\u7532")),
        ("bytes that are not UTF-8", lambda data: data.replace("甲".encode(), b"\xff\xfe")),
        ("a month that does not exist", lambda data: data.replace(b'"2026-03"', b'"2026-13"')),
        ("a day that does not exist", lambda data: data.replace(b'"2026-03-31"', b'"2026-02-30"')),
        ("a state that does not exist", lambda data: data.replace(b'"value"}', b'"valve"}')),
        ("a zero with a number", lambda data: data.replace(b'"state":"value"', b'"state":"zero"')),
    ],
)  # fmt: skip
def test_a_payload_in_any_other_form_is_refused(
    what: str, spoil: Callable[[bytes], bytes], filled: MonthlyReturn
) -> None:
    good = return_json.dumps(filled)
    spoiled = spoil(good)
    assert return_json.loads(good) == filled
    assert spoiled != good, what
    with pytest.raises(FormatError):
        return_json.loads(spoiled)


def test_an_unknown_field_is_refused_anywhere(filled: MonthlyReturn) -> None:
    good = return_json.dumps(filled)
    for spoiled in (
        changed(good, lambda tree: tree.update(extra=1)),
        changed(good, lambda tree: tree["trainings"][0].update(extra=[])),
    ):
        with pytest.raises(FormatError, match="多余"):
            return_json.loads(spoiled)


def test_a_missing_field_is_refused_even_where_the_program_knows_a_default(
    filled: MonthlyReturn,
) -> None:
    good = return_json.dumps(filled)
    with pytest.raises(FormatError, match="缺少"):
        return_json.loads(changed(good, lambda tree: tree.pop("totals")))
    with pytest.raises(FormatError, match="缺少"):
        return_json.loads(changed(good, lambda tree: tree["trainings"][0].pop("venue")))


def test_a_refusal_names_the_place(filled: MonthlyReturn) -> None:
    spoiled = return_json.dumps(filled).replace(b'"2026-03-01"', b'"1 March"')
    with pytest.raises(FormatError, match=r"\$\.trainings\[0\]\.day"):
        return_json.loads(spoiled)


def test_a_newer_format_asks_for_an_update(filled: MonthlyReturn) -> None:
    newer = changed(return_json.dumps(filled), lambda tree: tree.update(format=2, invented=[]))
    with pytest.raises(FormatError) as refusal:
        return_json.loads(newer)
    assert "更新" in refusal.value.message
    assert "更新到最新版本" in refusal.value.hint


def test_a_format_that_never_was_is_refused(filled: MonthlyReturn) -> None:
    with pytest.raises(FormatError, match="不存在"):
        return_json.loads(changed(return_json.dumps(filled), lambda tree: tree.update(format=0)))


def test_deep_nesting_is_refused(filled: MonthlyReturn) -> None:
    deep = b"[" * 200_000 + b"]" * 200_000
    spoiled = return_json.dumps(filled)[:-1] + b',"zz":' + deep + b"}"
    with pytest.raises(FormatError):
        return_json.loads(spoiled)


def test_too_many_bytes_are_refused_unread() -> None:
    with pytest.raises(FormatError, match="上限"):
        return_json.loads(b" " * (return_json.LARGEST + 1))


def test_a_record_of_another_kind_is_refused(filled: MonthlyReturn) -> None:
    data = return_json.record_dumps(filled.trainings[0])
    assert return_json.record_loads("training", data) == filled.trainings[0]
    with pytest.raises(FormatError):
        return_json.record_loads("problem", data)


def test_the_shipped_schema_is_the_one_the_program_follows() -> None:
    shipped = assets.resource("schema", "return-1.json").read_text(encoding="utf-8")
    assert json.loads(shipped) == return_json.schema()
