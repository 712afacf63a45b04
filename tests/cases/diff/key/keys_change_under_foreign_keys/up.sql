-- Create unique index owners_name_key_new on table owners.
-- Locks: SHARE UPDATE EXCLUSIVE on owners (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Fails if two rows have the same key.
-- Runs outside a transaction.
CREATE UNIQUE INDEX CONCURRENTLY owners_name_key_new ON owners USING btree (name) INCLUDE (note);

-- Create unique index owners_pkey_new on table owners.
-- Locks: SHARE UPDATE EXCLUSIVE on owners (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Fails if two rows have the same key.
-- Runs outside a transaction.
CREATE UNIQUE INDEX CONCURRENTLY owners_pkey_new ON owners USING btree (id) INCLUDE (note);

BEGIN;

-- Drop constraint items_owner_id_fkey of table items.
-- Locks: ACCESS EXCLUSIVE on items, owners (reads and writes wait), briefly.
ALTER TABLE items DROP CONSTRAINT items_owner_id_fkey;

-- Drop constraint items_owner_name_fkey of table items.
-- Locks: ACCESS EXCLUSIVE on items, owners (reads and writes wait), briefly.
ALTER TABLE items DROP CONSTRAINT items_owner_name_fkey;

-- Drop constraint owners_name_key of table owners.
-- Locks: ACCESS EXCLUSIVE on owners (reads and writes wait), briefly.
ALTER TABLE owners DROP CONSTRAINT owners_name_key;

-- Drop constraint owners_pkey of table owners.
-- Locks: ACCESS EXCLUSIVE on owners (reads and writes wait), briefly.
ALTER TABLE owners DROP CONSTRAINT owners_pkey;

-- Add constraint owners_name_key to table owners with index owners_name_key_new.
-- Locks: ACCESS EXCLUSIVE on owners (reads and writes wait), briefly.
ALTER TABLE owners ADD CONSTRAINT owners_name_key UNIQUE USING INDEX owners_name_key_new;

-- Add constraint items_owner_name_fkey to table items, NOT VALID: new and updated rows are checked, existing rows not yet.
-- Locks: SHARE ROW EXCLUSIVE on items, owners (writes wait, reads continue), briefly.
ALTER TABLE items ADD CONSTRAINT items_owner_name_fkey FOREIGN KEY (owner_name) REFERENCES owners (name) NOT VALID;

-- Add constraint owners_pkey to table owners with index owners_pkey_new.
-- Locks: ACCESS EXCLUSIVE on owners (reads and writes wait), briefly.
ALTER TABLE owners ADD CONSTRAINT owners_pkey PRIMARY KEY USING INDEX owners_pkey_new;

-- Add constraint items_owner_id_fkey to table items, NOT VALID: new and updated rows are checked, existing rows not yet.
-- Locks: SHARE ROW EXCLUSIVE on items, owners (writes wait, reads continue), briefly.
ALTER TABLE items ADD CONSTRAINT items_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES owners (id) NOT VALID;

COMMIT;

BEGIN;

-- Validate constraint items_owner_id_fkey of table items.
-- Locks: SHARE UPDATE EXCLUSIVE on items (reads and writes continue), for the duration of the statement.
-- Reads every row.
-- Fails if a row has no matching key in owners.
ALTER TABLE items VALIDATE CONSTRAINT items_owner_id_fkey;

COMMIT;

BEGIN;

-- Validate constraint items_owner_name_fkey of table items.
-- Locks: SHARE UPDATE EXCLUSIVE on items (reads and writes continue), for the duration of the statement.
-- Reads every row.
-- Fails if a row has no matching key in owners.
ALTER TABLE items VALIDATE CONSTRAINT items_owner_name_fkey;

COMMIT;
