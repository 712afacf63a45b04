-- Add column events.size.
-- Locks: ACCESS EXCLUSIVE on events, events_2024 (reads and writes wait), until the transaction ends, which takes long.
ALTER TABLE events ADD COLUMN size integer;

-- Change column events.kind from text to character varying(20).
-- Locks: ACCESS EXCLUSIVE on events, events_2024 (reads and writes wait), until the transaction ends, which takes long.
-- Rewrites the table and its indexes.
-- Fails if a value does not fit character varying(20).
ALTER TABLE events ALTER COLUMN kind TYPE character varying(20);

-- Forbid NULL in column events.kind.
-- Locks: ACCESS EXCLUSIVE on events, events_2024 (reads and writes wait), for as long as it takes.
-- Reads every row.
-- Fails if the column holds a NULL.
ALTER TABLE events ALTER COLUMN kind SET NOT NULL;

-- Set the default of column events.kind; existing rows keep their values.
-- Locks: ACCESS EXCLUSIVE on events, events_2024 (reads and writes wait), for a moment.
ALTER TABLE events ALTER COLUMN kind SET DEFAULT 'z'::character varying;

-- Set the default of column events_2024.kind; existing rows keep their values.
-- Locks: ACCESS EXCLUSIVE on events_2024 (reads and writes wait), for a moment.
ALTER TABLE events_2024 ALTER COLUMN kind SET DEFAULT 'y'::character varying;

-- Change the statistics target of column events_2024.size.
-- Locks: SHARE UPDATE EXCLUSIVE on events_2024 (reads and writes go on), for a moment.
ALTER TABLE events_2024 ALTER COLUMN size SET STATISTICS 10;
