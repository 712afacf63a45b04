-- Change how sequence a_id_seq is logged.
-- Locks: ACCESS EXCLUSIVE on sequence a_id_seq (reads and writes wait), until the transaction ends, which takes long.
ALTER SEQUENCE a_id_seq SET UNLOGGED;

-- Change how table z is logged.
-- Locks: ACCESS EXCLUSIVE on z (reads and writes wait), until the transaction ends, which takes long.
-- Rewrites the table and its indexes.
ALTER TABLE z SET UNLOGGED;

-- Drop table dropped.
-- Locks: ACCESS EXCLUSIVE on a, dropped (reads and writes wait), until the transaction ends, which takes long.
-- Loses every row of the table.
DROP TABLE dropped;

-- Change how table a is logged.
-- Locks: ACCESS EXCLUSIVE on a (reads and writes wait), for as long as it takes.
-- Rewrites the table and its indexes.
ALTER TABLE a SET UNLOGGED;
