-- Create table events_3.
-- Locks: ACCESS EXCLUSIVE on events (reads and writes wait), briefly.
CREATE TABLE events_3 PARTITION OF events FOR VALUES IN (3);

-- Disable trigger watch on events.
-- Locks: SHARE ROW EXCLUSIVE on events, events_1, events_2 (writes wait, reads continue), briefly.
ALTER TABLE events DISABLE TRIGGER watch;

-- Disable trigger touch on events_1.
-- Locks: SHARE ROW EXCLUSIVE on events_1 (writes wait, reads continue), briefly.
ALTER TABLE events_1 DISABLE TRIGGER touch;

-- Enable trigger watch on events_1.
-- Locks: SHARE ROW EXCLUSIVE on events_1 (writes wait, reads continue), briefly.
ALTER TABLE events_1 ENABLE TRIGGER watch;

-- Enable trigger touch on events_3 for replicated changes only.
ALTER TABLE events_3 ENABLE REPLICA TRIGGER touch;
