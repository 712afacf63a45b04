-- Drop identity of column t.id.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ALTER COLUMN id DROP IDENTITY;
