"""The received returns of a month, read for merging: which there are, and what they say."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from rongchang_desk.domain.merge import Filed
from rongchang_desk.domain.month import Month
from rongchang_desk.formats import return_json
from rongchang_desk.store.database import Store


class Mark(NamedTuple):
    """What tells one state of a month's returns from any other: what comes is the newest."""

    returns: int
    newest: int
    digest: str
    received_at: str


def marks(store: Store, first: Month | None, last: Month) -> dict[Month, Mark]:
    """The marks of the months up to `last` (from `first` on); only months that have returns.

    Reads an index, none of the returns.
    """
    # Beside max(), SQLite takes the other columns from the row that has the maximum.
    rows = store.rows(
        "SELECT month, count(*), max(rowid), digest, received_at FROM received_return"
        " INDEXED BY received_by_place WHERE month >= ? AND month <= ?"
        " GROUP BY month ORDER BY month",
        str(first) if first else "",
        str(last),
    )
    return {Month.parse(row[0]): Mark(*row[1:]) for row in rows}


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
