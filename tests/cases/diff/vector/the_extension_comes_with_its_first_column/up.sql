BEGIN;

-- Create extension vector, unless it exists.
CREATE EXTENSION IF NOT EXISTS vector WITH SCHEMA public;

-- Add column t.v.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ADD COLUMN v vector(3);

COMMIT;

-- Create hnsw index t_v on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes go on), for as long as it takes.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY t_v ON t USING hnsw (v vector_l2_ops);
