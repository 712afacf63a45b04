-- Drop constraint t_old_check of table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), until the transaction ends, which takes long.
ALTER TABLE t DROP CONSTRAINT t_old_check;

-- Drop index t_old_idx of table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), until the transaction ends, which takes long.
DROP INDEX t_old_idx;

-- Add column t.new.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), until the transaction ends, which takes long.
ALTER TABLE t ADD COLUMN new text;

-- Change the storage of column t.new for rows written from now on.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), until the transaction ends, which takes long.
ALTER TABLE t ALTER COLUMN new SET STORAGE MAIN;

-- Describe column t.new.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes go on), until the transaction ends, which takes long.
COMMENT ON COLUMN t.new IS 'fresh';

-- Add column t.count.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), until the transaction ends, which takes long.
ALTER TABLE t ADD COLUMN count integer DEFAULT 0 NOT NULL;

-- Add constraint t_new_key to table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for as long as it takes.
-- Reads every row and builds an index.
-- Fails if two rows have the same key.
ALTER TABLE t ADD CONSTRAINT t_new_key UNIQUE (new);

-- Drop column t.old.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for a moment.
-- Loses the values of the column.
ALTER TABLE t DROP COLUMN old;
