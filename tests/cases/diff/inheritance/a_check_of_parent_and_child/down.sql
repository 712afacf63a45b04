-- Drop constraint named of table animals.
-- Locks: ACCESS EXCLUSIVE on animals, birds (reads and writes wait), briefly.
ALTER TABLE animals DROP CONSTRAINT named;

-- Drop constraint named of table birds.
-- Locks: ACCESS EXCLUSIVE on birds (reads and writes wait), briefly.
ALTER TABLE birds DROP CONSTRAINT named;
