-- Change column t.id from bigint to integer.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Fails if a value is out of range for integer.
ALTER TABLE t ALTER COLUMN id TYPE integer;
