BEGIN;

-- Add constraint t_a_not_null_check to table t; existing rows are not checked.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for a moment.
ALTER TABLE t ADD CONSTRAINT t_a_not_null_check CHECK (a IS NOT NULL) NOT VALID;

COMMIT;

BEGIN;

-- Check the existing rows against constraint t_a_not_null_check of t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes go on), for as long as it takes.
-- Reads every row.
-- Fails if a row breaks the constraint.
ALTER TABLE t VALIDATE CONSTRAINT t_a_not_null_check;

COMMIT;

BEGIN;

-- Forbid NULL in column t.a.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for a moment.
ALTER TABLE t ALTER COLUMN a SET NOT NULL;

-- Drop constraint t_a_not_null_check of table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for a moment.
ALTER TABLE t DROP CONSTRAINT t_a_not_null_check;

-- Allow NULL in column t.b.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for a moment.
ALTER TABLE t ALTER COLUMN b DROP NOT NULL;

-- Allow NULL in column t.c.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for a moment.
ALTER TABLE t ALTER COLUMN c DROP NOT NULL;

COMMIT;
