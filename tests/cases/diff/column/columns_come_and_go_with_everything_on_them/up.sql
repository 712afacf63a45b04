BEGIN;

-- Drop constraint t_old_check of table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t DROP CONSTRAINT t_old_check;

-- Add column t.new.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ADD COLUMN new text;

-- Change the storage of column t.new for new rows.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ALTER COLUMN new SET STORAGE MAIN;

-- Set comment on column t.new.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), briefly.
COMMENT ON COLUMN t.new IS 'fresh';

-- Add column t.count.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ADD COLUMN count integer DEFAULT 0 NOT NULL;

COMMIT;

-- Drop index t_old_idx of table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), briefly.
-- Runs outside a transaction.
DROP INDEX CONCURRENTLY t_old_idx;

-- Create unique index t_new_key on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Fails if two rows have the same key.
-- Runs outside a transaction.
CREATE UNIQUE INDEX CONCURRENTLY t_new_key ON t USING btree (new);

BEGIN;

-- Add constraint t_new_key to table t with index t_new_key.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ADD CONSTRAINT t_new_key UNIQUE USING INDEX t_new_key;

-- Drop column t.old.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
-- Loses the values of the column.
ALTER TABLE t DROP COLUMN old;

COMMIT;
