BEGIN;

-- Add constraint c_id_not_null_check to table c, NOT VALID: new and updated rows are checked, existing rows not yet.
-- Locks: ACCESS EXCLUSIVE on c (reads and writes wait), briefly.
ALTER TABLE c ADD CONSTRAINT c_id_not_null_check CHECK (id IS NOT NULL) NOT VALID;

COMMIT;

BEGIN;

-- Validate constraint c_id_not_null_check of table c.
-- Locks: SHARE UPDATE EXCLUSIVE on c (reads and writes continue), for the duration of the statement.
-- Reads every row.
-- Fails if a row violates the check.
ALTER TABLE c VALIDATE CONSTRAINT c_id_not_null_check;

COMMIT;

-- Create unique index b_pkey_new on table b.
-- Locks: SHARE UPDATE EXCLUSIVE on b (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Fails if two rows have the same key.
-- Runs outside a transaction.
CREATE UNIQUE INDEX CONCURRENTLY b_pkey_new ON b USING btree (id);

-- Create unique index c_pkey on table c.
-- Locks: SHARE UPDATE EXCLUSIVE on c (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Fails if two rows have the same key.
-- Runs outside a transaction.
CREATE UNIQUE INDEX CONCURRENTLY c_pkey ON c USING btree (id);

BEGIN;

-- Drop constraint a_pkey of table a.
-- Locks: ACCESS EXCLUSIVE on a (reads and writes wait), briefly.
ALTER TABLE a DROP CONSTRAINT a_pkey;

-- Drop constraint b_pkey of table b.
-- Locks: ACCESS EXCLUSIVE on b (reads and writes wait), briefly.
ALTER TABLE b DROP CONSTRAINT b_pkey;

-- Drop NOT NULL from a.id.
-- Locks: ACCESS EXCLUSIVE on a (reads and writes wait), briefly.
ALTER TABLE a ALTER COLUMN id DROP NOT NULL;

-- Add constraint b_pkey to table b with index b_pkey_new.
-- Locks: ACCESS EXCLUSIVE on b (reads and writes wait), briefly.
ALTER TABLE b ADD CONSTRAINT b_pkey PRIMARY KEY USING INDEX b_pkey_new;

-- Set NOT NULL on c.id.
-- Locks: ACCESS EXCLUSIVE on c (reads and writes wait), briefly.
ALTER TABLE c ALTER COLUMN id SET NOT NULL;

-- Drop constraint c_id_not_null_check of table c.
-- Locks: ACCESS EXCLUSIVE on c (reads and writes wait), briefly.
ALTER TABLE c DROP CONSTRAINT c_id_not_null_check;

-- Add constraint c_pkey to table c with index c_pkey.
-- Locks: ACCESS EXCLUSIVE on c (reads and writes wait), briefly.
ALTER TABLE c ADD CONSTRAINT c_pkey PRIMARY KEY USING INDEX c_pkey;

COMMIT;
