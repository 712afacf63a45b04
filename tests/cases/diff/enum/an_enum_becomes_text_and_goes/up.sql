BEGIN;

-- Drop index t_idx of table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
-- Until the index is built again below, queries cannot use it.
DROP INDEX t_idx;

COMMIT;

BEGIN;

-- Change column t.m from mood to text.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
ALTER TABLE t ALTER COLUMN m TYPE text;

COMMIT;

BEGIN;

-- Set the default of column t.m; existing rows keep their values.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ALTER COLUMN m SET DEFAULT 'good'::text;

COMMIT;

-- Create index t_idx on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY t_idx ON t USING btree (m) WHERE m = 'good'::text;

BEGIN;

-- Drop enum mood.
DROP TYPE mood;

COMMIT;
