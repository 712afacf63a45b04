-- Drop column notes.paid.
-- Locks: ACCESS EXCLUSIVE on notes (reads and writes wait), briefly.
-- Loses the values of the column.
ALTER TABLE notes DROP COLUMN paid;

-- Drop column notes.size.
-- Locks: ACCESS EXCLUSIVE on notes (reads and writes wait), briefly.
-- Loses the values of the column.
ALTER TABLE notes DROP COLUMN size;

-- Drop domain size.
DROP DOMAIN size;
