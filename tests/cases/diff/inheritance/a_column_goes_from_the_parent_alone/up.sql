-- Drop column animals.legs; the columns of child tables are kept.
-- Locks: ACCESS EXCLUSIVE on animals, birds, fish (reads and writes wait), briefly.
-- Loses the values of the column.
ALTER TABLE ONLY animals DROP COLUMN legs;

-- Drop column fish.legs.
-- Locks: ACCESS EXCLUSIVE on fish (reads and writes wait), briefly.
-- Loses the values of the column.
ALTER TABLE fish DROP COLUMN legs;
