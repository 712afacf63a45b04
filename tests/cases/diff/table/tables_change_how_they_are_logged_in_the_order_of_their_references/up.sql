BEGIN;

-- Change how sequence a_id_seq is logged.
-- Locks: ACCESS EXCLUSIVE on sequence a_id_seq (reads and writes wait), for a moment.
ALTER SEQUENCE a_id_seq SET UNLOGGED;

COMMIT;

BEGIN;

-- Change how table z is logged.
-- Locks: ACCESS EXCLUSIVE on z (reads and writes wait), for as long as it takes.
-- Rewrites the table and its indexes.
ALTER TABLE z SET UNLOGGED;

COMMIT;

BEGIN;

-- Drop table dropped.
-- Locks: ACCESS EXCLUSIVE on a, dropped (reads and writes wait), for a moment.
-- Loses every row of the table.
DROP TABLE dropped;

COMMIT;

BEGIN;

-- Change how table a is logged.
-- Locks: ACCESS EXCLUSIVE on a (reads and writes wait), for as long as it takes.
-- Rewrites the table and its indexes.
ALTER TABLE a SET UNLOGGED;

COMMIT;
