-- Create unique index i_a_new on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Fails if two rows have the same key.
-- Runs outside a transaction.
CREATE UNIQUE INDEX CONCURRENTLY i_a_new ON t USING btree (a);

BEGIN;

-- Rename index i_a to i_a_old.
-- Locks: SHARE UPDATE EXCLUSIVE on index i_a (reads and writes continue), briefly.
ALTER INDEX i_a RENAME TO i_a_old;

-- Rename index i_a_new to i_a.
-- Locks: SHARE UPDATE EXCLUSIVE on index i_a_new (reads and writes continue), briefly.
ALTER INDEX i_a_new RENAME TO i_a;

-- Set the replica identity of table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t REPLICA IDENTITY USING INDEX i_a;

COMMIT;

-- Drop index i_a_old of table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), briefly.
-- Runs outside a transaction.
DROP INDEX CONCURRENTLY i_a_old;
