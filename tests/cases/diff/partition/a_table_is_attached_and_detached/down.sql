BEGIN;

-- Detach partition events_2024 from events; rows are kept.
-- Locks: ACCESS EXCLUSIVE on events, events_2024 (reads and writes wait), briefly.
ALTER TABLE events DETACH PARTITION events_2024;

-- Drop constraint events_pkey of table events.
-- Locks: ACCESS EXCLUSIVE on events (reads and writes wait), briefly.
ALTER TABLE events DROP CONSTRAINT events_pkey;

-- Drop constraint events_2024_pkey of table events_2024.
-- Locks: ACCESS EXCLUSIVE on events_2024 (reads and writes wait), briefly.
ALTER TABLE events_2024 DROP CONSTRAINT events_2024_pkey;

-- Add column events_2024.old.
-- Locks: ACCESS EXCLUSIVE on events_2024 (reads and writes wait), briefly.
ALTER TABLE events_2024 ADD COLUMN old text;

COMMIT;

BEGIN;

-- Change column events_2024.id from bigint to integer.
-- Locks: ACCESS EXCLUSIVE on events_2024 (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Fails if a value is out of range for integer.
ALTER TABLE events_2024 ALTER COLUMN id TYPE integer;

COMMIT;

BEGIN;

-- Drop column events_2024.kind.
-- Locks: ACCESS EXCLUSIVE on events_2024 (reads and writes wait), briefly.
-- Loses the values of the column.
ALTER TABLE events_2024 DROP COLUMN kind;

COMMIT;
