-- Drop index t_v_idx of table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for a moment.
DROP INDEX t_v_idx;

-- Drop column t.v.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for a moment.
-- Loses the values of the column.
ALTER TABLE t DROP COLUMN v;

-- Add column t.v.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for a moment.
ALTER TABLE t ADD COLUMN v vector(4);

-- Describe column t.v.
COMMENT ON COLUMN t.v IS 'from the new model';

-- Create hnsw index t_v_idx on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes go on), for as long as it takes.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY t_v_idx ON t USING hnsw (v vector_cosine_ops) WITH (m = 24);
