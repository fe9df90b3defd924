-- The directory of units, what became of each key, and what of it a person has to judge.

CREATE TABLE unit_contact (
    unit TEXT PRIMARY KEY,
    person TEXT NOT NULL,
    phone TEXT NOT NULL,
    room TEXT NOT NULL,
    note TEXT NOT NULL
) STRICT;

-- How a certificate came about: with a key made here (kit), over a unit's own key (request), over
-- the key of an earlier certificate (renewal).
ALTER TABLE certificate ADD COLUMN route TEXT NOT NULL DEFAULT 'kit';
ALTER TABLE certificate ADD COLUMN handed_over_at TEXT;
ALTER TABLE certificate ADD COLUMN handed_over_to TEXT;
ALTER TABLE certificate ADD COLUMN lost_since TEXT;
ALTER TABLE certificate ADD COLUMN replaced_by TEXT;   -- serial of the one that took its place

-- A receipt since the day a key was lost, that a person has checked with the unit.
CREATE TABLE receipt_check (
    digest TEXT PRIMARY KEY REFERENCES received_return (digest),
    checked_at TEXT NOT NULL,
    checked_by TEXT NOT NULL,
    note TEXT NOT NULL
) STRICT;

-- Returns that came after their certificate had expired; a person decides about each.
CREATE TABLE expired_return (
    sha256 TEXT PRIMARY KEY,
    file_name TEXT NOT NULL,
    unit TEXT NOT NULL,
    signer_sha256 TEXT NOT NULL,
    expired_at TEXT NOT NULL,
    offered_at TEXT NOT NULL,
    decided_at TEXT,
    decided_by TEXT,
    accepted INTEGER CHECK (accepted IN (0, 1)),
    reason TEXT,
    pdf BLOB NOT NULL
) STRICT;
