-- Drop constraint t_check of table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for a moment.
ALTER TABLE t DROP CONSTRAINT t_check;

-- Drop index t_expression of table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for a moment.
DROP INDEX t_expression;

-- Drop index t_partial of table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for a moment.
DROP INDEX t_partial;

-- Drop column t.low.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for a moment.
ALTER TABLE t DROP COLUMN low;

-- Rename enum mood to mood_old.
ALTER TYPE mood RENAME TO mood_old;

-- Create enum mood.
CREATE TYPE mood AS ENUM ('bad', 'good', 'fair');

-- Describe enum mood.
COMMENT ON TYPE mood IS 'sorted';

-- Move column other.m to the new mood.
-- Locks: ACCESS EXCLUSIVE on other (reads and writes wait), for as long as it takes.
-- Rewrites the table and its indexes.
-- Fails if a value cannot become mood.
ALTER TABLE other ALTER COLUMN m TYPE mood USING m::text::mood;

-- Drop the default of column t.list.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for a moment.
ALTER TABLE t ALTER COLUMN list DROP DEFAULT;

-- Move column t.list to the new mood[].
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for as long as it takes.
-- Rewrites the table and its indexes.
-- Fails if a value cannot become mood[].
ALTER TABLE t ALTER COLUMN list TYPE mood[] USING list::text[]::mood[];

-- Set the default of column t.list; existing rows keep their values.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for a moment.
ALTER TABLE t ALTER COLUMN list SET DEFAULT '{good,bad}'::mood[];

-- Drop the default of column t.m.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for a moment.
ALTER TABLE t ALTER COLUMN m DROP DEFAULT;

-- Move column t.m to the new mood.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for as long as it takes.
-- Rewrites the table and its indexes.
-- Fails if a value cannot become mood.
ALTER TABLE t ALTER COLUMN m TYPE mood USING m::text::mood;

-- Drop enum mood_old.
DROP TYPE mood_old;

-- Add column t.low.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for as long as it takes.
-- Rewrites the table and its indexes.
ALTER TABLE t ADD COLUMN low boolean GENERATED ALWAYS AS (m > 'good'::mood) STORED;

-- Add constraint t_check to table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for as long as it takes.
-- Reads every row.
-- Fails if a row breaks the check.
ALTER TABLE t ADD CONSTRAINT t_check CHECK ((m <> 'bad'::mood) OR (id > 0));

-- Describe constraint t_check on t.
COMMENT ON CONSTRAINT t_check ON t IS 'kept';

-- Set the default of column t.m; existing rows keep their values.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for a moment.
ALTER TABLE t ALTER COLUMN m SET DEFAULT 'bad'::mood;

-- Create index t_expression on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes go on), for as long as it takes.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY t_expression ON t USING btree ((m = 'bad'::mood));

-- Create index t_partial on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes go on), for as long as it takes.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY t_partial ON t USING btree (id) WHERE m = 'good'::mood;
