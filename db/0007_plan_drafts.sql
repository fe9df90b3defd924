-- The plan as the office is changing it; it goes when a plan is put in force.

CREATE TABLE plan_draft (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    base TEXT NOT NULL,         -- digest of the plan it began from
    body BLOB NOT NULL,
    saved_at TEXT NOT NULL
) STRICT;
