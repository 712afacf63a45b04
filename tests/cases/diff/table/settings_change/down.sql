BEGIN;

-- Change the persistence of table a.
-- Locks: ACCESS EXCLUSIVE on a (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
ALTER TABLE a SET LOGGED;

COMMIT;

BEGIN;

-- Set storage parameters of table a.
-- Locks: SHARE UPDATE EXCLUSIVE on a (reads and writes continue), briefly.
ALTER TABLE a RESET (fillfactor);

-- Set row security of table a.
-- Locks: ACCESS EXCLUSIVE on a (reads and writes wait), briefly.
ALTER TABLE a DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;

-- Remove comment from table a.
-- Locks: SHARE UPDATE EXCLUSIVE on a (reads and writes continue), briefly.
COMMENT ON TABLE a IS NULL;

-- Set the replica identity of table a.
-- Locks: ACCESS EXCLUSIVE on a (reads and writes wait), briefly.
ALTER TABLE a REPLICA IDENTITY DEFAULT;

COMMIT;

BEGIN;

-- Change the persistence of table b.
-- Locks: ACCESS EXCLUSIVE on b (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
ALTER TABLE b SET UNLOGGED;

COMMIT;

BEGIN;

-- Set storage parameters of table b.
-- Locks: SHARE UPDATE EXCLUSIVE on b (reads and writes continue), briefly.
ALTER TABLE b SET (fillfactor = 70, autovacuum_enabled = false, toast.autovacuum_enabled = false);

-- Set row security of table b.
-- Locks: ACCESS EXCLUSIVE on b (reads and writes wait), briefly.
ALTER TABLE b ENABLE ROW LEVEL SECURITY;

-- Set comment on table b.
-- Locks: SHARE UPDATE EXCLUSIVE on b (reads and writes continue), briefly.
COMMENT ON TABLE b IS 'it''s b';

-- Set the replica identity of table b.
-- Locks: ACCESS EXCLUSIVE on b (reads and writes wait), briefly.
ALTER TABLE b REPLICA IDENTITY FULL;

-- Set row security of table c.
-- Locks: ACCESS EXCLUSIVE on c (reads and writes wait), briefly.
ALTER TABLE c ENABLE ROW LEVEL SECURITY;

COMMIT;

-- Drop index a_idx of table a.
-- Locks: SHARE UPDATE EXCLUSIVE on a (reads and writes continue), briefly.
-- Runs outside a transaction.
DROP INDEX CONCURRENTLY a_idx;

-- Create unique index c_idx on table c.
-- Locks: SHARE UPDATE EXCLUSIVE on c (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Fails if two rows have the same key.
-- Runs outside a transaction.
CREATE UNIQUE INDEX CONCURRENTLY c_idx ON c USING btree (id);

BEGIN;

-- Set the replica identity of table c.
-- Locks: ACCESS EXCLUSIVE on c (reads and writes wait), briefly.
ALTER TABLE c REPLICA IDENTITY USING INDEX c_idx;

COMMIT;
