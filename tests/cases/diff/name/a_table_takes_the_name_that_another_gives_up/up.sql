-- Rename table b to c.
-- Locks: ACCESS EXCLUSIVE on b (reads and writes wait), for a moment.
ALTER TABLE b RENAME TO c;

-- Rename table a to b.
-- Locks: ACCESS EXCLUSIVE on a (reads and writes wait), for a moment.
ALTER TABLE a RENAME TO b;
