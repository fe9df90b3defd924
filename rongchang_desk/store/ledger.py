"""The receipt ledger: a hash chain over every acceptance, and the register of keys.

Receipt is the timestamp. Each row's hash covers the row and the hash before it; the
office's key signs the head. A changed, missing or reordered row breaks the chain.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from rongchang_desk.store.database import Store

START = "0" * 64


@dataclass(frozen=True, slots=True)
class Entry:
    seq: int
    received_at: str
    digest: str
    signer_sha256: str
    crl_number: int
    previous: str
    hash: str

    def computed(self) -> str:
        """The hash this row must carry: SHA-256 over its fields, one a line."""
        text = "\n".join(
            (
                str(self.seq), self.received_at, self.digest, self.signer_sha256,
                str(self.crl_number), self.previous,
            )
        )  # fmt: skip
        return hashlib.sha256(text.encode()).hexdigest()


def append(
    store: Store, *, received_at: datetime, digest: str, signer_sha256: str, crl_number: int
) -> None:
    """Add one acceptance; call inside the transaction that stores the return."""
    last = head(store)
    entry = Entry(
        last.seq + 1 if last else 1,
        received_at.isoformat(timespec="seconds"),
        digest,
        signer_sha256,
        crl_number,
        last.hash if last else START,
        "",
    )
    store.connection.execute(
        "INSERT INTO ledger (seq, received_at, digest, signer_sha256, crl_number, previous, hash)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            entry.seq, entry.received_at, entry.digest, entry.signer_sha256,
            entry.crl_number, entry.previous, entry.computed(),
        ),
    )  # fmt: skip


def has_receipt(store: Store, digest: str) -> bool:
    """Whether a return was received before, even when it was given up since."""
    return store.row("SELECT 1 FROM ledger WHERE digest = ?", digest) is not None


def head(store: Store) -> Entry | None:
    """The newest row, or None while nothing was received."""
    found = store.row("SELECT * FROM ledger ORDER BY seq DESC LIMIT 1")
    return Entry(*found) if found else None


def broken_at(store: Store) -> int | None:
    """The first row at which the chain does not hold; None when all of it does."""
    previous, expected = START, 1
    for row in store.connection.execute("SELECT * FROM ledger ORDER BY seq"):
        entry = Entry(*row)
        if entry.seq != expected or entry.previous != previous or entry.computed() != entry.hash:
            return expected
        previous, expected = entry.hash, expected + 1
    lost = store.row(
        "SELECT count(*) FROM received_return r LEFT JOIN ledger l ON l.digest = r.digest"
        " WHERE l.digest IS NULL"
    )
    return expected if lost and lost[0] else None


def keep_signature(store: Store, seq: int, signature: bytes, now: datetime) -> None:
    """Keep the office's signature over the head row `seq`."""
    with store.transaction():
        store.db.table("ledger_signature").upsert(
            {
                "seq": seq,
                "signed_at": now.isoformat(timespec="seconds"),
                "signature": signature,
            },
            pk="seq",
        )


def newest_signature(store: Store) -> tuple[int, bytes] | None:
    """(row, signature) of the newest signed head."""
    found = store.row("SELECT seq, signature FROM ledger_signature ORDER BY seq DESC LIMIT 1")
    return (int(found[0]), bytes(found[1])) if found else None


def entry(store: Store, seq: int) -> Entry | None:
    found = store.row("SELECT * FROM ledger WHERE seq = ?", seq)
    return Entry(*found) if found else None
