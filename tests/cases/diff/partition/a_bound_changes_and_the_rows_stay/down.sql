BEGIN;

-- Add constraint events_2024_bound_check to table events_2024, NOT VALID: new and updated rows are checked, existing rows not yet.
-- Locks: ACCESS EXCLUSIVE on events_2024 (reads and writes wait), briefly.
ALTER TABLE events_2024 ADD CONSTRAINT events_2024_bound_check CHECK (((at IS NOT NULL) AND (at >= '2024-01-01'::date) AND (at < '2025-01-01'::date))) NOT VALID;

COMMIT;

BEGIN;

-- Validate constraint events_2024_bound_check of table events_2024.
-- Locks: SHARE UPDATE EXCLUSIVE on events_2024 (reads and writes continue), for the duration of the statement.
-- Reads every row.
-- Fails if a row violates the check.
ALTER TABLE events_2024 VALIDATE CONSTRAINT events_2024_bound_check;

COMMIT;

BEGIN;

-- Detach partition events_2024 from events; rows are kept.
-- Locks: ACCESS EXCLUSIVE on events, events_2024 (reads and writes wait), briefly.
ALTER TABLE events DETACH PARTITION events_2024;

-- Attach events_2024 as a partition of events.
-- Locks: ACCESS EXCLUSIVE on events_2024 (reads and writes wait); SHARE UPDATE EXCLUSIVE on events (reads and writes continue), briefly.
ALTER TABLE events ATTACH PARTITION events_2024 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');

-- Drop constraint events_2024_bound_check of table events_2024.
-- Locks: ACCESS EXCLUSIVE on events_2024 (reads and writes wait), briefly.
ALTER TABLE events_2024 DROP CONSTRAINT events_2024_bound_check;

COMMIT;
