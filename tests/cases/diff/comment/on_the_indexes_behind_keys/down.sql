-- Create unique index rooms_floor_key_new on table rooms.
-- Locks: SHARE UPDATE EXCLUSIVE on rooms (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Fails if two rows have the same key.
-- Runs outside a transaction.
CREATE UNIQUE INDEX CONCURRENTLY rooms_floor_key_new ON rooms USING btree (floor, name);

BEGIN;

-- Drop constraint rooms_excl of table rooms.
-- Locks: ACCESS EXCLUSIVE on rooms (reads and writes wait), briefly.
ALTER TABLE rooms DROP CONSTRAINT rooms_excl;

-- Drop constraint rooms_floor_key of table rooms.
-- Locks: ACCESS EXCLUSIVE on rooms (reads and writes wait), briefly.
ALTER TABLE rooms DROP CONSTRAINT rooms_floor_key;

-- Add constraint rooms_floor_key to table rooms with index rooms_floor_key_new.
-- Locks: ACCESS EXCLUSIVE on rooms (reads and writes wait), briefly.
ALTER TABLE rooms ADD CONSTRAINT rooms_floor_key UNIQUE USING INDEX rooms_floor_key_new;

-- Set comment on index rooms_floor_key.
COMMENT ON INDEX rooms_floor_key IS 'stays';

-- Remove comment from constraint rooms_name_key on rooms.
COMMENT ON CONSTRAINT rooms_name_key ON rooms IS NULL;

-- Remove comment from index rooms_name_key.
COMMENT ON INDEX rooms_name_key IS NULL;

-- Set comment on index rooms_pkey.
COMMENT ON INDEX rooms_pkey IS 'to go';

COMMIT;
