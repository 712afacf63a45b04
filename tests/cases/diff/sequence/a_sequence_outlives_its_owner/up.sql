-- Remove owner of sequence counter.
-- Locks: SHARE ROW EXCLUSIVE on sequence counter (writes wait, reads continue), briefly.
ALTER SEQUENCE counter OWNED BY NONE;

-- Drop column a.x.
-- Locks: ACCESS EXCLUSIVE on a (reads and writes wait), briefly.
-- Loses the values of the column.
ALTER TABLE a DROP COLUMN x;
