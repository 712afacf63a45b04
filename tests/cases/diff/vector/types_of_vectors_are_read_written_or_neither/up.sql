-- Drop index t9_a_idx of table t9.
-- Locks: SHARE UPDATE EXCLUSIVE on t9 (reads and writes continue), briefly.
-- Until the index is built again below, queries cannot use it.
-- Runs outside a transaction.
DROP INDEX CONCURRENTLY t9_a_idx;

BEGIN;

-- Drop index t4_a_idx of table t4.
-- Locks: ACCESS EXCLUSIVE on t4 (reads and writes wait), briefly.
-- Until the index is built again below, queries cannot use it.
DROP INDEX t4_a_idx;

-- Drop index t5_a_idx of table t5.
-- Locks: ACCESS EXCLUSIVE on t5 (reads and writes wait), briefly.
-- Until the index is built again below, queries cannot use it.
DROP INDEX t5_a_idx;

-- Change column t1.a from vector(3) to vector.
-- Locks: ACCESS EXCLUSIVE on t1 (reads and writes wait), briefly.
ALTER TABLE t1 ALTER COLUMN a TYPE vector;

COMMIT;

BEGIN;

-- Change column t4.a from vector(3) to halfvec(3).
-- Locks: ACCESS EXCLUSIVE on t4 (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Fails if an element is beyond 65504, the largest of halfvec.
-- Loses precision: each element is rounded to half precision.
ALTER TABLE t4 ALTER COLUMN a TYPE halfvec(3);

COMMIT;

BEGIN;

-- Change column t5.a from halfvec(3) to vector(3).
-- Locks: ACCESS EXCLUSIVE on t5 (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
ALTER TABLE t5 ALTER COLUMN a TYPE vector(3);

COMMIT;

BEGIN;

-- Change column t9.a from vector(3) to vector.
-- Locks: ACCESS EXCLUSIVE on t9 (reads and writes wait), briefly.
ALTER TABLE t9 ALTER COLUMN a TYPE vector;

COMMIT;

BEGIN;

-- Change column t2.a from vector to vector(3).
-- Locks: ACCESS EXCLUSIVE on t2 (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Fails if a stored value has other dimensions than vector(3).
ALTER TABLE t2 ALTER COLUMN a TYPE vector(3);

COMMIT;

BEGIN;

-- Change column t3.a from vector(3) to halfvec(3).
-- Locks: ACCESS EXCLUSIVE on t3 (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Fails if an element is beyond 65504, the largest of halfvec.
-- Loses precision: each element is rounded to half precision.
ALTER TABLE t3 ALTER COLUMN a TYPE halfvec(3);

COMMIT;

-- Create hnsw index t4_a_idx on table t4.
-- Locks: SHARE UPDATE EXCLUSIVE on t4 (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY t4_a_idx ON t4 USING hnsw (a halfvec_l2_ops);

-- Create hnsw index t5_a_idx on table t5.
-- Locks: SHARE UPDATE EXCLUSIVE on t5 (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY t5_a_idx ON t5 USING hnsw (a vector_l2_ops);

BEGIN;

-- Change column t6.a from vector(3) to sparsevec(3).
-- Locks: ACCESS EXCLUSIVE on t6 (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
ALTER TABLE t6 ALTER COLUMN a TYPE sparsevec(3);

COMMIT;

BEGIN;

-- Change column t7.a from real[] to vector(3).
-- Locks: ACCESS EXCLUSIVE on t7 (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Fails if a stored value has other dimensions than vector(3).
ALTER TABLE t7 ALTER COLUMN a TYPE vector(3);

COMMIT;

BEGIN;

-- Change column t8.a from vector(3) to bit(3).
-- Locks: ACCESS EXCLUSIVE on t8 (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Fails if a value cannot be converted to bit(3).
-- Loses the values: only one bit of each element is kept.
ALTER TABLE t8 ALTER COLUMN a TYPE bit(3) USING binary_quantize(a);

COMMIT;

-- Create hnsw index t9_a_idx on table t9.
-- Locks: SHARE UPDATE EXCLUSIVE on t9 (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY t9_a_idx ON t9 USING hnsw (((a)::halfvec(3)) halfvec_l2_ops);
