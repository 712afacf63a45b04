BEGIN;

-- Create index events_kind_idx on table events.
-- Locks: SHARE on events (writes wait, reads continue), briefly.
CREATE INDEX events_kind_idx ON ONLY events USING btree (kind);

COMMIT;

-- Create index events_2024_kind_idx on table events_2024.
-- Locks: SHARE UPDATE EXCLUSIVE on events_2024 (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY events_2024_kind_idx ON events_2024 USING btree (kind);

BEGIN;

-- Attach index events_2024_kind_idx to events_kind_idx.
-- Locks: ACCESS EXCLUSIVE on index events_2024_kind_idx (reads and writes wait); SHARE UPDATE EXCLUSIVE on index events_kind_idx (reads and writes continue), briefly.
ALTER INDEX events_kind_idx ATTACH PARTITION events_2024_kind_idx;

COMMIT;
