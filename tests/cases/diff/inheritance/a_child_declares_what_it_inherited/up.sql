-- Create table birds_held.
-- No locks on existing tables.
CREATE TABLE birds_held (
    name text NOT NULL,
    CONSTRAINT animals_have_names CHECK (name <> ''::text)
);

-- Add parent birds_held to table birds.
-- Locks: ACCESS EXCLUSIVE on birds (reads and writes wait), briefly.
ALTER TABLE birds INHERIT birds_held;

-- Remove parent animals from table birds; columns and rows are kept.
-- Locks: ACCESS EXCLUSIVE on birds (reads and writes wait), briefly.
ALTER TABLE birds NO INHERIT animals;

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
