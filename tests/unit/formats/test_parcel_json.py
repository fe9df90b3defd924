"""`parcel.json`: one form only, and back again."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rongchang_desk import assets
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.parcel import OFFICE, Parcel, ParcelKind
from rongchang_desk.formats import parcel_json
from rongchang_desk.formats.errors import FormatError
from tests.strategies import any_texts, digests, ids

zones = st.one_of(
    st.just(UTC), st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))
)
parcels = st.builds(
    Parcel,
    format=st.just(1),
    kind=st.sampled_from(ParcelKind),
    id=ids,
    sequence=st.integers(1, 2**53 - 1),
    plan=any_texts,
    issuer=any_texts,
    issuer_name=any_texts,
    addressee=any_texts,
    issued_at=st.datetimes(
        datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=zones  # noqa: DTZ001
    ).map(lambda at: at.replace(microsecond=0)),
    month=st.none() | st.builds(Month, st.integers(1900, 9999), st.integers(1, 12)),
    answers=st.just("") | digests,
    revision=st.integers(0, 2**53 - 1),
    title=any_texts,
    text=any_texts,
    reasons=st.lists(any_texts, max_size=4).map(tuple),
    due=st.none() | st.dates(),
)  # fmt: skip

SLIP = Parcel(
    1, ParcelKind.REOPENING, "x", 7, "linhe-2025", OFFICE, "市办公室", "A1",
    datetime(2026, 11, 2, 9, tzinfo=timezone(timedelta(hours=8))), Month(2026, 10), "", 0,
    "补报许可", "准予补报。", ("漏报一场",), None,
)  # fmt: skip


@given(parcels)
def test_a_parcel_reads_back_as_it_was_written(parcel: Parcel) -> None:
    data = parcel_json.dumps(parcel)
    assert parcel_json.loads(data) == parcel
    assert parcel_json.dumps(parcel_json.loads(data)) == data


@given(st.binary())
def test_arbitrary_bytes_are_refused_and_never_crash(data: bytes) -> None:
    with pytest.raises(FormatError):
        parcel_json.loads(data)


@given(parcels, st.data())
def test_a_payload_with_any_byte_changed_is_refused_or_another_parcel(
    parcel: Parcel, data: st.DataObject
) -> None:
    payload = bytearray(parcel_json.dumps(parcel))
    payload[data.draw(st.integers(0, len(payload) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        value = parcel_json.loads(bytes(payload))
    except FormatError:
        return
    assert parcel_json.dumps(value) == bytes(payload)


@pytest.mark.parametrize(
    ("what", "spoil"),
    [
        ("a space", lambda d: d.replace(b'"format":1', b'"format": 1')),
        ("a key twice", lambda d: d.replace(b'"format":1', b'"format":1,"format":1')),
        ("a field too many", lambda d: d[:-1] + b',"zz":1}'),
        ("a field too few", lambda d: d.replace(b'"revision":0,', b"")),
        ("a kind that does not exist", lambda d: d.replace(b'"reopening"', b'"opening"')),
        ("no time zone", lambda d: d.replace(b"T09:00:00+08:00", b"T09:00:00")),
        ("another notation of the time", lambda d: d.replace(b"T09:00:00+", b"T09:00:00.0+")),
        ("a month that does not exist", lambda d: d.replace(b'"2026-10"', b'"2026-13"')),
        ("a number of nothing", lambda d: d.replace(b'"sequence":7', b'"sequence":0')),
        ("something behind", lambda d: d + b"\n"),
    ],
)  # fmt: skip
def test_a_payload_in_any_other_form_is_refused(what: str, spoil: Callable[[bytes], bytes]) -> None:
    good = parcel_json.dumps(SLIP)
    assert parcel_json.loads(good) == SLIP
    assert spoil(good) != good, what
    with pytest.raises(FormatError):
        parcel_json.loads(spoil(good))


def test_a_newer_format_asks_for_an_update_and_one_that_never_was_is_refused() -> None:
    good = parcel_json.dumps(SLIP)
    with pytest.raises(FormatError, match="更新版本"):
        parcel_json.loads(good.replace(b'"format":1', b'"format":2'))
    with pytest.raises(FormatError, match="不存在"):
        parcel_json.loads(good.replace(b'"format":1', b'"format":0'))


def test_the_shipped_schema_is_the_one_the_program_follows() -> None:
    shipped = assets.resource("schema", "parcel-1.json").read_text(encoding="utf-8")
    assert json.loads(shipped) == parcel_json.schema()
