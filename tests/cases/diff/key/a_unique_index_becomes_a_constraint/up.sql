-- Create unique index t_a_key_new on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Fails if two rows have the same key.
-- Runs outside a transaction.
CREATE UNIQUE INDEX CONCURRENTLY t_a_key_new ON t USING btree (a);

-- Drop index t_a_key of table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), briefly.
-- Runs outside a transaction.
DROP INDEX CONCURRENTLY t_a_key;

BEGIN;

-- Add constraint t_a_key to table t with index t_a_key_new.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ADD CONSTRAINT t_a_key UNIQUE USING INDEX t_a_key_new;

COMMIT;
