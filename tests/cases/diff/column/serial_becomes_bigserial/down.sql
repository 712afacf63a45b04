BEGIN;

-- Alter sequence t_id_seq.
-- Locks: SHARE ROW EXCLUSIVE on sequence t_id_seq (writes wait, reads continue), briefly.
-- Fails if the sequence's current value is outside of the new bounds.
ALTER SEQUENCE t_id_seq AS integer;

COMMIT;

BEGIN;

-- Change column t.id from bigint to integer.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
-- Fails if a value is out of range for integer.
ALTER TABLE t ALTER COLUMN id TYPE integer;

COMMIT;
