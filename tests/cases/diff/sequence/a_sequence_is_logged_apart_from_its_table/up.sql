BEGIN;

-- Change how table t is logged.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for as long as it takes.
-- Rewrites the table and its indexes.
ALTER TABLE t SET UNLOGGED;

COMMIT;

BEGIN;

-- Change how sequence counter is logged.
-- Locks: ACCESS EXCLUSIVE on sequence counter (reads and writes wait), for a moment.
ALTER SEQUENCE counter SET LOGGED;

COMMIT;
