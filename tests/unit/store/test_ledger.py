"""The receipt ledger: whatever is changed, dropped or reordered breaks the chain."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rongchang_desk.store import ledger
from rongchang_desk.store.database import Store, create
from tests.district import at


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with create(tmp_path) as made:
        with made.transaction():
            for number in range(5):
                ledger.append(
                    made, received_at=at(3, number), digest=f"{number:064x}",
                    signer_sha256="s" * 64, crl_number=1,
                )  # fmt: skip
        yield made


def test_an_untouched_chain_holds(store: Store) -> None:
    assert ledger.broken_at(store) is None
    head = ledger.head(store)
    assert head is not None
    assert head.seq == 5


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE ledger SET received_at = '2026-11-01T00:00:00+08:00' WHERE seq = 3",
        "UPDATE ledger SET digest = 'f' WHERE seq = 3",
        "UPDATE ledger SET hash = previous WHERE seq = 3",
        "DELETE FROM ledger WHERE seq = 3",
        "UPDATE ledger SET seq = 99 WHERE seq = 3",
    ],
)
def test_a_touched_chain_breaks_at_the_row(store: Store, tampering: str) -> None:
    store.connection.execute(tampering)
    assert ledger.broken_at(store) == 3


def test_a_return_that_was_slipped_in_without_receipt_is_found(store: Store) -> None:
    store.connection.execute(
        "INSERT INTO received_return VALUES ('d', 'A1', '2026-10', 1, NULL, '', '', '', x'00')"
    )
    assert ledger.broken_at(store) == 6
