-- Create unique index rooms_floor_key_new on table rooms.
-- Locks: SHARE UPDATE EXCLUSIVE on rooms (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Fails if two rows have the same key.
-- Runs outside a transaction.
CREATE UNIQUE INDEX CONCURRENTLY rooms_floor_key_new ON rooms USING btree (floor);

BEGIN;

-- Drop constraint rooms_floor_key of table rooms.
-- Locks: ACCESS EXCLUSIVE on rooms (reads and writes wait), until the end of the transaction, which can take long.
ALTER TABLE rooms DROP CONSTRAINT rooms_floor_key;

-- Add constraint rooms_excl to table rooms.
-- Locks: ACCESS EXCLUSIVE on rooms (reads and writes wait), for the duration of the statement.
-- Reads every row and builds an index.
-- Fails if two rows violate the exclusion constraint.
ALTER TABLE rooms ADD CONSTRAINT rooms_excl EXCLUDE USING btree (id WITH =);

-- Set comment on index rooms_excl.
COMMENT ON INDEX rooms_excl IS 'new';

-- Add constraint rooms_floor_key to table rooms with index rooms_floor_key_new.
-- Locks: ACCESS EXCLUSIVE on rooms (reads and writes wait), briefly.
ALTER TABLE rooms ADD CONSTRAINT rooms_floor_key UNIQUE USING INDEX rooms_floor_key_new;

COMMIT;

BEGIN;

-- Set comment on index rooms_floor_key.
COMMENT ON INDEX rooms_floor_key IS 'stays';

-- Set comment on constraint rooms_name_key on rooms.
COMMENT ON CONSTRAINT rooms_name_key ON rooms IS 'names differ';

-- Set comment on index rooms_name_key.
COMMENT ON INDEX rooms_name_key IS 'and are found by it';

-- Remove comment from index rooms_pkey.
COMMENT ON INDEX rooms_pkey IS NULL;

COMMIT;
