-- Allow NULL in column t.a.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), until the transaction ends, which takes long.
ALTER TABLE t ALTER COLUMN a DROP NOT NULL;

-- Forbid NULL in column t.b.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), until the transaction ends, which takes long.
-- Reads every row.
-- Fails if the column holds a NULL.
ALTER TABLE t ALTER COLUMN b SET NOT NULL;

-- Forbid NULL in column t.c.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for as long as it takes.
-- Reads every row.
-- Fails if the column holds a NULL.
ALTER TABLE t ALTER COLUMN c SET NOT NULL;
