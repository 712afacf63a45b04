-- Drop index t_lower_idx of table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), briefly.
-- Until the index is built again below, queries cannot use it.
-- Runs outside a transaction.
DROP INDEX CONCURRENTLY t_lower_idx;

-- Drop index t_part_idx of table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), briefly.
-- Until the index is built again below, queries cannot use it.
-- Runs outside a transaction.
DROP INDEX CONCURRENTLY t_part_idx;

BEGIN;

-- Change column t.name from character varying(20) to character varying(40).
-- Locks: ACCESS EXCLUSIVE on t, u (reads and writes wait), briefly.
ALTER TABLE t ALTER COLUMN name TYPE character varying(40);

COMMIT;

BEGIN;

-- Change column t.note from character varying(20) to character varying(40).
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for the duration of the statement.
-- Reads every row.
ALTER TABLE t ALTER COLUMN note TYPE character varying(40);

COMMIT;

-- Create index t_lower_idx on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY t_lower_idx ON t USING btree ((lower((note)::text)));

-- Create index t_part_idx on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY t_part_idx ON t USING btree (id) WHERE length((note)::text) > 3;
