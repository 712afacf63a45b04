-- Add column birds.legs.
-- Locks: ACCESS EXCLUSIVE on birds (reads and writes wait), briefly.
ALTER TABLE birds ADD COLUMN legs integer DEFAULT 2;

-- Add column animals.legs.
-- Locks: ACCESS EXCLUSIVE on animals, birds (reads and writes wait), briefly.
ALTER TABLE animals ADD COLUMN legs integer;
