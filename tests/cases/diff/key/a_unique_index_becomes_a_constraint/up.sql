-- Drop index t_a_key of table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes go on), for a moment.
-- Runs outside a transaction.
DROP INDEX CONCURRENTLY t_a_key;

-- Add constraint t_a_key to table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for as long as it takes.
-- Reads every row and builds an index.
-- Fails if two rows have the same key.
ALTER TABLE t ADD CONSTRAINT t_a_key UNIQUE (a);
