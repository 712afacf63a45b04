BEGIN;

-- Drop constraint t_new_key of table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for a moment.
ALTER TABLE t DROP CONSTRAINT t_new_key;

-- Add column t.old.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for a moment.
ALTER TABLE t ADD COLUMN old text DEFAULT 'x'::text NOT NULL;

-- Describe column t.old.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes go on), for a moment.
COMMENT ON COLUMN t.old IS 'gone soon';

-- Add constraint t_old_check to table t; existing rows are not checked.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for a moment.
ALTER TABLE t ADD CONSTRAINT t_old_check CHECK (old <> ''::text) NOT VALID;

COMMIT;

BEGIN;

-- Check the existing rows against constraint t_old_check of t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes go on), for as long as it takes.
-- Reads every row.
-- Fails if a row breaks the constraint.
ALTER TABLE t VALIDATE CONSTRAINT t_old_check;

COMMIT;

-- Create index t_old_idx on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes go on), for as long as it takes.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY t_old_idx ON t USING btree (old, id);

BEGIN;

-- Describe index t_old_idx.
COMMENT ON INDEX t_old_idx IS 'goes too';

-- Drop column t.count.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for a moment.
-- Loses the values of the column.
ALTER TABLE t DROP COLUMN count;

-- Drop column t.new.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for a moment.
-- Loses the values of the column.
ALTER TABLE t DROP COLUMN new;

COMMIT;
