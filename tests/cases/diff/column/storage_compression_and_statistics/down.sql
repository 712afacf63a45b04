-- Change the storage of column t.a for new rows.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ALTER COLUMN a SET STORAGE DEFAULT;

-- Change the compression of column t.a for new values.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ALTER COLUMN a SET COMPRESSION default;

-- Change the statistics target of column t.a.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), briefly.
ALTER TABLE t ALTER COLUMN a SET STATISTICS -1;

-- Change the storage of column t.b for new rows.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ALTER COLUMN b SET STORAGE EXTERNAL;

-- Change the compression of column t.b for new values.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ALTER COLUMN b SET COMPRESSION pglz;

-- Change the statistics target of column t.b.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), briefly.
ALTER TABLE t ALTER COLUMN b SET STATISTICS 500;

-- Change the storage of column t.c for new rows.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ALTER COLUMN c SET STORAGE MAIN;

-- Change the statistics target of column t.c.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), briefly.
ALTER TABLE t ALTER COLUMN c SET STATISTICS -1;
