-- Create index i_new1 on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY i_new1 ON t USING btree (a DESC);

BEGIN;

-- Rename index i to i_old1.
-- Locks: SHARE UPDATE EXCLUSIVE on index i (reads and writes continue), briefly.
ALTER INDEX i RENAME TO i_old1;

-- Rename index i_new1 to i.
-- Locks: SHARE UPDATE EXCLUSIVE on index i_new1 (reads and writes continue), briefly.
ALTER INDEX i_new1 RENAME TO i;

COMMIT;

-- Drop index i_old1 of table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), briefly.
-- Runs outside a transaction.
DROP INDEX CONCURRENTLY i_old1;
