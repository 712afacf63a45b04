-- Drop index t_v of table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes go on), for a moment.
-- Runs outside a transaction.
DROP INDEX CONCURRENTLY t_v;

-- Drop column t.v.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for a moment.
-- Loses the values of the column.
ALTER TABLE t DROP COLUMN v;

-- Drop extension vector.
-- Fails if something still uses the extension.
DROP EXTENSION vector;
