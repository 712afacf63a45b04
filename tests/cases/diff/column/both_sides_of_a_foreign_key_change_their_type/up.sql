BEGIN;

-- Drop constraint b_a_id_fkey of table b.
-- Locks: ACCESS EXCLUSIVE on a, b (reads and writes wait), until the end of the transaction, which can take long.
ALTER TABLE b DROP CONSTRAINT b_a_id_fkey;

-- Change column a.id from integer to bigint.
-- Locks: ACCESS EXCLUSIVE on a (reads and writes wait), until the end of the transaction, which can take long.
-- Rewrites the table and its indexes.
ALTER TABLE a ALTER COLUMN id TYPE bigint;

-- Change column b.a_id from integer to bigint.
-- Locks: ACCESS EXCLUSIVE on b (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
ALTER TABLE b ALTER COLUMN a_id TYPE bigint;

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
