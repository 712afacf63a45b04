BEGIN;

-- Change sequence t_id_seq.
-- Locks: SHARE ROW EXCLUSIVE on sequence t_id_seq (writes wait, reads go on), briefly.
-- Fails if the sequence stands outside of the new bounds.
ALTER SEQUENCE t_id_seq AS integer;

COMMIT;

BEGIN;

-- Change column t.id from bigint to integer.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for as long as it takes.
-- Rewrites the table and its indexes.
-- Fails if a value is out of range for integer.
ALTER TABLE t ALTER COLUMN id TYPE integer;

COMMIT;
