-- Drop column t.a.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
-- Loses the values of the column.
ALTER TABLE t DROP COLUMN a;

-- Drop column t.b.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
-- Loses the values of the column.
ALTER TABLE t DROP COLUMN b;

-- Drop column t.c.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
-- Loses the values of the column.
ALTER TABLE t DROP COLUMN c;

-- Drop column t.d.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
-- Loses the values of the column.
ALTER TABLE t DROP COLUMN d;

-- Drop column t.e.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
-- Loses the values of the column.
ALTER TABLE t DROP COLUMN e;

-- Drop column t.f.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
-- Loses the values of the column.
ALTER TABLE t DROP COLUMN f;

-- Drop column t.g.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
-- Loses the values of the column.
ALTER TABLE t DROP COLUMN g;
