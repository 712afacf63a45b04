BEGIN;

-- Alter sequence t_id_seq.
-- Locks: SHARE ROW EXCLUSIVE on sequence t_id_seq (writes wait, reads continue), briefly.
ALTER SEQUENCE t_id_seq AS bigint;

COMMIT;

BEGIN;

-- Change column t.id from integer to bigint.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
ALTER TABLE t ALTER COLUMN id TYPE bigint;

COMMIT;
