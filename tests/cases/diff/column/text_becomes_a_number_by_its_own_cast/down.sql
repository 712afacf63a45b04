BEGIN;

-- Change column t.amount from integer to text.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
ALTER TABLE t ALTER COLUMN amount TYPE text;

COMMIT;

BEGIN;

-- Set the default of column t.amount; existing rows keep their values.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ALTER COLUMN amount SET DEFAULT '0'::text;

COMMIT;
