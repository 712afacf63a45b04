-- Create schema app.
CREATE SCHEMA app;

-- Move enum mood to schema app.
ALTER TYPE mood SET SCHEMA app;

-- Rename enum app.mood to mood_old.
ALTER TYPE app.mood RENAME TO mood_old;

-- Create enum app.mood.
CREATE TYPE app.mood AS ENUM ('good', 'bad');

-- Drop the default of column t.m.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for a moment.
ALTER TABLE t ALTER COLUMN m DROP DEFAULT;

-- Move column t.m to the new app.mood.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for as long as it takes.
-- Rewrites the table and its indexes.
-- Fails if a value cannot become app.mood.
ALTER TABLE t ALTER COLUMN m TYPE app.mood USING m::text::app.mood;

-- Set the default of column t.m; existing rows keep their values.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for a moment.
ALTER TABLE t ALTER COLUMN m SET DEFAULT 'good'::app.mood;

-- Drop enum app.mood_old.
DROP TYPE app.mood_old;
