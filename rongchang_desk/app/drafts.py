"""Drafts 草稿: what a clerk typed and the Desk cannot take yet, kept through crash and restart.

A page keeps a text when its field is left, and a moment after the last key while it is open;
it drops the draft when the field's value is stored or the stored text was brought back.
"""

from __future__ import annotations

from collections.abc import Iterable

from rongchang_desk.app.desk import Desk, Role
from rongchang_desk.app.fields import EntryField, fields_of
from rongchang_desk.domain.finding import Finding, Where, error
from rongchang_desk.domain.month import Month
from rongchang_desk.domain.plan import Plan
from rongchang_desk.domain.records import Record, kind_of
from rongchang_desk.store import drafts as stored
from rongchang_desk.store import records
from rongchang_desk.store.drafts import Draft
from rongchang_desk.store.records import key_of

__all__ = ["Draft", "drop", "exchange", "findings", "keep", "kept", "key_of"]

SHOWN = 40  # characters of a draft in a message


def keep(desk: Desk, record: Record, field: str, text: str, reason: str = "") -> None:
    """Keep what was typed into a field of a record, which may be only begun and not stored.

    `reason` says why it cannot be taken; empty while it is being typed. Raises CannotWrite.
    """
    desk.require(Role.UNIT)
    stored.keep(
        desk.store,
        Draft(
            kind_of(record), record.id, field, record.month, key_of(record), text, reason,
            desk.now(),
        ),
    )  # fmt: skip


def kept(
    desk: Desk, kind: str = "", month: Month | None = None, key: str = ""
) -> tuple[Draft, ...]:
    """The drafts of a kind of record, month and key (task, target or register); all by default."""
    return tuple(
        draft
        for draft in stored.kept(desk.store)
        if kind in ("", draft.kind) and month in (None, draft.month) and key in ("", draft.key)
    )


def drop(desk: Desk, record_ids: Iterable[str], field: str = "") -> None:
    """Forget the drafts of records, all or those of one field, in one transaction."""
    with desk.store.transaction():
        for record_id in record_ids:
            stored.drop(desk.store, record_id, field)


def exchange(
    desk: Desk,
    gone: Iterable[tuple[str, str]],
    come: Iterable[tuple[Record, str, str, str]],
) -> None:
    """Forget the drafts of some cells (record id, field) and keep others (record, field, text,
    reason), in one transaction."""
    with desk.store.transaction():
        for record_id, field in gone:
            stored.drop(desk.store, record_id, field)
        for record, field, text, reason in come:
            keep(desk, record, field, text, reason)


def findings(desk: Desk, month: Month) -> tuple[Finding, ...]:
    """An error for each text of a month that no return would carry.

    Texts that equal the stored value, and those of tasks, targets and registers that the plan
    in force no longer asks of this unit, are no errors: no page shows them.
    """
    found = []
    for draft in kept(desk, month=month):
        field = _field_of(desk.plan, desk.unit_code, draft)
        if field is None:
            continue
        record = records.get(desk.store, draft.record)
        if record is not None and field.read(record) == draft.text:
            continue
        why = draft.reason.rstrip("。") or "上次没有填完"
        found.append(
            error(
                "draft-open",
                Where(draft.kind, draft.record, draft.field),
                f"有未完成的内容：“{field.title}”填的“{draft.text[:SHOWN]}”还没有保存（{why}）。"
                "请改正，或在该处按 Esc 恢复原值。",
            )
        )
    return tuple(found)


def _field_of(plan: Plan, unit: str, draft: Draft) -> EntryField | None:
    match draft.kind:
        case "progress":
            is_asked = draft.key in {str(task.no) for task in plan.tasks_of(unit, draft.month)}
        case "reading":
            is_asked = draft.key in {target.code for target in plan.targets_of(unit)}
        case "register":
            is_asked = plan.has_register(draft.key)
        case _:
            is_asked = True
    if not is_asked:
        return None
    fields = fields_of(plan, draft.kind, draft.key)
    return next((field for field in fields if field.code == draft.field), None)
