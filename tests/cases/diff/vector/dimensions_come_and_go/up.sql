BEGIN;

-- Drop index t_half of table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
-- Until the index is built again below, queries cannot use it.
DROP INDEX t_half;

-- Change column t.v from vector(3) to vector.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ALTER COLUMN v TYPE vector;

COMMIT;

BEGIN;

-- Change column t.w from vector to vector(3).
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Fails if a stored value has other dimensions than vector(3).
ALTER TABLE t ALTER COLUMN w TYPE vector(3);

COMMIT;

-- Create hnsw index t_half on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY t_half ON t USING hnsw (w vector_l2_ops);
