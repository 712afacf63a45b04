BEGIN;

-- Enable trigger watch on events.
-- Locks: SHARE ROW EXCLUSIVE on events, events_1, events_2, events_3 (writes wait, reads continue), briefly.
ALTER TABLE events ENABLE TRIGGER watch;

-- Enable trigger touch on events_1.
-- Locks: SHARE ROW EXCLUSIVE on events_1 (writes wait, reads continue), briefly.
ALTER TABLE events_1 ENABLE TRIGGER touch;

-- Disable trigger watch on events_1.
-- Locks: SHARE ROW EXCLUSIVE on events_1 (writes wait, reads continue), briefly.
ALTER TABLE events_1 DISABLE TRIGGER watch;

-- Enable trigger watch on events_2 for replicated changes too.
-- Locks: SHARE ROW EXCLUSIVE on events_2 (writes wait, reads continue), briefly.
ALTER TABLE events_2 ENABLE ALWAYS TRIGGER watch;

COMMIT;

-- Detach partition events_3 from events; rows are kept.
-- Locks: ACCESS EXCLUSIVE on events_3 (reads and writes wait); SHARE UPDATE EXCLUSIVE on events (reads and writes continue), briefly.
-- Runs outside a transaction.
ALTER TABLE events DETACH PARTITION events_3 CONCURRENTLY;

BEGIN;

-- Drop table events_3.
-- Locks: ACCESS EXCLUSIVE on events_3 (reads and writes wait), briefly.
-- Loses every row of the table.
DROP TABLE events_3;

COMMIT;
