BEGIN;

-- Drop constraint c_owner_fkey of table c.
-- Locks: ACCESS EXCLUSIVE on b, c (reads and writes wait), briefly.
ALTER TABLE c DROP CONSTRAINT c_owner_fkey;

-- Create table a.
-- No locks on existing tables.
CREATE TABLE a (
    id bigint NOT NULL,
    CONSTRAINT a_pkey PRIMARY KEY (id)
);

-- Add constraint c_owner_fkey to table c, NOT VALID: new and updated rows are checked, existing rows not yet.
-- Locks: SHARE ROW EXCLUSIVE on c (writes wait, reads continue), briefly.
ALTER TABLE c ADD CONSTRAINT c_owner_fkey FOREIGN KEY (owner) REFERENCES a (id) NOT VALID;

COMMIT;

BEGIN;

-- Validate constraint c_owner_fkey of table c.
-- Locks: SHARE UPDATE EXCLUSIVE on c (reads and writes continue), for the duration of the statement.
-- Reads every row.
-- Fails if a row has no matching key in a.
ALTER TABLE c VALIDATE CONSTRAINT c_owner_fkey;

COMMIT;

BEGIN;

-- Drop table b.
-- Locks: ACCESS EXCLUSIVE on b (reads and writes wait), briefly.
-- Loses every row of the table.
DROP TABLE b;

COMMIT;
