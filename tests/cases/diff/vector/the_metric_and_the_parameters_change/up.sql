-- Create hnsw index t_ef_new on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY t_ef_new ON t USING hnsw (v vector_l2_ops) WITH (ef_construction = 128);

BEGIN;

-- Rename index t_ef to t_ef_old.
-- Locks: SHARE UPDATE EXCLUSIVE on index t_ef (reads and writes continue), briefly.
ALTER INDEX t_ef RENAME TO t_ef_old;

-- Rename index t_ef_new to t_ef.
-- Locks: SHARE UPDATE EXCLUSIVE on index t_ef_new (reads and writes continue), briefly.
ALTER INDEX t_ef_new RENAME TO t_ef;

COMMIT;

-- Drop index t_ef_old of table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), briefly.
-- Runs outside a transaction.
DROP INDEX CONCURRENTLY t_ef_old;

-- Create ivfflat index t_lists_new on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY t_lists_new ON t USING ivfflat (v) WITH (lists = 20);

BEGIN;

-- Rename index t_lists to t_lists_old.
-- Locks: SHARE UPDATE EXCLUSIVE on index t_lists (reads and writes continue), briefly.
ALTER INDEX t_lists RENAME TO t_lists_old;

-- Rename index t_lists_new to t_lists.
-- Locks: SHARE UPDATE EXCLUSIVE on index t_lists_new (reads and writes continue), briefly.
ALTER INDEX t_lists_new RENAME TO t_lists;

COMMIT;

-- Drop index t_lists_old of table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), briefly.
-- Runs outside a transaction.
DROP INDEX CONCURRENTLY t_lists_old;

-- Create hnsw index t_m_new on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY t_m_new ON t USING hnsw (v vector_l2_ops) WITH (m = 24, ef_construction = 64);

BEGIN;

-- Rename index t_m to t_m_old.
-- Locks: SHARE UPDATE EXCLUSIVE on index t_m (reads and writes continue), briefly.
ALTER INDEX t_m RENAME TO t_m_old;

-- Rename index t_m_new to t_m.
-- Locks: SHARE UPDATE EXCLUSIVE on index t_m_new (reads and writes continue), briefly.
ALTER INDEX t_m_new RENAME TO t_m;

COMMIT;

-- Drop index t_m_old of table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), briefly.
-- Runs outside a transaction.
DROP INDEX CONCURRENTLY t_m_old;

-- Create hnsw index t_method_new on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY t_method_new ON t USING hnsw (v vector_l2_ops);

BEGIN;

-- Rename index t_method to t_method_old.
-- Locks: SHARE UPDATE EXCLUSIVE on index t_method (reads and writes continue), briefly.
ALTER INDEX t_method RENAME TO t_method_old;

-- Rename index t_method_new to t_method.
-- Locks: SHARE UPDATE EXCLUSIVE on index t_method_new (reads and writes continue), briefly.
ALTER INDEX t_method_new RENAME TO t_method;

COMMIT;

-- Drop index t_method_old of table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), briefly.
-- Runs outside a transaction.
DROP INDEX CONCURRENTLY t_method_old;

-- Create hnsw index t_metric_new on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY t_metric_new ON t USING hnsw (v vector_cosine_ops);

BEGIN;

-- Rename index t_metric to t_metric_old.
-- Locks: SHARE UPDATE EXCLUSIVE on index t_metric (reads and writes continue), briefly.
ALTER INDEX t_metric RENAME TO t_metric_old;

-- Rename index t_metric_new to t_metric.
-- Locks: SHARE UPDATE EXCLUSIVE on index t_metric_new (reads and writes continue), briefly.
ALTER INDEX t_metric_new RENAME TO t_metric;

COMMIT;

-- Drop index t_metric_old of table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), briefly.
-- Runs outside a transaction.
DROP INDEX CONCURRENTLY t_metric_old;
