-- Change column t.b from integer to text.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for as long as it takes.
-- Rewrites the table and its indexes.
ALTER TABLE t ALTER COLUMN b TYPE text;

-- Drop column t.a.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for a moment.
-- Loses the values of the column.
ALTER TABLE t DROP COLUMN a;

-- Add column t.a.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for a moment.
-- Fails if the table has rows: the column is NOT NULL without a default.
ALTER TABLE t ADD COLUMN a integer NOT NULL;
