-- Change column t.v from vector(4) to vector(2).
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Fails if a value cannot be converted to vector(2).
ALTER TABLE t ALTER COLUMN v TYPE vector(2) USING subvector(v, 1, 2);
