-- Create unique index t_a_key_new on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Fails if two rows have the same key.
-- Runs outside a transaction.
CREATE UNIQUE INDEX CONCURRENTLY t_a_key_new ON t USING btree (a);

-- Create unique index t_b_key_new on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Fails if two rows have the same key.
-- Runs outside a transaction.
CREATE UNIQUE INDEX CONCURRENTLY t_b_key_new ON t USING btree (b);

-- Create unique index t_deferred_new on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Fails if two rows have the same key.
-- Runs outside a transaction.
CREATE UNIQUE INDEX CONCURRENTLY t_deferred_new ON t USING btree (a, c);

-- Create unique index t_gone_key on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Fails if two rows have the same key.
-- Runs outside a transaction.
CREATE UNIQUE INDEX CONCURRENTLY t_gone_key ON t USING btree (a, b);

BEGIN;

-- Drop constraint t_a_key of table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t DROP CONSTRAINT t_a_key;

-- Drop constraint t_b_key of table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t DROP CONSTRAINT t_b_key;

-- Drop constraint t_deferred of table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t DROP CONSTRAINT t_deferred;

-- Drop constraint t_new_key of table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t DROP CONSTRAINT t_new_key;

-- Add constraint t_a_key to table t with index t_a_key_new.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ADD CONSTRAINT t_a_key UNIQUE USING INDEX t_a_key_new;

-- Add constraint t_b_key to table t with index t_b_key_new.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ADD CONSTRAINT t_b_key UNIQUE USING INDEX t_b_key_new;

-- Add constraint t_deferred to table t with index t_deferred_new.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ADD CONSTRAINT t_deferred UNIQUE USING INDEX t_deferred_new DEFERRABLE;

-- Add constraint t_gone_key to table t with index t_gone_key.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), briefly.
ALTER TABLE t ADD CONSTRAINT t_gone_key UNIQUE USING INDEX t_gone_key;

-- Set storage parameters of index t_c_key.
-- Locks: SHARE UPDATE EXCLUSIVE on index t_c_key (reads and writes continue), briefly.
ALTER INDEX t_c_key SET (fillfactor = 70);

-- Remove the CLUSTER index of table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), briefly.
ALTER TABLE t SET WITHOUT CLUSTER;

COMMIT;
