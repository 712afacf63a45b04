BEGIN;

-- Create table birds_held.
-- Locks nothing that is in use.
CREATE TABLE birds_held (
    name text NOT NULL
);

-- Let table birds inherit from birds_held.
-- Locks: ACCESS EXCLUSIVE on birds (reads and writes wait), for a moment.
ALTER TABLE birds INHERIT birds_held;

COMMIT;

BEGIN;

-- Let table birds no longer inherit from animals; it keeps its columns and rows.
-- Locks: ACCESS EXCLUSIVE on birds (reads and writes wait), until the transaction ends, which takes long.
ALTER TABLE birds NO INHERIT animals;

-- Add column animals.legs.
-- Locks: ACCESS EXCLUSIVE on animals (reads and writes wait), until the transaction ends, which takes long.
ALTER TABLE animals ADD COLUMN legs integer;

-- Add column birds_held.legs.
-- Locks: ACCESS EXCLUSIVE on birds (reads and writes wait), until the transaction ends, which takes long.
ALTER TABLE birds_held ADD COLUMN legs integer;

-- Add column birds_held.speed.
-- Locks: ACCESS EXCLUSIVE on birds (reads and writes wait), until the transaction ends, which takes long.
ALTER TABLE birds_held ADD COLUMN speed integer;

-- Add constraint flyers_are_fast to table birds_held.
-- Locks: ACCESS EXCLUSIVE on birds (reads and writes wait), for as long as it takes.
-- Reads every row.
-- Fails if a row breaks the check.
ALTER TABLE birds_held ADD CONSTRAINT flyers_are_fast CHECK (speed > 0);

-- Add constraint flyers_are_fast to table flyers; existing rows are not checked.
-- Locks: ACCESS EXCLUSIVE on flyers (reads and writes wait), for a moment.
ALTER TABLE flyers ADD CONSTRAINT flyers_are_fast CHECK (speed > 0) NOT VALID;

-- Let table birds inherit from animals.
-- Locks: ACCESS EXCLUSIVE on birds (reads and writes wait); SHARE UPDATE EXCLUSIVE on animals (reads and writes go on), for a moment.
ALTER TABLE birds INHERIT animals;

-- Let table birds inherit from flyers.
-- Locks: ACCESS EXCLUSIVE on birds (reads and writes wait); SHARE UPDATE EXCLUSIVE on flyers (reads and writes go on), for a moment.
ALTER TABLE birds INHERIT flyers;

COMMIT;

BEGIN;

-- Let table birds no longer inherit from birds_held; it keeps its columns and rows.
-- Locks: ACCESS EXCLUSIVE on birds (reads and writes wait), for a moment.
ALTER TABLE birds NO INHERIT birds_held;

-- Drop table birds_held.
DROP TABLE birds_held;

COMMIT;

BEGIN;

-- Check the existing rows against constraint flyers_are_fast of flyers.
-- Locks: SHARE UPDATE EXCLUSIVE on birds, flyers (reads and writes go on), for as long as it takes.
-- Reads every row.
-- Fails if a row breaks the constraint.
ALTER TABLE flyers VALIDATE CONSTRAINT flyers_are_fast;

COMMIT;
