-- Drop column t.payload.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for a moment.
-- Loses the values of the column.
ALTER TABLE t DROP COLUMN payload;

-- Add column t.payload.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for a moment.
ALTER TABLE t ADD COLUMN payload bytea;
