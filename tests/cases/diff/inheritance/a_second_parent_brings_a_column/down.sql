-- Create table birds_held.
-- Locks nothing that is in use.
CREATE TABLE birds_held (
    name text NOT NULL
);

-- Let table birds inherit from birds_held.
-- Locks: ACCESS EXCLUSIVE on birds (reads and writes wait), for a moment.
ALTER TABLE birds INHERIT birds_held;

-- Let table birds no longer inherit from animals; it keeps its columns and rows.
-- Locks: ACCESS EXCLUSIVE on birds (reads and writes wait), for a moment.
ALTER TABLE birds NO INHERIT animals;

-- Let table birds no longer inherit from flyers; it keeps its columns and rows.
-- Locks: ACCESS EXCLUSIVE on birds (reads and writes wait), for a moment.
ALTER TABLE birds NO INHERIT flyers;

-- Drop constraint flyers_are_fast of table birds.
-- Locks: ACCESS EXCLUSIVE on birds (reads and writes wait), for a moment.
ALTER TABLE birds DROP CONSTRAINT flyers_are_fast;

-- Drop constraint flyers_are_fast of table flyers.
-- Locks: ACCESS EXCLUSIVE on flyers (reads and writes wait), for a moment.
ALTER TABLE flyers DROP CONSTRAINT flyers_are_fast;

-- Drop column animals.legs.
-- Locks: ACCESS EXCLUSIVE on animals (reads and writes wait), for a moment.
-- Loses the values of the column.
ALTER TABLE animals DROP COLUMN legs;

-- Drop column birds.legs.
-- Locks: ACCESS EXCLUSIVE on birds (reads and writes wait), for a moment.
-- Loses the values of the column.
ALTER TABLE birds DROP COLUMN legs;

-- Drop column birds.speed.
-- Locks: ACCESS EXCLUSIVE on birds (reads and writes wait), for a moment.
-- Loses the values of the column.
ALTER TABLE birds DROP COLUMN speed;

-- Let table birds inherit from animals.
-- Locks: ACCESS EXCLUSIVE on birds (reads and writes wait); SHARE UPDATE EXCLUSIVE on animals (reads and writes go on), for a moment.
ALTER TABLE birds INHERIT animals;

-- Let table birds no longer inherit from birds_held; it keeps its columns and rows.
-- Locks: ACCESS EXCLUSIVE on birds (reads and writes wait), for a moment.
ALTER TABLE birds NO INHERIT birds_held;

-- Drop table birds_held.
DROP TABLE birds_held;
