-- Drop index t_lower_idx of table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes go on), briefly.
-- Queries do without the index until it is built again below.
-- Runs outside a transaction.
DROP INDEX CONCURRENTLY t_lower_idx;

-- Drop index t_part_idx of table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes go on), briefly.
-- Queries do without the index until it is built again below.
-- Runs outside a transaction.
DROP INDEX CONCURRENTLY t_part_idx;

BEGIN;

-- Change column t.name from character varying(20) to character varying(40).
-- Locks: ACCESS EXCLUSIVE on t, u (reads and writes wait), briefly.
ALTER TABLE t ALTER COLUMN name TYPE character varying(40);

COMMIT;

BEGIN;

-- Change column t.note from character varying(20) to character varying(40).
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for as long as it takes.
-- Reads every row.
ALTER TABLE t ALTER COLUMN note TYPE character varying(40);

COMMIT;

-- Create index t_lower_idx on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes go on), for as long as it takes.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY t_lower_idx ON t USING btree ((lower((note)::text)));

-- Create index t_part_idx on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes go on), for as long as it takes.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY t_part_idx ON t USING btree (id) WHERE length((note)::text) > 3;
