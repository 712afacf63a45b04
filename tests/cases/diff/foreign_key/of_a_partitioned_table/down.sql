-- Drop constraint events_owner_check of table events.
-- Locks: ACCESS EXCLUSIVE on events, events_a, events_rest (reads and writes wait), briefly.
ALTER TABLE events DROP CONSTRAINT events_owner_check;

-- Drop constraint events_owner_id_fkey of table events.
-- Locks: ACCESS EXCLUSIVE on events, events_a, events_rest, owners (reads and writes wait), briefly.
ALTER TABLE events DROP CONSTRAINT events_owner_id_fkey;
