-- Rename sequence counter to t_id_seq.
-- Locks: ACCESS EXCLUSIVE on sequence counter (reads and writes wait), briefly.
ALTER SEQUENCE counter RENAME TO t_id_seq;
