-- Drop column animals.legs.
-- Locks: ACCESS EXCLUSIVE on animals, birds (reads and writes wait), briefly.
-- Loses the values of the column.
ALTER TABLE animals DROP COLUMN legs;

-- Drop column birds.legs.
-- Locks: ACCESS EXCLUSIVE on birds (reads and writes wait), briefly.
-- Loses the values of the column.
ALTER TABLE birds DROP COLUMN legs;
