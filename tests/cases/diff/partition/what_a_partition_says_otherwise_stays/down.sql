-- Change column events.kind from character varying(20) to text.
-- Locks: ACCESS EXCLUSIVE on events, events_2024 (reads and writes wait), briefly.
ALTER TABLE events ALTER COLUMN kind TYPE text;

-- Drop NOT NULL from events.kind.
-- Locks: ACCESS EXCLUSIVE on events, events_2024 (reads and writes wait), briefly.
ALTER TABLE events ALTER COLUMN kind DROP NOT NULL;

-- Set the default of column events.kind; existing rows keep their values.
-- Locks: ACCESS EXCLUSIVE on events, events_2024 (reads and writes wait), briefly.
ALTER TABLE events ALTER COLUMN kind SET DEFAULT 'x'::text;

-- Set the default of column events_2024.kind; existing rows keep their values.
-- Locks: ACCESS EXCLUSIVE on events_2024 (reads and writes wait), briefly.
ALTER TABLE events_2024 ALTER COLUMN kind SET DEFAULT 'y'::text;

-- Drop column events.size.
-- Locks: ACCESS EXCLUSIVE on events, events_2024 (reads and writes wait), briefly.
-- Loses the values of the column.
ALTER TABLE events DROP COLUMN size;
