-- Drop index t_name_idx of table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), briefly.
-- Until the index is built again below, queries cannot use it.
-- Runs outside a transaction.
DROP INDEX CONCURRENTLY t_name_idx;

BEGIN;

-- Change the collation of column t.code.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ALTER COLUMN code TYPE text;

-- Change the collation of column t.name.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ALTER COLUMN name TYPE text COLLATE "C";

COMMIT;

-- Create index t_name_idx on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY t_name_idx ON t USING btree (name);
