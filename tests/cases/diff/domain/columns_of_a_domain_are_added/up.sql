BEGIN;

-- Create domain size.
CREATE DOMAIN size AS integer;

COMMIT;

BEGIN;

-- Add column notes.paid.
-- Locks: ACCESS EXCLUSIVE on notes (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
ALTER TABLE notes ADD COLUMN paid amount;

COMMIT;

BEGIN;

-- Add column notes.size.
-- Locks: ACCESS EXCLUSIVE on notes (reads and writes wait), briefly.
ALTER TABLE notes ADD COLUMN size size;

COMMIT;
