-- Create index i_a_new on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY i_a_new ON t USING btree (a DESC);

BEGIN;

-- Rename index i_a to i_a_old.
-- Locks: SHARE UPDATE EXCLUSIVE on index i_a (reads and writes continue), briefly.
ALTER INDEX i_a RENAME TO i_a_old;

-- Rename index i_a_new to i_a.
-- Locks: SHARE UPDATE EXCLUSIVE on index i_a_new (reads and writes continue), briefly.
ALTER INDEX i_a_new RENAME TO i_a;

COMMIT;

-- Drop index i_a_old of table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), briefly.
-- Runs outside a transaction.
DROP INDEX CONCURRENTLY i_a_old;

BEGIN;

-- Set the CLUSTER index of table t to i_a; rows are not reordered.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), briefly.
ALTER TABLE t CLUSTER ON i_a;

COMMIT;
