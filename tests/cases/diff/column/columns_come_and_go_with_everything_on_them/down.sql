BEGIN;

-- Drop constraint t_new_key of table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t DROP CONSTRAINT t_new_key;

-- Add column t.old.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ADD COLUMN old text DEFAULT 'x'::text NOT NULL;

-- Set comment on column t.old.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), briefly.
COMMENT ON COLUMN t.old IS 'gone soon';

-- Add constraint t_old_check to table t, NOT VALID: new and updated rows are checked, existing rows not yet.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ADD CONSTRAINT t_old_check CHECK (old <> ''::text) NOT VALID;

COMMIT;

BEGIN;

-- Validate constraint t_old_check of table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), for the duration of the statement.
-- Reads every row.
-- Fails if a row violates the check.
ALTER TABLE t VALIDATE CONSTRAINT t_old_check;

COMMIT;

-- Create index t_old_idx on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY t_old_idx ON t USING btree (old, id);

BEGIN;

-- Set comment on index t_old_idx.
COMMENT ON INDEX t_old_idx IS 'goes too';

-- Drop column t.count.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
-- Loses the values of the column.
ALTER TABLE t DROP COLUMN count;

-- Drop column t.new.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
-- Loses the values of the column.
ALTER TABLE t DROP COLUMN new;

COMMIT;
