BEGIN;

-- Add constraint t_b_not_null_check to table t, NOT VALID: new and updated rows are checked, existing rows not yet.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ADD CONSTRAINT t_b_not_null_check CHECK (b IS NOT NULL) NOT VALID;

-- Add constraint t_c_not_null_check to table t, NOT VALID: new and updated rows are checked, existing rows not yet.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ADD CONSTRAINT t_c_not_null_check CHECK (c IS NOT NULL) NOT VALID;

COMMIT;

BEGIN;

-- Validate constraint t_b_not_null_check of table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), for the duration of the statement.
-- Reads every row.
-- Fails if a row violates the check.
ALTER TABLE t VALIDATE CONSTRAINT t_b_not_null_check;

COMMIT;

BEGIN;

-- Validate constraint t_c_not_null_check of table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), for the duration of the statement.
-- Reads every row.
-- Fails if a row violates the check.
ALTER TABLE t VALIDATE CONSTRAINT t_c_not_null_check;

COMMIT;

BEGIN;

-- Drop NOT NULL from t.a.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ALTER COLUMN a DROP NOT NULL;

-- Set NOT NULL on t.b.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ALTER COLUMN b SET NOT NULL;

-- Drop constraint t_b_not_null_check of table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t DROP CONSTRAINT t_b_not_null_check;

-- Set NOT NULL on t.c.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ALTER COLUMN c SET NOT NULL;

-- Drop constraint t_c_not_null_check of table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t DROP CONSTRAINT t_c_not_null_check;

COMMIT;
