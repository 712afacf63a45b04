BEGIN;

-- Drop index t_idx of table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
-- Until the index is built again below, queries cannot use it.
DROP INDEX t_idx;

-- Create enum mood.
CREATE TYPE mood AS ENUM ('good', 'bad');

COMMIT;

BEGIN;

-- Drop the default of column t.m.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), until the end of the transaction, which can take long.
ALTER TABLE t ALTER COLUMN m DROP DEFAULT;

-- Change column t.m from text to mood.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Fails if a value cannot be converted to mood.
ALTER TABLE t ALTER COLUMN m TYPE mood USING m::mood;

-- Set the default of column t.m; existing rows keep their values.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ALTER COLUMN m SET DEFAULT 'good'::mood;

COMMIT;

-- Create index t_idx on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY t_idx ON t USING btree (m) WHERE m = 'good'::mood;
