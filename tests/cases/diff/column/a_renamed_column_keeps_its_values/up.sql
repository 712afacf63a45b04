-- Rename column t.name to full_name.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t RENAME COLUMN name TO full_name;

-- Rename column t.uid to id.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t RENAME COLUMN uid TO id;

-- Set the default of column t.full_name; existing rows keep their values.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ALTER COLUMN full_name SET DEFAULT 'y'::text;
