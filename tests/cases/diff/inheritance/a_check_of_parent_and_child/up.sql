BEGIN;

-- Add constraint named to table animals, NOT VALID: new and updated rows are checked, existing rows not yet.
-- Locks: ACCESS EXCLUSIVE on animals, birds (reads and writes wait), briefly.
ALTER TABLE animals ADD CONSTRAINT named CHECK (name <> ''::text) NOT VALID;

-- Add constraint named to table birds, NOT VALID: new and updated rows are checked, existing rows not yet.
-- Locks: ACCESS EXCLUSIVE on birds (reads and writes wait), briefly.
ALTER TABLE birds ADD CONSTRAINT named CHECK (name <> ''::text) NOT VALID;

COMMIT;

BEGIN;

-- Validate constraint named of table animals.
-- Locks: SHARE UPDATE EXCLUSIVE on animals, birds (reads and writes continue), for the duration of the statement.
-- Reads every row.
-- Fails if a row violates the check.
ALTER TABLE animals VALIDATE CONSTRAINT named;

COMMIT;
