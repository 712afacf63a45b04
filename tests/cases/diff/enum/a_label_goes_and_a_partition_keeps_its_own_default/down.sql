-- Drop the default of column days_two.mood.
-- Locks: ACCESS EXCLUSIVE on days_two (reads and writes wait), for a moment.
ALTER TABLE days_two ALTER COLUMN mood DROP DEFAULT;

-- Rename enum mood to mood_old.
ALTER TYPE mood RENAME TO mood_old;

-- Create enum mood.
CREATE TYPE mood AS ENUM ('sad', 'ok', 'gone');

-- Drop the default of column days.mood.
-- Locks: ACCESS EXCLUSIVE on days (reads and writes wait), for a moment.
ALTER TABLE days ALTER COLUMN mood DROP DEFAULT;

-- Move column days.mood to the new mood.
-- Locks: ACCESS EXCLUSIVE on days (reads and writes wait), for as long as it takes.
-- Rewrites the table and its indexes.
-- Fails if a value cannot become mood.
ALTER TABLE days ALTER COLUMN mood TYPE mood USING mood::text::mood;

-- Set the default of column days.mood; existing rows keep their values.
-- Locks: ACCESS EXCLUSIVE on days (reads and writes wait), for a moment.
ALTER TABLE days ALTER COLUMN mood SET DEFAULT 'ok'::mood;

-- Drop enum mood_old.
DROP TYPE mood_old;

-- Set the default of column days_two.mood; existing rows keep their values.
-- Locks: ACCESS EXCLUSIVE on days_two (reads and writes wait), for a moment.
ALTER TABLE days_two ALTER COLUMN mood SET DEFAULT 'sad'::mood;
