BEGIN;

-- Add constraint a_id_not_null_check to table a, NOT VALID: new and updated rows are checked, existing rows not yet.
-- Locks: ACCESS EXCLUSIVE on a (reads and writes wait), briefly.
ALTER TABLE a ADD CONSTRAINT a_id_not_null_check CHECK (id IS NOT NULL) NOT VALID;

COMMIT;

BEGIN;

-- Validate constraint a_id_not_null_check of table a.
-- Locks: SHARE UPDATE EXCLUSIVE on a (reads and writes continue), for the duration of the statement.
-- Reads every row.
-- Fails if a row violates the check.
ALTER TABLE a VALIDATE CONSTRAINT a_id_not_null_check;

COMMIT;

-- Create unique index a_pkey on table a.
-- Locks: SHARE UPDATE EXCLUSIVE on a (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Fails if two rows have the same key.
-- Runs outside a transaction.
CREATE UNIQUE INDEX CONCURRENTLY a_pkey ON a USING btree (id);

-- Create unique index b_pkey_new on table b.
-- Locks: SHARE UPDATE EXCLUSIVE on b (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Fails if two rows have the same key.
-- Runs outside a transaction.
CREATE UNIQUE INDEX CONCURRENTLY b_pkey_new ON b USING btree (id, x);

BEGIN;

-- Drop constraint b_pkey of table b.
-- Locks: ACCESS EXCLUSIVE on b (reads and writes wait), briefly.
ALTER TABLE b DROP CONSTRAINT b_pkey;

-- Drop constraint c_pkey of table c.
-- Locks: ACCESS EXCLUSIVE on c (reads and writes wait), briefly.
ALTER TABLE c DROP CONSTRAINT c_pkey;

-- Set NOT NULL on a.id.
-- Locks: ACCESS EXCLUSIVE on a (reads and writes wait), briefly.
ALTER TABLE a ALTER COLUMN id SET NOT NULL;

-- Drop constraint a_id_not_null_check of table a.
-- Locks: ACCESS EXCLUSIVE on a (reads and writes wait), briefly.
ALTER TABLE a DROP CONSTRAINT a_id_not_null_check;

-- Add constraint a_pkey to table a with index a_pkey.
-- Locks: ACCESS EXCLUSIVE on a (reads and writes wait), briefly.
ALTER TABLE a ADD CONSTRAINT a_pkey PRIMARY KEY USING INDEX a_pkey;

-- Add constraint b_pkey to table b with index b_pkey_new.
-- Locks: ACCESS EXCLUSIVE on b (reads and writes wait), briefly.
ALTER TABLE b ADD CONSTRAINT b_pkey PRIMARY KEY USING INDEX b_pkey_new;

-- Set comment on constraint b_pkey on b.
COMMENT ON CONSTRAINT b_pkey ON b IS 'both';

-- Drop NOT NULL from c.id.
-- Locks: ACCESS EXCLUSIVE on c (reads and writes wait), briefly.
ALTER TABLE c ALTER COLUMN id DROP NOT NULL;

COMMIT;
