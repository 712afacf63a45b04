BEGIN;

-- Change the persistence of sequence a_id_seq.
-- Locks: ACCESS EXCLUSIVE on sequence a_id_seq (reads and writes wait), briefly.
ALTER SEQUENCE a_id_seq SET UNLOGGED;

COMMIT;

BEGIN;

-- Change the persistence of table z.
-- Locks: ACCESS EXCLUSIVE on z (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
ALTER TABLE z SET UNLOGGED;

COMMIT;

BEGIN;

-- Drop table dropped.
-- Locks: ACCESS EXCLUSIVE on a, dropped (reads and writes wait), briefly.
-- Loses every row of the table.
DROP TABLE dropped;

COMMIT;

BEGIN;

-- Change the persistence of table a.
-- Locks: ACCESS EXCLUSIVE on a (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
ALTER TABLE a SET UNLOGGED;

COMMIT;
