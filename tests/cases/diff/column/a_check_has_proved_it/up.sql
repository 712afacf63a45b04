-- Set NOT NULL on t.a.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ALTER COLUMN a SET NOT NULL;
