-- Create table birds_held.
-- No locks on existing tables.
CREATE TABLE birds_held (
    name text NOT NULL
);

-- Add parent birds_held to table birds.
-- Locks: ACCESS EXCLUSIVE on birds (reads and writes wait), briefly.
ALTER TABLE birds INHERIT birds_held;

-- Remove parent animals from table birds; columns and rows are kept.
-- Locks: ACCESS EXCLUSIVE on birds (reads and writes wait), briefly.
ALTER TABLE birds NO INHERIT animals;

-- Remove parent flyers from table birds; columns and rows are kept.
-- Locks: ACCESS EXCLUSIVE on birds (reads and writes wait), briefly.
ALTER TABLE birds NO INHERIT flyers;

-- Drop constraint flyers_are_fast of table birds.
-- Locks: ACCESS EXCLUSIVE on birds (reads and writes wait), briefly.
ALTER TABLE birds DROP CONSTRAINT flyers_are_fast;

-- Drop constraint flyers_are_fast of table flyers.
-- Locks: ACCESS EXCLUSIVE on flyers (reads and writes wait), briefly.
ALTER TABLE flyers DROP CONSTRAINT flyers_are_fast;

-- Drop column animals.legs.
-- Locks: ACCESS EXCLUSIVE on animals (reads and writes wait), briefly.
-- Loses the values of the column.
ALTER TABLE animals DROP COLUMN legs;

-- Drop column birds.legs.
-- Locks: ACCESS EXCLUSIVE on birds (reads and writes wait), briefly.
-- Loses the values of the column.
ALTER TABLE birds DROP COLUMN legs;

-- Drop column birds.speed.
-- Locks: ACCESS EXCLUSIVE on birds (reads and writes wait), briefly.
-- Loses the values of the column.
ALTER TABLE birds DROP COLUMN speed;

-- Add parent animals to table birds.
-- Locks: ACCESS EXCLUSIVE on birds (reads and writes wait); SHARE UPDATE EXCLUSIVE on animals (reads and writes continue), briefly.
ALTER TABLE birds INHERIT animals;

-- Remove parent birds_held from table birds; columns and rows are kept.
-- Locks: ACCESS EXCLUSIVE on birds (reads and writes wait), briefly.
ALTER TABLE birds NO INHERIT birds_held;

-- Drop table birds_held.
DROP TABLE birds_held;
