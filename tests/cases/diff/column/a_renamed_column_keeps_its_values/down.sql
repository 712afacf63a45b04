-- Set the default of column t.full_name; existing rows keep their values.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ALTER COLUMN full_name SET DEFAULT 'x'::text;

-- Rename column t.id to uid.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t RENAME COLUMN id TO uid;

-- Rename column t.full_name to name.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t RENAME COLUMN full_name TO name;
