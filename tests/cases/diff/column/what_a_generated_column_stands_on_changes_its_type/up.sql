-- Drop index t_b_idx of table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for a moment.
DROP INDEX t_b_idx;

-- Drop column t.b.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for a moment.
ALTER TABLE t DROP COLUMN b;

-- Change column t.a from integer to bigint.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for as long as it takes.
-- Rewrites the table and its indexes.
ALTER TABLE t ALTER COLUMN a TYPE bigint;

-- Add column t.b.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for as long as it takes.
-- Rewrites the table and its indexes.
ALTER TABLE t ADD COLUMN b bigint GENERATED ALWAYS AS (a + 1) STORED;

-- Create unique index t_b_idx on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes go on), for as long as it takes.
-- Reads every row and builds an index.
-- Fails if two rows have the same key.
-- Runs outside a transaction.
CREATE UNIQUE INDEX CONCURRENTLY t_b_idx ON t USING btree (b);

-- Describe index t_b_idx.
COMMENT ON INDEX t_b_idx IS 'stays';
