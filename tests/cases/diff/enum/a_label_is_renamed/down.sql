-- Drop constraint t_check of table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for a moment.
ALTER TABLE t DROP CONSTRAINT t_check;

-- Rename enum mood to mood_old.
ALTER TYPE mood RENAME TO mood_old;

-- Create enum mood.
CREATE TYPE mood AS ENUM ('good', 'awful');

-- Drop the default of column t.m.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for a moment.
ALTER TABLE t ALTER COLUMN m DROP DEFAULT;

-- Move column t.m to the new mood.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for as long as it takes.
-- Rewrites the table and its indexes.
-- Fails if a value cannot become mood.
ALTER TABLE t ALTER COLUMN m TYPE mood USING m::text::mood;

-- Set the default of column t.m; existing rows keep their values.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for a moment.
ALTER TABLE t ALTER COLUMN m SET DEFAULT 'awful'::mood;

-- Drop enum mood_old.
DROP TYPE mood_old;

-- Add constraint t_check to table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for as long as it takes.
-- Reads every row.
-- Fails if a row breaks the check.
ALTER TABLE t ADD CONSTRAINT t_check CHECK (m <> 'good'::mood);

-- Rename label 'awful' of enum mood to 'bad'; rows keep it.
ALTER TYPE mood RENAME VALUE 'awful' TO 'bad';
