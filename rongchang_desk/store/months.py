"""The received returns of a month, read for merging: which there are, and what they say."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from rongchang_desk.domain.merge import Filed
from rongchang_desk.domain.month import Month
from rongchang_desk.formats import return_json
from rongchang_desk.store.database import Store

Members = tuple[tuple[str, str], ...]
"""(digest, receipt time) of a month's returns, in order of digest."""


def members(store: Store, first: Month | None, last: Month) -> dict[Month, Members]:
    """The returns of the months up to `last` (from `first` on); only months that have any.

    Reads an index, none of the returns.
    """
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for month, digest, received_at in store.connection.execute(
        "SELECT month, digest, received_at FROM received_return"
        " WHERE month >= ? AND month <= ? ORDER BY month, digest",
        (str(first) if first else "", str(last)),
    ):
        found[month].append((digest, received_at))
    return {Month.parse(month): tuple(pairs) for month, pairs in found.items()}


def filed(store: Store, month: Month) -> tuple[Filed, ...]:
    """The month's returns with their content; raises FormatError where one was altered since."""
    rows = store.connection.execute(
        "SELECT digest, received_at, payload FROM received_return WHERE month = ?", (str(month),)
    )
    return tuple(
        Filed(digest, datetime.fromisoformat(at), return_json.reread(payload, digest))
        for digest, at, payload in rows
    )


def speaking_of(store: Store, unit: str, record: str) -> tuple[Filed, ...]:
    """A unit's returns in which a record's id stands, older ones first."""
    rows = store.connection.execute(
        "SELECT digest, received_at, payload FROM received_return"
        " WHERE unit = ? AND instr(payload, CAST(? AS BLOB)) > 0 ORDER BY month, revision",
        (unit, record),
    )
    return tuple(
        Filed(digest, datetime.fromisoformat(at), return_json.reread(payload, digest))
        for digest, at, payload in rows
    )
