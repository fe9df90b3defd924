"""A unit's records and what it says about a month, in the desk's store."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from rongchang_desk.domain.month import Month
from rongchang_desk.domain.monthly_return import Explanation, Signatories
from rongchang_desk.domain.records import (
    Problem,
    Progress,
    Publicity,
    Reading,
    Record,
    RegisterEntry,
    Training,
    kind_of,
)
from rongchang_desk.formats import return_json
from rongchang_desk.store.database import Store


def save(store: Store, records: Iterable[Record], now: datetime) -> None:
    """Write records, new or changed, in one transaction."""
    with store.transaction():
        store.connection.executemany(
            "INSERT INTO record (id, kind, key, month, title, body, saved_at, deleted_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, NULL) ON CONFLICT (id) DO UPDATE SET"
            " kind = excluded.kind, key = excluded.key, month = excluded.month,"
            " title = excluded.title, body = excluded.body, saved_at = excluded.saved_at,"
            " deleted_at = NULL, words = NULL",
            (
                (
                    record.id,
                    kind_of(record),
                    key_of(record),
                    str(record.month),
                    _title(record),
                    return_json.record_dumps(record).decode(),
                    now.isoformat(timespec="seconds"),
                )
                for record in records
            ),
        )


def delete(store: Store, record_id: str, now: datetime) -> bool:
    """Put a record into the recycle bin; False when there is none such."""
    with store.transaction():
        cursor = store.connection.execute(
            "UPDATE record SET deleted_at = ? WHERE id = ? AND deleted_at IS NULL",
            (now.isoformat(timespec="seconds"), record_id),
        )
    return cursor.rowcount == 1


def restore(store: Store, record_id: str) -> bool:
    """Take a record out of the recycle bin; False when it is not there."""
    with store.transaction():
        cursor = store.connection.execute(
            "UPDATE record SET deleted_at = NULL WHERE id = ? AND deleted_at IS NOT NULL",
            (record_id,),
        )
    return cursor.rowcount == 1


def deleted(store: Store, since: datetime) -> tuple[tuple[Record, datetime], ...]:
    """The records in the recycle bin deleted at or after a time, and when; the newest first."""
    rows = store.rows(
        "SELECT kind, body, deleted_at FROM record WHERE deleted_at >= ?"
        " ORDER BY deleted_at DESC, id",
        since.isoformat(timespec="seconds"),
    )
    return tuple(
        (return_json.record_loads(kind, body.encode()), datetime.fromisoformat(at))
        for kind, body, at in rows
    )


def purge(store: Store, before: datetime) -> int:
    """Remove for good the records deleted before a time; how many there were."""
    since = before.isoformat(timespec="seconds")
    with store.transaction():
        store.connection.execute(
            "DELETE FROM draft WHERE record IN (SELECT id FROM record WHERE deleted_at < ?)",
            (since,),
        )
        cursor = store.connection.execute("DELETE FROM record WHERE deleted_at < ?", (since,))
    return cursor.rowcount


def get(store: Store, record_id: str) -> Record | None:
    """One record that is not in the recycle bin."""
    found = store.row(
        "SELECT kind, body FROM record WHERE id = ? AND deleted_at IS NULL", record_id
    )
    return return_json.record_loads(found[0], found[1].encode()) if found else None


def of_month(store: Store, month: Month, kind: str = "") -> tuple[Record, ...]:
    """The records of a month, of one kind or of all."""
    sql = "SELECT kind, body FROM record WHERE month = ? AND deleted_at IS NULL"
    rows = (
        store.rows(f"{sql} AND kind = ? ORDER BY id", str(month), kind)
        if kind
        else store.rows(f"{sql} ORDER BY id", str(month))
    )
    return tuple(return_json.record_loads(row[0], row[1].encode()) for row in rows)


def newest_of(store: Store, kind: str, key: str, limit: int) -> tuple[Record, ...]:
    """The records of a kind and key entered last, newest first, at most `limit`."""
    rows = store.rows(
        "SELECT body FROM record WHERE kind = ? AND key = ? AND deleted_at IS NULL"
        " ORDER BY month DESC, rowid DESC LIMIT ?",
        kind,
        key,
        limit,
    )
    return tuple(return_json.record_loads(kind, row[0].encode()) for row in rows)


def ids(store: Store, kind: str) -> frozenset[str]:
    """The ids of all records of a kind, in the recycle bin too."""
    return frozenset(row[0] for row in store.rows("SELECT id FROM record WHERE kind = ?", kind))


def months_with_records(store: Store) -> tuple[Month, ...]:
    rows = store.rows("SELECT DISTINCT month FROM record WHERE deleted_at IS NULL ORDER BY month")
    return tuple(Month.parse(row[0]) for row in rows)


class MonthSheet(msgspec.Struct, frozen=True):
    """What a unit says about a month as a whole: names, zero return, explanations."""

    signatories: Signatories = Signatories()
    zero_stated: bool = False
    explanations: tuple[Explanation, ...] = ()


def month_sheet(store: Store, month: Month) -> MonthSheet | None:
    """The month's sheet, or None when the unit has said nothing yet."""
    found = store.row(
        "SELECT preparer, checker, approver, zero_stated, explanations"
        " FROM month_sheet WHERE month = ?",
        str(month),
    )
    if found is None:
        return None
    explanations = msgspec.json.decode(found[4], type=tuple[Explanation, ...])
    return MonthSheet(Signatories(*found[:3]), bool(found[3]), explanations)


def save_month_sheet(store: Store, month: Month, sheet: MonthSheet) -> None:
    with store.transaction():
        store.db.table("month_sheet").upsert(
            {
                "month": str(month),
                "preparer": sheet.signatories.preparer,
                "checker": sheet.signatories.checker,
                "approver": sheet.signatories.approver,
                "zero_stated": int(sheet.zero_stated),
                "explanations": msgspec.json.encode(sheet.explanations).decode(),
            },
            pk="month",
        )


def key_of(record: Record) -> str:
    """The task number, target or register a record belongs to; empty for other kinds."""
    match record:
        case Progress():
            return str(record.task)
        case Reading():
            return record.target
        case RegisterEntry():
            return record.register
    return ""


def _title(record: Record) -> str:
    match record:
        case Training():
            return record.topic
        case Publicity():
            return record.theme
        case Problem():
            return record.title
        case Progress():
            return record.done
        case RegisterEntry():
            return record.fields[0].text if record.fields else ""
    return ""
