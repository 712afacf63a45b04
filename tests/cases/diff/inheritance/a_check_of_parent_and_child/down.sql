-- Drop constraint named of table animals.
-- Locks: ACCESS EXCLUSIVE on animals, birds (reads and writes wait), for a moment.
ALTER TABLE animals DROP CONSTRAINT named;

-- Drop constraint named of table birds.
-- Locks: ACCESS EXCLUSIVE on birds (reads and writes wait), for a moment.
ALTER TABLE birds DROP CONSTRAINT named;
