-- Drop the default of column parts.number.
-- Locks: ACCESS EXCLUSIVE on parts (reads and writes wait), for a moment.
ALTER TABLE parts ALTER COLUMN number DROP DEFAULT;

-- Take table parts_20 out of parts; it keeps its rows.
-- Locks: ACCESS EXCLUSIVE on parts, parts_20 (reads and writes wait), for a moment.
ALTER TABLE parts DETACH PARTITION parts_20;

-- Rename enum mood to mood_old.
ALTER TYPE mood RENAME TO mood_old;

-- Create enum mood.
CREATE TYPE mood AS ENUM ('sad', 'ok');

-- Move column parts.mood to the new mood.
-- Locks: ACCESS EXCLUSIVE on parts (reads and writes wait), for as long as it takes.
-- Rewrites the table and its indexes.
-- Fails if a value cannot become mood.
ALTER TABLE parts ALTER COLUMN mood TYPE mood USING mood::text::mood;

-- Create table parts_rest.
-- Locks: ACCESS EXCLUSIVE on parts (reads and writes wait), for a moment.
CREATE TABLE parts_rest PARTITION OF parts DEFAULT;

-- Drop table parts_20.
-- Locks: ACCESS EXCLUSIVE on parts, parts_20 (reads and writes wait), for a moment.
-- Loses every row of the table.
DROP TABLE parts_20;

-- Drop function next_number().
DROP FUNCTION next_number();

-- Drop enum mood_old.
DROP TYPE mood_old;
