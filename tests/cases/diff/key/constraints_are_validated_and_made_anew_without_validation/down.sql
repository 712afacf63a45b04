BEGIN;

-- Drop constraint b_x_check of table b.
-- Locks: ACCESS EXCLUSIVE on b (reads and writes wait), until the end of the transaction, which can take long.
ALTER TABLE b DROP CONSTRAINT b_x_check;

-- Drop constraint b_x_fkey of table b.
-- Locks: ACCESS EXCLUSIVE on a, b (reads and writes wait), until the end of the transaction, which can take long.
ALTER TABLE b DROP CONSTRAINT b_x_fkey;

-- Add constraint b_x_check to table b, NOT VALID: new and updated rows are checked, existing rows not yet.
-- Locks: ACCESS EXCLUSIVE on b (reads and writes wait), until the end of the transaction, which can take long.
ALTER TABLE b ADD CONSTRAINT b_x_check CHECK (x > 0) NOT VALID;

-- Validate constraint b_y_check of table b.
-- Locks: SHARE UPDATE EXCLUSIVE on b (reads and writes continue), for the duration of the statement.
-- Reads every row.
-- Fails if a row violates the check.
ALTER TABLE b VALIDATE CONSTRAINT b_y_check;

-- Add constraint b_x_fkey to table b, NOT VALID: new and updated rows are checked, existing rows not yet.
-- Locks: SHARE ROW EXCLUSIVE on a, b (writes wait, reads continue), briefly.
ALTER TABLE b ADD CONSTRAINT b_x_fkey FOREIGN KEY (x) REFERENCES a (id) NOT VALID;

COMMIT;

BEGIN;

-- Validate constraint b_y_fkey of table b.
-- Locks: SHARE UPDATE EXCLUSIVE on b (reads and writes continue), for the duration of the statement.
-- Reads every row.
-- Fails if a row has no matching key in a.
ALTER TABLE b VALIDATE CONSTRAINT b_y_fkey;

COMMIT;
