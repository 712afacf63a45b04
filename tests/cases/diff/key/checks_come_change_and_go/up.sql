BEGIN;

-- Drop constraint t_a_check of table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t DROP CONSTRAINT t_a_check;

-- Drop constraint t_gone_check of table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t DROP CONSTRAINT t_gone_check;

-- Drop constraint t_plain_check of table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t DROP CONSTRAINT t_plain_check;

-- Add constraint t_a_check to table t, NOT VALID: new and updated rows are checked, existing rows not yet.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ADD CONSTRAINT t_a_check CHECK (a > 1) NOT VALID;

-- Add constraint t_new_check to table t, NOT VALID: new and updated rows are checked, existing rows not yet.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ADD CONSTRAINT t_new_check CHECK ((b <> 'it''s'::text) AND (b !~ '^\d+$'::text)) NOT VALID;

-- Add constraint t_plain_check to table t, NOT VALID: new and updated rows are checked, existing rows not yet.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ADD CONSTRAINT t_plain_check CHECK (a <> 7) NO INHERIT NOT VALID;

-- Set comment on constraint t_comment_check on t.
COMMENT ON CONSTRAINT t_comment_check ON t IS 'new';

COMMIT;

BEGIN;

-- Validate constraint t_a_check of table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), for the duration of the statement.
-- Reads every row.
-- Fails if a row violates the check.
ALTER TABLE t VALIDATE CONSTRAINT t_a_check;

COMMIT;

BEGIN;

-- Validate constraint t_new_check of table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), for the duration of the statement.
-- Reads every row.
-- Fails if a row violates the check.
ALTER TABLE t VALIDATE CONSTRAINT t_new_check;

COMMIT;

BEGIN;

-- Validate constraint t_plain_check of table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), for the duration of the statement.
-- Reads every row.
-- Fails if a row violates the check.
ALTER TABLE t VALIDATE CONSTRAINT t_plain_check;

COMMIT;
