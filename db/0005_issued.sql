-- Issued reports of all kinds and periods, and the returns whose figures they used.

ALTER TABLE issued_report ADD COLUMN kind TEXT NOT NULL DEFAULT 'report'
    CHECK (kind IN ('report', 'bulletin'));
-- 2026-10, 2026Q3 or 2026; `month` is the last month the figures reach.
ALTER TABLE issued_report ADD COLUMN period TEXT NOT NULL DEFAULT '';
ALTER TABLE issued_report ADD COLUMN file_name TEXT NOT NULL DEFAULT '';
UPDATE issued_report SET period = month;

-- So that an amendment finds the papers that used the figures it replaces (domain rule 11).
CREATE TABLE issued_use (
    report TEXT NOT NULL REFERENCES issued_report (digest),
    digest TEXT NOT NULL,      -- of the return
    PRIMARY KEY (report, digest)
) STRICT, WITHOUT ROWID;
CREATE INDEX issued_use_by_return ON issued_use (digest);
INSERT OR IGNORE INTO issued_use (report, digest)
SELECT issued_report.digest, json_extract(used.value, '$.digest')
FROM issued_report, json_each(CAST(issued_report.payload AS TEXT), '$.lineage') AS used;
