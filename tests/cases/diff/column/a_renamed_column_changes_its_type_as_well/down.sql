BEGIN;

-- Change column t.age from integer to text.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
ALTER TABLE t ALTER COLUMN age TYPE text;

COMMIT;

BEGIN;

-- Rename column t.age to years.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t RENAME COLUMN age TO years;

COMMIT;
