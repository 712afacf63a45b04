BEGIN;

-- Set NOT NULL on homes.town.
-- Locks: ACCESS EXCLUSIVE on homes (reads and writes wait), for the duration of the statement.
-- Reads every row.
-- Fails if the column contains a NULL.
ALTER TABLE homes ALTER COLUMN town SET NOT NULL;

COMMIT;

BEGIN;

-- Make homes a typed table of type address.
-- Locks: ACCESS EXCLUSIVE on homes (reads and writes wait), briefly.
ALTER TABLE homes OF address;

-- Create table offices.
-- No locks on existing tables.
CREATE TABLE offices OF address;

COMMIT;
