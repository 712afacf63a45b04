-- Rename table b to a.
-- Locks: ACCESS EXCLUSIVE on b (reads and writes wait), briefly.
ALTER TABLE b RENAME TO a;

-- Rename table c to b.
-- Locks: ACCESS EXCLUSIVE on c (reads and writes wait), briefly.
ALTER TABLE c RENAME TO b;
