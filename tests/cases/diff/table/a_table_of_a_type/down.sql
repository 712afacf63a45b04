-- Make homes an untyped table.
-- Locks: ACCESS EXCLUSIVE on homes (reads and writes wait), briefly.
ALTER TABLE homes NOT OF;

-- Drop NOT NULL from homes.town.
-- Locks: ACCESS EXCLUSIVE on homes (reads and writes wait), briefly.
ALTER TABLE homes ALTER COLUMN town DROP NOT NULL;

-- Drop table offices.
-- Locks: ACCESS EXCLUSIVE on offices (reads and writes wait), briefly.
-- Loses every row of the table.
DROP TABLE offices;
