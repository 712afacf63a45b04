-- Drop index t_v of table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for a moment.
DROP INDEX t_v;

-- Drop column t.v.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for a moment.
-- Loses the values of the column.
ALTER TABLE t DROP COLUMN v;

-- Drop extension vector.
-- Fails if something still uses the extension.
DROP EXTENSION vector;
