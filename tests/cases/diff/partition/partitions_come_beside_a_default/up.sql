BEGIN;

-- Add constraint apart_bound_check to table apart, NOT VALID: new and updated rows are checked, existing rows not yet.
-- Locks: ACCESS EXCLUSIVE on apart (reads and writes wait), briefly.
ALTER TABLE apart ADD CONSTRAINT apart_bound_check CHECK (((n IS NOT NULL) AND (n >= 20) AND (n < 30))) NOT VALID;

-- Add constraint apart_bound_check to table p_rest, NOT VALID: new and updated rows are checked, existing rows not yet.
-- Locks: ACCESS EXCLUSIVE on p_rest (reads and writes wait), briefly.
-- Until apart is attached, rows that belong to it are rejected.
ALTER TABLE p_rest ADD CONSTRAINT apart_bound_check CHECK (NOT (((n IS NOT NULL) AND (n >= 20) AND (n < 30)))) NOT VALID;

-- Add constraint p_two_bound_check to table p_rest, NOT VALID: new and updated rows are checked, existing rows not yet.
-- Locks: ACCESS EXCLUSIVE on p_rest (reads and writes wait), briefly.
-- Until p_two is attached, rows that belong to it are rejected.
ALTER TABLE p_rest ADD CONSTRAINT p_two_bound_check CHECK (NOT (((n IS NOT NULL) AND (n >= 10) AND (n < 20)))) NOT VALID;

COMMIT;

BEGIN;

-- Validate constraint apart_bound_check of table apart.
-- Locks: SHARE UPDATE EXCLUSIVE on apart (reads and writes continue), for the duration of the statement.
-- Reads every row.
-- Fails if a row violates the check.
ALTER TABLE apart VALIDATE CONSTRAINT apart_bound_check;

COMMIT;

BEGIN;

-- Validate constraint apart_bound_check of table p_rest.
-- Locks: SHARE UPDATE EXCLUSIVE on p_rest (reads and writes continue), for the duration of the statement.
-- Reads every row.
-- Fails if a row violates the check.
ALTER TABLE p_rest VALIDATE CONSTRAINT apart_bound_check;

COMMIT;

BEGIN;

-- Validate constraint p_two_bound_check of table p_rest.
-- Locks: SHARE UPDATE EXCLUSIVE on p_rest (reads and writes continue), for the duration of the statement.
-- Reads every row.
-- Fails if a row violates the check.
ALTER TABLE p_rest VALIDATE CONSTRAINT p_two_bound_check;

COMMIT;

BEGIN;

-- Attach apart as a partition of p.
-- Locks: ACCESS EXCLUSIVE on apart, p_rest (reads and writes wait); SHARE UPDATE EXCLUSIVE on p (reads and writes continue), briefly.
ALTER TABLE p ATTACH PARTITION apart FOR VALUES FROM (20) TO (30);

-- Drop constraint apart_bound_check of table apart.
-- Locks: ACCESS EXCLUSIVE on apart (reads and writes wait), briefly.
ALTER TABLE apart DROP CONSTRAINT apart_bound_check;

-- Drop constraint apart_bound_check of table p_rest.
-- Locks: ACCESS EXCLUSIVE on p_rest (reads and writes wait), briefly.
ALTER TABLE p_rest DROP CONSTRAINT apart_bound_check;

-- Create table p_two.
-- Locks: ACCESS EXCLUSIVE on p, p_rest (reads and writes wait), briefly.
CREATE TABLE p_two PARTITION OF p FOR VALUES FROM (10) TO (20);

-- Drop constraint p_two_bound_check of table p_rest.
-- Locks: ACCESS EXCLUSIVE on p_rest (reads and writes wait), briefly.
ALTER TABLE p_rest DROP CONSTRAINT p_two_bound_check;

COMMIT;
