-- Drop index t_half of table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), briefly.
-- Until the index is built again below, queries cannot use it.
-- Runs outside a transaction.
DROP INDEX CONCURRENTLY t_half;

BEGIN;

-- Change column t.w from vector(3) to vector.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ALTER COLUMN w TYPE vector;

COMMIT;

-- Create hnsw index t_half on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY t_half ON t USING hnsw (((w)::vector(3)) vector_l2_ops);

BEGIN;

-- Change column t.v from vector to vector(3).
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Fails if a stored value has other dimensions than vector(3).
ALTER TABLE t ALTER COLUMN v TYPE vector(3);

COMMIT;
