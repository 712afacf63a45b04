BEGIN;

-- Drop constraint b_a_id_fkey of table b.
-- Locks: ACCESS EXCLUSIVE on a, b (reads and writes wait), briefly.
ALTER TABLE b DROP CONSTRAINT b_a_id_fkey;

-- Drop constraint a_pkey of table a.
-- Locks: ACCESS EXCLUSIVE on a (reads and writes wait), briefly.
ALTER TABLE a DROP CONSTRAINT a_pkey;

COMMIT;

-- Create unique index a_unique on table a.
-- Locks: SHARE UPDATE EXCLUSIVE on a (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Fails if two rows have the same key.
-- Runs outside a transaction.
CREATE UNIQUE INDEX CONCURRENTLY a_unique ON a USING btree (id);

BEGIN;

-- Add constraint b_a_id_fkey to table b, NOT VALID: new and updated rows are checked, existing rows not yet.
-- Locks: SHARE ROW EXCLUSIVE on a, b (writes wait, reads continue), briefly.
ALTER TABLE b ADD CONSTRAINT b_a_id_fkey FOREIGN KEY (a_id) REFERENCES a (id) NOT VALID;

COMMIT;

BEGIN;

-- Validate constraint b_a_id_fkey of table b.
-- Locks: SHARE UPDATE EXCLUSIVE on b (reads and writes continue), for the duration of the statement.
-- Reads every row.
-- Fails if a row has no matching key in a.
ALTER TABLE b VALIDATE CONSTRAINT b_a_id_fkey;

COMMIT;
