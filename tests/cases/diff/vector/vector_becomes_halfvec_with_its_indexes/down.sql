BEGIN;

-- Drop index t_hnsw of table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
-- Until the index is built again below, queries cannot use it.
DROP INDEX t_hnsw;

-- Drop index t_ivf of table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
-- Until the index is built again below, queries cannot use it.
DROP INDEX t_ivf;

COMMIT;

BEGIN;

-- Change column t.v from halfvec(3) to vector(3).
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
ALTER TABLE t ALTER COLUMN v TYPE vector(3);

COMMIT;

-- Create hnsw index t_hnsw on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY t_hnsw ON t USING hnsw (v vector_cosine_ops) WITH (m = 8);

BEGIN;

-- Set comment on index t_hnsw.
COMMENT ON INDEX t_hnsw IS 'kept';

COMMIT;

-- Create ivfflat index t_ivf on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY t_ivf ON t USING ivfflat (v) WITH (lists = 1);
