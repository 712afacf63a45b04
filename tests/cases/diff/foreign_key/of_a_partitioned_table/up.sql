BEGIN;

-- Add constraint events_owner_check to table events, NOT VALID: new and updated rows are checked, existing rows not yet.
-- Locks: ACCESS EXCLUSIVE on events, events_a, events_rest (reads and writes wait), briefly.
ALTER TABLE events ADD CONSTRAINT events_owner_check CHECK (owner_id > 0) NOT VALID;

-- Add constraint events_owner_id_fkey to table events_a, NOT VALID: new and updated rows are checked, existing rows not yet.
-- Locks: SHARE ROW EXCLUSIVE on events_a, owners (writes wait, reads continue), briefly.
ALTER TABLE events_a ADD CONSTRAINT events_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES owners (id) ON DELETE CASCADE NOT VALID;

-- Add constraint events_owner_id_fkey to table events_rest, NOT VALID: new and updated rows are checked, existing rows not yet.
-- Locks: SHARE ROW EXCLUSIVE on events_rest, owners (writes wait, reads continue), briefly.
ALTER TABLE events_rest ADD CONSTRAINT events_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES owners (id) ON DELETE CASCADE NOT VALID;

COMMIT;

BEGIN;

-- Validate constraint events_owner_check of table events.
-- Locks: SHARE UPDATE EXCLUSIVE on events, events_a, events_rest (reads and writes continue), for the duration of the statement.
-- Reads every row.
-- Fails if a row violates the check.
ALTER TABLE events VALIDATE CONSTRAINT events_owner_check;

COMMIT;

BEGIN;

-- Validate constraint events_owner_id_fkey of table events_a.
-- Locks: SHARE UPDATE EXCLUSIVE on events_a (reads and writes continue), for the duration of the statement.
-- Reads every row.
-- Fails if a row has no matching key in owners.
ALTER TABLE events_a VALIDATE CONSTRAINT events_owner_id_fkey;

COMMIT;

BEGIN;

-- Validate constraint events_owner_id_fkey of table events_rest.
-- Locks: SHARE UPDATE EXCLUSIVE on events_rest (reads and writes continue), for the duration of the statement.
-- Reads every row.
-- Fails if a row has no matching key in owners.
ALTER TABLE events_rest VALIDATE CONSTRAINT events_owner_id_fkey;

COMMIT;

BEGIN;

-- Add constraint events_owner_id_fkey to table events.
-- Locks: ACCESS EXCLUSIVE on owners (reads and writes wait); SHARE ROW EXCLUSIVE on events, events_a, events_rest (writes wait, reads continue), briefly.
ALTER TABLE events ADD CONSTRAINT events_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES owners (id) ON DELETE CASCADE;

COMMIT;
