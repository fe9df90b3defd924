-- Parcels 往来文件: those a desk issued, those it opened, and the months the office has closed.

CREATE TABLE issued_parcel (
    id TEXT PRIMARY KEY,
    sequence INTEGER NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    addressee TEXT NOT NULL,    -- unit code, OFFICE, or '' for all units
    month TEXT,
    answers TEXT NOT NULL,
    issued_at TEXT NOT NULL,
    payload BLOB NOT NULL,
    pdf BLOB NOT NULL
) STRICT;
CREATE INDEX issued_parcel_by_kind ON issued_parcel (kind, month);
CREATE INDEX issued_parcel_by_answer ON issued_parcel (answers);

CREATE TABLE opened_parcel (
    id TEXT PRIMARY KEY,
    digest TEXT NOT NULL,
    kind TEXT NOT NULL,
    issuer TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    month TEXT,
    about TEXT NOT NULL,        -- digest of the return, or id of the parcel, that it answers here
    opened_at TEXT NOT NULL,
    signer_sha256 TEXT NOT NULL,
    payload BLOB NOT NULL,
    pdf BLOB NOT NULL
) STRICT;
CREATE INDEX opened_parcel_by_kind ON opened_parcel (kind, month);

-- A closed month takes a slip issued after `after_sequence` for each unit that may still report.
CREATE TABLE month_lock (
    month TEXT PRIMARY KEY,
    locked_at TEXT NOT NULL,
    after_sequence INTEGER NOT NULL
) STRICT;
