-- Set the default of column t.a; existing rows keep their values.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ALTER COLUMN a SET DEFAULT 1;

-- Drop the default of column t.b.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ALTER COLUMN b DROP DEFAULT;

-- Set the default of column t.c; existing rows keep their values.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ALTER COLUMN c SET DEFAULT 2;

-- Set the default of column t.d; existing rows keep their values.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ALTER COLUMN d SET DEFAULT 'back\slash'::text;

-- Set the default of column t.e; existing rows keep their values.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ALTER COLUMN e SET DEFAULT (now() + '1 day'::interval);

-- Set the default of column t.f; existing rows keep their values.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ALTER COLUMN f SET DEFAULT '[]'::jsonb;
