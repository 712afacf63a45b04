-- Free the columns of table homes from its type.
-- Locks: ACCESS EXCLUSIVE on homes (reads and writes wait), for a moment.
ALTER TABLE homes NOT OF;

-- Allow NULL in column homes.town.
-- Locks: ACCESS EXCLUSIVE on homes (reads and writes wait), for a moment.
ALTER TABLE homes ALTER COLUMN town DROP NOT NULL;

-- Drop table offices.
-- Locks: ACCESS EXCLUSIVE on offices (reads and writes wait), for a moment.
-- Loses every row of the table.
DROP TABLE offices;
