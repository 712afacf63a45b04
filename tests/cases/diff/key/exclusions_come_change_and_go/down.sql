BEGIN;

-- Drop constraint t_excl of table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), until the end of the transaction, which can take long.
ALTER TABLE t DROP CONSTRAINT t_excl;

-- Drop constraint t_new of table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), until the end of the transaction, which can take long.
ALTER TABLE t DROP CONSTRAINT t_new;

-- Add constraint t_excl to table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for the duration of the statement.
-- Reads every row and builds an index.
-- Fails if two rows violate the exclusion constraint.
ALTER TABLE t ADD CONSTRAINT t_excl EXCLUDE USING gist (during WITH &&);

COMMIT;

BEGIN;

-- Add constraint t_gone to table t.
-- Locks: ACCESS EXCLUSIVE on t (reads and writes wait), for the duration of the statement.
-- Reads every row and builds an index.
-- Fails if two rows violate the exclusion constraint.
ALTER TABLE t ADD CONSTRAINT t_gone EXCLUDE USING btree (room WITH =);

COMMIT;
