-- Drop constraint t_name_check of table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for a moment.
ALTER TABLE t DROP CONSTRAINT t_name_check;

-- Drop index t_name_idx of table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for a moment.
DROP INDEX t_name_idx;

-- Change column t.name from character varying(20) to text.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for a moment.
ALTER TABLE t ALTER COLUMN name TYPE text;

-- Set the default of column t.name; existing rows keep their values.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for a moment.
ALTER TABLE t ALTER COLUMN name SET DEFAULT 'nobody'::text;

-- Add constraint t_name_check to table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for as long as it takes.
-- Reads every row.
-- Fails if a row breaks the check.
ALTER TABLE t ADD CONSTRAINT t_name_check CHECK (name <> ''::text);

-- Drop column t.long.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for a moment.
ALTER TABLE t DROP COLUMN long;

-- Change column t.id from integer to bigint.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for as long as it takes.
-- Rewrites the table and its indexes.
ALTER TABLE t ALTER COLUMN id TYPE bigint;

-- Add column t.long.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for as long as it takes.
-- Rewrites the table and its indexes.
ALTER TABLE t ADD COLUMN long integer GENERATED ALWAYS AS (id * 2) STORED;

-- Create index t_name_idx on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes go on), for as long as it takes.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY t_name_idx ON t USING btree ((lower(name))) WHERE id > 10;
