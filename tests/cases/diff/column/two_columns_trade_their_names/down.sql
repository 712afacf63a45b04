BEGIN;

-- Change column t.a from integer to text.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
ALTER TABLE t ALTER COLUMN a TYPE text;

COMMIT;

BEGIN;

-- Change column t.b from text to integer.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Fails if a value cannot be converted to integer.
ALTER TABLE t ALTER COLUMN b TYPE integer USING b::integer;

COMMIT;
