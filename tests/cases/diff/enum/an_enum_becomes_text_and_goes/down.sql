BEGIN;

-- Drop index t_idx of table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
-- Queries do without the index until it is built again below.
DROP INDEX t_idx;

-- Create enum mood.
CREATE TYPE mood AS ENUM ('good', 'bad');

COMMIT;

BEGIN;

-- Drop the default of column t.m.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), until the transaction ends, which takes long.
ALTER TABLE t ALTER COLUMN m DROP DEFAULT;

-- Change column t.m from text to mood.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for as long as it takes.
-- Rewrites the table and its indexes.
-- Fails if a value cannot become mood.
ALTER TABLE t ALTER COLUMN m TYPE mood USING m::mood;

-- Set the default of column t.m; existing rows keep their values.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ALTER COLUMN m SET DEFAULT 'good'::mood;

COMMIT;

-- Create index t_idx on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes go on), for as long as it takes.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY t_idx ON t USING btree (m) WHERE m = 'good'::mood;
