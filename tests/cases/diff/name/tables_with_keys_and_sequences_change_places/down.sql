-- Rename constraint one_pkey on one to two_pkey_between.
-- Locks: ACCESS EXCLUSIVE on one (reads and writes wait), briefly.
ALTER TABLE one RENAME CONSTRAINT one_pkey TO two_pkey_between;

-- Rename constraint two_pkey on two to one_pkey.
-- Locks: ACCESS EXCLUSIVE on two (reads and writes wait), briefly.
ALTER TABLE two RENAME CONSTRAINT two_pkey TO one_pkey;

-- Rename constraint two_pkey_between on one to two_pkey.
-- Locks: ACCESS EXCLUSIVE on one (reads and writes wait), briefly.
ALTER TABLE one RENAME CONSTRAINT two_pkey_between TO two_pkey;

-- Rename constraint one_one_id_fkey on one to two_one_id_fkey.
-- Locks: ACCESS EXCLUSIVE on one (reads and writes wait), briefly.
ALTER TABLE one RENAME CONSTRAINT one_one_id_fkey TO two_one_id_fkey;

-- Rename sequence one_id_seq to two_id_seq_between.
-- Locks: ACCESS EXCLUSIVE on sequence one_id_seq (reads and writes wait), briefly.
ALTER SEQUENCE one_id_seq RENAME TO two_id_seq_between;

-- Rename sequence two_id_seq to one_id_seq.
-- Locks: ACCESS EXCLUSIVE on sequence two_id_seq (reads and writes wait), briefly.
ALTER SEQUENCE two_id_seq RENAME TO one_id_seq;

-- Rename sequence two_id_seq_between to two_id_seq.
-- Locks: ACCESS EXCLUSIVE on sequence two_id_seq_between (reads and writes wait), briefly.
ALTER SEQUENCE two_id_seq_between RENAME TO two_id_seq;

-- Rename table one to two_between.
-- Locks: ACCESS EXCLUSIVE on one (reads and writes wait), briefly.
ALTER TABLE one RENAME TO two_between;

-- Rename table two to one.
-- Locks: ACCESS EXCLUSIVE on two (reads and writes wait), briefly.
ALTER TABLE two RENAME TO one;

-- Rename table two_between to two.
-- Locks: ACCESS EXCLUSIVE on two_between (reads and writes wait), briefly.
ALTER TABLE two_between RENAME TO two;
