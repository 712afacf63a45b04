-- Drop the default of column t.id.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ALTER COLUMN id DROP DEFAULT;

-- Drop sequence t_id_seq.
-- Locks: ACCESS EXCLUSIVE on sequence t_id_seq (reads and writes wait), briefly.
-- Loses the sequence's current value.
DROP SEQUENCE t_id_seq;
