BEGIN;

-- Add constraint events_pkey to table events.
-- Locks: ACCESS EXCLUSIVE on events (reads and writes wait), briefly.
ALTER TABLE events ADD CONSTRAINT events_pkey PRIMARY KEY (id, at);

-- Add column events_2024.kind.
-- Locks: ACCESS EXCLUSIVE on events_2024 (reads and writes wait), briefly.
ALTER TABLE events_2024 ADD COLUMN kind text DEFAULT 'x'::text;

COMMIT;

BEGIN;

-- Change column events_2024.id from integer to bigint.
-- Locks: ACCESS EXCLUSIVE on events_2024 (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
ALTER TABLE events_2024 ALTER COLUMN id TYPE bigint;

COMMIT;

BEGIN;

-- Add constraint events_2024_pkey to table events_2024.
-- Locks: ACCESS EXCLUSIVE on events_2024 (reads and writes wait), for the duration of the statement.
-- Reads every row and builds an index.
-- Fails if two rows have the same key, or a key is NULL.
ALTER TABLE events_2024 ADD CONSTRAINT events_2024_pkey PRIMARY KEY (id, at);

COMMIT;

BEGIN;

-- Drop column events_2024.old.
-- Locks: ACCESS EXCLUSIVE on events_2024 (reads and writes wait), briefly.
-- Loses the values of the column.
ALTER TABLE events_2024 DROP COLUMN old;

COMMIT;

BEGIN;

-- Attach events_2024 as a partition of events.
-- Locks: ACCESS EXCLUSIVE on events_2024 (reads and writes wait); SHARE UPDATE EXCLUSIVE on events (reads and writes continue), for the duration of the statement.
-- Reads every row.
-- Fails if a row is outside of the partition bound.
ALTER TABLE events ATTACH PARTITION events_2024 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');

COMMIT;
