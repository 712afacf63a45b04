-- Free sequence counter from its column.
-- Locks: SHARE ROW EXCLUSIVE on sequence counter (writes wait, reads go on), for a moment.
ALTER SEQUENCE counter OWNED BY NONE;

-- Drop column a.x.
-- Locks: ACCESS EXCLUSIVE on a (reads and writes wait), for a moment.
-- Loses the values of the column.
ALTER TABLE a DROP COLUMN x;
