BEGIN;

-- Drop constraint c_owner_fkey of table c.
-- Locks: ACCESS EXCLUSIVE on a, c (reads and writes wait), for a moment.
ALTER TABLE c DROP CONSTRAINT c_owner_fkey;

-- Create table b.
-- Locks nothing that is in use.
CREATE TABLE b (
    id bigint NOT NULL,
    CONSTRAINT b_pkey PRIMARY KEY (id)
);

-- Add constraint c_owner_fkey to table c; existing rows are not checked.
-- Locks: SHARE ROW EXCLUSIVE on c (writes wait, reads go on), for a moment.
ALTER TABLE c ADD CONSTRAINT c_owner_fkey FOREIGN KEY (owner) REFERENCES b (id) NOT VALID;

COMMIT;

BEGIN;

-- Check the existing rows against constraint c_owner_fkey of c.
-- Locks: SHARE UPDATE EXCLUSIVE on c (reads and writes go on), for as long as it takes.
-- Reads every row.
-- Fails if a row breaks the constraint.
ALTER TABLE c VALIDATE CONSTRAINT c_owner_fkey;

COMMIT;

BEGIN;

-- Drop table a.
-- Locks: ACCESS EXCLUSIVE on a (reads and writes wait), for a moment.
-- Loses every row of the table.
DROP TABLE a;

COMMIT;
