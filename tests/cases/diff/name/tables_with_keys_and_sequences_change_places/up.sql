-- Rename table two to two_between.
-- Locks: ACCESS EXCLUSIVE on two (reads and writes wait), briefly.
ALTER TABLE two RENAME TO two_between;

-- Rename table one to two.
-- Locks: ACCESS EXCLUSIVE on one (reads and writes wait), briefly.
ALTER TABLE one RENAME TO two;

-- Rename table two_between to one.
-- Locks: ACCESS EXCLUSIVE on two_between (reads and writes wait), briefly.
ALTER TABLE two_between RENAME TO one;

-- Rename sequence two_id_seq to two_id_seq_between.
-- Locks: ACCESS EXCLUSIVE on sequence two_id_seq (reads and writes wait), briefly.
ALTER SEQUENCE two_id_seq RENAME TO two_id_seq_between;

-- Rename sequence one_id_seq to two_id_seq.
-- Locks: ACCESS EXCLUSIVE on sequence one_id_seq (reads and writes wait), briefly.
ALTER SEQUENCE one_id_seq RENAME TO two_id_seq;

-- Rename sequence two_id_seq_between to one_id_seq.
-- Locks: ACCESS EXCLUSIVE on sequence two_id_seq_between (reads and writes wait), briefly.
ALTER SEQUENCE two_id_seq_between RENAME TO one_id_seq;

-- Rename constraint two_one_id_fkey on one to one_one_id_fkey.
-- Locks: ACCESS EXCLUSIVE on one (reads and writes wait), briefly.
ALTER TABLE one RENAME CONSTRAINT two_one_id_fkey TO one_one_id_fkey;

-- Rename constraint two_pkey on one to two_pkey_between.
-- Locks: ACCESS EXCLUSIVE on one (reads and writes wait), briefly.
ALTER TABLE one RENAME CONSTRAINT two_pkey TO two_pkey_between;

-- Rename constraint one_pkey on two to two_pkey.
-- Locks: ACCESS EXCLUSIVE on two (reads and writes wait), briefly.
ALTER TABLE two RENAME CONSTRAINT one_pkey TO two_pkey;

-- Rename constraint two_pkey_between on one to one_pkey.
-- Locks: ACCESS EXCLUSIVE on one (reads and writes wait), briefly.
ALTER TABLE one RENAME CONSTRAINT two_pkey_between TO one_pkey;
