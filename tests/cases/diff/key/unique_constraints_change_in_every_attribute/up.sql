-- Drop constraint t_a_key of table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), until the transaction ends, which takes long.
ALTER TABLE t DROP CONSTRAINT t_a_key;

-- Drop constraint t_b_key of table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), until the transaction ends, which takes long.
ALTER TABLE t DROP CONSTRAINT t_b_key;

-- Drop constraint t_deferred of table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), until the transaction ends, which takes long.
ALTER TABLE t DROP CONSTRAINT t_deferred;

-- Drop constraint t_gone_key of table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), until the transaction ends, which takes long.
ALTER TABLE t DROP CONSTRAINT t_gone_key;

-- Add constraint t_a_key to table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), until the transaction ends, which takes long.
-- Reads every row and builds an index.
-- Fails if two rows have the same key.
ALTER TABLE t ADD CONSTRAINT t_a_key UNIQUE (a) INCLUDE (c);

-- Add constraint t_b_key to table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), until the transaction ends, which takes long.
-- Reads every row and builds an index.
-- Fails if two rows have the same key.
ALTER TABLE t ADD CONSTRAINT t_b_key UNIQUE NULLS NOT DISTINCT (b);

-- Describe constraint t_b_key on t.
COMMENT ON CONSTRAINT t_b_key ON t IS 'it''s one';

-- Add constraint t_deferred to table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), until the transaction ends, which takes long.
-- Reads every row and builds an index.
-- Fails if two rows have the same key.
ALTER TABLE t ADD CONSTRAINT t_deferred UNIQUE (a, c) DEFERRABLE INITIALLY DEFERRED;

-- Add constraint t_new_key to table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for as long as it takes.
-- Reads every row and builds an index.
-- Fails if two rows have the same key.
ALTER TABLE t ADD CONSTRAINT t_new_key UNIQUE (b, c);

-- Set storage parameters of index t_c_key.
-- Locks: SHARE UPDATE EXCLUSIVE on index t_c_key (reads and writes go on), for a moment.
ALTER INDEX t_c_key SET (fillfactor = 90);

-- Mark index t_c_key for CLUSTER of table t; no row moves.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes go on), for a moment.
ALTER TABLE t CLUSTER ON t_c_key;
