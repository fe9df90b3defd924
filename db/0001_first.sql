-- The first schema. Numbered files are append-only: never edit one after a release.

CREATE TABLE setting (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE plan (
    digest TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    body BLOB NOT NULL,
    adopted_at TEXT NOT NULL
) STRICT;

-- A unit's records, each in the JSON form of `formats.return_json`.
CREATE TABLE record (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (
        kind IN ('progress', 'reading', 'training', 'publicity', 'register', 'problem')
    ),
    key TEXT NOT NULL,      -- task number, target code or register code; '' otherwise
    month TEXT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    saved_at TEXT NOT NULL,
    deleted_at TEXT         -- set while the record lies in the recycle bin
) STRICT;
CREATE INDEX record_by_month ON record (month, kind, key);
CREATE INDEX record_by_kind ON record (kind, key, month);

-- What a unit says about a month as a whole.
CREATE TABLE month_sheet (
    month TEXT PRIMARY KEY,
    preparer TEXT NOT NULL DEFAULT '',
    checker TEXT NOT NULL DEFAULT '',
    approver TEXT NOT NULL DEFAULT '',
    zero_stated INTEGER NOT NULL DEFAULT 0 CHECK (zero_stated IN (0, 1)),
    explanations TEXT NOT NULL DEFAULT '[]'
) STRICT;

-- The returns a unit has signed, with the very bytes that left the desk.
CREATE TABLE issued_return (
    digest TEXT PRIMARY KEY,
    month TEXT NOT NULL,
    revision INTEGER NOT NULL,
    issued_at TEXT NOT NULL,
    payload BLOB NOT NULL,
    pdf BLOB NOT NULL,
    UNIQUE (month, revision)
) STRICT;

-- The returns the office has received; whether one counts, waits or is disputed is derived.
CREATE TABLE received_return (
    digest TEXT PRIMARY KEY,
    unit TEXT NOT NULL,
    month TEXT NOT NULL,
    revision INTEGER NOT NULL,
    predecessor TEXT,
    received_at TEXT NOT NULL,
    file_name TEXT NOT NULL,
    signer_sha256 TEXT NOT NULL,
    payload BLOB NOT NULL
) STRICT;
CREATE INDEX received_by_month ON received_return (month, unit);

-- The original files, apart from what is queried, so that queries never touch their pages.
CREATE TABLE original (
    digest TEXT PRIMARY KEY REFERENCES received_return (digest),
    pdf BLOB NOT NULL
) STRICT;

-- Every file ever offered to take-in and what became of it.
CREATE TABLE intake (
    id INTEGER PRIMARY KEY,
    taken_at TEXT NOT NULL,
    file_name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('accepted', 'duplicate', 'held', 'refused')),
    digest TEXT,
    unit TEXT,
    month TEXT,
    reasons TEXT NOT NULL DEFAULT '[]'
) STRICT;
CREATE INDEX intake_by_month ON intake (month, outcome);
CREATE INDEX intake_by_sha256 ON intake (sha256);

-- Receipt is the timestamp: a hash chain over every acceptance.
CREATE TABLE ledger (
    seq INTEGER PRIMARY KEY,
    received_at TEXT NOT NULL,
    digest TEXT NOT NULL UNIQUE,
    signer_sha256 TEXT NOT NULL,
    crl_number INTEGER NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL
) STRICT;

CREATE TABLE ledger_signature (
    seq INTEGER PRIMARY KEY REFERENCES ledger (seq),
    signed_at TEXT NOT NULL,
    signature BLOB NOT NULL
) STRICT;

CREATE TABLE decision (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('joint', 'revision')),
    subjects TEXT NOT NULL,
    same INTEGER NOT NULL CHECK (same IN (0, 1)),
    keep TEXT NOT NULL,
    reason TEXT NOT NULL,
    decided_by TEXT NOT NULL,
    decided_at TEXT NOT NULL,
    withdrawn_at TEXT
) STRICT;

CREATE TABLE issued_report (
    digest TEXT PRIMARY KEY,
    month TEXT NOT NULL,
    issued_at TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    payload BLOB NOT NULL,
    pdf BLOB NOT NULL
) STRICT;

-- The register of keys the office keeps.
CREATE TABLE certificate (
    serial TEXT PRIMARY KEY,
    unit TEXT NOT NULL,
    name TEXT NOT NULL,
    der BLOB NOT NULL,
    issued_at TEXT NOT NULL,
    not_after TEXT NOT NULL,
    revoked_at TEXT,
    revoked_because TEXT
) STRICT;

CREATE TABLE crl (
    number INTEGER PRIMARY KEY,
    issued_at TEXT NOT NULL,
    der BLOB NOT NULL
) STRICT;

CREATE TABLE audit (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    action TEXT NOT NULL,
    detail TEXT NOT NULL
) STRICT;
