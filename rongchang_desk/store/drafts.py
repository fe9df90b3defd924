"""Drafts 草稿 in the desk's store: texts typed into fields that are no records' values yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rongchang_desk.domain.month import Month
from rongchang_desk.store.database import Store


@dataclass(frozen=True, slots=True)
class Draft:
    """A text typed into one field of one record.

    `reason` says why it could not be taken; it is empty for a text that was still being typed.
    `is_new` tells that the record was only begun and is not stored; `key` is its task number,
    target or register. `month` is the stored record's, or the one it was begun in.
    """

    kind: str
    record: str
    field: str
    month: Month
    key: str
    text: str
    reason: str
    kept_at: datetime
    is_new: bool = True


def keep(store: Store, draft: Draft) -> None:
    """Write a draft in the place of what was kept for the same field before."""
    with store.transaction():
        store.connection.execute(
            "INSERT INTO draft (record, field, kind, key, month, text, reason, kept_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (record, field) DO UPDATE SET"
            " month = excluded.month, text = excluded.text, reason = excluded.reason,"
            " kept_at = excluded.kept_at",
            (
                draft.record, draft.field, draft.kind, draft.key, str(draft.month),
                draft.text, draft.reason, draft.kept_at.isoformat(timespec="seconds"),
            ),
        )  # fmt: skip


def kept(store: Store) -> tuple[Draft, ...]:
    """All drafts in the order of their records, save those of records in the recycle bin."""
    rows = store.rows(
        "SELECT d.kind, d.record, d.field, COALESCE(r.month, d.month), d.key, d.text, d.reason,"
        " d.kept_at, r.id IS NULL FROM draft d LEFT JOIN record r ON r.id = d.record"
        " WHERE r.deleted_at IS NULL ORDER BY d.record, d.field"
    )
    return tuple(
        Draft(
            kind, record, field, Month.parse(month), key, text, reason,
            datetime.fromisoformat(at), bool(is_new),
        )
        for kind, record, field, month, key, text, reason, at, is_new in rows
    )  # fmt: skip


def drop(store: Store, record: str, field: str = "") -> bool:
    """Forget the draft of a field, or all of a record's; False when there is none."""
    with store.transaction():
        cursor = store.connection.execute(
            "DELETE FROM draft WHERE record = ? AND (? = '' OR field = ?)", (record, field, field)
        )
    return cursor.rowcount > 0
