BEGIN;

-- Change how table a is logged.
-- Locks: ACCESS EXCLUSIVE on a (reads and writes wait), for as long as it takes.
-- Rewrites the table and its indexes.
ALTER TABLE a SET UNLOGGED;

COMMIT;

BEGIN;

-- Set storage parameters of table a.
-- Locks: SHARE UPDATE EXCLUSIVE on a (reads and writes go on), for a moment.
ALTER TABLE a SET (fillfactor = 70);

-- Set row security of table a.
-- Locks: ACCESS EXCLUSIVE on a (reads and writes wait), for a moment.
ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

-- Describe table a.
-- Locks: SHARE UPDATE EXCLUSIVE on a (reads and writes go on), for a moment.
COMMENT ON TABLE a IS E'back\\slash and
line';

COMMIT;

BEGIN;

-- Change how table b is logged.
-- Locks: ACCESS EXCLUSIVE on b (reads and writes wait), for as long as it takes.
-- Rewrites the table and its indexes.
ALTER TABLE b SET LOGGED;

COMMIT;

BEGIN;

-- Set storage parameters of table b.
-- Locks: SHARE UPDATE EXCLUSIVE on b (reads and writes go on), for a moment.
ALTER TABLE b RESET (toast.autovacuum_enabled), SET (fillfactor = 80, autovacuum_enabled = true);

-- Set row security of table b.
-- Locks: ACCESS EXCLUSIVE on b (reads and writes wait), for a moment.
ALTER TABLE b DISABLE ROW LEVEL SECURITY;

-- Take the comment off table b.
-- Locks: SHARE UPDATE EXCLUSIVE on b (reads and writes go on), for a moment.
COMMENT ON TABLE b IS NULL;

-- Set the replica identity of table b.
-- Locks: ACCESS EXCLUSIVE on b (reads and writes wait), for a moment.
ALTER TABLE b REPLICA IDENTITY NOTHING;

-- Set row security of table c.
-- Locks: ACCESS EXCLUSIVE on c (reads and writes wait), for a moment.
ALTER TABLE c DISABLE ROW LEVEL SECURITY;

-- Set the replica identity of table c.
-- Locks: ACCESS EXCLUSIVE on c (reads and writes wait), for a moment.
ALTER TABLE c REPLICA IDENTITY DEFAULT;

COMMIT;

-- Create unique index a_idx on table a.
-- Locks: SHARE UPDATE EXCLUSIVE on a (reads and writes go on), for as long as it takes.
-- Reads every row and builds an index.
-- Fails if two rows have the same key.
-- Runs outside a transaction.
CREATE UNIQUE INDEX CONCURRENTLY a_idx ON a USING btree (id);

BEGIN;

-- Set the replica identity of table a.
-- Locks: ACCESS EXCLUSIVE on a (reads and writes wait), for a moment.
ALTER TABLE a REPLICA IDENTITY USING INDEX a_idx;

-- Mark index a_idx for CLUSTER of table a; no row moves.
-- Locks: SHARE UPDATE EXCLUSIVE on a (reads and writes go on), for a moment.
ALTER TABLE a CLUSTER ON a_idx;

COMMIT;

-- Drop index c_idx of table c.
-- Locks: SHARE UPDATE EXCLUSIVE on c (reads and writes go on), for a moment.
-- Runs outside a transaction.
DROP INDEX CONCURRENTLY c_idx;
