BEGIN;

-- Forbid NULL in column homes.town.
-- Locks: ACCESS EXCLUSIVE on homes (reads and writes wait), for as long as it takes.
-- Reads every row.
-- Fails if the column holds a NULL.
ALTER TABLE homes ALTER COLUMN town SET NOT NULL;

COMMIT;

BEGIN;

-- Tie the columns of table homes to type address.
-- Locks: ACCESS EXCLUSIVE on homes (reads and writes wait), for a moment.
ALTER TABLE homes OF address;

-- Create table offices.
-- Locks nothing that is in use.
CREATE TABLE offices OF address;

COMMIT;
