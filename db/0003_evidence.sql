-- Evidence files 佐证材料, each content once; records name them by their SHA-256.

CREATE TABLE evidence (
    sha256 TEXT PRIMARY KEY,
    name TEXT NOT NULL,         -- the file's name when it was first added
    added_at TEXT NOT NULL,
    size INTEGER NOT NULL,
    body BLOB NOT NULL          -- last: reading the others never touches its pages
) STRICT;
