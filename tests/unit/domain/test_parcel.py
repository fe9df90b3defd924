"""Which parcels fit a desk, which replace which, and what closes a month."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from rongchang_desk.domain.month import Month
from rongchang_desk.domain.parcel import (
    EVERYBODY,
    FROM_UNITS,
    LIST_FILE,
    OFFICE,
    Parcel,
    ParcelKind,
    Reader,
    closing,
    file_misfits,
    misfits,
    plan_misfits,
)
from rongchang_desk.domain.plan import Plan
from rongchang_desk.signing.certificates import OFFICE_CODE

MONTH = Month(2026, 10)
OWN = "aa" * 32
UNIT = Reader(
    "A1", "linhe-2025", returns=frozenset({OWN}), issued=frozenset({"f1", "x1"}),
    problems=frozenset({"q1"}),
)  # fmt: skip
AT_OFFICE = Reader(OFFICE, "linhe-2025", supervisions=frozenset({("s1", "A1")}))


def parcel(kind: ParcelKind, sequence: int = 5, **changed: object) -> Parcel:
    """A parcel of the office to A1 that fits, but for what is changed."""
    made = Parcel(
        1, kind, f"id-{kind}-{sequence}", sequence, "linhe-2025", OFFICE, "市办公室", "A1",
        datetime(2026, 11, 2, 9, tzinfo=UTC), MONTH, "", 0, "标题", "正文", (), None,
    )  # fmt: skip
    if kind in (ParcelKind.RECEIPT, ParcelKind.RETURNED):
        made = replace(made, answers=OWN, revision=1)
    if kind in FROM_UNITS:
        day = date(2026, 12, 1) if kind is ParcelKind.EXTENSION else None
        made = replace(made, issuer="A1", addressee=OFFICE, answers="s1", due=day)
    settled = {
        ParcelKind.CLOSED: "f1", ParcelKind.ONCE_MORE: "f1", ParcelKind.EXTENDED: "x1",
        ParcelKind.ANSWER: "q1",
    }  # fmt: skip
    made = replace(made, answers=settled.get(kind, made.answers))
    return replace(made, **changed)  # type: ignore[arg-type]


def codes(one: Parcel, *opened: Parcel, reader: Reader = UNIT, signer: str = OFFICE) -> set[str]:
    return {f.code for f in misfits(one, signer, replace(reader, opened=opened))}


FOR_UNITS = [kind for kind in ParcelKind if kind not in FROM_UNITS]


def test_the_office_is_the_one_of_the_certificates() -> None:
    assert OFFICE == OFFICE_CODE


@pytest.mark.parametrize("kind", FOR_UNITS)
def test_what_the_office_sends_to_the_unit_fits(kind: ParcelKind) -> None:
    assert codes(parcel(kind)) == set()


@pytest.mark.parametrize("kind", FOR_UNITS)
def test_what_is_for_another_unit_is_refused_for_that_alone(kind: ParcelKind) -> None:
    assert codes(parcel(kind, addressee="B1", answers="cc" * 32)) == {"wrong-addressee"}


@pytest.mark.parametrize("kind", FOR_UNITS)
def test_only_notices_may_go_to_all_units(kind: ParcelKind) -> None:
    expected = set() if kind in (ParcelKind.BULLETIN, ParcelKind.PLAN) else {"parcel-incomplete"}
    assert codes(parcel(kind, addressee=EVERYBODY)) == expected


@pytest.mark.parametrize("kind", FOR_UNITS)
def test_a_parcel_another_unit_signed_is_refused(kind: ParcelKind) -> None:
    assert codes(parcel(kind), signer="A2") == {"wrong-issuer"}
    assert codes(parcel(kind, issuer="A2"), signer="A2") == {"wrong-issuer"}


def test_another_plans_parcel_is_refused() -> None:
    assert codes(parcel(ParcelKind.BULLETIN, plan="other-2025")) == {"wrong-plan"}


def test_a_receipt_for_a_return_of_somebody_else_is_refused() -> None:
    assert codes(parcel(ParcelKind.RECEIPT, answers="cc" * 32)) == {"unknown-return"}
    assert codes(parcel(ParcelKind.RETURNED, answers="cc" * 32)) == {"unknown-return"}
    assert codes(parcel(ParcelKind.RETURNED, answers="")) == set()


@pytest.mark.parametrize(
    ("kind", "without"),
    [
        (ParcelKind.RECEIPT, {"answers": ""}),
        (ParcelKind.RECEIPT, {"month": None}),
        (ParcelKind.BULLETIN, {"month": None}),
        (ParcelKind.REOPENING, {"month": None}),
        (ParcelKind.RETURNED, {"month": None, "answers": ""}),
    ],
)
def test_a_parcel_that_does_not_say_what_it_is_about_is_refused(
    kind: ParcelKind, without: dict[str, object]
) -> None:
    assert codes(parcel(kind, **without)) == {"parcel-incomplete"}


@pytest.mark.parametrize(
    "kind", [ParcelKind.CLOSED, ParcelKind.ONCE_MORE, ParcelKind.EXTENDED, ParcelKind.ANSWER]
)
def test_what_settles_a_matter_must_answer_something_of_this_desk(kind: ParcelKind) -> None:
    assert codes(parcel(kind, answers="another")) == {"unknown-matter"}
    assert codes(parcel(kind, answers="")) == {"parcel-incomplete"}


def test_a_request_for_time_names_its_order_and_a_day() -> None:
    request = parcel(ParcelKind.EXTENSION)
    assert codes(request, reader=AT_OFFICE, signer="A1") == set()
    assert codes(replace(request, due=None), reader=AT_OFFICE, signer="A1") == {"parcel-incomplete"}
    foreign = replace(request, answers="s2")
    assert codes(foreign, reader=AT_OFFICE, signer="A1") == {"unknown-supervision"}


def test_feedback_fits_at_the_office_when_it_answers_an_order_to_that_unit() -> None:
    feedback = parcel(ParcelKind.FEEDBACK)
    assert codes(feedback, reader=AT_OFFICE, signer="A1") == set()
    other = replace(feedback, answers="s2")
    assert codes(other, reader=AT_OFFICE, signer="A1") == {"unknown-supervision"}
    stolen = replace(feedback, issuer="B1")
    assert codes(stolen, reader=AT_OFFICE, signer="B1") == {"unknown-supervision"}


def test_the_office_opens_no_parcel_of_its_own_and_a_unit_no_feedback() -> None:
    assert codes(parcel(ParcelKind.BULLETIN), reader=AT_OFFICE) == {"wrong-issuer"}
    assert codes(parcel(ParcelKind.FEEDBACK), signer="A1") == {"wrong-issuer"}
    forged = parcel(ParcelKind.FEEDBACK, issuer=OFFICE, addressee="A1")
    assert codes(forged) == {"wrong-kind"}
    slip = parcel(ParcelKind.REOPENING, issuer="A1", addressee=OFFICE)
    assert codes(slip, reader=AT_OFFICE, signer="A1") == {"wrong-kind"}


@pytest.mark.parametrize(
    ("old", "newer"),
    [
        (ParcelKind.RETURNED, ParcelKind.RECEIPT),
        (ParcelKind.RECEIPT, ParcelKind.RETURNED),
        (ParcelKind.REOPENING, ParcelKind.BULLETIN),
        (ParcelKind.REOPENING, ParcelKind.REOPENING),
        (ParcelKind.PLAN, ParcelKind.PLAN),
        (ParcelKind.RENEWAL, ParcelKind.RENEWAL),
    ],
)
def test_a_parcel_is_stale_once_a_later_one_on_its_matter_was_opened(
    old: ParcelKind, newer: ParcelKind
) -> None:
    assert codes(parcel(old, 5), parcel(newer, 6)) == {"stale-parcel"}
    assert codes(parcel(old, 7), parcel(newer, 6)) == set()


@pytest.mark.parametrize("kind", [ParcelKind.BULLETIN, ParcelKind.SUPERVISION])
def test_a_notice_that_was_overtaken_on_its_way_is_still_opened(kind: ParcelKind) -> None:
    assert codes(parcel(kind, 5), parcel(kind, 6)) == set()


def test_a_later_parcel_about_another_month_makes_none_stale() -> None:
    other = Month(2026, 9)
    assert codes(parcel(ParcelKind.REOPENING, 5), parcel(ParcelKind.BULLETIN, 6, month=other)) == (
        set()
    )
    later = parcel(ParcelKind.RECEIPT, 6, answers="bb" * 32, month=other)
    assert codes(parcel(ParcelKind.RECEIPT, 5), later) == set()


def test_a_month_is_closed_by_its_bulletin_until_a_later_slip() -> None:
    bulletin, slip = parcel(ParcelKind.BULLETIN, 5), parcel(ParcelKind.REOPENING, 6)
    assert closing([], MONTH) is None
    assert closing([bulletin], MONTH) == bulletin
    assert closing([bulletin], MONTH.next) is None
    assert closing([bulletin, slip], MONTH) is None
    assert closing([slip, bulletin], MONTH) is None
    again = parcel(ParcelKind.BULLETIN, 7)
    assert closing([bulletin, slip, again], MONTH) == again


def test_a_plan_must_be_this_plan_newer_and_have_the_unit(linhe: Plan) -> None:
    one = parcel(ParcelKind.PLAN)
    newer = replace(linhe, version=linhe.version + 1)

    def told(offered: Plan, unit: str = "A1") -> list[str]:
        return [f.code for f in plan_misfits(one, linhe, offered, unit)]

    assert told(newer) == []
    assert told(linhe) == ["stale-plan"]
    assert told(replace(newer, code="other")) == ["wrong-plan"]
    assert told(newer, "Z9") == ["unit-not-in-plan"]


def test_a_parcel_carries_just_the_files_of_its_kind() -> None:
    def told(kind: ParcelKind, *names: str) -> list[str]:
        return [f.code for f in file_misfits(parcel(kind), names)]

    assert told(ParcelKind.RECEIPT) == told(ParcelKind.RECEIPT, LIST_FILE) == []
    assert told(ParcelKind.PLAN, "plan.toml", LIST_FILE) == []
    assert told(ParcelKind.PLAN, LIST_FILE) == ["missing-file"]
    assert told(ParcelKind.RECEIPT, "plan.toml") == ["unexpected-file"]
    assert told(ParcelKind.FEEDBACK, LIST_FILE) == ["unexpected-file"]


def test_a_parcel_without_time_zone_or_number_cannot_be_made() -> None:
    good = parcel(ParcelKind.BULLETIN)
    with pytest.raises(ValueError, match="time zone"):
        replace(good, issued_at=datetime(2026, 11, 2))  # noqa: DTZ001
    with pytest.raises(ValueError, match="sequence"):
        replace(good, sequence=0)
