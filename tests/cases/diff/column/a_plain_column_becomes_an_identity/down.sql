-- Make column t.id an ordinary column.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ALTER COLUMN id DROP IDENTITY;
