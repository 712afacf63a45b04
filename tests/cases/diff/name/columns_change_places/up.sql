-- Rename column t.two to two_between.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t RENAME COLUMN two TO two_between;

-- Rename column t.one to two.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t RENAME COLUMN one TO two;

-- Rename column t.two_between to one.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t RENAME COLUMN two_between TO one;
