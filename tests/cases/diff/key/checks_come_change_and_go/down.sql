-- Drop constraint t_a_check of table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), until the transaction ends, which takes long.
ALTER TABLE t DROP CONSTRAINT t_a_check;

-- Drop constraint t_new_check of table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), until the transaction ends, which takes long.
ALTER TABLE t DROP CONSTRAINT t_new_check;

-- Drop constraint t_plain_check of table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), until the transaction ends, which takes long.
ALTER TABLE t DROP CONSTRAINT t_plain_check;

-- Add constraint t_a_check to table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), until the transaction ends, which takes long.
-- Reads every row.
-- Fails if a row breaks the check.
ALTER TABLE t ADD CONSTRAINT t_a_check CHECK (a > 0);

-- Add constraint t_gone_check to table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), until the transaction ends, which takes long.
-- Reads every row.
-- Fails if a row breaks the check.
ALTER TABLE t ADD CONSTRAINT t_gone_check CHECK (a < 100);

-- Add constraint t_plain_check to table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for as long as it takes.
-- Reads every row.
-- Fails if a row breaks the check.
ALTER TABLE t ADD CONSTRAINT t_plain_check CHECK (a <> 7);

-- Describe constraint t_comment_check on t.
COMMENT ON CONSTRAINT t_comment_check ON t IS 'old';
