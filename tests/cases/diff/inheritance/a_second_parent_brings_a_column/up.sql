BEGIN;

-- Create table birds_held.
-- No locks on existing tables.
CREATE TABLE birds_held (
    name text NOT NULL
);

-- Add parent birds_held to table birds.
-- Locks: ACCESS EXCLUSIVE on birds (reads and writes wait), briefly.
ALTER TABLE birds INHERIT birds_held;

COMMIT;

BEGIN;

-- Remove parent animals from table birds; columns and rows are kept.
-- Locks: ACCESS EXCLUSIVE on birds (reads and writes wait), until the end of the transaction, which can take long.
ALTER TABLE birds NO INHERIT animals;

-- Add column animals.legs.
-- Locks: ACCESS EXCLUSIVE on animals (reads and writes wait), until the end of the transaction, which can take long.
ALTER TABLE animals ADD COLUMN legs integer;

-- Add column birds_held.legs.
-- Locks: ACCESS EXCLUSIVE on birds (reads and writes wait), until the end of the transaction, which can take long.
ALTER TABLE birds_held ADD COLUMN legs integer;

-- Add column birds_held.speed.
-- Locks: ACCESS EXCLUSIVE on birds (reads and writes wait), until the end of the transaction, which can take long.
ALTER TABLE birds_held ADD COLUMN speed integer;

-- Add constraint flyers_are_fast to table birds_held.
-- Locks: ACCESS EXCLUSIVE on birds (reads and writes wait), for the duration of the statement.
-- Reads every row.
-- Fails if a row violates the check.
ALTER TABLE birds_held ADD CONSTRAINT flyers_are_fast CHECK (speed > 0);

-- Add constraint flyers_are_fast to table flyers, NOT VALID: new and updated rows are checked, existing rows not yet.
-- Locks: ACCESS EXCLUSIVE on flyers (reads and writes wait), briefly.
ALTER TABLE flyers ADD CONSTRAINT flyers_are_fast CHECK (speed > 0) NOT VALID;

-- Add parent animals to table birds.
-- Locks: ACCESS EXCLUSIVE on birds (reads and writes wait); SHARE UPDATE EXCLUSIVE on animals (reads and writes continue), briefly.
ALTER TABLE birds INHERIT animals;

-- Add parent flyers to table birds.
-- Locks: ACCESS EXCLUSIVE on birds (reads and writes wait); SHARE UPDATE EXCLUSIVE on flyers (reads and writes continue), briefly.
ALTER TABLE birds INHERIT flyers;

COMMIT;

BEGIN;

-- Remove parent birds_held from table birds; columns and rows are kept.
-- Locks: ACCESS EXCLUSIVE on birds (reads and writes wait), briefly.
ALTER TABLE birds NO INHERIT birds_held;

-- Drop table birds_held.
DROP TABLE birds_held;

COMMIT;

BEGIN;

-- Validate constraint flyers_are_fast of table flyers.
-- Locks: SHARE UPDATE EXCLUSIVE on birds, flyers (reads and writes continue), for the duration of the statement.
-- Reads every row.
-- Fails if a row violates the check.
ALTER TABLE flyers VALIDATE CONSTRAINT flyers_are_fast;

COMMIT;
