-- Change column t.v from vector(4) to vector(2).
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for as long as it takes.
-- Rewrites the table and its indexes.
-- Fails if a value cannot become vector(2).
ALTER TABLE t ALTER COLUMN v TYPE vector(2) USING subvector(v, 1, 2);
