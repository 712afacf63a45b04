BEGIN;

-- Drop constraint gone of table b.
-- Locks: ACCESS EXCLUSIVE on a, b (reads and writes wait), briefly.
ALTER TABLE b DROP CONSTRAINT gone;

-- Drop constraint one of table b.
-- Locks: ACCESS EXCLUSIVE on a, b (reads and writes wait), briefly.
ALTER TABLE b DROP CONSTRAINT one;

-- Drop constraint two of table b.
-- Locks: ACCESS EXCLUSIVE on a, b (reads and writes wait), briefly.
ALTER TABLE b DROP CONSTRAINT two;

-- Add constraint new to table b, NOT VALID: new and updated rows are checked, existing rows not yet.
-- Locks: SHARE ROW EXCLUSIVE on a, b (writes wait, reads continue), briefly.
ALTER TABLE b ADD CONSTRAINT new FOREIGN KEY (v, u) REFERENCES a (id, part) ON DELETE RESTRICT NOT VALID;

-- Add constraint one to table b, NOT VALID: new and updated rows are checked, existing rows not yet.
-- Locks: SHARE ROW EXCLUSIVE on a, b (writes wait, reads continue), briefly.
ALTER TABLE b ADD CONSTRAINT one FOREIGN KEY (u, v) REFERENCES a (id, part) MATCH FULL ON UPDATE CASCADE NOT VALID;

-- Add constraint two to table b, NOT VALID: new and updated rows are checked, existing rows not yet.
-- Locks: SHARE ROW EXCLUSIVE on a, b (writes wait, reads continue), briefly.
ALTER TABLE b ADD CONSTRAINT two FOREIGN KEY (u, v) REFERENCES a (id, part) ON DELETE SET NULL (v) NOT VALID;

-- Set comment on constraint four on b.
COMMENT ON CONSTRAINT four ON b IS 'new';

-- Change deferrability of constraint three of table b.
-- Locks: ACCESS EXCLUSIVE on b (reads and writes wait), briefly.
ALTER TABLE b ALTER CONSTRAINT three DEFERRABLE INITIALLY DEFERRED;

COMMIT;

BEGIN;

-- Validate constraint new of table b.
-- Locks: SHARE UPDATE EXCLUSIVE on b (reads and writes continue), for the duration of the statement.
-- Reads every row.
-- Fails if a row has no matching key in a.
ALTER TABLE b VALIDATE CONSTRAINT new;

COMMIT;

BEGIN;

-- Validate constraint one of table b.
-- Locks: SHARE UPDATE EXCLUSIVE on b (reads and writes continue), for the duration of the statement.
-- Reads every row.
-- Fails if a row has no matching key in a.
ALTER TABLE b VALIDATE CONSTRAINT one;

COMMIT;

BEGIN;

-- Validate constraint two of table b.
-- Locks: SHARE UPDATE EXCLUSIVE on b (reads and writes continue), for the duration of the statement.
-- Reads every row.
-- Fails if a row has no matching key in a.
ALTER TABLE b VALIDATE CONSTRAINT two;

COMMIT;
