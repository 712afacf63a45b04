BEGIN;

-- Add constraint animals_have_legs to table animals, NOT VALID: new and updated rows are checked, existing rows not yet.
-- Locks: ACCESS EXCLUSIVE on animals (reads and writes wait), briefly.
ALTER TABLE animals ADD CONSTRAINT animals_have_legs CHECK (legs > 0) NOT VALID;

-- Create table birds_held.
-- No locks on existing tables.
CREATE TABLE birds_held (
    name text,
    legs integer
);

-- Add parent birds_held to table birds.
-- Locks: ACCESS EXCLUSIVE on birds (reads and writes wait), briefly.
ALTER TABLE birds INHERIT birds_held;

COMMIT;

BEGIN;

-- Add constraint animals_have_legs to table birds_held.
-- Locks: ACCESS EXCLUSIVE on birds (reads and writes wait), for the duration of the statement.
-- Reads every row.
-- Fails if a row violates the check.
ALTER TABLE birds_held ADD CONSTRAINT animals_have_legs CHECK (legs > 0);

COMMIT;

BEGIN;

-- Set the default of column birds.legs; existing rows keep their values.
-- Locks: ACCESS EXCLUSIVE on birds (reads and writes wait), briefly.
ALTER TABLE birds ALTER COLUMN legs SET DEFAULT 2;

-- Add parent animals to table birds.
-- Locks: ACCESS EXCLUSIVE on birds (reads and writes wait); SHARE UPDATE EXCLUSIVE on animals (reads and writes continue), briefly.
ALTER TABLE birds INHERIT animals;

-- Remove parent birds_held from table birds; columns and rows are kept.
-- Locks: ACCESS EXCLUSIVE on birds (reads and writes wait), briefly.
ALTER TABLE birds NO INHERIT birds_held;

-- Drop table birds_held.
DROP TABLE birds_held;

-- Create table owls.
-- Locks: SHARE UPDATE EXCLUSIVE on birds (reads and writes continue), briefly.
CREATE TABLE owls (
    at_night boolean
) INHERITS (birds);

-- Set the default of column owls.legs; existing rows keep their values.
ALTER TABLE owls ALTER COLUMN legs SET DEFAULT 3;

COMMIT;

BEGIN;

-- Validate constraint animals_have_legs of table animals.
-- Locks: SHARE UPDATE EXCLUSIVE on animals, birds (reads and writes continue), for the duration of the statement.
-- Reads every row.
-- Fails if a row violates the check.
ALTER TABLE animals VALIDATE CONSTRAINT animals_have_legs;

COMMIT;
