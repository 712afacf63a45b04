BEGIN;

-- Change the persistence of table a.
-- Locks: ACCESS EXCLUSIVE on a (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
ALTER TABLE a SET UNLOGGED;

COMMIT;

BEGIN;

-- Set storage parameters of table a.
-- Locks: SHARE UPDATE EXCLUSIVE on a (reads and writes continue), briefly.
ALTER TABLE a SET (fillfactor = 70);

-- Set row security of table a.
-- Locks: ACCESS EXCLUSIVE on a (reads and writes wait), briefly.
ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

-- Set comment on table a.
-- Locks: SHARE UPDATE EXCLUSIVE on a (reads and writes continue), briefly.
COMMENT ON TABLE a IS E'back\\slash and
line';

COMMIT;

BEGIN;

-- Change the persistence of table b.
-- Locks: ACCESS EXCLUSIVE on b (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
ALTER TABLE b SET LOGGED;

COMMIT;

BEGIN;

-- Set storage parameters of table b.
-- Locks: SHARE UPDATE EXCLUSIVE on b (reads and writes continue), briefly.
ALTER TABLE b RESET (toast.autovacuum_enabled), SET (fillfactor = 80, autovacuum_enabled = true);

-- Set row security of table b.
-- Locks: ACCESS EXCLUSIVE on b (reads and writes wait), briefly.
ALTER TABLE b DISABLE ROW LEVEL SECURITY;

-- Remove comment from table b.
-- Locks: SHARE UPDATE EXCLUSIVE on b (reads and writes continue), briefly.
COMMENT ON TABLE b IS NULL;

-- Set the replica identity of table b.
-- Locks: ACCESS EXCLUSIVE on b (reads and writes wait), briefly.
ALTER TABLE b REPLICA IDENTITY NOTHING;

-- Set row security of table c.
-- Locks: ACCESS EXCLUSIVE on c (reads and writes wait), briefly.
ALTER TABLE c DISABLE ROW LEVEL SECURITY;

-- Set the replica identity of table c.
-- Locks: ACCESS EXCLUSIVE on c (reads and writes wait), briefly.
ALTER TABLE c REPLICA IDENTITY DEFAULT;

COMMIT;

-- Create unique index a_idx on table a.
-- Locks: SHARE UPDATE EXCLUSIVE on a (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Fails if two rows have the same key.
-- Runs outside a transaction.
CREATE UNIQUE INDEX CONCURRENTLY a_idx ON a USING btree (id);

BEGIN;

-- Set the replica identity of table a.
-- Locks: ACCESS EXCLUSIVE on a (reads and writes wait), briefly.
ALTER TABLE a REPLICA IDENTITY USING INDEX a_idx;

-- Set the CLUSTER index of table a to a_idx; rows are not reordered.
-- Locks: SHARE UPDATE EXCLUSIVE on a (reads and writes continue), briefly.
ALTER TABLE a CLUSTER ON a_idx;

COMMIT;

-- Drop index c_idx of table c.
-- Locks: SHARE UPDATE EXCLUSIVE on c (reads and writes continue), briefly.
-- Runs outside a transaction.
DROP INDEX CONCURRENTLY c_idx;
