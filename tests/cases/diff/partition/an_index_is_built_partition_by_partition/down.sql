-- Drop index events_kind_idx of table events.
-- Locks: ACCESS EXCLUSIVE on events (reads and writes wait), for a moment.
DROP INDEX events_kind_idx;
