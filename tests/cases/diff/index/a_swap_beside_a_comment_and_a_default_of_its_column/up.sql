BEGIN;

-- Set the default of column t.a; existing rows keep their values.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ALTER COLUMN a SET DEFAULT 'x'::text;

-- Change the statistics target of column t.a.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), briefly.
ALTER TABLE t ALTER COLUMN a SET STATISTICS 100;

-- Set comment on column t.a.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), briefly.
COMMENT ON COLUMN t.a IS 'new';

COMMIT;

-- Create unique index i_new on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Fails if two rows have the same key.
-- Runs outside a transaction.
CREATE UNIQUE INDEX CONCURRENTLY i_new ON t USING btree (a);

BEGIN;

-- Rename index i to i_old.
-- Locks: SHARE UPDATE EXCLUSIVE on index i (reads and writes continue), briefly.
ALTER INDEX i RENAME TO i_old;

-- Rename index i_new to i.
-- Locks: SHARE UPDATE EXCLUSIVE on index i_new (reads and writes continue), briefly.
ALTER INDEX i_new RENAME TO i;

COMMIT;

-- Drop index i_old of table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), briefly.
-- Runs outside a transaction.
DROP INDEX CONCURRENTLY i_old;
