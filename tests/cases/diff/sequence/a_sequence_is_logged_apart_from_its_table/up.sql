BEGIN;

-- Change the persistence of table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
ALTER TABLE t SET UNLOGGED;

COMMIT;

BEGIN;

-- Change the persistence of sequence counter.
-- Locks: ACCESS EXCLUSIVE on sequence counter (reads and writes wait), briefly.
ALTER SEQUENCE counter SET LOGGED;

COMMIT;
