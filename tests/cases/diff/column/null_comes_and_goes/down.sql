-- Forbid NULL in column t.a.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for as long as it takes.
-- Reads every row.
-- Fails if the column holds a NULL.
ALTER TABLE t ALTER COLUMN a SET NOT NULL;

-- Allow NULL in column t.b.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for a moment.
ALTER TABLE t ALTER COLUMN b DROP NOT NULL;

-- Allow NULL in column t.c.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for a moment.
ALTER TABLE t ALTER COLUMN c DROP NOT NULL;
