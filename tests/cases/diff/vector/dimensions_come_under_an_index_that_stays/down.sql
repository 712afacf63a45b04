BEGIN;

-- Drop index t_v of table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
-- Until the index is built again below, queries cannot use it.
DROP INDEX t_v;

-- Drop index t_w of table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
-- Until the index is built again below, queries cannot use it.
DROP INDEX t_w;

COMMIT;

BEGIN;

-- Change column t.v from vector(3) to halfvec(3).
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Fails if an element is beyond 65504, the largest of halfvec.
-- Loses precision: each element is rounded to half precision.
ALTER TABLE t ALTER COLUMN v TYPE halfvec(3);

COMMIT;

BEGIN;

-- Change column t.w from halfvec(3) to vector(3).
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
ALTER TABLE t ALTER COLUMN w TYPE vector(3);

COMMIT;

-- Create hnsw index t_v on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY t_v ON t USING hnsw (v halfvec_l2_ops);

-- Create hnsw index t_w on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY t_w ON t USING hnsw (((w)::halfvec(3)) halfvec_l2_ops);
