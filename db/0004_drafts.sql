-- Drafts 草稿: what was typed into a field and could not be taken yet, or was still being typed.

CREATE TABLE draft (
    record TEXT NOT NULL,       -- id of a record, stored already or only begun
    field TEXT NOT NULL,        -- the field's code
    kind TEXT NOT NULL,         -- as in record.kind
    key TEXT NOT NULL,          -- as in record.key
    month TEXT NOT NULL,        -- where a record that is only begun is shown
    text TEXT NOT NULL,
    reason TEXT NOT NULL,       -- why it could not be taken; '' while it was being typed
    kept_at TEXT NOT NULL,
    PRIMARY KEY (record, field)
) STRICT, WITHOUT ROWID;
