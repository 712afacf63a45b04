-- Take table events_2024 out of events; it keeps its rows.
-- Locks: ACCESS EXCLUSIVE on events, events_2024 (reads and writes wait), until the transaction ends, which takes long.
ALTER TABLE events DETACH PARTITION events_2024;

-- Make table events_2024 a partition of events.
-- Locks: ACCESS EXCLUSIVE on events_2024 (reads and writes wait); SHARE UPDATE EXCLUSIVE on events (reads and writes go on), for as long as it takes.
-- Reads every row.
-- Fails if a row lies outside of the bound.
ALTER TABLE events ATTACH PARTITION events_2024 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
