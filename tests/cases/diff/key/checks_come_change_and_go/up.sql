BEGIN;

-- Drop constraint t_a_check of table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for a moment.
ALTER TABLE t DROP CONSTRAINT t_a_check;

-- Drop constraint t_gone_check of table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for a moment.
ALTER TABLE t DROP CONSTRAINT t_gone_check;

-- Drop constraint t_plain_check of table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for a moment.
ALTER TABLE t DROP CONSTRAINT t_plain_check;

-- Add constraint t_a_check to table t; existing rows are not checked.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for a moment.
ALTER TABLE t ADD CONSTRAINT t_a_check CHECK (a > 1) NOT VALID;

-- Add constraint t_new_check to table t; existing rows are not checked.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for a moment.
ALTER TABLE t ADD CONSTRAINT t_new_check CHECK ((b <> 'it''s'::text) AND (b !~ '^\d+$'::text)) NOT VALID;

-- Add constraint t_plain_check to table t; existing rows are not checked.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for a moment.
ALTER TABLE t ADD CONSTRAINT t_plain_check CHECK (a <> 7) NO INHERIT NOT VALID;

-- Describe constraint t_comment_check on t.
COMMENT ON CONSTRAINT t_comment_check ON t IS 'new';

COMMIT;

BEGIN;

-- Check the existing rows against constraint t_a_check of t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes go on), for as long as it takes.
-- Reads every row.
-- Fails if a row breaks the constraint.
ALTER TABLE t VALIDATE CONSTRAINT t_a_check;

COMMIT;

BEGIN;

-- Check the existing rows against constraint t_new_check of t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes go on), for as long as it takes.
-- Reads every row.
-- Fails if a row breaks the constraint.
ALTER TABLE t VALIDATE CONSTRAINT t_new_check;

COMMIT;

BEGIN;

-- Check the existing rows against constraint t_plain_check of t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes go on), for as long as it takes.
-- Reads every row.
-- Fails if a row breaks the constraint.
ALTER TABLE t VALIDATE CONSTRAINT t_plain_check;

COMMIT;
