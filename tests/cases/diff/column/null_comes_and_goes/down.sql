BEGIN;

-- Add constraint t_a_not_null_check to table t, NOT VALID: new and updated rows are checked, existing rows not yet.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ADD CONSTRAINT t_a_not_null_check CHECK (a IS NOT NULL) NOT VALID;

COMMIT;

BEGIN;

-- Validate constraint t_a_not_null_check of table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), for the duration of the statement.
-- Reads every row.
-- Fails if a row violates the check.
ALTER TABLE t VALIDATE CONSTRAINT t_a_not_null_check;

COMMIT;

BEGIN;

-- Set NOT NULL on t.a.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ALTER COLUMN a SET NOT NULL;

-- Drop constraint t_a_not_null_check of table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t DROP CONSTRAINT t_a_not_null_check;

-- Drop NOT NULL from t.b.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ALTER COLUMN b DROP NOT NULL;

-- Drop NOT NULL from t.c.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ALTER COLUMN c DROP NOT NULL;

COMMIT;
