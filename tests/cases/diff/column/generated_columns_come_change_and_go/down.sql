-- Make column t.d an ordinary column; rows keep the computed values.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for a moment.
ALTER TABLE t ALTER COLUMN d DROP EXPRESSION;

-- Drop column t.b.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for a moment.
ALTER TABLE t DROP COLUMN b;

-- Add column t.b.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for as long as it takes.
-- Rewrites the table and its indexes.
ALTER TABLE t ADD COLUMN b integer GENERATED ALWAYS AS (a + 1) STORED;

-- Drop column t.c.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for a moment.
-- Loses the values of the column.
ALTER TABLE t DROP COLUMN c;

-- Add column t.c.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for as long as it takes.
-- Rewrites the table and its indexes.
ALTER TABLE t ADD COLUMN c integer GENERATED ALWAYS AS (a + 1) STORED;
