"""Parcels in the store: they come back as they were, in order, and locks stay single."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from rongchang_desk import assets
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.parcel import OFFICE, Parcel, ParcelKind
from rongchang_desk.formats import parcel_json
from rongchang_desk.store import parcels
from rongchang_desk.store.database import Store, create, open_store
from tests.district import at

MONTH = Month(2026, 10)
RECEIPT = Parcel(
    1, ParcelKind.RECEIPT, "r1", 5, "linhe-2025", OFFICE, "市办公室", "A1", at(2), MONTH,
    "aa" * 32, 1, "回执", "已收到。", (), None,
)  # fmt: skip
BULLETIN = replace(RECEIPT, kind=ParcelKind.BULLETIN, id="b1", sequence=6, addressee="", answers="")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with create(tmp_path) as made:
        yield made


def issue(store: Store, *made: Parcel) -> None:
    for one in made:
        parcels.issue(store, one, parcel_json.dumps(one), b"pdf of " + one.id.encode())


def keep(store: Store, one: Parcel, about: str = "") -> None:
    with store.transaction():
        parcels.keep_opened(
            store, one, payload=parcel_json.dumps(one), pdf=b"pdf", about=about,
            signer_sha256="cc" * 32, now=at(3),
        )  # fmt: skip


def test_issued_parcels_come_back_in_order_with_their_bytes(store: Store) -> None:
    assert parcels.last_sequence(store) == 0
    issue(store, BULLETIN, RECEIPT)
    assert parcels.issued(store) == (RECEIPT, BULLETIN)
    assert parcels.issued(store, ParcelKind.BULLETIN, ParcelKind.PLAN) == (BULLETIN,)
    assert parcels.last_sequence(store) == 6
    assert parcels.issued_pdf(store, "b1") == b"pdf of b1"
    assert parcels.issued_receipts(store, MONTH) == {"aa" * 32: RECEIPT}
    assert parcels.issued_receipts(store, MONTH.next) == {}
    with pytest.raises(KeyError):
        parcels.issued_pdf(store, "nothing")


def test_no_two_issued_parcels_share_a_number(store: Store) -> None:
    issue(store, RECEIPT)
    with pytest.raises(sqlite3.IntegrityError):
        issue(store, replace(RECEIPT, id="r2"))
    assert parcels.issued(store) == (RECEIPT,)


def test_opened_parcels_come_back_in_the_order_of_their_issue(store: Store) -> None:
    keep(store, BULLETIN)
    keep(store, RECEIPT, "aa" * 32)
    first, second = parcels.opened(store)
    assert (first.parcel, first.about, first.opened_at) == (RECEIPT, "aa" * 32, at(3))
    assert first.digest == parcel_json.digest(parcel_json.dumps(RECEIPT))
    assert second.parcel == BULLETIN
    assert parcels.opened(store, ParcelKind.BULLETIN) == (second,)
    assert parcels.opened_pdf(store, "r1") == b"pdf"
    with pytest.raises(KeyError):
        parcels.opened_pdf(store, "nothing")


def test_a_month_is_locked_once_and_unlocked_once(store: Store) -> None:
    assert parcels.lock_month(store, MONTH, at(2), 4)
    assert not parcels.lock_month(store, MONTH, at(3), 9)
    assert parcels.month_locks(store)[MONTH] == parcels.MonthLock(MONTH, at(2), 4)
    assert parcels.unlock_month(store, MONTH)
    assert not parcels.unlock_month(store, MONTH)
    assert parcels.month_locks(store) == {}


def test_a_store_of_the_first_schema_is_brought_up_and_keeps_what_it_had(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = assets.migrations()[:1]
    with monkeypatch.context() as patched:
        patched.setattr(assets, "migrations", lambda: first)
        with create(tmp_path) as made:
            made.set_setting("role", "unit")
            assert made.row("PRAGMA user_version") == (1,)
    with open_store(tmp_path) as store:
        assert store.setting("role") == "unit"
        issue(store, RECEIPT)
        assert parcels.issued(store) == (RECEIPT,)
        assert store.check() == ()
