-- What a record is searched by: its texts and their pinyin initials; NULL until worked out.
ALTER TABLE record ADD COLUMN words TEXT;
CREATE INDEX record_without_words ON record (kind, key) WHERE words IS NULL;
