-- Drop constraint days_mood_fkey of table days.
-- Locks: ACCESS EXCLUSIVE on days, moods (reads and writes wait), for a moment.
ALTER TABLE days DROP CONSTRAINT days_mood_fkey;

-- Rename enum mood to mood_old.
ALTER TYPE mood RENAME TO mood_old;

-- Create enum mood.
CREATE TYPE mood AS ENUM ('ok', 'sad');

-- Move column days.mood to the new mood.
-- Locks: ACCESS EXCLUSIVE on days, moods (reads and writes wait), for as long as it takes.
-- Rewrites the table and its indexes.
-- Fails if a value cannot become mood.
ALTER TABLE days ALTER COLUMN mood TYPE mood USING mood::text::mood;

-- Move column moods.mood to the new mood.
-- Locks: ACCESS EXCLUSIVE on moods (reads and writes wait), for as long as it takes.
-- Rewrites the table and its indexes.
-- Fails if a value cannot become mood.
ALTER TABLE moods ALTER COLUMN mood TYPE mood USING mood::text::mood;

-- Drop enum mood_old.
DROP TYPE mood_old;

-- Add constraint days_mood_fkey to table days.
-- Locks: SHARE ROW EXCLUSIVE on days, moods (writes wait, reads go on), for as long as it takes.
-- Reads every row.
-- Fails if a row references nothing.
ALTER TABLE days ADD CONSTRAINT days_mood_fkey FOREIGN KEY (mood) REFERENCES moods (mood);
