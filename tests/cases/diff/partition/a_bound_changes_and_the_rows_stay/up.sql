BEGIN;

-- Add constraint events_2024_bound_check to table events_2024; existing rows are not checked.
-- Locks: ACCESS EXCLUSIVE on events_2024 (reads and writes wait), for a moment.
ALTER TABLE events_2024 ADD CONSTRAINT events_2024_bound_check CHECK (((at IS NOT NULL) AND (at >= '2024-01-01'::date) AND (at < '2026-01-01'::date))) NOT VALID;

COMMIT;

BEGIN;

-- Check the existing rows against constraint events_2024_bound_check of events_2024.
-- Locks: SHARE UPDATE EXCLUSIVE on events_2024 (reads and writes go on), for as long as it takes.
-- Reads every row.
-- Fails if a row breaks the constraint.
ALTER TABLE events_2024 VALIDATE CONSTRAINT events_2024_bound_check;

COMMIT;

BEGIN;

-- Take table events_2024 out of events; it keeps its rows.
-- Locks: ACCESS EXCLUSIVE on events, events_2024 (reads and writes wait), for a moment.
ALTER TABLE events DETACH PARTITION events_2024;

-- Make table events_2024 a partition of events.
-- Locks: ACCESS EXCLUSIVE on events_2024 (reads and writes wait); SHARE UPDATE EXCLUSIVE on events (reads and writes go on), for a moment.
ALTER TABLE events ATTACH PARTITION events_2024 FOR VALUES FROM ('2024-01-01') TO ('2026-01-01');

-- Drop constraint events_2024_bound_check of table events_2024.
-- Locks: ACCESS EXCLUSIVE on events_2024 (reads and writes wait), for a moment.
ALTER TABLE events_2024 DROP CONSTRAINT events_2024_bound_check;

COMMIT;
