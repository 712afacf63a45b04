BEGIN;

-- Drop constraint t_excl of table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), until the end of the transaction, which can take long.
ALTER TABLE t DROP CONSTRAINT t_excl;

-- Drop constraint t_gone of table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), until the end of the transaction, which can take long.
ALTER TABLE t DROP CONSTRAINT t_gone;

-- Add constraint t_excl to table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for the duration of the statement.
-- Reads every row and builds an index.
-- Fails if two rows violate the exclusion constraint.
ALTER TABLE t ADD CONSTRAINT t_excl EXCLUDE USING gist (during WITH &&) WHERE ((room > 0)) DEFERRABLE;

COMMIT;

BEGIN;

-- Add constraint t_new to table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for the duration of the statement.
-- Reads every row and builds an index.
-- Fails if two rows violate the exclusion constraint.
ALTER TABLE t ADD CONSTRAINT t_new EXCLUDE USING gist (during WITH -|-);

COMMIT;

BEGIN;

-- Set comment on constraint t_new on t.
COMMENT ON CONSTRAINT t_new ON t IS 'no neighbors';

COMMIT;
