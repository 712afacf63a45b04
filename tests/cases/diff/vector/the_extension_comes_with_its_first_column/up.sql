BEGIN;

-- Create extension vector if it does not exist.
CREATE EXTENSION IF NOT EXISTS vector WITH SCHEMA public;

-- Add column t.v.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ADD COLUMN v vector(3);

COMMIT;

-- Create hnsw index t_v on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY t_v ON t USING hnsw (v vector_l2_ops);
