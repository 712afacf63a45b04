-- Remove parent animals from table birds; columns and rows are kept.
-- Locks: ACCESS EXCLUSIVE on birds (reads and writes wait), briefly.
ALTER TABLE birds NO INHERIT animals;

-- Drop constraint animals_have_legs of table animals.
-- Locks: ACCESS EXCLUSIVE on animals (reads and writes wait), briefly.
ALTER TABLE animals DROP CONSTRAINT animals_have_legs;

-- Drop constraint animals_have_legs of table birds.
-- Locks: ACCESS EXCLUSIVE on birds, owls (reads and writes wait), briefly.
ALTER TABLE birds DROP CONSTRAINT animals_have_legs;

-- Drop the default of column birds.legs.
-- Locks: ACCESS EXCLUSIVE on birds, owls (reads and writes wait), briefly.
ALTER TABLE birds ALTER COLUMN legs DROP DEFAULT;

-- Drop table owls.
-- Locks: ACCESS EXCLUSIVE on owls (reads and writes wait), briefly.
-- Loses every row of the table.
DROP TABLE owls;
