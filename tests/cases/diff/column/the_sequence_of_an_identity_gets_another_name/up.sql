-- Rename sequence t_id_seq to counter.
-- Locks: ACCESS EXCLUSIVE on sequence t_id_seq (reads and writes wait), briefly.
ALTER SEQUENCE t_id_seq RENAME TO counter;
