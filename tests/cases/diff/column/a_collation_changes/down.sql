-- Drop index t_name_idx of table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes go on), briefly.
-- Queries do without the index until it is built again below.
-- Runs outside a transaction.
DROP INDEX CONCURRENTLY t_name_idx;

BEGIN;

-- Change the collation of column t.code.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ALTER COLUMN code TYPE text COLLATE "C";

-- Change the collation of column t.name.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ALTER COLUMN name TYPE text;

COMMIT;

-- Create index t_name_idx on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes go on), for as long as it takes.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY t_name_idx ON t USING btree (name);
