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

-- Change column t.v from vector(3) to halfvec(3).
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Fails if an element is beyond 65504, the largest of halfvec.
-- Loses precision: each element is rounded to half precision.
ALTER TABLE t ALTER COLUMN v TYPE halfvec(3);

COMMIT;

-- Create hnsw index t_hnsw on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY t_hnsw ON t USING hnsw (v halfvec_cosine_ops) WITH (m = 8);

BEGIN;

-- Set comment on index t_hnsw.
COMMENT ON INDEX t_hnsw IS 'kept';

COMMIT;

-- Create ivfflat index t_ivf on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY t_ivf ON t USING ivfflat (v halfvec_l2_ops) WITH (lists = 1);
