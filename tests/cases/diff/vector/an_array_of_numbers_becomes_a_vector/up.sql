BEGIN;

-- Change column t.a from real[] to vector(3).
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Fails if a stored value has other dimensions than vector(3).
ALTER TABLE t ALTER COLUMN a TYPE vector(3);

COMMIT;

BEGIN;

-- Change column t.b from vector(3) to real[].
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
ALTER TABLE t ALTER COLUMN b TYPE real[];

COMMIT;
