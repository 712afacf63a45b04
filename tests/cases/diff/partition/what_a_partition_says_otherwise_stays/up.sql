BEGIN;

-- Add column events.size.
-- Locks: ACCESS EXCLUSIVE on events, events_2024 (reads and writes wait), briefly.
ALTER TABLE events ADD COLUMN size integer;

-- Change the statistics target of column events_2024.size.
-- Locks: SHARE UPDATE EXCLUSIVE on events_2024 (reads and writes continue), briefly.
ALTER TABLE events_2024 ALTER COLUMN size SET STATISTICS 10;

-- Add constraint events_kind_not_null_check to table events, NOT VALID: new and updated rows are checked, existing rows not yet.
-- Locks: ACCESS EXCLUSIVE on events, events_2024 (reads and writes wait), briefly.
ALTER TABLE events ADD CONSTRAINT events_kind_not_null_check CHECK (kind IS NOT NULL) NOT VALID;

COMMIT;

BEGIN;

-- Change column events.kind from text to character varying(20).
-- Locks: ACCESS EXCLUSIVE on events, events_2024 (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Fails if a value does not fit character varying(20).
ALTER TABLE events ALTER COLUMN kind TYPE character varying(20);

COMMIT;

BEGIN;

-- Validate constraint events_kind_not_null_check of table events.
-- Locks: SHARE UPDATE EXCLUSIVE on events, events_2024 (reads and writes continue), for the duration of the statement.
-- Reads every row.
-- Fails if a row violates the check.
ALTER TABLE events VALIDATE CONSTRAINT events_kind_not_null_check;

COMMIT;

BEGIN;

-- Set the default of column events.kind; existing rows keep their values.
-- Locks: ACCESS EXCLUSIVE on events, events_2024 (reads and writes wait), briefly.
ALTER TABLE events ALTER COLUMN kind SET DEFAULT 'z'::character varying;

-- Set the default of column events_2024.kind; existing rows keep their values.
-- Locks: ACCESS EXCLUSIVE on events_2024 (reads and writes wait), briefly.
ALTER TABLE events_2024 ALTER COLUMN kind SET DEFAULT 'y'::character varying;

-- Set NOT NULL on events.kind.
-- Locks: ACCESS EXCLUSIVE on events, events_2024 (reads and writes wait), briefly.
ALTER TABLE events ALTER COLUMN kind SET NOT NULL;

-- Drop constraint events_kind_not_null_check of table events.
-- Locks: ACCESS EXCLUSIVE on events, events_2024 (reads and writes wait), briefly.
ALTER TABLE events DROP CONSTRAINT events_kind_not_null_check;

COMMIT;
