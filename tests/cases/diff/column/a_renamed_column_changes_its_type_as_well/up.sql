BEGIN;

-- Rename column t.years to age.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t RENAME COLUMN years TO age;

COMMIT;

BEGIN;

-- Change column t.age from text to integer.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Fails if a value cannot be converted to integer.
ALTER TABLE t ALTER COLUMN age TYPE integer USING age::integer + 1;

COMMIT;
