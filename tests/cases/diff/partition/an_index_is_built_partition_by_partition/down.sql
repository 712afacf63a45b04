-- Drop index events_kind_idx of table events.
-- Locks: ACCESS EXCLUSIVE on events, events_2024 (reads and writes wait), briefly.
DROP INDEX events_kind_idx;
