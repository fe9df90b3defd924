"""The assessment in the office's store: versions of the rules, frozen score sheets, appeals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rongchang_desk.domain.assessment import Assessment
from rongchang_desk.domain.assessment_rules import AssessmentRules
from rongchang_desk.formats import assessment_json
from rongchang_desk.store.database import Store


@dataclass(frozen=True, slots=True)
class RulesVersion:
    """A version of the rules that the office saved; the first is 1."""

    version: int
    saved_at: datetime
    author: str
    reason: str
    rules: AssessmentRules


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A frozen assessment without its figures; `digest` is the SHA-256 of its bytes."""

    digest: str
    period: str
    frozen_at: datetime
    author: str
    rules_version: int
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Appeal:
    """An objection to one item of a snapshot, and what became of it.

    `item` is the item's key within its rule, empty for the whole rule; `outcome` is empty while
    open, then `upheld` (采纳) or `rejected` (不采纳).
    """

    id: str
    snapshot: str
    unit: str
    rule: str
    item: str
    raised_by: str
    raised_at: datetime
    text: str
    outcome: str = ""
    answer: str = ""
    answered_by: str = ""
    answered_at: datetime | None = None


def keep_rules(
    store: Store, rules: AssessmentRules, author: str, reason: str, now: datetime
) -> int:
    """Keep a new version of the rules; returns its number."""
    with store.transaction():
        (last,) = store.row("SELECT coalesce(max(version), 0) FROM assessment_rules") or (0,)
        store.connection.execute(
            "INSERT INTO assessment_rules (version, saved_at, author, reason, body)"
            " VALUES (?, ?, ?, ?, ?)",
            (
                last + 1,
                now.isoformat(timespec="seconds"),
                author,
                reason,
                assessment_json.rules_dumps(rules).decode(),
            ),
        )
    return int(last) + 1


def rules_versions(store: Store) -> tuple[RulesVersion, ...]:
    """All versions that were saved, newest first."""
    rows = store.rows(
        "SELECT version, saved_at, author, reason, body FROM assessment_rules ORDER BY version DESC"
    )
    return tuple(
        RulesVersion(
            row[0],
            datetime.fromisoformat(row[1]),
            row[2],
            row[3],
            assessment_json.rules_loads(row[4].encode()),
        )
        for row in rows
    )


def freeze(store: Store, value: Assessment, author: str, now: datetime) -> Snapshot:
    """Keep an assessment for good; the very same one again gives the snapshot there is."""
    body = assessment_json.dumps(value)
    made = Snapshot(
        assessment_json.digest(body),
        value.period,
        now,
        author,
        value.rules_version,
        value.fingerprint,
    )
    with store.transaction():
        known = next((s for s in snapshots(store) if s.digest == made.digest), None)
        if known is not None:
            return known
        store.connection.execute(
            "INSERT INTO assessment_snapshot (digest, period, frozen_at, author, rules_version,"
            " fingerprint, body) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                made.digest,
                made.period,
                now.isoformat(timespec="seconds"),
                author,
                made.rules_version,
                made.fingerprint,
                body,
            ),
        )
    return made


def snapshots(store: Store) -> tuple[Snapshot, ...]:
    """All snapshots, newest first."""
    rows = store.rows(
        "SELECT digest, period, frozen_at, author, rules_version, fingerprint"
        " FROM assessment_snapshot ORDER BY frozen_at DESC, digest"
    )
    return tuple(Snapshot(r[0], r[1], datetime.fromisoformat(r[2]), *r[3:]) for r in rows)


def snapshot_body(store: Store, digest: str) -> bytes:
    """The bytes of a snapshot as they were frozen; raises KeyError."""
    found = store.row("SELECT body FROM assessment_snapshot WHERE digest = ?", digest)
    if found is None:
        raise KeyError(digest)
    return bytes(found[0])


def raise_appeal(store: Store, appeal: Appeal) -> None:
    """Keep a new appeal."""
    with store.transaction():
        store.connection.execute(
            "INSERT INTO assessment_appeal (id, snapshot, unit, rule, item, raised_by, raised_at,"
            " text) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                appeal.id,
                appeal.snapshot,
                appeal.unit,
                appeal.rule,
                appeal.item,
                appeal.raised_by,
                appeal.raised_at.isoformat(timespec="seconds"),
                appeal.text,
            ),
        )


def answer_appeal(
    store: Store, appeal_id: str, outcome: str, answer: str, by: str, now: datetime
) -> bool:
    """Settle an open appeal; False when there is no open one of this id."""
    with store.transaction():
        cursor = store.connection.execute(
            "UPDATE assessment_appeal SET outcome = ?, answer = ?, answered_by = ?,"
            " answered_at = ? WHERE id = ? AND outcome = ''",
            (outcome, answer, by, now.isoformat(timespec="seconds"), appeal_id),
        )
    return cursor.rowcount == 1


def appeals(store: Store, snapshot: str) -> tuple[Appeal, ...]:
    """The appeals against a snapshot, oldest first."""
    rows = store.rows(
        "SELECT id, snapshot, unit, rule, item, raised_by, raised_at, text, outcome, answer,"
        " answered_by, answered_at FROM assessment_appeal WHERE snapshot = ?"
        " ORDER BY raised_at, id",
        snapshot,
    )
    return tuple(
        Appeal(
            key, of, unit, rule, item, by, datetime.fromisoformat(raised), text, outcome, answer,
            answered_by, datetime.fromisoformat(answered) if answered else None,
        )
        for (
            key, of, unit, rule, item, by, raised, text, outcome, answer, answered_by, answered
        ) in rows
    )  # fmt: skip
