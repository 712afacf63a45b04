-- Drop constraint t_a_key of table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), until the transaction ends, which takes long.
ALTER TABLE t DROP CONSTRAINT t_a_key;

-- Drop constraint t_b_key of table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), until the transaction ends, which takes long.
ALTER TABLE t DROP CONSTRAINT t_b_key;

-- Drop constraint t_deferred of table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), until the transaction ends, which takes long.
ALTER TABLE t DROP CONSTRAINT t_deferred;

-- Drop constraint t_new_key of table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), until the transaction ends, which takes long.
ALTER TABLE t DROP CONSTRAINT t_new_key;

-- Add constraint t_a_key to table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), until the transaction ends, which takes long.
-- Reads every row and builds an index.
-- Fails if two rows have the same key.
ALTER TABLE t ADD CONSTRAINT t_a_key UNIQUE (a);

-- Add constraint t_b_key to table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), until the transaction ends, which takes long.
-- Reads every row and builds an index.
-- Fails if two rows have the same key.
ALTER TABLE t ADD CONSTRAINT t_b_key UNIQUE (b);

-- Add constraint t_deferred to table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), until the transaction ends, which takes long.
-- Reads every row and builds an index.
-- Fails if two rows have the same key.
ALTER TABLE t ADD CONSTRAINT t_deferred UNIQUE (a, c) DEFERRABLE;

-- Add constraint t_gone_key to table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for as long as it takes.
-- Reads every row and builds an index.
-- Fails if two rows have the same key.
ALTER TABLE t ADD CONSTRAINT t_gone_key UNIQUE (a, b);

-- Set storage parameters of index t_c_key.
-- Locks: SHARE UPDATE EXCLUSIVE on index t_c_key (reads and writes go on), for a moment.
ALTER INDEX t_c_key SET (fillfactor = 70);

-- Take the CLUSTER mark off table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes go on), for a moment.
ALTER TABLE t SET WITHOUT CLUSTER;
