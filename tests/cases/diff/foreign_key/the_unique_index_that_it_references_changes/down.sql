BEGIN;

-- Drop constraint b_a_code_fkey of table b.
-- Locks: ACCESS EXCLUSIVE on a, b (reads and writes wait), briefly.
ALTER TABLE b DROP CONSTRAINT b_a_code_fkey;

COMMIT;

-- Create unique index a_code_idx_new on table a.
-- Locks: SHARE UPDATE EXCLUSIVE on a (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Fails if two rows have the same key.
-- Runs outside a transaction.
CREATE UNIQUE INDEX CONCURRENTLY a_code_idx_new ON a USING btree (code);

BEGIN;

-- Rename index a_code_idx to a_code_idx_old.
-- Locks: SHARE UPDATE EXCLUSIVE on index a_code_idx (reads and writes continue), briefly.
ALTER INDEX a_code_idx RENAME TO a_code_idx_old;

-- Rename index a_code_idx_new to a_code_idx.
-- Locks: SHARE UPDATE EXCLUSIVE on index a_code_idx_new (reads and writes continue), briefly.
ALTER INDEX a_code_idx_new RENAME TO a_code_idx;

COMMIT;

-- Drop index a_code_idx_old of table a.
-- Locks: SHARE UPDATE EXCLUSIVE on a (reads and writes continue), briefly.
-- Runs outside a transaction.
DROP INDEX CONCURRENTLY a_code_idx_old;

BEGIN;

-- Add constraint b_a_code_fkey to table b, NOT VALID: new and updated rows are checked, existing rows not yet.
-- Locks: SHARE ROW EXCLUSIVE on a, b (writes wait, reads continue), briefly.
ALTER TABLE b ADD CONSTRAINT b_a_code_fkey FOREIGN KEY (a_code) REFERENCES a (code) NOT VALID;

COMMIT;

BEGIN;

-- Validate constraint b_a_code_fkey of table b.
-- Locks: SHARE UPDATE EXCLUSIVE on b (reads and writes continue), for the duration of the statement.
-- Reads every row.
-- Fails if a row has no matching key in a.
ALTER TABLE b VALIDATE CONSTRAINT b_a_code_fkey;

COMMIT;
