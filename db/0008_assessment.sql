-- Assessment 考核: the office's versions of the rules, frozen score sheets, and appeals.

CREATE TABLE assessment_rules (
    version INTEGER PRIMARY KEY,    -- 0 stands for the plan's own and is not stored
    saved_at TEXT NOT NULL,
    author TEXT NOT NULL,
    reason TEXT NOT NULL,
    body TEXT NOT NULL
) STRICT;

-- A snapshot never changes: there is no statement that updates one.
CREATE TABLE assessment_snapshot (
    digest TEXT PRIMARY KEY,        -- SHA-256 of the body
    period TEXT NOT NULL,
    frozen_at TEXT NOT NULL,
    author TEXT NOT NULL,
    rules_version INTEGER NOT NULL,
    fingerprint TEXT NOT NULL,      -- 汇总指纹 of the returns and decisions behind it
    body BLOB NOT NULL
) STRICT;
CREATE TRIGGER assessment_snapshot_is_frozen BEFORE UPDATE ON assessment_snapshot
BEGIN
    SELECT raise(ABORT, 'a snapshot never changes');
END;

CREATE TABLE assessment_appeal (
    id TEXT PRIMARY KEY,
    snapshot TEXT NOT NULL REFERENCES assessment_snapshot (digest),
    unit TEXT NOT NULL,
    rule TEXT NOT NULL,
    item TEXT NOT NULL,             -- the item's key within its rule; '' for the whole rule
    raised_by TEXT NOT NULL,
    raised_at TEXT NOT NULL,
    text TEXT NOT NULL,
    outcome TEXT NOT NULL DEFAULT '' CHECK (outcome IN ('', 'upheld', 'rejected')),
    answer TEXT NOT NULL DEFAULT '',
    answered_by TEXT NOT NULL DEFAULT '',
    answered_at TEXT
) STRICT;
CREATE INDEX assessment_appeal_by_snapshot ON assessment_appeal (snapshot, unit);
