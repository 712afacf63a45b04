-- Create table birds_held.
-- Locks nothing that is in use.
CREATE TABLE birds_held (
    name text NOT NULL,
    CONSTRAINT animals_have_names CHECK (name <> ''::text)
);

-- Let table birds inherit from birds_held.
-- Locks: ACCESS EXCLUSIVE on birds (reads and writes wait), for a moment.
ALTER TABLE birds INHERIT birds_held;

-- Let table birds no longer inherit from animals; it keeps its columns and rows.
-- Locks: ACCESS EXCLUSIVE on birds (reads and writes wait), for a moment.
ALTER TABLE birds NO INHERIT animals;

-- Set the default of column birds.legs; existing rows keep their values.
-- Locks: ACCESS EXCLUSIVE on birds (reads and writes wait), for a moment.
ALTER TABLE birds ALTER COLUMN legs SET DEFAULT 2;

-- Let table birds inherit from animals.
-- Locks: ACCESS EXCLUSIVE on birds (reads and writes wait); SHARE UPDATE EXCLUSIVE on animals (reads and writes go on), for a moment.
ALTER TABLE birds INHERIT animals;

-- Let table birds no longer inherit from birds_held; it keeps its columns and rows.
-- Locks: ACCESS EXCLUSIVE on birds (reads and writes wait), for a moment.
ALTER TABLE birds NO INHERIT birds_held;

-- Drop table birds_held.
DROP TABLE birds_held;
