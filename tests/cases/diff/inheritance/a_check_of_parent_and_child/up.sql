-- Add constraint named to table animals.
-- Locks: ACCESS EXCLUSIVE on animals, birds (reads and writes wait), for as long as it takes.
-- Reads every row.
-- Fails if a row breaks the check.
ALTER TABLE animals ADD CONSTRAINT named CHECK (name <> ''::text);

-- Add constraint named to table birds.
-- Locks: ACCESS EXCLUSIVE on birds (reads and writes wait), for a moment.
ALTER TABLE birds ADD CONSTRAINT named CHECK (name <> ''::text);
