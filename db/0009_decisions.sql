-- Decisions say what they rest on, and may be about differences and headcounts too.

CREATE TABLE decision_next (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('joint', 'revision', 'difference', 'headcount')),
    subjects TEXT NOT NULL,
    same INTEGER NOT NULL CHECK (same IN (0, 1)),
    keep TEXT NOT NULL,
    reason TEXT NOT NULL,
    decided_by TEXT NOT NULL,
    decided_at TEXT NOT NULL,
    basis TEXT NOT NULL DEFAULT '[]',   -- what each subject said then, in the order of subjects
    withdrawn_at TEXT
) STRICT;
INSERT INTO decision_next (id, kind, subjects, same, keep, reason, decided_by, decided_at,
                           withdrawn_at)
    SELECT id, kind, subjects, same, keep, reason, decided_by, decided_at, withdrawn_at
    FROM decision;
DROP TABLE decision;
ALTER TABLE decision_next RENAME TO decision;

-- Which returns a month has, without touching their pages.
CREATE INDEX received_by_place ON received_return (month, digest, received_at);
