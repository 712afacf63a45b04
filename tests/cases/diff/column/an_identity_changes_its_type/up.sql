-- Change column t.id from integer to bigint.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
ALTER TABLE t ALTER COLUMN id TYPE bigint;
